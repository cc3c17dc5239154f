"""`python -m askpapers` is `ask`."""

from askpapers.cli import main

if __name__ == "__main__":
    main()
