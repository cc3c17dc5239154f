"""A question and its answer as a browser stores them: one pydantic model both ways, without what the corpus holds.

What comes back from a browser is a stranger's: what does not fit the model is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from pydantic import TypeAdapter

from askpapers.contract import turn_dict, turn_of
from askpapers.datatypes import Answer, CitedPaper, Paper
from askpapers.errors import UsageError
from askpapers.metadata import Metadata

_LONGEST_NAME = 64
_ANSWER = TypeAdapter(Answer)
_IN_THE_CORPUS: dict[str, Any] = {
    "abstract": True,
    "sources": True,
    "metadata": {one.name for one in fields(Metadata)} - {"notice", "notice_details"},
}


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """An answer under a name that the page gave it; `thumb` is "up", "down" or ""."""

    name: str
    answer: Answer
    thumb: str = ""


def serialize_turn(name: str, answer: Answer) -> dict[str, Any]:
    """The turn as JSON; `turn` is what a follow-up is read against, see `turn_dict`."""
    stored = _ANSWER.dump_python(answer, mode="json", exclude={"papers": {"__all__": {"paper": _IN_THE_CORPUS}}})
    return {"name": name, "answer": stored, "turn": turn_dict(turn_of(answer))}


def parse_turn(value: Any, find: Callable[[str], Paper | None]) -> StoredTurn:
    """A stored turn with its papers; `find` gives the corpus's by id. Raises UsageError for what is no turn."""
    try:
        name = str(value["name"])
        if not name.isalnum() or len(name) > _LONGEST_NAME:
            raise ValueError(name)
        papers = [
            {**one, "paper": {"abstract": "", "sources": (), **one["paper"]}} for one in value["answer"]["papers"]
        ]
        answer = _ANSWER.validate_python({**value["answer"], "papers": papers})
        _check_numbers(answer)
        answer = replace(answer, papers=tuple(_with_text(one, find) for one in answer.papers))
        thumb = value.get("thumb", "")
        return StoredTurn(name, answer, thumb if thumb in ("up", "down") else "")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            "A stored answer cannot be read; it was made by another version, or changed.",
            hint="Ask the question again.",
        ) from error


def _check_numbers(answer: Answer) -> None:
    """Raise ValueError where a number has no citation, a citation no paper, or a paper of statements no citation."""
    numbers, named = {c.number for c in answer.citations}, {p.paper.id for p in answer.papers}
    if any(c.quote.paper not in named for c in answer.citations):
        raise ValueError("a citation without its paper")
    if any(answer.statements and not p.citations for p in answer.papers):
        raise ValueError("a paper without a citation")
    used = {n for s in answer.statements for n in s.citations} | {n for p in answer.papers for n in p.citations}
    used |= {n for row in (answer.comparison.rows if answer.comparison else ()) for n in row.citations if n is not None}
    if not used <= numbers:
        raise ValueError("a number without its citation")


def _with_text(cited: CitedPaper, find: Callable[[str], Paper | None]) -> CitedPaper:
    there = find(cited.paper.id)
    if there is None:
        return cited
    paper = replace(cited.paper, abstract=there.abstract, sources=there.sources, metadata=there.metadata)
    return replace(cited, paper=paper)
