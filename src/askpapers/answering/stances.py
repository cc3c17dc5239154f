"""A yes/no question over the corpus: which papers say yes, which no, each by its sentence; every paper is judged.

The question is turned into the statement that "yes" would say. Of the papers that may have to do with it, the
sentences that answer the question are held against that statement: they support it, contradict it, or take no side.
What a paper tells of others before it comes to its own work is read only where its own work does not answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from askpapers.answering.draft import Draft, Judged
from askpapers.answering.extractive import statement_of
from askpapers.answering.judgement import Judgement
from askpapers.answering.judging import Judge
from askpapers.answering.long_forms import as_its_paper_spells
from askpapers.answering.question import Topic
from askpapers.answering.relevance import answer_odds, titled
from askpapers.answering.sentence_kinds import own_work_begins
from askpapers.answering.statements import sides_in_words
from askpapers.corpus.titles import introduced_names
from askpapers.counts import counted
from askpapers.coverage import Coverage
from askpapers.datatypes import Paper, Passage, Relevance, Stance
from askpapers.reading.protocol import SupportLabel, SupportReader
from askpapers.text import sentences, terms
from askpapers.text.aims import is_aim

# Fitted on eval/stances/dev.jsonl, see eval/stances/README.md: precision before recall.
_ANSWERS = 2.0  # log odds that a sentence answers the question
_SUPPORTS = 0.75
_CONTRADICTS = 0.8
_LIKELY = 0.1  # the chance, by its scores and the reader, from which a paper's sentences are read
_SAYS = 0.25  # of the question, by the paper
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
        likely = [judgement for judgement in judged.likeliest if judgement.chance >= _LIKELY]
        likely = [judgement for judgement in likely if _says(judgement.paper, topic)][:_MOST_PAPERS]
        vector = self._judge.embedder.embed([statement])[0]
        found = list[PaperStance]()
        for begin in range(0, len(likely), _AT_A_TIME):
            self._judge.progress("Reading both sides", begin, len(likely))
            answering = self._answering(question, vector, likely[begin : begin + _AT_A_TIME])
            found += self._sides(statement, answering)
        return tuple(sorted(found, key=lambda one: (_ORDER.index(one.stance), -one.strength))), judged.checked

    def _answering(
        self, question: str, vector: npt.NDArray[np.float32], judged: Sequence[Judgement]
    ) -> list[tuple[Paper, Passage]]:
        """The sentences that answer, of the papers that do."""
        near = [(one.paper, passage) for one in judged for passage in self._nearest(one.paper, vector)]
        odds = answer_odds(self._judge.reader, question, [_read(*sentence, question) for sentence in near])
        found: list[tuple[Paper, Passage]] = []
        for one in judged:
            mine = [(odd, read) for odd, read in zip(odds.tolist(), near, strict=True) if read[0] is one.paper]
            if answering := [read for odd, read in mine if odd >= _ANSWERS]:
                found += _of_own_work(answering)
        return found

    def _sides(self, statement: str, answering: Sequence[tuple[Paper, Passage]]) -> Iterator[PaperStance]:
        """Of the papers of some sentences those that take a side.

        The title says what "it" is, but a sentence takes only a side that it leans to by itself: behind the title
        "Effectiveness of X against Y" every sentence would take one.
        """
        if not answering:
            return
        alone = self._support.support(
            [(statement, _read(*sentence, statement, with_title=False)) for sentence in answering]
        )
        read = self._support.support([(statement, _read(*sentence, statement)) for sentence in answering])
        agree = alone.argmax(axis=1) == read.argmax(axis=1)
        by_paper: dict[str, dict[Stance, tuple[float, Passage]]] = {}
        for (paper, passage), row, agrees in zip(answering, read.tolist(), agree.tolist(), strict=True):
            stance, strength = _stance(row, paper.abstract[passage.start : passage.end]) if agrees else (None, 0.0)
            if stance and strength > by_paper.setdefault(paper.id, {}).get(stance, (0.0, passage))[0]:
                by_paper[paper.id][stance] = strength, passage
        for paper in {paper.id: paper for paper, _ in answering}.values():
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
        nearest = np.argsort(-(index.vectors_of(row) @ vector), kind="stable")
        no_aims = (p for p in (passages[i] for i in nearest) if not is_aim(paper.abstract[p.start : p.end]))
        return list(islice(no_aims, _SENTENCES))


def _says(paper: Paper, topic: Topic) -> bool:
    return topic.coverage(frozenset(terms(f"{paper.title}. {paper.abstract}"))) >= _SAYS


def _read(paper: Paper, passage: Passage, asked: str, *, with_title: bool = True) -> str:
    """A sentence as it is read: with its paper's title in front, and the acronyms spelled out."""
    sentence = as_its_paper_spells(paper.abstract[passage.start : passage.end], paper.abstract, asked)
    return titled(paper.title, sentence) if with_title else sentence


def _of_own_work(answering: Sequence[tuple[Paper, Passage]]) -> Sequence[tuple[Paper, Passage]]:
    """Of the sentences of a paper that answer those on its own work; all where there is none."""
    abstract = answering[0][0].abstract
    spans = sentences(abstract)
    texts = [abstract[start:end] for start, end in spans]
    own, _ = spans[own_work_begins(texts, introduced_names(abstract))]
    return [(paper, passage) for paper, passage in answering if passage.start >= own] or answering


def _stance(row: Sequence[float], sentence: str) -> tuple[Stance | None, float]:
    """The side of a sentence by a row of the support reader, and how sure it is."""
    supported, contradicted = row[SupportLabel.SUPPORTED], row[SupportLabel.CONTRADICTED]
    if supported >= _SUPPORTS:
        return Stance.MIXED if _CONDITION.search(sentence) else Stance.YES, supported
    return (Stance.NO, contradicted) if contradicted >= _CONTRADICTS else (None, 0.0)


def draft_of_stances(question: str, found: Sequence[PaperStance], coverage: Coverage, topic: Topic) -> Draft:
    """The draft that the sides make: how many papers take which, then each with its sentence."""
    counts = {stance: sum(one.stance is stance for one in found) for stance in _ORDER}
    return Draft(
        statements=tuple(statement_of(one.paper, passage) for one in found for passage in one.passages),
        lead=f"{_of_papers(question, coverage)}, {sides_in_words(counts)}.",
        judged=tuple(Judged(one.passages[0], Relevance.MATCH, one.stance, one.strength) for one in found),
        coverage=coverage,
        emphasis=topic.stems,
    )


def note_of_no_side(question: str, coverage: Coverage) -> str:
    """What is to be said where no paper takes a side: what is answered then is what comes nearest."""
    return f"{_of_papers(question, coverage)}, none was read as a clear yes or no; what comes nearest is shown."


def _of_papers(question: str, coverage: Coverage) -> str:
    return f"“{question}”: of {counted(coverage.checked, 'paper')} read"
