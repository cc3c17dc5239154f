"""Judges papers by the criteria of a protocol, one after the other, up to the first that clearly fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol as Interface

from askpapers.answering.language import foreign_language
from askpapers.datatypes import Paper
from askpapers.engine import Corpus
from askpapers.index.papers import PaperStore
from askpapers.reading.protocol import SupportReader
from askpapers.screening.criteria import (
    KindRule,
    LanguageRule,
    Rule,
    StatementRule,
    TopicRule,
    VenueRule,
    YearRule,
)
from askpapers.screening.protocol import Criterion, Protocol
from askpapers.screening.records import by_kind, by_language, by_year, venue_check
from askpapers.screening.statements import by_statement
from askpapers.screening.topics import TopicJudge
from askpapers.screening.verdicts import (
    CriterionVerdict,
    Finding,
    Holds,
    PaperJudgement,
    Verdict,
    joined,
    negated,
    verdict_on,
)

EXACT = (YearRule, LanguageRule, KindRule, VenueRule)
"""The rules that the record decides, or words that name a design: no model is asked for them."""


_BEGINNING = 600  # characters of an abstract, of which its language is told


class JudgesPapers(Interface):
    """What judges a paper by all criteria: by rules and readers, or by a language model."""

    def judge(self, row: int, paper: Paper) -> PaperJudgement:
        """Judge the paper of a row. Raises ModelError."""


class RuleJudge:
    """Judges by what is there without a language model: the record, the readers of topics and of statements."""

    def __init__(self, protocol: Protocol, papers: PaperStore, topics: TopicJudge, reader: SupportReader) -> None:
        self._protocol = resolved(protocol, papers)
        self._topics = topics
        self._reader = reader
        self._venues = _venue_checks(self._protocol, papers)
        self._needed = tuple(_needed_topics(self._protocol))
        self._found: dict[tuple[int, str], Finding] = {}  # of the paper that is judged

    @classmethod
    def of(cls, protocol: Protocol, corpus: Corpus, reader: SupportReader) -> RuleJudge:
        """The judge of a corpus."""
        return cls(protocol, corpus.index.papers, TopicJudge.of(corpus), reader)

    def judge(self, row: int, paper: Paper) -> PaperJudgement:
        """Judge the paper of a row; criteria after the first that clearly fails are not judged."""
        verdicts = list[CriterionVerdict]()
        self._found.clear()
        for criterion in self._protocol.criteria:
            verdicts.append(verdict_on(criterion, self.finding(criterion, row, paper)))
            if verdicts[-1].verdict is Verdict.FAILED:
                break
        return PaperJudgement(paper.id, tuple(verdicts))

    def finding(self, criterion: Criterion, row: int, paper: Paper) -> Finding:
        """Whether the condition of a criterion holds of a paper."""
        condition = criterion.condition
        sure = criterion.excludes != condition.negated
        found = joined([self._by_rule(rule, row, paper, sure) for rule in condition.rules])
        return negated(found) if condition.negated else found

    def _by_rule(self, rule: Rule, row: int, paper: Paper, sure: bool) -> Finding:
        if isinstance(rule, TopicRule | StatementRule) and (language := foreign_language(paper.abstract[:_BEGINNING])):
            return Finding(Holds.NOT_SAID, f"the abstract is in {language}, and only English is read")
        match rule:
            case YearRule():
                return by_year(rule, paper)
            case LanguageRule():
                return by_language(rule, paper)
            case KindRule():
                return by_kind(rule, paper)
            case VenueRule():
                return self._venues[rule](row)
            case TopicRule(topic):
                return (
                    self._topics.finding(topic, row, paper, sure=True)
                    if sure
                    else self._needed_topic(topic, row, paper)
                )
            case StatementRule(statement):
                return by_statement(statement, paper, self._reader, sure=sure)

    def _needed_topic(self, topic: str, row: int, paper: Paper) -> Finding:
        """Whether a paper is on a topic that it has to be on; one that may only leave it unsaid is not off it."""
        found = self._on(topic, row, paper)
        if found.holds is not Holds.NO:
            return found
        others = {other: self._on(other, row, paper) for other in self._needed if other != topic}
        return weigh_missing_topic(found, others)

    def _on(self, topic: str, row: int, paper: Paper) -> Finding:
        if (row, topic) not in self._found:
            self._found[row, topic] = self._topics.finding(topic, row, paper, sure=False)
        return self._found[row, topic]


def weigh_missing_topic(found: Finding, others: Mapping[str, Finding]) -> Finding:
    """What nothing about a topic in a paper comes to, given the `others` that the protocol asks for.

    A paper on another of them is of the subject of the review, and may leave the topic unsaid, as many abstracts do a
    method: not said, unless a second topic is missing, too. A paper on none of them is of another subject.
    """
    on = next((topic for topic, other in others.items() if other.holds is Holds.YES), "")
    if not on or any(other.holds is Holds.NO for other in others.values()):
        return found
    return replace(found, holds=Holds.NOT_SAID, why=f"the abstract does not say it, but is about “{on}”")


def _needed_topics(protocol: Protocol) -> Iterator[str]:
    """The topics that a paper has to be on to be included."""
    for criterion in protocol.criteria:
        if criterion.excludes == criterion.condition.negated:
            yield from (rule.topic for rule in criterion.condition.rules if isinstance(rule, TopicRule))


def resolved(protocol: Protocol, papers: PaperStore) -> Protocol:
    """The protocol with a topic in place of words that may name a venue and name none of the corpus."""

    def rule_of(rule: Rule) -> Rule:
        unknown = isinstance(rule, VenueRule) and venue_check(rule, papers) is None
        return TopicRule(rule.otherwise) if isinstance(rule, VenueRule) and unknown else rule

    def criterion_of(criterion: Criterion) -> Criterion:
        rules = tuple(map(rule_of, criterion.condition.rules))
        return replace(criterion, condition=replace(criterion.condition, rules=rules))

    return replace(protocol, criteria=tuple(map(criterion_of, protocol.criteria)))


def _venue_checks(protocol: Protocol, papers: PaperStore) -> Mapping[VenueRule, Callable[[int], Finding]]:
    rules = (rule for criterion in protocol.criteria for rule in criterion.condition.rules)
    return {
        rule: check
        for rule in rules
        if isinstance(rule, VenueRule) and (check := venue_check(rule, papers)) is not None
    }
