"""The exhaustive way for "which papers" questions: every paper of the corpus is judged, none is cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from askpapers.answering.abstain import does_not_mention, unmentioned
from askpapers.answering.draft import Draft, DraftStatement, Judged, Miss
from askpapers.answering.extractive import self_contained
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

CLEAR_MATCH = 0.9
"""The chance from which a match is clear, so that a model is not asked about it."""
CLEARLY_NONE = 0.02
"""The chance below which a paper is clearly no match. On the 188 surveys of the development suites four papers of 34
lie between the two; 12 of the 302 right ones lie below, and 16 wrong ones above."""

_RELEVANT = 0.0  # a logit: likelier than not
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey makes of its papers without a model.

    `judged` are those that may be meant, likeliest first; `found` is the relevance, by id, of those that match or
    mention the topic. `unwanted` are the rows of the papers that "not ..." in the question leaves out.
    """

    question: str
    topic: Topic
    judged: tuple[Judgement, ...]
    found: Mapping[str, Relevance]
    unwanted: tuple[int, ...]
    coverage: Coverage


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
        """Answer a survey question without a model: matches before mentions, best first."""
        return self.draft_of(self.judge(question))

    def judge(self, question: str) -> Surveyed:
        """Judge every paper for a survey question.

        Its years and the filter rule papers out; so may the scores in a large corpus.
        """
        scope = read_scope(read_topic(question))
        topic = self._topic(scope.wanted)
        sides = [self._topic(side) for side in scope.sides]
        selection = self._selection(question)
        there = self._saying(self._topic(scope.unwanted), selection.rows) if scope.unwanted else set()
        judged, checked = self._judged(topic, [row for row in selection.rows if row not in there])
        found: dict[str, Relevance] = {}
        is_sure = False
        bound = self._weights.mention_bound(len(self._index.papers))
        for judgement in judged:
            if judgement.chance >= bound:
                likely = judgement.chance >= self._weights.match
                together = all(side.coverage(_stems(judgement.paper)) >= SAYS for side in sides)
                found[judgement.paper.id] = Relevance.MATCH if likely and together else Relevance.MENTION
                is_sure = is_sure or self._sure(judgement)
        coverage = selection.coverage(checked + len(there), self._index.embedded_papers)
        return Surveyed(question, topic, tuple(judged), found if is_sure else {}, tuple(sorted(there)), coverage)

    def candidates(self, surveyed: Surveyed) -> Sequence[Judgement]:
        """The papers that a model may be asked about, likeliest first: those that were left out by "not ...", too."""
        if not surveyed.unwanted:
            return surveyed.judged
        unwanted, _ = self._judged(surveyed.topic, surveyed.unwanted)
        return sorted((*surveyed.judged, *unwanted), key=lambda j: -j.chance)

    def in_doubt(self, surveyed: Surveyed) -> Sequence[Judgement]:
        """Those of the candidates that the scores do not decide: neither a clear match nor clearly none."""
        return [judgement for judgement in self.candidates(surveyed) if self._is_doubtful(judgement, surveyed)]

    def _is_doubtful(self, judgement: Judgement, surveyed: Surveyed) -> bool:
        if not judgement.signals:  # there is no topic that it was scored by
            return True
        is_clear = judgement.chance >= CLEAR_MATCH and surveyed.found.get(judgement.paper.id) is Relevance.MATCH
        return judgement.chance >= CLEARLY_NONE and not is_clear

    def draft_of(self, surveyed: Surveyed, verdicts: Sequence[ModelVerdict] = ()) -> Draft:
        """The draft that a survey makes. A model's verdicts come before its own, but for those that are unclear."""
        read = {v.judgement.paper.id: v for v in verdicts if not v.unclear}
        all_judged = {j.paper.id: j for j in (*surveyed.judged, *(v.judgement for v in verdicts))}
        found: list[tuple[Judgement, Judged]] = []
        for paper, judgement in all_judged.items():
            verdict = read.get(paper)
            relevance = verdict.relevance if verdict else surveyed.found.get(paper)
            if relevance:
                passage = (verdict and verdict.passage) or judgement.passage
                estimated = judgement.chance if judgement.signals and not verdict else None
                found.append((judgement, Judged(passage, relevance, confidence=estimated)))
        if not found:
            return self._nothing(surveyed.topic, surveyed.judged, surveyed.coverage)
        found.sort(key=lambda f: (f[1].relevance is not Relevance.MATCH, -f[0].chance))
        return self._draft(surveyed.question, surveyed.topic, found, surveyed.coverage)

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
        return Draft(
            closest=tuple(Miss(j.passage, _why(topic, j.paper)) for j in judged[:_CLOSEST]),
            coverage=coverage,
            emphasis=topic.stems,
        )

    def _draft(
        self, question: str, topic: Topic, found: Sequence[tuple[Judgement, Judged]], coverage: Coverage
    ) -> Draft:
        matches = sum(judged.relevance is Relevance.MATCH for _, judged in found)
        counted = read_intent(question) is Intent.COUNT
        mentions = f", {len(found) - matches} more mention it" if len(found) > matches else ""
        return Draft(
            statements=tuple(
                DraftStatement(self_contained(j.paper.abstract[of.passage.start : of.passage.end]), (of.passage,))
                for j, of in found
            ),
            lead=f"{matches} of {coverage.papers} {'matches' if coverage.checked == 1 else 'match'}{mentions}."
            if counted
            else "",
            judged=tuple(judged for _, judged in found),
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
    return does_not_mention(missing) if missing else "this paper only touches on it"
