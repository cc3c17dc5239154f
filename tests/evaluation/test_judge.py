from __future__ import annotations

from collections.abc import Sequence

import pytest

from askpapers.evaluation.judge import grade_run, read_grade
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.suites import Suite
from askpapers.prompts import load_grading, load_prompts
from made_answers import case, quote, reply

SAID = [("Cats purr at night.", [1])], [quote(1, "cats", "Cats purr at night.")]


def run_of_two(name: str = "small") -> Run:
    asked = case("a", facts=(("16 hours", "sixteen hours"),))
    outcomes = (Outcome(asked, reply(*SAID), None, {}), Outcome(case("b"), reply(), None, {}))
    return Run(Suite(name, tuple(o.case for o in outcomes), "d"), outcomes, {})


def quiet(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


def test_answers_are_graded_and_refusals_are_not() -> None:
    asked: list[Sequence[tuple[str, str]]] = []

    def say(messages: Sequence[tuple[str, str]]) -> str:
        asked.append(messages)
        return 'Well: {"grade": "partly", "why": "no figure"}'

    grades = grade_run(run_of_two(), "scripted", say, load_grading(), quiet)
    assert grades
    assert {key: grade.score for key, grade in grades.by_case.items()} == {"a": 0.5}
    assert grades.by_case["a"].raw.startswith("Well: ")
    assert grades.estimate
    assert (grades.estimate.mean, grades.unreadable) == (0.5, 0)
    text = asked[0][-1][1]
    assert "Cats purr at night." in text
    assert "the fact: 16 hours or sixteen hours" in text
    assert "the paper cats" in text


def test_a_suite_that_is_held_back_is_sent_nowhere() -> None:
    assert (
        grade_run(run_of_two("small-test"), "scripted", lambda messages: pytest.fail(), load_grading(), quiet) is None
    )


@pytest.mark.parametrize(
    ("raw", "score"),
    [
        ('{"grade": "right"}', 1.0),
        ('```json\n{"grade": "wrong", "why": ""}\n```', 0.0),
        ('{"grade": "good"}', None),
        ('{"grade": ["right"]}', None),
        ("right", None),
        ("", None),
        ("{", None),
        ("[1]", None),
    ],
)
def test_what_is_read_of_a_reply(raw: str, score: float | None) -> None:
    assert read_grade(raw) == score


def test_a_reply_that_cannot_be_read_is_kept_and_not_counted() -> None:
    grades = grade_run(run_of_two(), "scripted", lambda messages: "no idea", load_grading(), quiet)
    assert grades
    assert (grades.estimate, grades.unreadable, grades.by_case["a"].raw) == (None, 1, "no idea")


def test_answers_do_not_depend_on_how_they_are_graded() -> None:
    assert "grade" not in load_prompts().by_name
