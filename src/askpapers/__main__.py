"""The program `ask`: a question goes to the process in the background where one runs, all else is done here."""

from __future__ import annotations

import sys

from askpapers import __version__
from askpapers.background.client import INTERRUPTED, Attempt, OutputFailedError, ask


def main() -> None:
    """Run `ask`. What takes long to import is imported only where this process has to answer."""
    try:
        attempt = ask(sys.argv[1:], __version__)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OutputFailedError as error:
        from askpapers.cli import fail_to_write

        assert isinstance(error.__cause__, OSError)
        fail_to_write(error.__cause__)
    else:
        if attempt.code is not None:
            sys.exit(attempt.code)
        _answer_here(attempt)


def _answer_here(attempt: Attempt) -> None:
    from askpapers.cli import main as command_line
    from askpapers.cli.session import Session

    if "--debug" in sys.argv:
        print(f"debug: answered without the process in the background: {attempt.why}", file=sys.stderr)  # noqa: T201
    command_line(Session(leaves_server=True), attempt.printed)


if __name__ == "__main__":
    main()
