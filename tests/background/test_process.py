"""The process itself: left behind by a question at a terminal, asked by the next, shown, ended."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from askpapers.background import client
from askpapers.cli import background, cli
from askpapers.cli.session import Session
from askpapers.doctor import examine
from askpapers.index.embedder import MiniLM
from askpapers.progress import no_progress
from askpapers.settings import Settings, load_settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no Unix sockets in Python there")
FACT = "how many problems are in GSM8K?"


@pytest.fixture(autouse=True)
def _place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    monkeypatch.delenv("ASK_SERVER")
    monkeypatch.delenv("CI", raising=False)
    yield
    client.stop()


def at_terminal(*arguments: str) -> str:
    """What `ask` shows on a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "askpapers", *arguments], stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        shown = b""
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:
                break
    os.close(ours)
    return shown.decode()


def doctor(settings: Settings) -> str:
    return next(check.found for check in examine(settings, no_progress) if check.name == "background")


def test_a_question_at_a_terminal_leaves_it_behind_and_the_next_one_asks_it(
    seeds: Path, seed_index_folder: Path
) -> None:
    place = ("--corpus", str(seeds), "--index", str(seed_index_folder))
    settings = load_settings([str(seeds)], str(seed_index_folder))
    assert "none runs" in doctor(settings)
    first = at_terminal(FACT, *place)
    answer, _, note = first.partition("note: A process in the background")
    assert "ask serve --stop" in note
    started = CliRunner().invoke(cli, ["serve", "--background", *place])  # waits for the one that is starting
    assert started.exit_code == 0, started
    found = client.status()
    assert found is not None
    assert (found["questions"], found["corpora"]) == (0, 1)
    assert f"answered by the process {found['pid']}" in started.output
    second = at_terminal(FACT, *place)
    last_line = answer.rstrip().splitlines()[-1]
    assert second.rstrip().endswith(last_line)
    assert "note: A process" not in second
    assert f"process {found['pid']} answers questions at terminals: 1 so far" in doctor(settings)
    assert f"The process {found['pid']} has ended." in CliRunner().invoke(cli, ["serve", "--stop"]).output
    assert CliRunner().invoke(cli, ["serve", "--stop"]).output == "No process is running in the background.\n"


@pytest.mark.parametrize(
    ("variable", "config"), [("ASK_SERVER=off", ""), ("CI=true", ""), ("X=", "server = false"), ("", "")]
)
def test_none_is_left_behind_where_none_is_wanted(
    variable: str, config: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(background, "_start", lambda *_: started.append(1))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: bool(variable))  # the last: no terminal
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.chdir(tmp_path)
    background.leave_behind((), None)
    assert started == [1] * bool(variable)
    Path("ask.toml").write_text(config)
    name, _, value = variable.partition("=")
    background.leave_behind((), None, {**os.environ, name: value})
    assert started == [1] * bool(variable)


def test_a_question_leaves_it_behind_unless_it_says_no(
    seeds: Path, seed_index_folder: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[tuple[object, ...]] = []
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)
    monkeypatch.setattr(sys.modules["askpapers.cli.question"], "leave_behind", lambda *given: left.append(given))
    place = ("--corpus", str(seeds), "--index", str(seed_index_folder))
    leaving = Session(leaves_server=True)
    for options, session in ((), Session()), (("--no-server",), leaving), ((), leaving):
        assert CliRunner().invoke(cli, [FACT, *options, *place], obj=session).exit_code == 0
    assert left == [((str(seeds),), str(seed_index_folder))]


def program(attempt: str) -> subprocess.CompletedProcess[str]:
    """`ask --version` after an attempt at the server that came to what is given."""
    code = f"""
import sys, askpapers.__main__ as program
from askpapers.background.client import Attempt, OutputFailedError
def ask(*_): {attempt}
program.ask = ask
sys.argv = ["ask", "--version"]
program.main()
"""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_the_program_goes_on_where_a_server_that_crashed_stopped() -> None:
    got = program("return Attempt(None, 'it crashed', (b'askpapers', b''))")
    assert (got.returncode, got.stderr) == (0, "")
    assert got.stdout.startswith(" 0.")
    assert program("return Attempt(3)").returncode == 3
    assert program("raise KeyboardInterrupt").returncode == 130


def test_output_that_cannot_be_written_is_two_lines() -> None:
    got = program("raise OutputFailedError from OSError(28, 'No space left on device')")
    assert got.returncode == 1
    assert got.stderr.splitlines()[0] == "ask: The output cannot be written: No space left on device."
    assert len(got.stderr.splitlines()) == 2
    got = program("raise OutputFailedError from BrokenPipeError(32, 'Broken pipe')")
    assert (got.returncode, got.stderr) == (1, "")


def test_wrong_usage_is_said() -> None:
    both = CliRunner().invoke(cli, ["serve", "--background", "--stop"])
    assert "exclude each other" in str(both.exception)
