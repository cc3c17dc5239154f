"""When an answer is right, and what is said of one that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from askpapers.evaluation.replies import Reply
from askpapers.evaluation.rightness import is_right, wrong_questions
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.scoring import score
from askpapers.evaluation.suites import Case, Suite
from made_answers import ABSTRACTS, PAPERS, case, check_words, quote, reply

SAID = reply([("Cats purr at night.", [1])], [quote(1, "cats", "Cats purr at night.")])
REFUSED = reply()


def survey(*papers: str) -> Reply:
    return reply([], [quote(n, paper, ABSTRACTS[paper][:4]) for n, paper in enumerate(papers, 1)], papers)


def outcome_of(asked: Case, said: Reply) -> Outcome:
    return Outcome(asked, said, None, score(asked, said, None, PAPERS, check_words, judges=True))


def faults(outcome: Outcome) -> Sequence[str]:
    run = Run(Suite("s", (outcome.case,), "d"), (outcome,), {})
    return [fault for wrong in wrong_questions(run) for fault in wrong.faults]


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        ({"facts": (("purr",),)}, SAID, []),
        ({"facts": (("purr",), ("bark", "barks"))}, SAID, ["without “bark”"]),
        ({}, REFUSED, ["refused, and the corpus has the answer"]),
        ({"must": ["dogs"]}, SAID, ["cites no paper that answers: dogs"]),
        ({"must": []}, REFUSED, []),
        ({"must": []}, SAID, ["answered, and the corpus has no answer"]),
        ({"forbidden": ("night",)}, SAID, ["says what is not the answer: “night”"]),
        ({"intent": "survey", "must": ["cats", "dogs"]}, survey("cats", "dogs"), []),
        ({"intent": "survey", "must": ["cats"], "may": ("fish",)}, survey("fish", "cats"), []),
        (
            {"intent": "survey", "must": ["cats", "dogs"]},
            survey("cats", "fish"),
            ["misses dogs", "lists what does not match: fish"],
        ),
        ({"intent": "survey", "must": []}, survey("fish"), ["lists what does not match: fish"]),
        ({"intent": "count", "must": ["cats", "dogs"]}, survey("cats"), ["misses dogs", "counts 1, there are 2"]),
    ],
)
def test_what_is_wrong_is_said(asked: Mapping[str, Any], said: Reply, expected: Sequence[str]) -> None:
    outcome = outcome_of(case(**asked), said)
    assert faults(outcome) == expected
    assert is_right(outcome) == (not expected)


def test_a_quote_that_is_not_there_is_wrong() -> None:
    made_up = reply([("Cats purr.", [1])], [quote(1, "cats", "Cats purr by day.")])
    assert faults(outcome_of(case(), made_up)) == ["a quote is not in its source"]


def test_how_well_sources_were_found_makes_no_answer_wrong() -> None:
    scores = {"retrieval_recall_5": 0.0, "intent": 0.0, "citation_precision": 0.5, "survey_f1_of_five": 0.1}
    assert is_right(Outcome(case(), SAID, None, scores))


def test_a_turn_of_a_conversation_has_a_measure_of_its_own() -> None:
    assert is_right(Outcome(case(), SAID, None, {"turn_right": 1.0, "survey_f1": 0.8}))
    outcome = Outcome(case(), SAID, None, {"turn_right": 0.0})
    assert faults(outcome) == ["Turns right: no"]
