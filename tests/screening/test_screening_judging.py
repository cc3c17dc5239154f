"""How a criterion is judged: exactly by the record, and by readers only beyond their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_of import PROTOCOL, ScriptedJudge, paper

from askpapers.datatypes import Paper
from askpapers.index.papers import PaperStore
from askpapers.metadata import Notice
from askpapers.reading.protocol import Pair, Probabilities
from askpapers.screening.bounds import BOUNDS
from askpapers.screening.criteria import KindRule, LanguageRule, TopicRule, VenueRule, YearRule, read_condition
from askpapers.screening.judging import RuleJudge, resolved, weigh_missing_topic
from askpapers.screening.memory import JudgementMemory
from askpapers.screening.protocol import Criterion, read_protocol
from askpapers.screening.records import by_kind, by_language, by_year, venue_check
from askpapers.screening.statements import by_statement
from askpapers.screening.topics import TopicSignals, topic_finding
from askpapers.screening.verdicts import Finding, Holds, Label, PaperJudgement, Verdict, joined, negated, verdict_on

GERMAN = "Wir haben die Öfen der Töpfer untersucht. Die Ergebnisse sind nicht eindeutig und werden diskutiert."


def test_no_sentence_is_quoted_for_a_language_that_it_does_not_name() -> None:
    (rule,) = read_condition("in English").rules
    assert isinstance(rule, LanguageRule)
    english = by_language(rule, paper(abstract="We show that the kilns of the potters are hot."))
    assert (english.evidence, english.holds) == (None, Holds.YES)
    assert english.why == "the record gives no language; the abstract is written in English"
    recorded = by_language(rule, paper(language="fr"))
    assert recorded.evidence and recorded.evidence.where == "record"
    german = by_language(rule, paper(abstract=GERMAN))
    assert german.evidence and german.evidence.text in GERMAN


@pytest.mark.parametrize(
    ("criterion", "record", "holds"),
    [
        ("published after 2015", paper(year=2016), Holds.YES),
        ("published after 2015", paper(year=2015), Holds.NO),
        ("published after 2015", paper(year=None), Holds.NOT_SAID),
        ("in English", paper(language="eng"), Holds.YES),
        ("in English", paper(language="German; English"), Holds.YES),
        ("in English", paper(language="fr"), Holds.NO),
        ("in English", paper(abstract="We show that the kilns of the potters are hot."), Holds.YES),
        ("in English", paper(abstract=GERMAN), Holds.NO),
        ("in English", paper(title="[On the pots of the potters]."), Holds.NOT_SAID),
        ("in German", paper(abstract="We show that the kilns of the potters are hot."), Holds.NOT_SAID),
        ("journal articles", paper(type="article-journal"), Holds.YES),
        ("journal articles", paper(type="thesis"), Holds.NO),
        ("journal articles or theses", paper(type="thesis"), Holds.YES),
        ("journal articles", paper(type="document"), Holds.NOT_SAID),
        ("reviews", paper(title="Pots: a systematic review"), Holds.YES),
        ("reviews", paper(title="Pots: a randomised controlled trial"), Holds.NO),
        ("reviews", paper(), Holds.NOT_SAID),
        ("reviews or journal articles", paper(type="article-journal"), Holds.YES),
        ("retracted papers", paper(notice=Notice.RETRACTED), Holds.YES),
        ("retracted papers", paper(), Holds.NOT_SAID),
        ("observational studies", paper(abstract="In this cohort study we follow potters."), Holds.YES),
    ],
)
def test_what_the_record_decides(criterion: str, record: Paper, holds: Holds) -> None:
    (rule,) = read_condition(criterion).rules
    assert isinstance(rule, YearRule | LanguageRule | KindRule)
    found = (
        by_year(rule, record)
        if isinstance(rule, YearRule)
        else by_language(rule, record)
        if isinstance(rule, LanguageRule)
        else by_kind(rule, record)
    )
    assert found.holds is holds
    assert found.why
    if found.evidence and found.evidence.quote:
        quote = found.evidence.quote
        assert record.abstract[quote.start : quote.end] == quote.text == found.evidence.text
    assert (holds is Holds.NOT_SAID) or found.evidence or found.why.endswith("written in English")


def test_venues_are_those_of_the_corpus_and_other_words_a_topic(tmp_path: Path) -> None:
    PaperStore.write(tmp_path / "p.db", [paper("a", venue="Nature"), paper("b", venue="Clay"), paper("c")], ())
    papers = PaperStore(tmp_path / "p.db")
    check = venue_check(VenueRule(("nature",)), papers)
    assert check
    assert [check(row).holds for row in range(3)] == [Holds.YES, Holds.NO, Holds.NOT_SAID]
    protocol = read_protocol("## Include\n- published in Nature\n- published in Germany\n", "r.md")
    first, second = (criterion.condition.rules[0] for criterion in resolved(protocol, papers).criteria)
    assert first == VenueRule(("Nature",), "published in Nature")
    assert second == TopicRule("published in Germany")


POTS = paper(abstract="We fire 120 pots in kilns. No glaze was used.")


@pytest.mark.parametrize(
    ("signals", "sure", "holds"),
    [
        ((0.6, 0.5, 1.0), False, Holds.YES),
        ((0.6, 0.5, 1.0), True, Holds.NOT_SAID),
        ((0.95, 0.5, 1.0), True, Holds.YES),
        ((0.98, 0.5, 0.2), True, Holds.NOT_SAID),
        ((0.001, 0.1, 0.0), False, Holds.NO),
        ((0.001, 0.5, 0.0), False, Holds.NOT_SAID),
        ((0.001, 0.1, 0.5), False, Holds.NOT_SAID),
        ((0.1, 0.1, 0.0), False, Holds.NOT_SAID),
    ],
)
def test_a_topic_is_decided_beyond_all_its_bounds_only(
    signals: tuple[float, float, float], sure: bool, holds: Holds
) -> None:
    found = topic_finding("kilns", POTS, TopicSignals(*signals, (0, 26)), sure, BOUNDS)
    assert found.holds is holds
    assert found.evidence
    assert found.evidence.text == "We fire 120 pots in kilns."


def test_words_that_are_negated_and_numbers_that_are_not_there_say_nothing() -> None:
    found = topic_finding("glaze", POTS, TopicSignals(0.97, 0.5, 1.0, (27, 45)), True, BOUNDS)
    assert found.holds is Holds.NOT_SAID
    found = topic_finding("150 pots", POTS, TopicSignals(0.97, 0.5, 1.0, (0, 26)), False, BOUNDS)
    assert found.holds is Holds.NOT_SAID


class Support:
    """A support reader that finds the same of every sentence with a word, and nothing in others."""

    def __init__(self, word: str, supported: float, contradicted: float) -> None:
        self._word, self._row = word, (supported, 1 - supported - contradicted, contradicted)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        rows = [self._row if self._word in source else (0.0, 1.0, 0.0) for _, source in pairs]
        return np.array(rows, dtype=np.float32)


@pytest.mark.parametrize(
    ("statement", "supported", "contradicted", "sure", "holds"),
    [
        ("Pots are fired in kilns.", 0.6, 0.0, False, Holds.YES),
        ("Pots are fired in kilns.", 0.6, 0.0, True, Holds.NOT_SAID),
        ("Pots are fired in kilns.", 0.0, 0.95, False, Holds.NO),
        ("Pots are fired in kilns.", 0.0, 0.7, False, Holds.NOT_SAID),
        ("Swans are white birds of lakes.", 0.0, 0.95, False, Holds.NOT_SAID),  # a sentence on another thing
        ("More than 200 pots are fired in kilns.", 0.0, 0.95, False, Holds.NOT_SAID),  # an amount is not counted
    ],
)
def test_a_statement_is_true_or_untrue_beyond_its_bounds_only(
    statement: str, supported: float, contradicted: float, sure: bool, holds: Holds
) -> None:
    found = by_statement(statement, POTS, Support("kilns", supported, contradicted), sure=sure)
    assert found.holds is holds
    assert (found.evidence is None) == (holds is Holds.NOT_SAID)
    assert found.evidence is None or found.evidence.text == "We fire 120 pots in kilns."


INCLUDES, EXCLUDES = PROTOCOL.criteria[0], PROTOCOL.criteria[2]


@pytest.mark.parametrize(
    ("criterion", "holds", "verdict"),
    [
        (INCLUDES, Holds.YES, Verdict.PASSED),
        (INCLUDES, Holds.NO, Verdict.FAILED),
        (INCLUDES, Holds.NOT_SAID, Verdict.UNCLEAR),
        (EXCLUDES, Holds.YES, Verdict.FAILED),
        (EXCLUDES, Holds.NO, Verdict.PASSED),
        (EXCLUDES, Holds.NOT_SAID, Verdict.PASSED),
    ],
)
def test_silence_is_no_failure(criterion: Criterion, holds: Holds, verdict: Verdict) -> None:
    assert verdict_on(criterion, Finding(holds, "")).verdict is verdict


findings = st.lists(st.sampled_from(list(Holds)).map(lambda holds: Finding(holds, "")), min_size=1, max_size=4)


@given(findings)
def test_rules_hold_together_and_denying_twice_changes_nothing(given_: list[Finding]) -> None:
    holds = {one.holds for one in given_}
    found = joined(given_).holds
    assert found is (Holds.NO if Holds.NO in holds else Holds.NOT_SAID if Holds.NOT_SAID in holds else Holds.YES)
    assert negated(negated(given_[0])) == given_[0]


@given(findings)
def test_a_paper_is_excluded_by_the_first_criterion_that_fails(given_: list[Finding]) -> None:
    verdicts = tuple(verdict_on(INCLUDES, one) for one in given_)
    judgement = PaperJudgement("p", verdicts)
    kinds = [one.verdict for one in verdicts]
    if Verdict.FAILED in kinds:
        assert judgement.label is Label.EXCLUDE
        assert judgement.failed is verdicts[kinds.index(Verdict.FAILED)]
        assert judgement.score <= 0
    else:
        assert judgement.label is (Label.UNCLEAR if Verdict.UNCLEAR in kinds else Label.INCLUDE)
        assert judgement.failed is None


def test_a_judgement_is_remembered_whole_and_a_changed_paper_is_another(tmp_path: Path) -> None:
    judged = ScriptedJudge({"p1": Holds.YES}).judge(0, POTS)
    file = tmp_path / "screening.jsonl"
    JudgementMemory(file, PROTOCOL, "a").put(POTS, judged)
    with file.open("a") as stream:
        stream.write('{"key": "x", "verd\n[]\n')
    assert JudgementMemory(file, PROTOCOL, "a").get(POTS) == judged
    assert JudgementMemory(file, PROTOCOL, "b").get(POTS) is None
    assert JudgementMemory(file, PROTOCOL, "a").get(paper(abstract="We fire 121 pots.")) is None
    other = read_protocol("## Include\n- about pots\n", "review.md")
    assert JudgementMemory(file, other, "a").get(POTS) is None
    unwritable = JudgementMemory(tmp_path, PROTOCOL, "a")
    unwritable.put(POTS, judged)
    assert unwritable.get(POTS) == judged
    assert unwritable.failure


ON, OFF, SILENT = (Finding(holds, "so it is", chance=0.5) for holds in (Holds.YES, Holds.NO, Holds.NOT_SAID))


@pytest.mark.parametrize(
    ("others", "holds"),
    [
        ({}, Holds.NO),
        ({"pigs": ON}, Holds.NOT_SAID),
        ({"pigs": ON, "viruses": SILENT}, Holds.NOT_SAID),
        ({"pigs": SILENT}, Holds.NO),
        ({"pigs": OFF}, Holds.NO),
        ({"pigs": ON, "viruses": OFF}, Holds.NO),
    ],
)
def test_a_paper_on_another_topic_of_the_review_may_leave_one_unsaid(others: dict[str, Finding], holds: Holds) -> None:
    assert weigh_missing_topic(OFF, others).holds is holds


def test_a_topic_is_asked_once_of_a_paper_and_a_criterion_that_excludes_is_no_topic_of_the_review() -> None:
    class Topics:
        asked: list[str]

        def finding(self, topic: str, row: int, paper: Paper, *, sure: bool) -> Finding:
            self.asked.append(topic)
            return ON if topic in ("kilns", "wood") else OFF

    topics = Topics()
    topics.asked = []
    protocol = read_protocol("# K\n## Include\n- about kilns\n- about sequencing\n## Exclude\n- about wood\n", "k.md")
    judge = RuleJudge(protocol, PaperStore.__new__(PaperStore), topics, Support("x", 0, 0))  # type: ignore[arg-type]
    judged = judge.judge(0, paper())
    assert [one.verdict for one in judged.verdicts] == [Verdict.PASSED, Verdict.UNCLEAR, Verdict.FAILED]
    assert topics.asked == ["kilns", "sequencing", "wood"]
    assert judged.verdicts[1].finding.why == "the abstract does not say it, but is about “kilns”"
