"""Requests for the papers that are similar to one: "papers similar to InstructGPT", "more papers like this one"."""

from __future__ import annotations

import re

from askpapers.answering.conversation import called
from askpapers.answering.guidance import Guidance
from askpapers.answering.intent import without_politeness
from askpapers.answering.named_papers import find_subject
from askpapers.answering.query import Query
from askpapers.answering.question_words import WRITINGS
from askpapers.datatypes import NO_FILTER, Filter
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.index.similar import similar_papers

_REQUEST = re.compile(
    rf"^(?:[\w'’]+ ){{0,4}}?(?:{WRITINGS}|anything|something|more|others?)\b"
    r"(?: (?:here|that|which|is|are|most|very|the)){0,4}"
    r"(?: (?:similar|closest|close|comparable) to| like) (?P<paper>.+?)[\s?.!]*$",
    re.IGNORECASE,
)
_MOST = 5
_LOOKED_AT = 200  # papers, where a filter leaves some out


def answer_similar(query: Query, index: Index, within: Filter) -> Guidance | None:
    """The papers most similar to the one that a request names; None for any other question, and for a topic."""
    is_named = bool(query.named.papers)  # else its years are not those that the request is limited to
    request = _REQUEST.match(without_politeness(query.typed if is_named else query.undated))
    papers = find_subject(request["paper"], index) if request else ()
    if len(papers) != 1:
        return None
    (paper,) = papers
    within = within if is_named else query.within(within)
    admitted = frozenset(select(index.papers, within).rows)
    near = [one.paper for one in similar_papers(index, paper.id, _MOST if within == NO_FILTER else _LOOKED_AT)]
    found = [p for p in near if not admitted.isdisjoint(index.papers.rows_of([p.id]))][:_MOST]
    text = f"Most similar to {called(paper)} by what their sentences say:" if found else "No other paper is here."
    return Guidance(text, "similar", answered=bool(found), papers=tuple(found))
