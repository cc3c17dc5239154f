"""Shows a model's answer on a terminal while it is written: words as they come, marks as each sentence ends."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from askpapers.answer_text import doubt
from askpapers.cli.options import ProgressDisplay, ProgressLog
from askpapers.datatypes import Answer, Status
from askpapers.events import Condensed, Delta, Event, Finished, SentenceChecked, Undone, Withdrawn
from askpapers.text import printable


def answer_of(events: Iterator[Event]) -> Answer:
    """The answer that a stream ends with, nothing shown before."""
    finished = deque(events, maxlen=1).pop()
    assert isinstance(finished, Finished)
    return finished.answer


def show_live(
    events: Iterator[Event], console: Console, progress: ProgressDisplay | ProgressLog
) -> tuple[Answer, bool]:
    """Show words as they come; returns the answer, and whether its text has been shown already.

    The answer lacks the notes that were shown as the reason why its first words were withdrawn.
    """
    page, wrote, reasons = _Page(console), False, set[str]()
    for event in events:
        match event:
            case Delta(text):
                progress.stop()
                page.write(printable(text))
                wrote = True
            case SentenceChecked(statement) if wrote:
                page.mark("".join(f"[{n}]" for n in statement.citations), doubt(statement))
            case Undone():
                page.end()
            case Condensed(question):
                progress.stop()
                page.line(f"Asked as: {question}", "dim")
            case Withdrawn(why) if wrote:
                page.line(f"Withdrawn: {why}", "yellow")
                reasons.add(why)
                wrote = False
            case Finished(answer):
                if wrote:
                    page.end()
                if reasons.intersection(answer.notes):
                    answer = replace(answer, notes=tuple(note for note in answer.notes if note not in reasons))
                return answer, wrote and answer.status is Status.ANSWERED
            case _:
                pass
    raise AssertionError("a stream ends with Finished")


class _Page:
    """Text that is wrapped at words while it comes in pieces: a word is written when it is whole."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._column = 0
        self._word = ""

    def write(self, text: str, style: str = "") -> None:
        for sign in text:
            if sign.isspace():
                self._flush(style)
                if self._column:
                    self._put(" ", style)
            else:
                self._word += sign
        # a word goes out when the next one begins, so that it can still move to a line of its own

    def mark(self, markers: str, told: str) -> None:
        """End a sentence with its citations and what is to be said of it."""
        self._flush("")
        if markers:
            self.write(f" {markers}")
            self._flush("cyan")
        if told:
            self.write(f" ({printable(told)})", "yellow")
            self._flush("yellow")
        self._put(" ", "")

    def line(self, text: str, style: str) -> None:
        """A line of its own."""
        self.end()
        self._console.print(Text(printable(text), style=style))

    def end(self) -> None:
        """End the paragraph."""
        self._flush("")
        if self._column:
            self._console.print("\n")
        self._column = 0

    def _flush(self, style: str) -> None:
        if self._word:
            if self._column and self._column + len(self._word) > self._console.width:
                self._console.print()
                self._column = 0
            self._put(self._word, style)
            self._word = ""

    def _put(self, text: str, style: str) -> None:
        self._console.print(Text(text, style=style), end="", soft_wrap=True)
        self._column += len(text)
