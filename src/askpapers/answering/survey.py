"""The exhaustive way for "which papers" questions: every paper of the corpus is judged, none is cut off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from askpapers.answering.abstain import does_not_mention, unmentioned
from askpapers.answering.draft import Draft, Judged, Miss
from askpapers.answering.extractive import statement_of
from askpapers.answering.judgement import Judgement, ModelVerdict
from askpapers.answering.judging import Judge
from askpapers.answering.question import SAYS, Topic
from askpapers.answering.topic import read_scope
from askpapers.answering.years import at_the_end
from askpapers.corpus.notices import is_evidence
from askpapers.coverage import Coverage
from askpapers.datatypes import NO_FILTER, Filter, Paper, Relevance
from askpapers.grounding.polarity import read_words, stems_denied
from askpapers.index.generation import Index
from askpapers.index.selection import select
from askpapers.text import terms
from askpapers.text.aims import is_still_to_do, tells_of_findings

CLEAR_MATCH = 0.9
"""The chance from which a match is clear, so that a model is not asked about it."""
CLEARLY_NONE = 0.02
"""The chance below which a paper is clearly no match. On the 188 surveys of the development suites four papers of 34
lie between the two; 12 of the 302 right ones lie below, and 16 wrong ones above."""

UNLIKELY = 0.3
"""The chance below which a model's match has to be shown by a quote that is on the topic. Of 585 papers in doubt below
it (175 surveys of the development suites) 31 are right, of 193 above it 76."""

_RELEVANT = 0.0  # a logit: likelier than not
_RELEVANT_SIDE = -1.0
"""The log odds from which a paper is on a side that it does not say. The sentences that are read are the nearest to the
whole topic, so that one side alone reads less likely: of 20 right papers of the development pools of other fields
(`tools/survey_pools.py`) that were likely enough, 5 said both sides and 8 more have these odds; of 36 wrong ones that
did not say both, 5 have them."""
_CLOSEST = 3


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What a survey makes of its papers without a model.

    `judged` are those that may be meant, likeliest first; `found` is the relevance, by id, of those that match or
    mention the topic. `unwanted` are the rows of the papers that "not ..." in the question leaves out.
    """

    topic: Topic
    judged: tuple[Judgement, ...]
    found: Mapping[str, Relevance]
    unwanted: tuple[int, ...]
    coverage: Coverage


