"""What one paper says: the sentences of its abstract that tell what it does."""

from __future__ import annotations

import re

from askpapers.answering.draft import Draft, DraftStatement
from askpapers.answering.extractive import said
from askpapers.datatypes import Paper, Passage
from askpapers.text import sentences, stem, terms

_MOST = 5  # sentences; an abstract that has no more is told whole
_DIGIT = re.compile(r"\d")
_OWN = re.compile(
    r"\b(?:we|our|ours|this (?:paper|work|article|study|report|system card)"
    r"|in this|the (?:paper|resulting|results?))\b|\bhere\b",
    re.IGNORECASE,
)


def overview(papers: tuple[Paper, ...]) -> Draft:
    """The draft of what papers say, in the order in which they say it."""
    return Draft(statements=tuple(statement for paper in papers for statement in _sentences_of(paper, _MOST)))


def figures_of(papers: tuple[Paper, ...], noun: str | None) -> Draft | None:
    """The sentences of papers that the question names with a figure and what it counts; None where there is none."""
    found = [
        DraftStatement(said(text), (Passage(paper.id, start, end),))
        for paper in papers
        for start, end in sentences(paper.abstract)
        if noun and _DIGIT.search(text := paper.abstract[start:end]) and stem(noun) in terms(text)
    ]
    return Draft(statements=tuple(found[:_MOST])) if found else None


def _sentences_of(paper: Paper, most: int) -> list[DraftStatement]:
    spans = sentences(paper.abstract)
    if len(spans) > most:
        own = [span for span in spans if _OWN.search(paper.abstract[span[0] : span[1]])]
        chosen = (own + [span for span in spans if span not in own])[:most]
        spans = sorted(chosen)
    return [DraftStatement(said(paper.abstract[start:end]), (Passage(paper.id, start, end),)) for start, end in spans]
