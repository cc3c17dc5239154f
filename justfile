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

# The seeds' suites against their gates, the report of which goes to eval/results/, and a suite of another field.
eval:
    .venv/bin/ask eval --llm none --report eval/results
    .venv/bin/ask eval eval/medicine/medicine-dev.jsonl eval/medicine/medicine-talk-dev.jsonl --corpus eval/medicine/papers.jsonl \
      --gates eval/medicine/gates.toml --llm none

docs:
    {{python}} tools/write_cli_docs.py

# Refit the weights of abstaining and surveying (data: the folder that tools/answerable_pools.py describes).
fit data:
    .venv/bin/pip install -c constraints.txt -e ".[fit]"
    {{python}} tools/fit_answering.py {{data}}
