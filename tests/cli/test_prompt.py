"""The conversation at the terminal: with a terminal of its own, as a person would, and in its parts."""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from askpapers.cli.conversations import LastConversation
from askpapers.cli.prompt import Prompt
from askpapers.datatypes import Answer, Turn
from askpapers.engine import Corpus
from askpapers.errors import UsageError
from askpapers.settings import load_settings, state_folder
from terminal import Terminal

UP, CONTROL_D = "\x1b[A", "\x04"


def test_a_conversation(seeds: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    with Terminal() as terminal:
        terminal.wait_for("Ctrl-D leaves.")
        terminal.wait_for("ask> ")
        terminal.press("what is GSM8K?\n")
        assert "8.5K" in terminal.wait_for("ask> ")
        terminal.press("how many problems are in it?\n")
        assert "Asked as: how many problems are in GSM8K?" in terminal.wait_for("ask> ")
        terminal.press(f"{UP}{UP}\n")
        assert "supported by the quotes" in terminal.wait_for("ask> ")
        terminal.press("/new\n")
        terminal.wait_for("ask> ")
        terminal.press("how large is it?\n")
        terminal.wait_for("What does “it” refer to?")
        terminal.wait_for("ask> ")
        terminal.press(CONTROL_D)
        assert terminal.end() == 0
    lines = state_folder() / "history"
    assert stat.S_IMODE(lines.stat().st_mode) == 0o600
    assert lines.read_text(encoding="utf-8").splitlines()[-1] == "how large is it?"

    with Terminal("--continue") as again:
        again.wait_for("ask> ")
        again.press(f"{UP}\n")  # from the run before
        again.wait_for("What does “it” refer to?")
        again.wait_for("ask> ")
        again.press("/quit\n")
        assert again.end() == 0


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def begin(corpus: Corpus, shown: io.StringIO, tmp_path: Path) -> Callable[..., tuple[Prompt, LastConversation]]:
    def begun(ask: Callable[[str, Sequence[Turn]], Answer]) -> tuple[Prompt, LastConversation]:
        keep = LastConversation(load_settings(["seeds"]), tmp_path)
        return Prompt(ask, corpus.papers, Console(file=shown, width=100), keep), keep

    return begun


def typed(lines: Iterable[str | type[BaseException]]) -> Callable[[str], str]:
    """Lines as they are typed, and keys that raise; then Ctrl-D."""
    left = iter([*lines, EOFError])

    def read(prompt: str) -> str:
        line = next(left)
        if isinstance(line, str):
            return line
        raise line

    return read


Begin = Callable[[Callable[[str, Sequence[Turn]], Answer]], tuple[Prompt, LastConversation]]


@pytest.fixture(scope="module")
def answer(corpus: Corpus) -> Answer:
    return corpus.ask("what is GSM8K?")


def test_control_c_stops_an_answer_and_an_error_costs_a_question_only(
    begin: Begin, answer: Answer, shown: io.StringIO
) -> None:
    seen: list[tuple[str, int]] = []

    def ask(question: str, before: Sequence[Turn]) -> Answer:
        seen.append((question, len(before)))
        if question == "stop":
            raise KeyboardInterrupt
        if question == "fail":
            raise UsageError("It failed.", hint="Try again.")
        return replace(answer, question=question)

    prompt, keep = begin(ask)
    prompt.run(typed(["one", "stop", KeyboardInterrupt, "fail", "", "two", "/new", "three"]))
    assert seen == [("one", 0), ("stop", 1), ("fail", 1), ("two", 1), ("three", 0)]
    assert "Stopped." in shown.getvalue()
    assert "It failed.\nTry again." in shown.getvalue()
    assert [turn.question for turn in keep.read()] == ["three"]


def test_commands_are_no_questions(begin: Begin, shown: io.StringIO) -> None:
    def ask(question: str, before: Sequence[Turn]) -> Answer:
        raise AssertionError(question)

    prompt, _ = begin(ask)
    prompt.run(typed(["/help", "/papers", "/nonsense", "help", "  ", "/quit", "never read"]))
    assert "Ctrl-C stops an answer" in shown.getvalue()
    assert "Training Verifiers to Solve Math Word Problems" in shown.getvalue()
    assert "There is no /nonsense." in shown.getvalue()


def test_a_number_asks_what_was_suggested_last(begin: Begin, answer: Answer) -> None:
    seen: list[str] = []

    def ask(question: str, before: Sequence[Turn]) -> Answer:
        seen.append(question)
        return replace(answer, suggestions=("Which papers are about x?", "y?") if question == "overview" else ())

    prompt, keep = begin(ask)
    prompt.run(typed(["1", "overview", "2", "1", "3", "0"]))
    assert seen == ["1", "overview", "y?", "Which papers are about x?", "3", "0"]
    assert len(keep.read()) == 6
