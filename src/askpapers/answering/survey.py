"""The exhaustive way for "which papers" questions: every paper of the corpus is judged, none is cut off.

Each paper gets its exact best cosine over all its sentences and the exact share of the topic that it says
(from the word index's postings). Those that could be relevant are read sentence by sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askpapers.answering.abstain import probability
from askpapers.answering.draft import Draft, DraftStatement, Judged, Miss
from askpapers.answering.extractive import said
from askpapers.answering.intent import Intent, read_intent, read_topic, read_years
from askpapers.answering.question import Term, Topic, read_terms
from askpapers.datatypes import Coverage, Paper, Passage, Relevance
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.text import terms

_CHUNK = 65_536  # passages scored at a time: 100 MB at 384 dimensions
_WORTH_READING = 0.05
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a survey knows of one paper: its signals, and the passage that speaks most for it."""

    row: int
    cosine: float  # of the topic and its nearest sentence
    in_paper: float  # share of the topic that title and abstract say
    in_sentence: float  # share that the title and one sentence say
    in_title: float  # share that the title says
    passage: Passage

    def values(self) -> dict[str, float]:
        """The signals by name, as the fit knows them."""
        return {
            "cosine": self.cosine,
            "in_paper": self.in_paper,
            "in_sentence": self.in_sentence,
            "in_title": self.in_title,
        }


def survey(question: str, index: Index, embedder: Embedder, weights: Mapping[str, float]) -> Draft:
    """Judge every paper. `weights` are the fitted ones of `tools/fit_answering.py`, with the two bounds."""
    years, _ = read_years(question)
    topic = read_terms(read_topic(question), index, embedder)
    found: list[tuple[float, Judgement, Paper]] = []
    near: list[tuple[float, Judgement]] = []
    checked = len(index.papers)
    for judgement in judge(topic, index, embedder):
        chance = probability(judgement.values(), weights)
        paper = index.papers.at(judgement.row)
        if chance >= weights["mention"] and paper.year in years:
            found.append((chance, judgement, paper))
        elif chance >= _WORTH_READING:
            near.append((chance, judgement))
    coverage = Coverage(checked, len(index.papers))
    matches = [f for f in found if f[0] >= weights["match"]]
    if not matches:
        found.sort(key=lambda f: -f[0])
        closest = [j for _, j, _ in found] + [j for _, j in sorted(near, key=lambda n: -n[0])]
        misses = tuple(Miss(j.passage, _why(topic, j, index)) for j in closest[:_CLOSEST])
        return Draft(closest=misses, coverage=coverage, emphasis=topic.stems)
    found.sort(key=lambda f: (f[0] < weights["match"], -f[0]))
    mentions = len(found) - len(matches)
    lead = f"{len(matches)} of {checked} papers match" + (f", {mentions} more mention it" if mentions else "") + "."
    return Draft(
        statements=tuple(
            DraftStatement(said(paper.abstract[j.passage.start : j.passage.end]), (j.passage,)) for _, j, paper in found
        ),
        lead=lead if read_intent(question) is Intent.COUNT else "",
        judged=tuple(
            Judged(j.passage, Relevance.MATCH if chance >= weights["match"] else Relevance.MENTION)
            for chance, j, _ in found
        ),
        coverage=coverage,
        emphasis=topic.stems,
    )


def judge(topic: Topic, index: Index, embedder: Embedder) -> list[Judgement]:
    """Judge every paper of the index; those that nothing speaks for are left out of the list."""
    vector = embedder.embed([topic.text])[0]
    cosines = _best_cosines(index, vector)
    shares = _shares(topic, index)
    worth = np.flatnonzero((shares > 0.3) | (cosines > 0.3))
    return [_read(int(row), topic, index, vector, float(shares[row])) for row in worth]


def _best_cosines(index: Index, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The cosine of every paper's nearest passage, exactly: shape (papers,)."""
    best = np.full(index.manifest.papers, -1.0, dtype=np.float32)
    for begin in range(0, len(index.vectors), _CHUNK):
        part = slice(begin, begin + _CHUNK)
        np.maximum.at(best, index.passages["paper"][part], index.vectors[part].astype(np.float32) @ vector)
    return best


def _shares(topic: Topic, index: Index) -> npt.NDArray[np.float32]:
    """The share of the topic that each paper says, exactly: shape (papers,)."""
    total = np.zeros(index.manifest.papers, dtype=np.float32)
    for term in topic.terms:
        total += term.weight * _found(term, index)
    return total / max(sum(t.weight for t in topic.terms), 1e-9)


def _found(term: Term, index: Index) -> npt.NDArray[np.float32]:
    best = np.zeros(index.manifest.papers, dtype=np.float32)
    for form, weight in term.forms:
        count = np.zeros_like(best)
        for stem in form:
            count[index.words.documents_with(stem)] += 1
        best = np.maximum(best, weight * (count / len(form)) ** 3)
    return best


def _read(row: int, topic: Topic, index: Index, vector: npt.NDArray[np.float32], in_paper: float) -> Judgement:
    paper = index.papers.at(row)
    title = frozenset(terms(paper.title))
    rows = slice(index.first_passage[row], index.first_passage[row + 1])
    passages = index.passages[rows]
    cosines = index.vectors[rows].astype(np.float32) @ vector
    stems = [frozenset(terms(paper.abstract[p["start"] : p["end"]])) for p in passages]
    alone = [topic.coverage(s) for s in stems]
    with_title = [topic.coverage(s | title) for s in stems]
    best = int(np.argmax(np.array(alone) + np.array(with_title) + cosines))
    return Judgement(
        row=row,
        cosine=float(cosines.max()),
        in_paper=in_paper,
        in_sentence=max(with_title),
        in_title=topic.coverage(title),
        passage=Passage(paper.id, int(passages[best]["start"]), int(passages[best]["end"])),
    )


def _why(topic: Topic, judgement: Judgement, index: Index) -> str:
    paper = index.papers.at(judgement.row)
    stems = frozenset(terms(f"{paper.title} {paper.abstract}"))
    missing = [t.word for t in topic.terms if t.found_in(stems) < 0.5]
    return f"this paper does not mention “{' '.join(missing)}”" if missing else "this paper only touches on it"
