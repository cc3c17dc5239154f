"""Judges whether papers are on a topic: exact scores for all of them at once, a reader for each that is asked for."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askpapers.answering.judging import Judge, Weights
from askpapers.answering.long_forms import spell_out
from askpapers.answering.question import read_terms
from askpapers.answering.relevance import titled
from askpapers.datatypes import Paper, quote_of
from askpapers.engine import Corpus
from askpapers.grounding.numbers import missing_numbers
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.scan import compare_all
from askpapers.progress import no_progress
from askpapers.reading.protocol import RelevanceLabel, RelevanceReader
from askpapers.screening.bounds import BOUNDS, Bounds
from askpapers.screening.verdicts import Evidence, Finding, Holds

_NEGATION = re.compile(
    r"\b(?:no|not|without|never|neither|nor|exclud(?:ed|ing)|lack(?:s|ed|ing)?)\b|n['’]t\b", re.IGNORECASE
)
_READ = 3  # passages of a paper that are read, the nearest


@dataclass(frozen=True, slots=True)
class TopicScores:
    """The exact scores of a topic: the cosine of each passage, and the share of its words that each paper has.

    `cosines` are those of the papers that have vectors; for others there is the topic's `vector`.
    """

    vector: npt.NDArray[np.float32]
    cosines: npt.NDArray[np.float32]
    shares: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TopicSignals:
    """What is known of one paper and a topic; `passage` is the likeliest evidence, as offsets."""

    probability: float
    cosine: float
    share: float
    passage: tuple[int, int]


class TopicJudge:
    """Judges the papers of an index by topics."""

    def __init__(self, index: Index, embedder: Embedder, reader: RelevanceReader, weights: Weights) -> None:
        self._index = index
        self._embedder = embedder
        self._reader = reader
        self._judge = Judge(index, embedder, reader, weights, no_progress)
        self._scores = functools.lru_cache(maxsize=64)(self._score)

    @classmethod
    def of(cls, corpus: Corpus) -> TopicJudge:
        """The judge of a corpus, by its own reader."""
        return cls(corpus.index, corpus.embedder, corpus.reader, Weights.of(corpus.weights("survey")))

    def finding(self, topic: str, row: int, paper: Paper, *, sure: bool, bounds: Bounds = BOUNDS) -> Finding:
        """Whether a paper is on a topic; `sure`: it is excluded where it is, so that it must be beyond doubt."""
        return topic_finding(topic, paper, self.signals(topic, row, paper), sure, bounds)

    def signals(self, topic: str, row: int, paper: Paper) -> TopicSignals:
        """Read the passages of a paper that are nearest to a topic."""
        index, scores = self._index, self._scores(topic)
        first, last = index.first_passage[row], index.first_passage[row + 1]
        is_scored = row < index.embedded_papers
        cosines = scores.cosines[first:last] if is_scored else index.vectors_of(row) @ scores.vector
        nearest = [int(n) for n in np.argsort(-cosines, kind="stable")[:_READ]]
        spans = [(int(p["start"]), int(p["end"])) for p in index.passages[first:last]]
        texts = [titled(paper.title, paper.abstract[slice(*spans[n])]) for n in nearest]
        ways = dict.fromkeys((topic, spell_out(topic, index)))
        read = np.max(
            [self._reader.relevance([(way, text) for text in texts])[:, RelevanceLabel.ANSWERS] for way in ways], axis=0
        )
        best = int(np.argmax(read))
        return TopicSignals(float(read[best]), float(cosines.max()), float(scores.shares[row]), spans[nearest[best]])

    def _score(self, topic: str) -> TopicScores:
        index = self._index
        vector = self._embedder.embed([spell_out(topic, index)])[0]
        shares = self._judge.shares(read_terms(topic, index, self._embedder))
        return TopicScores(vector, compare_all(index.vectors, vector), shares)


def topic_finding(topic: str, paper: Paper, signals: TopicSignals, sure: bool, bounds: Bounds) -> Finding:
    """What the signals come to: on the topic, surely not, or not said."""
    quote = quote_of(paper, *signals.passage)
    evidence = Evidence("abstract", quote.text, quote)
    chance = signals.probability
    is_on = chance >= bounds.on_topic
    if sure:
        is_on = chance >= bounds.sure_on_topic and signals.share >= bounds.sure_on_topic_share
    if is_on and _is_said(topic, paper, quote.text):
        return Finding(Holds.YES, f"it is about “{topic}”", evidence, chance)
    is_off = (
        chance < bounds.off_topic
        and signals.share < bounds.off_topic_share
        and signals.cosine < bounds.off_topic_cosine
    )
    if is_off:
        return Finding(Holds.NO, f"nothing in it is about “{topic}”; this comes nearest", evidence, chance)
    return Finding(
        Holds.NOT_SAID, f"it is not clear whether it is about “{topic}”; this comes nearest", evidence, chance
    )


def _is_said(topic: str, paper: Paper, passage: str) -> bool:
    """Whether a passage says what the reader finds in it: it negates nothing, and the paper has the topic's numbers."""
    return not _NEGATION.search(passage) and not missing_numbers(topic, f"{paper.title}. {paper.abstract}")
