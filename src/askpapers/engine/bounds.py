"""What is said of a question that is limited to some papers, by a filter or by the years that it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from askpapers.answering.cautions import cautioned
from askpapers.answering.draft import Draft, Miss
from askpapers.answering.years import Years
from askpapers.datatypes import NO_FILTER, Answer, Filter, Status
from askpapers.engine.asked import Asked
from askpapers.grounding.ground import ground
from askpapers.index.selection import select

_CLOSEST = 3


def with_left_out(answer: Answer, asked: Asked, chosen: Filter) -> Answer:
    """The answer with a note on how many papers it was looked for in; a survey's coverage says it already."""
    bounds = chosen.both(asked.query.only).of_years(asked.query.years.first, asked.query.years.last)
    if bounds == NO_FILTER or answer.coverage or answer.is_guidance:
        return answer
    selection = select(asked.index.papers, bounds)
    papers = selection.coverage(len(selection.rows)).papers
    return replace(answer, notes=(*answer.notes, f"Looked for in {papers}: {selection.left_out}."))


def with_other_years(refused: Answer, asked: Asked, draft: Callable[[Asked], Draft]) -> Answer:
    """A refusal that names first what papers of other years than those asked for say; any other answer as it is."""
    query = asked.query
    if refused.status is Status.ANSWERED or asked.model or query.years == Years():
        return refused
    elsewhere = draft(asked.asking(replace(query, text=query.undated, years=Years())))
    by_id = asked.paper_of
    first = dict[str, Miss]()
    for passage in (passage for statement in elsewhere.statements for passage in statement.cites):
        first.setdefault(passage.paper, Miss(passage, f"this paper {_dated(by_id(passage.paper).year)}"))
    near = tuple(first.values()) or (() if refused.closest else elsewhere.closest)
    grounded = ground(Draft(closest=near), by_id, asked.parts.check)
    return replace(refused, closest=(*cautioned(grounded.closest, by_id), *refused.closest)[:_CLOSEST])


def _dated(year: int | None) -> str:
    return f"is of {year}, outside of the years asked for" if year else "has no year"
