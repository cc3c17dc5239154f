"""Which command lines are asked of the server, and what is imported for it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.background import client
from askpapers.background.client import Attempt
from askpapers.background.questions import COMMANDS, FLAGS, VALUES, DeclinedError, plain_question
from askpapers.cli import cli
from askpapers.cli.question import question

# Options that write files, or read others than the corpus, or show help: the client's own process has these.
ELSEWHERE = {"-o", "--output", "--xlsx", "--force", "--record", "--replay", "--no-server"}
HEAVY = {"click", "rich", "pydantic", "numpy", "chromadb", "llama_index", "platformdirs", "askpapers.cli"}
HEAVY |= {"dataclasses", "pathlib", "tomllib", "hashlib", "subprocess", "askpapers.datatypes", "askpapers.settings"}


def options() -> Sequence[click.Option]:
    return [parameter for parameter in question.params if isinstance(parameter, click.Option)]


def test_the_tables_are_those_of_the_command_line() -> None:
    assert set(cli.commands) <= COMMANDS
    names = {name for option in options() for name in (*option.opts, *option.secondary_opts)}
    assert names == FLAGS | VALUES | ELSEWHERE
    flags = {name for option in options() if option.is_flag for name in option.opts}
    assert flags - ELSEWHERE == FLAGS


OTHERS = ["word", "which?", "--top=3", "--x", "-", "--", ""]
ARGUMENTS = st.lists(st.sampled_from([*FLAGS, *VALUES, *ELSEWHERE, *COMMANDS, *OTHERS]))


@given(ARGUMENTS)
def test_what_is_asked_of_the_server_is_read_by_the_command_line_in_the_same_way(arguments: list[str]) -> None:
    """Click finds the same words in it, and no option that is for this process."""
    try:
        has_words = plain_question(arguments)
    except DeclinedError:
        return
    parser = question.make_parser(click.Context(question))
    found, _, order = parser.parse_args(list(arguments))
    words = found["words"]
    assert (isinstance(words, tuple) and len(words) > 0) == has_words
    assert not {name for parameter in order for name in parameter.opts} & ELSEWHERE
    assert not arguments or arguments[0] not in cli.commands


@pytest.mark.parametrize(
    "line",
    (
        *("papers", "--help", "-h", "--version", "help", "version", "q -o x.md", "q --record=f", "q --no-server"),
        *("q --top", "q --llm http://me:word@host/v1#m", "q --llm=http://me:word@host#m"),
    ),
)
def test_what_is_no_plain_question_is_answered_here(line: str) -> None:
    with pytest.raises(DeclinedError):
        plain_question(line.split())


def test_it_is_switched_off_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASK_SERVER", "0")
    assert client.ask(["which?"], "1") == Attempt(None, "ASK_SERVER switches it off")


def test_nothing_heavy_is_imported_before_the_client_has_decided() -> None:
    code = "import json, sys, askpapers.__main__; print(json.dumps(list(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"], capture_output=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "askpapers.background.client" in loaded
    assert loaded & HEAVY == set()
    ours = {name for name in loaded if name.startswith("askpapers")}
    assert ours == {"askpapers", "askpapers.__main__", "askpapers.background"} | {
        f"askpapers.background.{name}" for name in ("client", "place", "protocol", "questions")
    }
    assert {name.partition(".")[0] for name in loaded - ours} <= {*sys.stdlib_module_names, "__main__"}
