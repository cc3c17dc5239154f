"""What one paper says: the sentences of its abstract that tell what it does."""

from __future__ import annotations

import re

from askpapers.answering.draft import Draft, DraftStatement
from askpapers.answering.extractive import self_contained
from askpapers.datatypes import Paper, Passage
from askpapers.text import sentences

_MOST = 5  # sentences; an abstract that has no more is told whole
_OWN = re.compile(
    r"\b(?:we|our|ours|this (?:paper|work|article|study|report|system card)"
    r"|in this|the (?:paper|resulting|results?))\b|\bhere\b",
    re.IGNORECASE,
)


def overview(papers: tuple[Paper, ...]) -> Draft:
    """The draft of what papers say, in the order in which they say it."""
    return Draft(statements=tuple(statement for paper in papers for statement in _sentences_of(paper, _MOST)))


def _sentences_of(paper: Paper, most: int) -> list[DraftStatement]:
    spans = sentences(paper.abstract)
    if len(spans) > most:
        own = [span for span in spans if _OWN.search(paper.abstract[span[0] : span[1]])]
        chosen = (own + [span for span in spans if span not in own])[:most]
        spans = sorted(chosen)
    return [
        DraftStatement(self_contained(paper.abstract[start:end]), (Passage(paper.id, start, end),))
        for start, end in spans
    ]
