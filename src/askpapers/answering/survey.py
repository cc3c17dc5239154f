"""The exhaustive way for "which papers" questions: every paper of the corpus is judged, none is cut off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from askpapers.answering.draft import Draft, DraftStatement, Judged, Miss
from askpapers.answering.extractive import said
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.judgement import Judgement, ModelVerdict
from askpapers.answering.judging import Judge, Progress, Weights
from askpapers.answering.question import SAYS, Topic, read_terms
from askpapers.answering.relevance import CrossEncoder
from askpapers.answering.scope import read_scope
from askpapers.answering.topic import read_topic
from askpapers.answering.years import read_years
from askpapers.datatypes import EVERYTHING, Coverage, Filter, Paper, Relevance
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.text import terms

_RELEVANT = 0.0  # a logit: likelier than not
_NEAR = 0.05
_CLOSEST = 3


class Surveyor:
    """Answers survey questions from an index: what is wanted, what not, since when, and how it is told."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        cross_encoder: CrossEncoder,
        weights: Weights,
        progress: Progress,
        within: Filter = EVERYTHING,
    ) -> None:
        """Survey the papers of an index that `within` admits. `progress` is told how far it is, of how much."""
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._within = within
        self._judge = Judge(index, embedder, cross_encoder, weights, progress)

    def survey(self, question: str) -> Draft:
        """Answer a survey question: matches before mentions, best first."""
        scope = read_scope(read_topic(question))
        topic = self._topic(scope.wanted)
        sides = [self._topic(side) for side in scope.sides]
        there = self._anywhere(self._topic(scope.unwanted)) if scope.unwanted else set()
        judged = self.candidates(question, lambda paper: paper.id not in there)
        found: list[tuple[bool, Judgement]] = []
        for judgement in judged:
            if judgement.chance >= self._weights.mention:
                likely = judgement.chance >= self._weights.match
                together = all(side.coverage(_stems(judgement.paper)) >= SAYS for side in sides)
                found.append((likely and judgement.does and together, judgement))
        if not any(self._sure(judgement) for _, judgement in found):
            return self._nothing(topic, judged)
        found.sort(key=lambda f: (not f[0], -f[1].chance))
        return self._draft(question, topic, found)

    def candidates(self, question: str, admits: Callable[[Paper], bool] = lambda paper: True) -> list[Judgement]:
        """The papers that may be meant by a survey question, judged, likeliest first.

        Its years, the filter and `admits` rule papers out; so may the scores in a large corpus.
        """
        scope = read_scope(read_topic(question))
        years, _ = read_years(question)
        topic = self._topic(scope.wanted)

        def meant(paper: Paper) -> bool:
            return paper.year in years and self._within.admits(paper) and admits(paper)

        return self._judge.judge(topic, meant) if topic.terms else self._all(meant)

    def draft_of(self, question: str, verdicts: Sequence[ModelVerdict]) -> Draft:
        """The draft that a model's verdicts make: only those count that have a quote."""
        topic = self._topic(read_scope(read_topic(question)).wanted)
        found = [
            (v.relevance is Relevance.MATCH, replace(v.judgement, passage=v.passage)) for v in verdicts if v.passage
        ]
        if found:
            return self._draft(question, topic, sorted(found, key=lambda f: not f[0]))
        return self._nothing(topic, [v.judgement for v in verdicts])

    def _sure(self, judgement: Judgement) -> bool:
        """Whether a paper shows that the corpus has the topic at all: likely, and it says much of it or reads so.

        Without one such paper, likely ones are near misses: "mixture of experts" is near "expert iteration".
        """
        told = judgement.signals.get("in_paper", 1.0) >= SAYS or judgement.signals.get("relevance", 1.0) > _RELEVANT
        return told and judgement.chance >= self._weights.match

    def _topic(self, text: str) -> Topic:
        return read_terms(text, self._index, self._embedder)

    def _all(self, admits: Callable[[Paper], bool]) -> list[Judgement]:
        """Every paper, for "which papers do not ...": each stands for itself by what it says of its own work."""
        judged = []
        for row, paper in enumerate(self._index.papers):
            if admits(paper):
                telling, passages = self._judge.telling(paper, row)
                own = next((i for i, t in enumerate(telling) if t.own), 0)
                judged.append(Judgement(paper, {}, 1.0, True, passages[own]))
        return judged

    def _anywhere(self, topic: Topic) -> set[str]:
        """The papers that say a topic anywhere: what "do not ..." leaves out, generously."""
        shares = self._judge.shares(topic)
        says = {self._index.papers.at(int(row)).id for row in np.flatnonzero(shares >= SAYS)}
        judged = self._judge.judge(topic, lambda paper: True)
        return says | {j.paper.id for j in judged if j.chance >= self._weights.mention}

    def _nothing(self, topic: Topic, judged: Sequence[Judgement]) -> Draft:
        near = [j for j in judged if j.chance >= _NEAR][:_CLOSEST]
        return Draft(
            closest=tuple(Miss(j.passage, _why(topic, j.paper)) for j in near),
            coverage=self._coverage(),
            emphasis=topic.stems,
        )

    def _draft(self, question: str, topic: Topic, found: list[tuple[bool, Judgement]]) -> Draft:
        matches = sum(match for match, _ in found)
        coverage = self._coverage()
        counted = read_intent(question) is Intent.COUNT
        mentions = f", {len(found) - matches} more mention it" if len(found) > matches else ""
        return Draft(
            statements=tuple(
                DraftStatement(said(j.paper.abstract[j.passage.start : j.passage.end]), (j.passage,)) for _, j in found
            ),
            lead=f"{matches} of {coverage.checked} papers match{mentions}." if counted else "",
            judged=tuple(Judged(j.passage, Relevance.MATCH if match else Relevance.MENTION) for match, j in found),
            coverage=coverage,
            emphasis=topic.stems,
        )

    def _coverage(self) -> Coverage:
        total = len(self._index.papers)
        checked = sum(map(self._within.admits, self._index.papers)) if self._within != EVERYTHING else total
        return Coverage(checked, total)


def _stems(paper: Paper) -> frozenset[str]:
    return frozenset(terms(f"{paper.title}. {paper.abstract}"))


def _why(topic: Topic, paper: Paper) -> str:
    missing = [t.word for t in topic.terms if t.found_in(_stems(paper)) < SAYS]
    return f"this paper does not mention “{' '.join(missing)}”" if missing else "this paper only touches on it"
