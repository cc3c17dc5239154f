"""The papers that are most similar to one of them, by the vectors of their sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from askpapers.contract import paper_dict, source_dict
from askpapers.datatypes import Paper, Quote, quote_of
from askpapers.index.clusters import mean_vector, paper_vectors
from askpapers.index.generation import Index

_NEAREST = 500  # passages whose papers are compared, and for each paper that is wanted
_NEAREST_EACH = 20


@dataclass(frozen=True, slots=True)
class SimilarPaper:
    """A paper, its similarity (the cosine of the two papers' mean vectors), and where its nearest sentence stands."""

    paper: Paper
    similarity: float
    start: int
    end: int

    @property
    def quote(self) -> Quote:
        """The sentence that is nearest to the other paper as a whole."""
        return quote_of(self.paper, self.start, self.end)


def similar_papers(index: Index, paper: str, top: int) -> list[SimilarPaper]:
    """The `top` papers that are most similar to the one of an id that the index gave, the most similar first.

    It is never among them. The papers of the passages nearest to its mean vector are candidates, compared exactly.
    """
    (own,) = index.papers.rows_of([paper])
    centre = mean_vector(index, own)
    mine = int(index.first_passage[own + 1] - index.first_passage[own])
    near = index.neighbours.nearest(centre, mine + max(_NEAREST, _NEAREST_EACH * top)).keys
    rows = np.unique(index.passages["paper"][index.rows_of(near)]).astype(np.int64)
    rows = rows[rows != own]
    if not len(rows):
        return []
    similarities = np.concatenate([vectors @ centre for vectors in paper_vectors(index, rows)])
    order = np.argsort(-similarities, kind="stable")[:top]
    return [_similar(index, int(rows[i]), float(similarities[i]), centre) for i in order]


def similar_dict(found: SimilarPaper) -> dict[str, Any]:
    """A similar paper as JSON: the paper with its `similarity` and the nearest sentence."""
    quote = found.quote
    place = {"quote": quote.text, "start": quote.start, "end": quote.end, "source": source_dict(quote.source)}
    return {**paper_dict(found.paper), "similarity": round(found.similarity, 4), **place}


def _similar(index: Index, row: int, similarity: float, centre: np.ndarray[Any, np.dtype[np.float32]]) -> SimilarPaper:
    first = index.first_passage[row]
    nearest = index.passages[first + int(np.argmax(index.vectors_of(row) @ centre))]
    return SimilarPaper(index.papers.at(row), similarity, int(nearest["start"]), int(nearest["end"]))
