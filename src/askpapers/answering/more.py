"""Further sentences of a paper: "tell me more". Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from askpapers.answering.draft import Draft, DraftStatement
from askpapers.answering.extractive import self_contained
from askpapers.datatypes import Paper, Passage
from askpapers.text import sentences

_AT_ONCE = 3  # sentences


def more_of(papers: Sequence[Paper], beyond: Collection[Passage]) -> Draft | None:
    """The first sentences of these papers that are not shown yet; None where there are none left."""
    found = [(paper, span) for paper in papers for span in _left(paper, beyond)][:_AT_ONCE]
    if not found:
        return None
    statements = (
        DraftStatement(self_contained(paper.abstract[span.start : span.end]), (span,)) for paper, span in found
    )
    return Draft(statements=tuple(statements))


def _left(paper: Paper, beyond: Collection[Passage]) -> Iterator[Passage]:
    shown = [span for span in beyond if span.paper == paper.id]
    for start, end in sentences(paper.abstract):
        if not any(span.start < end and start < span.end for span in shown):
            yield Passage(paper.id, start, end)
