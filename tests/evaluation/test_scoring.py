"""Whole answers, scored by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from askpapers.evaluation.replies import Reply
from askpapers.evaluation.scoring import GROUPS, METRICS, score
from askpapers.evaluation.suites import Case
from askpapers.grounding.support import Support
from made_answers import PAPERS, case, check_words, quote, reply

SLEEP = "They sleep 16 hours a day."
PURR = "Cats purr at night."


def scored(expected: Case, given: Reply, ranking: Sequence[str] | None = None, judges: bool = True) -> dict[str, float]:
    return score(expected, given, ranking, PAPERS, check_words, judges=judges)


def test_a_right_answer() -> None:
    found = scored(case(facts=(("16 hours",),)), reply([(SLEEP, [1])], [quote(1, "cats", SLEEP)], intent="open"))
    assert found == dict.fromkeys(
        "intent answered facts facts_stated right_paper_first must_recall answered_right verbatim citation_recall"
        " citation_precision supported_by_cited supported_by_any".split(),
        1.0,
    )


def test_a_wrong_paper_with_the_fact() -> None:
    given = reply([(PURR, [1]), (SLEEP, [2])], [quote(1, "fish", "Fish swim"), quote(2, "cats", SLEEP)])
    found = scored(case(facts=(("16",),)), given)
    assert found["right_paper_first"] == 0.0
    assert (found["must_recall"], found["facts"], found["answered_right"]) == (1.0, 1.0, 1.0)
    assert found["citation_recall"] == 0.5  # the first cites what does not say it
    assert found["supported_by_cited"] == 0.5
    assert found["supported_by_any"] == 1.0  # another paper of the answer does
    assert "intent" not in found


def test_the_quote_the_paper_and_any_paper_are_told_apart() -> None:
    # Cites another sentence of the right paper; then a paper that says nothing of it, retrieved beside the right one.
    near = reply([(PURR, [1])], [quote(1, "cats", SLEEP)])
    assert [scored(case(), near)[m] for m in ("citation_recall", "supported_by_cited", "supported_by_any")] == [0, 1, 1]
    off = reply([(PURR, [1])], [quote(1, "fish", "Fish swim")])
    names = ("citation_recall", "supported_by_cited", "supported_by_any")
    assert [scored(case(), off, ["cats"])[m] for m in names] == [0, 0, 1]
    assert [scored(case(), off)[m] for m in names] == [0, 0, 0]


def test_a_quote_supports_a_statement_behind_the_title_of_its_paper() -> None:
    # "They" of the quote are the cats of the title "On cats", which the reader sees above it.
    given = reply([("Cats. They sleep 16 hours a day.", [1])], [quote(1, "cats", SLEEP)])
    names = ("citation_recall", "citation_precision", "supported_by_cited")
    found = scored(case(), given)

    def blind(statement: str, source: str) -> Support:
        return check_words(statement, source.removeprefix("On cats. "))

    without = score(case(), given, None, PAPERS, blind, judges=True)
    assert [(found[name], without[name]) for name in names] == [(1.0, 0.0)] * 3
    # A paper that the corpus does not have shows no title.
    assert scored(case(), reply([("Cats sleep.", [1])], [quote(1, "gone", "sleep.")]))["citation_recall"] == 0.0


def test_a_fact_may_stand_in_a_quote_and_not_be_stated() -> None:
    found = scored(case(facts=(("16",),)), reply([("Cats sleep long.", [1])], [quote(1, "cats", SLEEP)]))
    assert (found["facts"], found["facts_stated"]) == (1.0, 0.0)


def test_a_false_refusal_has_nothing() -> None:
    found = scored(case(facts=(("16",),)), reply(intent="quantity"))
    assert found == dict.fromkeys("intent answered facts facts_stated right_paper_first must_recall".split(), 0.0)


@pytest.mark.parametrize(
    ("note", "name"), [("near miss: only dogs", "refused_near_misses"), ("far", "refused_far"), ("", "refused_far")]
)
def test_what_cannot_be_answered(note: str, name: str) -> None:
    expected = case(must=(), note=note)
    assert scored(expected, reply()) == {"refused": 1.0, name: 1.0}
    found = scored(expected, reply([(PURR, [1])], [quote(1, "cats", PURR)]))
    assert (found["refused"], found[name], found["answered_right"]) == (0.0, 0.0, 0.0)


def test_what_must_not_be_the_answer() -> None:
    expected = case(facts=(("16",),), forbidden=("12",))
    dogs = quote(1, "dogs", "They sleep 12 hours a day.")
    assert scored(expected, reply([("They sleep 12 hours a day.", [1])], [dogs]))["nothing_forbidden"] == 0.0
    assert scored(expected, reply([(SLEEP, [1])], [quote(1, "cats", SLEEP)]))["nothing_forbidden"] == 1.0
    # Beside the right figure, in one sentence, it is no answer of its own.
    both = reply([("Cats sleep 16 hours, dogs 12.", [1])], [dogs])
    assert scored(expected, both)["nothing_forbidden"] == 1.0


def test_a_survey() -> None:
    expected = case(intent="survey", must=("cats", "dogs"), may=("birds",))
    given = reply([(PURR, [1])], [quote(1, "cats", PURR)], ["cats", "fish", "birds"])
    found = scored(expected, given, ["cats", "birds", "dogs", "fish"])
    assert found["survey_precision"] == 0.5  # birds count neither way
    assert found["survey_recall"] == 0.5
    assert found["survey_f1"] == 0.5
    assert found["survey_f1_of_five"] == pytest.approx(0.8)  # cats, dogs, fish: precision 2/3, recall 1
    assert "answered" not in found


def test_a_survey_that_finds_nothing_has_no_precision() -> None:
    found = scored(case(intent="survey"), reply())
    assert found == {"survey_recall": 0.0, "survey_f1": 0.0}


@pytest.mark.parametrize(
    ("matches", "right"), [(["cats"], 0.0), (["cats", "dogs"], 1.0), (["cats", "dogs", "fish"], 1.0)]
)
def test_a_count_is_right_from_must_to_must_and_may(matches: list[str], right: float) -> None:
    expected = case(intent="count", must=("cats", "dogs"), may=("birds",))
    assert scored(expected, reply(matches=matches))["count_right"] == right


def test_an_absent_topic() -> None:
    absent = case(intent="survey", must=(), may=("birds",))
    assert scored(absent, reply()) == {"nothing_matched": 1.0}
    assert scored(absent, reply(matches=["birds"]))["nothing_matched"] == 1.0
    assert scored(absent, reply(matches=["cats"]))["nothing_matched"] == 0.0


def test_a_draft_without_papers_is_scored_on_what_it_has() -> None:
    draft = Case("d", "?", "open", True, draft=True)
    assert set(scored(draft, reply())) == {"answered"}
    assert "answered_right" not in scored(draft, reply([(PURR, [1])], [quote(1, "cats", PURR)]))


def test_a_quote_that_is_not_verbatim() -> None:
    found = scored(case(), reply([(PURR, [1])], [quote(1, "cats", "Cats purr by night.")]))
    assert found["verbatim"] == 0.0


def test_every_metric_is_in_one_group() -> None:
    names = [metric.name for group in GROUPS.values() for metric in group]
    assert len(names) == len(set(names)) == len(METRICS)
