"""A run with a model beside the run without it."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.evaluation.gates import judge
from askpapers.evaluation.paired import mcnemar, paired
from askpapers.evaluation.report.as_json import report_dict
from askpapers.evaluation.report.content import Report, lost_lines, paired_lines
from askpapers.evaluation.report.html import html_page
from askpapers.evaluation.report.markdown import markdown_report
from askpapers.evaluation.runs import Run
from made_answers import PAPERS, run_of

# By case: right in the run with the model, right without.
RIGHT = {"q1": (1, 1), "q2": (0, 1), "q3": (1, 0), "q4": (1, 0), "q5": (0, 0)}
COUNT = st.integers(0, 200)


def run(place: int, name: str = "suite", llm: str | None = None) -> Run:
    made = run_of({case: {"facts": float(right[place]), "citation_recall": 0.5} for case, right in RIGHT.items()}, name)
    outcomes = tuple(replace(o, reply=replace(o.reply, engine={"llm": llm})) for o in made.outcomes)
    return replace(made, outcomes=outcomes)


def report_of(name: str = "suite") -> Report:
    with_model = run(0, name, "m")
    judged = judge(with_model, {}, None)
    return Report((judged,), "3 papers", 1.0, paired={name: paired("m", with_model, run(1, name))})


def test_what_was_lost_and_what_was_won() -> None:
    both = paired("m", run(0, llm="m"), run(1))
    assert [pair.without.case.id for pair in both.lost] == ["q2"]
    assert [pair.without.case.id for pair in both.won] == ["q3", "q4"]
    assert both.right == (3, 2)
    assert both.by_model == 5
    assert both.p_value == 1.0
    recall, precision = both.citations().values()
    assert [found and found.mean for found in recall] == [0.5, 0.5]
    assert precision == (None, None)


@pytest.mark.parametrize(
    ("lost", "won", "p"),
    [(0, 0, 1.0), (1, 1, 1.0), (0, 5, 2 / 32), (0, 6, 2 / 64), (2, 8, 2 * (1 + 10 + 45) / 1024)],
)
def test_mcnemar_by_hand(lost: int, won: int, p: float) -> None:
    assert mcnemar(lost, won) == pytest.approx(p)


@given(lost=COUNT, won=COUNT)
def test_mcnemar_is_even_handed_and_a_probability(lost: int, won: int) -> None:
    assert mcnemar(lost, won) == mcnemar(won, lost)
    assert 0 < mcnemar(lost, won) <= 1


@given(lost=st.integers(0, 30), won=st.integers(0, 30))
def test_mcnemar_is_the_share_of_splits_as_uneven(lost: int, won: int) -> None:
    n, apart = lost + won, abs(won - lost)
    as_uneven = sum(comb(n, k) for k in range(n + 1) if abs(n - 2 * k) >= apart)
    assert mcnemar(lost, won) == pytest.approx(as_uneven / 2**n)


def test_every_report_has_both() -> None:
    report = report_of()
    compared, citations = paired_lines(report, "suite")
    assert compared.startswith(
        "With m 3 of 5 right, without a model 2: lost 1, won 2 (McNemar's exact test: p = 1.000)."
    )
    assert "ALCE" in citations
    assert lost_lines(report, report.suites[0]) == ["q2  Question q2?: without a fact"]
    (suite,) = report_dict(report)["suites"]
    assert (suite["paired"]["lost"], suite["paired"]["won"]) == (["q2"], ["q3", "q4"])
    assert "Right without the model only: 1" in markdown_report(report)
    assert "lost 1, won 2" in html_page(report, PAPERS)
    assert report_dict(replace(report, paired={}))["suites"][0]["paired"] is None


def test_a_question_that_is_held_back_is_not_shown() -> None:
    report = report_of("kept-test")
    assert lost_lines(report, report.suites[0]) == []
    assert "Question q2?" not in markdown_report(report)
    assert "lost 1, won 2" in markdown_report(report)
