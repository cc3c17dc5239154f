"""A survey without the papers that its reader rejected."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from askpapers.datatypes import Answer
from askpapers.grounding.ground import prose
from askpapers.render import coverage_line
from askpapers.text import plain


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
