"""The exhaustive way for "which papers" questions: every paper of the corpus is judged, none is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from askpapers.answering.abstain import unmentioned
from askpapers.answering.draft import Draft, DraftStatement, Judged, Miss
from askpapers.answering.extractive import said
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.judgement import Judgement, ModelVerdict
from askpapers.answering.judging import Judge, Progress, Weights
from askpapers.answering.question import SAYS, Topic, read_terms
from askpapers.answering.scope import read_scope
from askpapers.answering.topic import read_topic
from askpapers.answering.years import read_years
from askpapers.corpus.notices import is_evidence
from askpapers.coverage import Coverage
from askpapers.datatypes import EVERYTHING, Filter, Paper, Relevance
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.selection import Selection, select
from askpapers.reading.protocol import RelevanceReader
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
        reader: RelevanceReader,
        weights: Weights,
        progress: Progress,
        within: Filter = EVERYTHING,
    ) -> None:
        """Survey the papers of an index that `within` admits. `progress` is told how far it is, of how much."""
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._within = within
        self._judge = Judge(index, embedder, reader, weights, progress)

    def survey(self, question: str) -> Draft:
        """Answer a survey question: matches before mentions, best first."""
        scope = read_scope(read_topic(question))
        topic = self._topic(scope.wanted)
        sides = [self._topic(side) for side in scope.sides]
        selection = self._selection(question)
        there = self._saying(self._topic(scope.unwanted), selection.rows) if scope.unwanted else set()
        judged, checked = self._judged(topic, [row for row in selection.rows if row not in there])
        coverage = selection.coverage(checked + len(there))
        found: list[tuple[bool, Judgement]] = []
        for judgement in judged:
            if judgement.chance >= self._weights.mention:
                likely = judgement.chance >= self._weights.match
                together = all(side.coverage(_stems(judgement.paper)) >= SAYS for side in sides)
                found.append((likely and together, judgement))
        if not any(self._sure(judgement) for _, judgement in found):
            return self._nothing(topic, judged, coverage)
        found.sort(key=lambda f: (not f[0], -f[1].chance))
        return self._draft(question, topic, found, coverage)

    def candidates(self, question: str) -> tuple[Sequence[Judgement], Coverage]:
        """The papers that may be meant by a survey question, judged, likeliest first, and what was looked at.

        Its years and the filter rule papers out; so may the scores in a large corpus.
        """
        selection = self._selection(question)
        judged, checked = self._judged(self._topic(read_scope(read_topic(question)).wanted), selection.rows)
        return judged, selection.coverage(checked)

    def draft_of(self, question: str, verdicts: Sequence[ModelVerdict], coverage: Coverage) -> Draft:
        """The draft that a model's verdicts make: only those count that have a quote."""
        topic = self._topic(read_scope(read_topic(question)).wanted)
        found = [
            (v.relevance is Relevance.MATCH, replace(v.judgement, passage=v.passage)) for v in verdicts if v.passage
        ]
        if found:
            return self._draft(question, topic, sorted(found, key=lambda f: not f[0]), coverage)
        return self._nothing(topic, [v.judgement for v in verdicts], coverage)

    def _sure(self, judgement: Judgement) -> bool:
        """Whether a paper shows that the corpus has the topic at all: likely, and it says much of it or reads so.

        Without one such paper, likely ones are near misses: "mixture of experts" is near "expert iteration".
        """
        told = judgement.signals.get("in_paper", 1.0) >= SAYS or judgement.signals.get("odds", 1.0) > _RELEVANT
        return told and judgement.chance >= self._weights.match

    def _topic(self, text: str) -> Topic:
        return read_terms(text, self._index, self._embedder)

    def _selection(self, question: str) -> Selection:
        years, _ = read_years(question)
        return select(self._index.papers, self._within.of_years(years.first, years.last))

    def _judged(self, topic: Topic, rows: Sequence[int]) -> tuple[Sequence[Judgement], int]:
        """The papers of some rows that may be meant, likeliest first, and how many were judged."""
        if not topic.terms:
            judged = [self._by_own_work(row) for row in rows]
            return [judgement for judgement in judged if is_evidence(judgement.paper)], len(judged)
        found = self._judge.judge(topic, rows)
        return found.likeliest, found.checked

    def _by_own_work(self, row: int) -> Judgement:
        """A paper without a topic ("which papers do not ..."): it stands for itself by what it says of its own work."""
        paper = self._index.papers.at(row)
        return Judgement(paper, {}, 1.0, self._judge.own_work(paper, row))

    def _saying(self, topic: Topic, rows: Sequence[int]) -> set[int]:
        """Those of the rows whose papers say a topic anywhere: what "do not ..." leaves out, generously."""
        shares = self._judge.shares(topic)
        likely = {j.paper.id for j in self._judge.judge(topic, rows).likeliest if j.chance >= self._weights.mention}
        ids = [paper for paper, _ in self._index.papers.ids_and_years()]
        return {row for row in rows if shares[row] >= SAYS or ids[row] in likely}

    def _nothing(self, topic: Topic, judged: Sequence[Judgement], coverage: Coverage) -> Draft:
        near = [j for j in judged if j.chance >= _NEAR][:_CLOSEST]
        return Draft(
            closest=tuple(Miss(j.passage, _why(topic, j.paper)) for j in near),
            coverage=coverage,
            emphasis=topic.stems,
        )

    def _draft(self, question: str, topic: Topic, found: list[tuple[bool, Judgement]], coverage: Coverage) -> Draft:
        matches = sum(match for match, _ in found)
        counted = read_intent(question) is Intent.COUNT
        mentions = f", {len(found) - matches} more mention it" if len(found) > matches else ""
        return Draft(
            statements=tuple(
                DraftStatement(said(j.paper.abstract[j.passage.start : j.passage.end]), (j.passage,)) for _, j in found
            ),
            lead=f"{matches} of {coverage.papers} {'matches' if coverage.checked == 1 else 'match'}{mentions}."
            if counted
            else "",
            judged=tuple(Judged(j.passage, Relevance.MATCH if match else Relevance.MENTION) for match, j in found),
            coverage=coverage,
            emphasis=topic.stems,
        )


