"""What happens while a question is answered, in order: for showing an answer as it comes about."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.datatypes import Answer, Citation, Paper, Statement


@dataclass(frozen=True, slots=True)
class Condensed:
    """A follow-up was completed from the conversation: this is what is searched for."""

    question: str


@dataclass(frozen=True, slots=True)
class Delta:
    """Words of the sentence that a model is writing; its citation markers are held back until `SentenceChecked`."""

    text: str


@dataclass(frozen=True, slots=True)
class SentenceChecked:
    """A whole sentence, checked. It stands in place of the deltas since the last one.

    `citations` are those of the statement, `papers` the papers that they quote.
    """

    statement: Statement
    citations: tuple[Citation, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """The deltas since the last `SentenceChecked` are no statement: an introduction, or the beginning of a refusal."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Nothing of what was said so far holds; what follows replaces it. `why` is one line."""

    why: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The whole answer. Always the last event."""

    answer: Answer


Event = Condensed | Delta | SentenceChecked | Undone | Withdrawn | Finished