class Surveyor:
    """Answers survey questions from an index: what is wanted, what not, since when, and what is said of it."""

    def __init__(self, judge: Judge, within: Filter = NO_FILTER) -> None:
        """Let a judge look at the papers of its index that `within` admits."""
        self._judge = judge
        self._papers = judge.index.papers
        self._weights = judge.weights
        self._within = within

    def judge(self, about: str) -> Surveyed:
        """Judge every paper for a survey's topic; the filter rules papers out, and in a large corpus the scores."""
        scope = read_scope(about)
        topic = self._judge.topic(scope.wanted)
        sides = [self._judge.topic(side) for side in scope.sides]
        selection = select(self._papers, self._within)
        there = self._saying(self._judge.topic(scope.unwanted), selection.rows) if scope.unwanted else set()
        judged, checked = self._judged(topic, [row for row in selection.rows if row not in there])
        found: dict[str, Relevance] = {}
        is_sure = False
        bound = self._weights.mention_bound(len(self._papers))
        denied = stems_denied(scope.wanted) if tells_of_findings(scope.wanted) else frozenset()  # not "no labels"
        for judgement in judged:
            if judgement.chance >= bound:
                likely = judgement.chance >= self._weights.match and _tells(judgement, denied)
                matches = likely and all(self._has_side(side, judgement) for side in sides)
                found[judgement.paper.id] = Relevance.MATCH if matches else Relevance.MENTION
                is_sure = is_sure or self._sure(judgement)
        coverage = selection.coverage(checked + len(there), self._judge.index.embedded_papers)
        return Surveyed(topic, tuple(judged), found if is_sure else {}, tuple(sorted(there)), coverage)

    def candidates(self, surveyed: Surveyed) -> Sequence[Judgement]:
        """The papers that a model may be asked about, likeliest first: those that were left out by "not ...", too."""
        if not surveyed.unwanted:
            return surveyed.judged
        unwanted, _ = self._judged(surveyed.topic, surveyed.unwanted)
        return sorted((*surveyed.judged, *unwanted), key=lambda j: -j.chance)

    def in_doubt(self, surveyed: Surveyed) -> Sequence[Judgement]:
        """Those of the candidates that the scores do not decide: neither a clear match nor clearly none."""
        candidates = self.candidates(surveyed)
        if not surveyed.topic.terms:  # there is no topic that they were scored by
            return candidates
        matches = {paper for paper, relevance in surveyed.found.items() if relevance is Relevance.MATCH}
        return [
            j
            for j in candidates
            if j.chance >= CLEARLY_NONE and not (j.chance >= CLEAR_MATCH and j.paper.id in matches)
        ]

    def draft_of(self, surveyed: Surveyed, verdicts: Sequence[ModelVerdict] = (), *, counted: bool = False) -> Draft:
        """The draft that a survey makes: matches before mentions, best first; their number, where it is `counted`.

        A model's verdicts come before the survey's own, but for those that are unclear.
        """
        read = {v.judgement.paper.id: v for v in verdicts if not v.unclear}
        all_judged = {j.paper.id: j for j in (*surveyed.judged, *(v.judgement for v in verdicts))}
        found: list[tuple[Judgement, Judged]] = []
        for paper, judgement in all_judged.items():
            verdict = read.get(paper)
            relevance = self._counted(verdict, surveyed) if verdict else surveyed.found.get(paper)
            if relevance:
                passage = (verdict and verdict.passage) or judgement.passage
                estimated = judgement.chance if judgement.signals and not verdict else None
                found.append((judgement, Judged(passage, relevance, confidence=estimated)))
        if not found:
            return _nothing(surveyed)
        found.sort(key=lambda f: (f[1].relevance is not Relevance.MATCH, -f[0].chance))
        return _draft(surveyed, found, counted=counted)

    def _counted(self, verdict: ModelVerdict, surveyed: Surveyed) -> Relevance | None:
        """What a model's verdict comes to: small models find that everything matches.

        Where a paper is unlikely by its scores, a match is a mention, unless the reader finds the model's own quote on
        the topic.
        """
        judgement, passage = verdict.judgement, verdict.passage
        if verdict.relevance is not Relevance.MATCH or not judgement.signals or judgement.chance >= UNLIKELY:
            return verdict.relevance
        shown = (
            verdict.is_quoted and passage and self._judge.odds(surveyed.topic, judgement.paper, [passage]) > _RELEVANT
        )
        return Relevance.MATCH if shown else Relevance.MENTION

    def _has_side(self, side: Topic, judgement: Judgement) -> bool:
        """Whether a paper is on one side of an "A and B", too: it says it, or reads so."""
        if side.coverage(_stems(judgement.paper)) >= SAYS:
            return True
        return self._judge.odds(side, judgement.paper, judgement.nearest) > _RELEVANT_SIDE

    def _sure(self, judgement: Judgement) -> bool:
        """Whether a paper shows that the corpus has the topic at all: likely, and it says much of it or reads so.

        Without one such paper, likely ones are near misses: "mixture of experts" is near "expert iteration".
        """
        says_it = judgement.signals.get("in_paper", 1.0) >= SAYS or judgement.signals.get("odds", 1.0) > _RELEVANT
        return says_it and judgement.chance >= self._weights.match

    def _judged(self, topic: Topic, rows: Sequence[int]) -> tuple[Sequence[Judgement], int]:
        """The papers of some rows that may be meant, likeliest first, and how many were judged."""
        if not topic.terms:
            judged = [self._by_own_work(row) for row in rows]
            return [judgement for judgement in judged if is_evidence(judgement.paper)], len(judged)
        found = self._judge.judge(topic, rows)
        return found.likeliest, found.checked

    def _by_own_work(self, row: int) -> Judgement:
        """A paper without a topic ("which papers do not ..."): it stands for itself by what it says of its own work."""
        paper = self._papers.at(row)
        return Judgement(paper, {}, 1.0, self._judge.own_work(paper, row))

    def _saying(self, topic: Topic, rows: Sequence[int]) -> set[int]:
        """Those of the rows whose papers say a topic anywhere: what "do not ..." leaves out, generously."""
        shares = self._judge.shares(topic)
        likely = {j.paper.id for j in self._judge.judge(topic, rows).likeliest if j.chance >= self._weights.mention}
        ids = [paper for paper, _ in self._papers.ids_and_years()]
        return {row for row in rows if shares[row] >= SAYS or ids[row] in likely}


