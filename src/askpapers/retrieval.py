"""The retriever: a question to scored passages, from dense vectors and BM25 together.

Candidates come from both sides: the papers of the passages nearest in Chroma, and those that BM25 puts
first. Every candidate is then scored exactly on both. How the scores are joined was measured, see
docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from askpapers.corpus.notices import is_evidence
from askpapers.datatypes import NO_FILTER, Filter, Paper
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.text import terms

_NEAREST_PASSAGES = 300
_FIRST_BY_WORDS = 100
_EMBEDDED_NOW = 20  # papers without vectors that are candidates, the first by words: a second's work
_WEIGHTS = {"best": 0.40, "mean": 0.15, "words": 0.45}


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate paper: its row, its score relative to the other candidates (0 to 1), and its cosines.

    `cosines` are those of the question and each passage of the paper, in order.
    """

    row: int
    score: float
    cosines: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Papers that either side put forward, by row, with the cosines of their passages.

    `parts` holds a score for each candidate by each way of scoring: `best` and `mean` are the cosines of the
    question with the nearest passage and with the mean of all passages, `words` is BM25.
    """

    rows: npt.NDArray[np.int64]
    cosines: list[npt.NDArray[np.float32]]
    parts: dict[str, npt.NDArray[np.float32]]

    def fused(self) -> npt.NDArray[np.float32]:
        """The weighted sum of the parts, each moved to 0..1 among the candidates."""
        total = np.zeros(len(self.rows), dtype=np.float32)
        for name, weight in _WEIGHTS.items():
            total += weight * _spread(self.parts[name])
        return total


def find_candidates(question: str, index: Index, embedder: Embedder, within: Filter = NO_FILTER) -> Candidates:
    """Collect candidates from both sides, of the papers that `within` admits, and score each exactly on both."""
    vector = embedder.embed_question(question)
    by_words = index.words.scores(terms(question))
    rows = _candidate_rows(index, vector, by_words) if within == NO_FILTER else _admitted_rows(index, within)
    rows = _with_vectors(rows, index, by_words)
    cosines, means = [], []
    for row in rows.tolist():
        vectors = index.vectors_of(row)
        mean = vectors.mean(axis=0)
        cosines.append(vectors @ vector)
        means.append(mean @ vector / np.linalg.norm(mean))
    best = np.array([c.max() for c in cosines], dtype=np.float32)
    return Candidates(rows, cosines, {"best": best, "mean": np.array(means, dtype=np.float32), "words": by_words[rows]})


def search(question: str, index: Index, embedder: Embedder, top: int, within: Filter = NO_FILTER) -> list[Hit]:
    """The `top` papers for a question, best first."""
    found = find_candidates(question, index, embedder, within)
    if not len(found.rows):
        return []
    fused = found.fused()
    order = np.argsort(-fused, kind="stable")[:top]
    return [Hit(int(found.rows[i]), float(fused[i]), found.cosines[i]) for i in order]


def _candidate_rows(
    index: Index, vector: npt.NDArray[np.float32], by_words: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    near = index.passages["paper"][index.rows_of(index.neighbours.nearest(vector, _NEAREST_PASSAGES).keys)]
    first = min(_FIRST_BY_WORDS, len(by_words))
    by_words_first = np.argpartition(-by_words, first - 1)[:first]
    return np.union1d(near, by_words_first[by_words[by_words_first] > 0]).astype(np.int64)


def _admitted_rows(index: Index, within: Filter) -> npt.NDArray[np.int64]:
    """Every paper that a filter admits: the nearest of all need not be among them, so all of them are scored."""
    return np.array(select(index.papers, within).rows, dtype=np.int64)


def _with_vectors(
    rows: npt.NDArray[np.int64], index: Index, by_words: npt.NDArray[np.float32]
) -> npt.NDArray[np.int64]:
    """The rows of papers that have vectors; and of the others the first by words, whose vectors are made."""
    waiting = rows[rows >= index.embedded_papers]
    first = waiting[np.argsort(-by_words[waiting], kind="stable")[:_EMBEDDED_NOW]]
    return np.concatenate([rows[rows < index.embedded_papers], np.sort(first[by_words[first] > 0])])


def _spread(scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Scores moved to 0..1 among the candidates (min-max); all 0 where they are all the same."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


class PaperRetriever(BaseRetriever):
    """A LlamaIndex retriever over an index: a node for each passage of the `top` papers, or the `most` best passages.

    A node's text is the passage verbatim, `start_char_idx` and `end_char_idx` its place in the abstract of the paper
    `ref_doc_id`. Its metadata has `paper`, `title`, `year`, `start`, `end`, `paper_score` and `cosine`. Its score is
    the mean of the latter two, from 0 to 1: the best passage of a paper that is asked for mostly has more than 0.5.
    """

    def __init__(
        self,
        current: Callable[[], Index],
        embedder: Embedder,
        top: int = 8,
        within: Filter = NO_FILTER,
        most: int | None = None,
    ) -> None:
        """Retrieve what `within` admits from the index that `current` gives, so that a rebuilt one is noticed."""
        super().__init__()
        self._current = current
        self._embedder = embedder
        self._top = max(top, most or 0)  # each paper has a passage
        self._within = within
        self._most = most

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        index = self._current()
        nodes: list[NodeWithScore] = []
        for hit in search(query_bundle.query_str, index, self._embedder, self._top, self._within):
            paper = index.papers.at(hit.row)
            if not is_evidence(paper):
                continue
            first = int(index.first_passage[hit.row])
            for offset, cosine in enumerate(hit.cosines):
                passage = index.passages[first + offset]
                nodes.append(passage_node(paper, int(passage["start"]), int(passage["end"]), hit.score, float(cosine)))
        return sorted(nodes, key=lambda n: -(n.metadata["paper_score"] + n.metadata["cosine"]))[: self._most]


def passage_node(paper: Paper, start: int, end: int, paper_score: float, cosine: float) -> NodeWithScore:
    """A passage as a node. `paper_score` is relative to the other papers found (0 to 1)."""
    node = TextNode(
        id_=f"{paper.id}:{start}-{end}",
        text=paper.abstract[start:end],
        start_char_idx=start,
        end_char_idx=end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=paper.id)},
        metadata={
            "paper": paper.id,
            "title": paper.title,
            "year": paper.year,
            "start": start,
            "end": end,
            "paper_score": paper_score,
            "cosine": cosine,
        },
        excluded_llm_metadata_keys=["start", "end", "paper_score", "cosine"],
        excluded_embed_metadata_keys=["paper", "year", "start", "end", "paper_score", "cosine"],
    )
    return NodeWithScore(node=node, score=node_score(paper_score, cosine))


def node_score(paper_score: float, cosine: float) -> float:
    """The score of a passage, from 0 to 1."""
    return max(0.0, (paper_score + cosine) / 2)
