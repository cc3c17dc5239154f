"""The sentences of abstracts as an answer: what papers say in short, and what they say further. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from askpapers.answering.draft import Draft
from askpapers.answering.extractive import statement_of
from askpapers.answering.sentence_kinds import is_own, own_work_begins, tells
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Paper, Passage
from askpapers.text import sentences
from askpapers.text.aims import is_aim, reports_finding

_MOST = 5  # sentences of an overview
_AT_ONCE = 3  # further sentences
_FINDINGS = 3  # sentences


def overview(papers: Sequence[Paper]) -> Draft:
    """The draft of what papers say, in the order in which they say it: first what they say of their own work."""
    return Draft(statements=tuple(statement_of(paper, passage) for paper in papers for passage in _main(paper)))


def findings(papers: Sequence[Paper]) -> Draft:
    """The draft of what papers found: the sentences that report it, else the last that tell of results; no aims."""
    return Draft(statements=tuple(statement_of(paper, passage) for paper in papers for passage in _findings_of(paper)))


def _findings_of(paper: Paper) -> list[Passage]:
    passages = _passages(paper)
    texts = [paper.abstract[p.start : p.end] for p in passages]
    own = own_work_begins(texts, introduced_names(paper.abstract))
    results = [(t, p) for t, p in zip(texts[own:], passages[own:], strict=True) if not is_aim(t)]
    reporting = [passage for text, passage in results if reports_finding(text)]
    if len(reporting) >= _FINDINGS:  # the first is mostly the main one
        return [reporting[0], *reporting[1 - _FINDINGS :]]
    others = [(tells(text) == "result", p.start, p) for text, p in results if not reports_finding(text)]
    last = [passage for *_, passage in sorted(others, reverse=True)[: _FINDINGS - len(reporting)]]
    return sorted([*reporting, *last], key=lambda p: p.start) or passages[-1:]


def more_of(papers: Sequence[Paper], beyond: Collection[Passage]) -> Draft | None:
    """The first sentences of these papers that are not shown yet; None where there are none left."""
    left = [
        statement_of(paper, passage)
        for paper in papers
        for passage in _passages(paper)
        if not any(one.paper == paper.id and one.start < passage.end and passage.start < one.end for one in beyond)
    ]
    return Draft(statements=tuple(left[:_AT_ONCE])) if left else None


def _main(paper: Paper) -> list[Passage]:
    own_first = sorted(_passages(paper), key=lambda p: not is_own(paper.abstract[p.start : p.end]))
    return sorted(own_first[:_MOST], key=lambda p: p.start)


def _passages(paper: Paper) -> list[Passage]:
    return [Passage(paper.id, *span) for span in sentences(paper.abstract)]
