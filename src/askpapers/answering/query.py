"""The question as it is answered: read once where it comes in, and passed on."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.years import Years, read_years
from askpapers.index.generation import Index


@dataclass(frozen=True, slots=True)
class Query:
    """A question, read.

    `typed` is the question as it came (or the follow-up, completed); `text` is the question to answer, in plain
    writing and with its spelling corrected. `notes` tell the reader what was understood otherwise than it was typed.
    """

    typed: str
    text: str
    intent: Intent
    years: Years
    notes: tuple[str, ...]


def read_query(question: str, index: Index) -> Query:
    """Read a question about the papers of an index."""
    years, _ = read_years(question)
    return Query(question, question, read_intent(question), years, ())
