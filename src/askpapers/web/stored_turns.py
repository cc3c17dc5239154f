"""A question and its answer as a browser stores them: one pydantic model both ways, without what the corpus holds.

What comes back from a browser is a stranger's: what does not fit the model is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from askpapers.answer_text import coverage_line
from askpapers.contract import turn_dict, turn_of
from askpapers.datatypes import Answer, CitedPaper, Paper
from askpapers.errors import UsageError
from askpapers.grounding.ground import prose
from askpapers.metadata import Metadata
from askpapers.text import plain
from askpapers.web.messages import TURN_NAME

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


def without_papers(answer: Answer, rejected: Collection[str]) -> Answer:
    """What a survey counts, states, cites and saves without some of its papers; the numbers of its citations stay.

    A note names what was left out. An answer that is no survey stays as it is.
    """
    is_survey = answer.coverage and not answer.is_guidance
    gone = [found.paper for found in answer.papers if is_survey and found.paper.id in rejected]
    if not gone:
        return answer
    citations = tuple(c for c in answer.citations if c.quote.paper not in rejected)
    numbers = {c.number for c in citations}
    statements = tuple(s for s in answer.statements if numbers.issuperset(s.citations))
    named = "; ".join(plain(paper.title) for paper in gone)
    left = replace(
        answer,
        statements=statements,
        citations=citations,
        papers=tuple(found for found in answer.papers if found.paper.id not in rejected),
        notes=(*answer.notes, f"Rejected by the reader and left out: {named}."),
    )
    counted = answer.text != prose("", answer.statements, answer.citations)  # its text begins with a count
    return replace(left, text=prose(f"{coverage_line(left)}." if counted else "", statements, citations))


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
