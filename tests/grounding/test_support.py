"""What stands word for word in a source, and the verdict that a score and faults give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Verdict
from askpapers.grounding.additions import miscounted
from askpapers.grounding.support import Faults, find_faults, is_verbatim, judge

SOURCE = "We train GPT-3, a language model with 175 billion parameters, and find that 56% of answers are preferred."


@pytest.mark.parametrize(
    "statement",
    [
        SOURCE,
        "a language model with 175 billion parameters",
        "WE TRAIN GPT-3, a language  model\nwith 175 billion parameters.",
        "that 56\\% of answers are preferred",
    ],
)
def test_case_white_space_and_latex_make_no_difference(statement: str) -> None:
    assert is_verbatim(statement, SOURCE)


def test_curly_quotes_make_no_difference() -> None:
    assert is_verbatim('about 90% of "it"', "We solve about 90\\% of “it”.")


@pytest.mark.parametrize("statement", ["with 5 billion", "175", "75 billion", "answers are prefer", "", "?!"])
def test_half_a_word_half_a_number_and_nothing_do_not_stand_there(statement: str) -> None:
    assert not is_verbatim(statement, SOURCE.replace("175", "17.5"))


@given(st.text(alphabet="abc XYZ0123.,%", max_size=60))
def test_a_text_stands_in_itself_where_it_says_anything(text: str) -> None:
    assert is_verbatim(text, text) == bool(text.strip(" .!?"))


@given(st.floats(0, 1), st.sampled_from([Faults(), Faults(numbers=("5",)), Faults(negation="not")]))
def test_verdict_and_score_agree_and_a_fault_is_never_supported(score: float, faults: Faults) -> None:
    found = judge(score, faults, full=0.6, partial=0.4)
    assert 0 <= found.score <= score
    assert (found.verdict is Verdict.SUPPORTED) == (found.score >= 0.6)
    assert (found.verdict is Verdict.UNSUPPORTED) == (found.score < 0.4)
    assert found.verdict is not Verdict.SUPPORTED or not faults.missing
    assert found.verdict is Verdict.UNSUPPORTED or not faults.contradict


TWO_KINDS = (
    "Outcome supervision gives feedback for a final result. Our process-supervised model solves 78% of problems from a "
    "representative subset of the MATH test set."
)
REST = "model scored 78% of problems from a representative subset of the MATH test set."


@pytest.mark.parametrize(
    ("statement", "source", "exchanged"),
    [
        (f"The outcome-supervised {REST}", TWO_KINDS, "outcome supervised"),
        (f"The process-supervised {REST}", TWO_KINDS, ""),
        (f"The process-supervised {REST}", TWO_KINDS.replace("Outcome supervision", "It"), ""),
        (f"The supervised {REST}", TWO_KINDS, ""),  # what is left out is no other kind
        (
            "Filtering documents is more effective at the same cost to benign capabilities of the model.",
            "Filtering tokens is more effective at the same cost to benign capabilities of the model.",
            "",  # there is no word behind them that both stand before
        ),
        (
            "The small model is preferred to all others in blind trials with raters.",
            "We train a small model and a large one. "
            "The large model is preferred to all others in blind trials with raters.",
            "small model",
        ),
        (
            "They improve performance by training verifiers to judge the correctness of completions.",
            "To increase performance, we train verifiers; training verifiers to judge the correctness of completions "
            "can improve performance.",
            "",  # verbs of the same thing
        ),
    ],
)
def test_one_kind_in_the_place_of_another_of_the_source_is_said(statement: str, source: str, exchanged: str) -> None:
    assert find_faults(statement, source).roles == exchanged


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("The vectors have 7 dimensions.", ["7 dimensions"]),
        ("It has 7 altogether, or 7 per cent.", []),  # no nouns
        ("They average over 7 tasks.", []),
        ("The gain on tasks is 4%, or 4 points.", []),  # a figure without a noun in the source
        ("It has 1,200 rows.", ["1,200 rows"]),
        ("It has 3 dimensions.", []),  # the check of numbers says that
        ("They took 7 hours.", []),  # and that of units this
    ],
)
def test_what_a_number_counts_where_the_source_counts_something_else(statement: str, found: list[str]) -> None:
    source = "Averaging over 7 tasks, our best model gains 4% in 1200 trials."
    assert list(miscounted(statement, source)) == found