def _nothing(surveyed: Surveyed) -> Draft:
    """A draft without statements, with the nearest papers."""
    closest = tuple(Miss(j.passage, _why(surveyed.topic, j.paper)) for j in surveyed.judged[:_CLOSEST])
    return Draft(closest=closest, coverage=surveyed.coverage, emphasis=surveyed.topic.stems)


def _draft(surveyed: Surveyed, found: Sequence[tuple[Judgement, Judged]], *, counted: bool) -> Draft:
    matches, coverage = sum(judged.relevance is Relevance.MATCH for _, judged in found), surveyed.coverage
    mentions = f", {len(found) - matches} more mention it" if len(found) > matches else ""
    count = f"{matches} of {coverage.papers} {'matches' if coverage.checked == 1 else 'match'}{mentions}."
    return Draft(
        statements=tuple(statement_of(judgement.paper, judged.passage) for judgement, judged in found),
        lead=count if counted else "",
        judged=tuple(judged for _, judged in found),
        coverage=coverage,
        emphasis=surveyed.topic.stems,
    )


def newest_or_oldest(draft: Draft, index: Index, *, newest: bool, count: int | None) -> tuple[Draft, tuple[str, ...]]:
    """Of a survey's matches the newest or oldest: so many as are asked for, else those of the year; and what to say."""
    matches = [j.passage.paper for j in draft.judged if j.relevance is Relevance.MATCH]
    papers = [paper for paper in map(index.papers.by_id, matches) if paper.year]
    if not papers:
        return draft, ()
    dated = [(paper.metadata.date or str(paper.year), paper.id) for paper in papers]
    chosen, span = at_the_end(dated, newest=newest, count=count)
    shown = [n for n, j in enumerate(draft.judged) if j.passage.paper in chosen]
    if count:
        shown.sort(key=lambda n: chosen.index(draft.judged[n].passage.paper))
    those = f"shown {'is' if len(shown) == 1 else 'are'} the {'newest' if newest else 'oldest'}, {span}"
    note = f"{len(matches):,} paper{' matches' if len(matches) == 1 else 's match'}; {those}."
    if missing := len(matches) - len(papers):
        note += f" {missing:,} of them {'has' if missing == 1 else 'have'} no year."
    statements = tuple(draft.statements[place] for place in shown)
    judged = tuple(draft.judged[place] for place in shown)
    return replace(draft, statements=statements, judged=judged), (note,)


def _tells(judgement: Judgement, denied: frozenset[str]) -> bool:
    """Whether the sentence of a paper can make it a match: no call for work to come, and not what is denied.

    "An association was found" says what "no association" denies; a sentence that denies something may agree.
    """
    sentence = judgement.paper.abstract[judgement.passage.start : judgement.passage.end]
    found = read_words(sentence) if denied else ()
    opposes = bool(found) and denied <= {w.stem for w in found} and not any(w.negation for w in found)
    return not opposes and not is_still_to_do(sentence)


def _stems(paper: Paper) -> frozenset[str]:
    return frozenset(terms(f"{paper.title}. {paper.abstract}"))


def _why(topic: Topic, paper: Paper) -> str:
    missing = unmentioned(topic, _stems(paper))
    return does_not_mention(missing) if missing else "this paper only touches on it"
