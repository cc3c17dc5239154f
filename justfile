# What CI runs, in parts. `just` runs all of it.

python := ".venv/bin/python"

default: lint types test eval

install:
    python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e ".[test]"

lint:
    {{python}} -m ruff check .
    {{python}} -m ruff format --check .

types:
    {{python}} -m mypy

test:
    {{python}} -m pytest

# The seeds' suites against their gates; the report goes to eval/results/.
eval:
    .venv/bin/ask eval --llm none --report eval/results

docs:
    {{python}} tools/write_cli_docs.py

# Refit the weights of abstaining and surveying on the development questions (sample: the arXiv one).
fit sample:
    .venv/bin/pip install -c constraints.txt -e ".[fit]"
    {{python}} tools/fit_answering.py {{sample}}
