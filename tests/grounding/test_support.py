"""What stands word for word in a source, and the verdict that a score and faults give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Verdict
from askpapers.grounding.support import Faults, is_verbatim, judge

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