def at_the_end(draft: Draft, index: Index, *, newest: bool, count: int | None = None) -> tuple[Draft, tuple[str, ...]]:
    """Of a survey's matches the newest or oldest: so many as are asked for, else those of the year; and what to say."""
    matches = [j.passage.paper for j in draft.judged if j.relevance is Relevance.MATCH]
    papers = [index.papers.by_id(paper) for paper in matches]
    dated = sorted((p for p in papers if p.year), key=lambda p: p.metadata.date or str(p.year), reverse=newest)
    if not dated:
        return draft, ()
    end = max if newest else min
    year = end(p.year or 0 for p in dated)
    chosen = {p.id: place for place, p in enumerate(dated[:count] if count else [p for p in dated if p.year == year])}
    shown = sorted(
        (n for n, j in enumerate(draft.judged) if j.passage.paper in chosen),
        key=lambda n: chosen[draft.judged[n].passage.paper] if count else n,
    )
    years = sorted({index.papers.by_id(paper).year or 0 for paper in chosen})
    span = f"from {years[0]}" if len(years) == 1 else f"from {years[0]} to {years[-1]}"
    those = f"shown {'is' if len(shown) == 1 else 'are'} the {'newest' if newest else 'oldest'}, {span}"
    told = f"{len(matches):,} papers match; {those}."
    if missing := len(matches) - len(dated):
        told += f" {missing:,} of them {'has' if missing == 1 else 'have'} no year."
    statements = tuple(draft.statements[place] for place in shown)
    judged = tuple(draft.judged[place] for place in shown)
    return replace(draft, statements=statements, judged=judged), (told,)


def _stems(paper: Paper) -> frozenset[str]:
    return frozenset(terms(f"{paper.title}. {paper.abstract}"))


def _why(topic: Topic, paper: Paper) -> str:
    missing = unmentioned(topic, _stems(paper))
    return f"this paper does not mention “{' '.join(missing)}”" if missing else "this paper only touches on it"
