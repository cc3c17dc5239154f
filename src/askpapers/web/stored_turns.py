"""A question and its answer as a browser stores them: one pydantic model both ways, without what the corpus holds.

What comes back from a browser is a stranger's: what does not fit the model is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from askpapers.contract import turn_dict, turn_of
from askpapers.datatypes import Answer, CitedPaper, Paper
from askpapers.errors import UsageError
from askpapers.metadata import Metadata
from askpapers.web.page_requests import TURN_NAME
from askpapers.web.rejecting import without_papers

_IN_THE_CORPUS: dict[str, Any] = {
    "abstract": True,
    "sources": True,
    "metadata": {one.name for one in fields(Metadata)} - {"notice", "notice_details"},
}


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """An answer under a name that the page gave it; of a survey, the ids of the papers that its reader rejected."""

    name: Annotated[str, Field(pattern=TURN_NAME)]
    answer: Answer
    thumb: Literal["up", "down", ""] = ""
    rejected: frozenset[str] = frozenset()

    @property
    def reviewed(self) -> Answer:
        """The answer without the papers that were rejected."""
        return without_papers(self.answer, self.rejected)


_TURN = TypeAdapter(StoredTurn)


def serialize_turn(stored: StoredTurn) -> dict[str, Any]:
    """The turn as JSON; its `turn` is what a follow-up is read against, see `turn_dict`."""
    texts = {"answer": {"papers": {"__all__": {"paper": _IN_THE_CORPUS}}}}
    return {**_TURN.dump_python(stored, mode="json", exclude=texts), "turn": turn_dict(turn_of(stored.reviewed))}


def parse_turn(value: Any, find: Callable[[str], Paper | None]) -> StoredTurn:
    """A stored turn with its papers; `find` gives the corpus's by id. Raises UsageError for what is no turn."""
    try:
        papers = [
            {**one, "paper": {"abstract": "", "sources": (), **one["paper"]}} for one in value["answer"]["papers"]
        ]
        stored = _TURN.validate_python({**value, "answer": {**value["answer"], "papers": papers}})
        _check_numbers(stored.answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(
            "A stored answer cannot be read; it was made by another version, or changed.",
            hint="Ask the question again.",
        ) from error
    papers_there = tuple(_with_text(one, find) for one in stored.answer.papers)
    return replace(stored, answer=replace(stored.answer, papers=papers_there))


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
