"""A model's answer on a terminal while it is written."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Iterator

import pytest
from rich.console import Console
from rich.progress import Progress

from askpapers.cli.live import show_live
from askpapers.cli.options import ProgressDisplay
from askpapers.datatypes import Answer, Provenance, Statement, Status, Verdict
from askpapers.events import Condensed, Delta, Event, Finished, SentenceChecked, Withdrawn

SAID = Statement("It is fast.", (1, 2), Verdict.SUPPORTED, 1.0)
DOUBTED = Statement("It has 7 parts.", (2,), Verdict.PARTIAL, 0.6, ("7",))
ANSWER = Answer(
    question="is it?",
    intent="open",
    status=Status.ANSWERED,
    text="",
    statements=(SAID, DOUBTED),
    citations=(),
    papers=(),
    coverage=None,
    comparison=None,
    closest=(),
    engine=Provenance("model", "e", "i"),
)


def shown(*events: Event, width: int = 60, color: bool = False) -> tuple[str, bool]:
    """What stands on the terminal at the end, and whether the answer's text is on it."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=color, no_color=not color, highlight=False)
    display = ProgressDisplay(Progress(console=console, disable=True))
    finished = events[-1]
    answer, told = show_live(iter(events), console, display)
    assert isinstance(finished, Finished)
    assert answer is finished.answer
    return out.getvalue(), told


def written(text: str, size: int = 3) -> Iterator[Delta]:
    return (Delta(text[i : i + size]) for i in range(0, len(text), size))


def test_words_come_with_the_marks_of_their_sentence() -> None:
    text, told = shown(
        *written("It is fast."),
        SentenceChecked(SAID, (), ()),
        *written("It has 7 parts."),
        SentenceChecked(DOUBTED, (), ()),
        Finished(ANSWER),
    )
    assert " ".join(text.split()) == ("It is fast. [1][2] It has 7 parts. [2] (partly supported; not in the source: 7)")
    assert told


@pytest.mark.parametrize("width", [12, 20, 33])
def test_lines_break_between_words(width: int) -> None:
    sentence = "The quick brown fox jumps over the lazy dog and does it again."
    text, _ = shown(*written(sentence, 5), SentenceChecked(SAID, (), ()), Finished(ANSWER), width=width)
    lines = text.splitlines()
    assert " ".join(text.split()) == f"{sentence} [1][2]"
    assert all(len(line.rstrip()) <= width for line in lines)
    assert len(lines) > 2


def test_what_is_withdrawn_is_said_so() -> None:
    text, told = shown(*written("It was"), Withdrawn("The model stopped."), Finished(ANSWER))
    assert "It was" in text
    assert "Withdrawn: The model stopped." in text
    assert not told


def test_the_reason_of_a_withdrawn_answer_is_printed_once() -> None:
    reason, other = "Nothing that m wrote stands.", "1 paper was left out."
    answer = dataclasses.replace(ANSWER, notes=(reason, other))
    console = Console(file=io.StringIO())
    display = ProgressDisplay(Progress(console=console, disable=True))
    rest, _ = show_live(iter([*written("It was"), Withdrawn(reason), Finished(answer)]), console, display)
    assert rest.notes == (other,)
    unseen, _ = show_live(iter([Withdrawn(reason), Finished(answer)]), console, display)
    assert unseen.notes == (reason, other)  # no word was shown, so none was withdrawn


def test_a_refusal_is_printed_as_one_afterwards() -> None:
    refused = dataclasses.replace(ANSWER, status=Status.NOT_IN_CORPUS)
    _, told = shown(*written("It has 7 parts."), SentenceChecked(DOUBTED, (), ()), Finished(refused))
    assert not told


def test_an_answer_without_a_model_is_printed_as_ever() -> None:
    text, told = shown(SentenceChecked(SAID, (), ()), Finished(ANSWER))
    assert (text, told) == ("", False)


def test_a_completed_question_is_shown() -> None:
    text, _ = shown(Condensed("how large is GSM8K?"), SentenceChecked(SAID, (), ()), Finished(ANSWER))
    assert text == "Asked as: how large is GSM8K?\n"


def test_no_escape_of_a_model_reaches_the_terminal() -> None:
    text, _ = shown(*written("It \x1b[31mis\x07 \u202ered\x9b."), SentenceChecked(SAID, (), ()), Finished(ANSWER))
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(text)
