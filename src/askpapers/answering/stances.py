"""A yes/no question over the corpus: which papers say yes, which no, each by its sentence; every paper is judged.

The question is turned into the statement that "yes" would say. Of the papers that may have to do with it, the
sentences that answer the question are held against that statement: they support it, contradict it, or take no side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askpapers.answering.draft import Draft, Judged
from askpapers.answering.extractive import statement_of
from askpapers.answering.judgement import Judgement
from askpapers.answering.judging import Judge
from askpapers.answering.question import Topic
from askpapers.answering.relevance import answer_odds, titled
from askpapers.answering.statements import sides_in_words
from askpapers.coverage import Coverage
from askpapers.datatypes import Paper, Passage, Relevance, Stance
from askpapers.reading.protocol import SupportLabel, SupportReader
from askpapers.text.aims import is_aim

# Fitted on eval/stances/dev.jsonl, see eval/stances/README.md: precision before recall.
_ANSWERS = 2.0  # log odds that a sentence answers the question
_SUPPORTS = 0.75
_CONTRADICTS = 0.8
_LIKELY = 0.1  # the chance, by its scores and the reader, from which a paper's sentences are read
_MOST_PAPERS = 100  # whose sentences are read
_SENTENCES = 4  # of each, the nearest to the statement
_AT_A_TIME = 4  # papers read between two words on the progress
_ORDER = tuple(Stance)
_CONDITION = re.compile(
    r"\b(?:in some (?:cases|settings|domains|tasks)|in certain|under certain|depend(?:s|ing) on|not always"
    r"|mixed results|only (?:when|if|under|in|for|with))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PaperStance:
    """The side that a paper takes, its sentences that say so, and how sure that is (0.0 to 1.0)."""

    paper: Paper
    stance: Stance
    passages: tuple[Passage, ...]
    strength: float


class StanceReader:
    """Reads which side each paper of an index takes of a yes/no question."""

    def __init__(self, judge: Judge, support: SupportReader) -> None:
        """Read the papers that a judge finds likely."""
        self._judge = judge
        self._support = support

    def read(
        self, question: str, statement: str, topic: Topic, rows: Sequence[int]
    ) -> tuple[tuple[PaperStance, ...], int]:
        """The papers of some rows that take a side, yes first, the surest first of each; and how many were judged."""
        judged = self._judge.judge(topic, rows)
        likely = [judgement for judgement in judged.likeliest if judgement.chance >= _LIKELY][:_MOST_PAPERS]
        vector = self._judge.embedder.embed([statement])[0]
        found = list[PaperStance]()
        for begin in range(0, len(likely), _AT_A_TIME):
            self._judge.progress("Reading both sides", begin, len(likely))
            found += self._sides(question, statement, vector, likely[begin : begin + _AT_A_TIME])
        return tuple(sorted(found, key=lambda one: (_ORDER.index(one.stance), -one.strength))), judged.checked

    def _sides(
        self, question: str, statement: str, vector: npt.NDArray[np.float32], judged: Sequence[Judgement]
    ) -> Iterator[PaperStance]:
        """Of some papers those that take a side."""
        papers = [judgement.paper for judgement in judged]
        near = [(paper, passage) for paper in papers for passage in self._nearest(paper, vector)]
        texts = [titled(paper.title, paper.abstract[p.start : p.end]) for paper, p in near]
        odds = answer_odds(self._judge.reader, question, texts)
        answering = [(place, text) for place, text in zip(near, texts, strict=True)]
        answering = [one for one, likely in zip(answering, odds, strict=True) if likely >= _ANSWERS]
        if not answering:
            return
        read = self._support.support([(statement, text) for _, text in answering])
        by_paper: dict[str, dict[Stance, tuple[float, Passage]]] = {}
        for ((paper, passage), _), row in zip(answering, read.tolist(), strict=True):
            stance, strength = _stance(row, paper.abstract[passage.start : passage.end])
            if stance and strength > by_paper.setdefault(paper.id, {}).get(stance, (0.0, passage))[0]:
                by_paper[paper.id][stance] = strength, passage
        for paper in papers:
            if sides := by_paper.get(paper.id):
                stance = next(iter(sides)) if len(sides) == 1 else Stance.MIXED
                best = sorted(sides.values(), key=lambda side: -side[0])[:2]
                passages = tuple(sorted((passage for _, passage in best), key=lambda p: p.start))
                yield PaperStance(paper, stance, passages, best[0][0])

    def _nearest(self, paper: Paper, vector: npt.NDArray[np.float32]) -> list[Passage]:
        """The sentences of a paper that are nearest to the statement, without those of aims: they take no side."""
        index = self._judge.index
        (row,) = index.papers.rows_of([paper.id])
        passages = self._judge.passages(paper, row)
        nearest = np.argsort(-(index.vectors_of(row) @ vector), kind="stable")[:_SENTENCES]
        return [p for p in (passages[i] for i in nearest) if not is_aim(paper.abstract[p.start : p.end])]


def _stance(row: Sequence[float], sentence: str) -> tuple[Stance | None, float]:
    """The side of a sentence by a row of the support reader, and how sure it is."""
    supported, contradicted = row[SupportLabel.SUPPORTED], row[SupportLabel.CONTRADICTED]
    if supported >= _SUPPORTS:
        return Stance.MIXED if _CONDITION.search(sentence) else Stance.YES, supported
    return (Stance.NO, contradicted) if contradicted >= _CONTRADICTS else (None, 0.0)


def draft_of_stances(statement: str, found: Sequence[PaperStance], coverage: Coverage, topic: Topic) -> Draft:
    """The draft that the sides make: how many papers take which, then each with its sentence."""
    counts = {stance: sum(one.stance is stance for one in found) for stance in _ORDER}
    of = f"{coverage.checked:,} {'paper' if coverage.checked == 1 else 'papers'} read"
    return Draft(
        statements=tuple(statement_of(one.paper, passage) for one in found for passage in one.passages),
        lead=f"“{statement.rstrip('.')}”: of {of}, {sides_in_words(counts)}.",
        judged=tuple(Judged(one.passages[0], Relevance.MATCH, one.stance, one.strength) for one in found),
        coverage=coverage,
        emphasis=topic.stems,
    )
