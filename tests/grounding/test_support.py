from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Verdict
from askpapers.grounding.support import check_support

SOURCE = "We train GPT-3, a language model with 175 billion parameters, and find that 56% of answers are preferred."


@pytest.mark.parametrize(
    "statement",
    [
        SOURCE,
        "a language model with 175 billion parameters",
        "WE TRAIN GPT-3, a language  model\nwith 175 billion parameters.",
        "we find that 56\\% of answers are preferred"[8:],
    ],
)
def test_what_stands_there_word_for_word_is_supported(statement: str) -> None:
    support = check_support(statement, SOURCE)
    assert (support.verdict, support.score) == (Verdict.SUPPORTED, 1.0)


def test_latex_and_curly_quotes_make_no_difference() -> None:
    assert check_support('about 90% of "it"', "We solve about 90\\% of “it”.").score == 1.0


def test_other_forms_of_the_same_words_are_supported() -> None:
    support = check_support("The answers preferred were 56%.", SOURCE)
    assert support.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize("wrong", ["176", "17", "75", "1750", "1.75", "0"])
def test_a_wrong_number_is_never_supported(wrong: str) -> None:
    statement = SOURCE.replace("175", wrong)
    support = check_support(statement, SOURCE)
    assert support.verdict is not Verdict.SUPPORTED
    assert support.score < 0.9


def test_a_number_that_the_source_has_elsewhere_only_as_part_of_another_is_wrong() -> None:
    assert check_support("GPT-3 has 5 parameters", "GPT-3 has 5.5 parameters").verdict is not Verdict.SUPPORTED


def test_half_of_it_is_partly_supported() -> None:
    support = check_support("A language model with wings and feathers.", "We study a language model.")
    assert support.verdict is Verdict.PARTIAL
    assert 0.5 <= support.score < 0.9


@pytest.mark.parametrize(
    ("statement", "source"),
    [("Cats sleep all day.", SOURCE), ("Cats sleep all day.", ""), ("", SOURCE), ("?!", SOURCE), ("the of and", "")],
)
def test_nothing_of_it_is_unsupported(statement: str, source: str) -> None:
    support = check_support(statement, source)
    assert support.verdict is Verdict.UNSUPPORTED
    assert support.score == 0


@given(st.text(max_size=80), st.text(max_size=80))
def test_verdict_and_score_agree(statement: str, source: str) -> None:
    support = check_support(statement, source)
    assert 0 <= support.score <= 1
    bounds = {Verdict.SUPPORTED: (0.9, 1.0), Verdict.PARTIAL: (0.5, 0.9), Verdict.UNSUPPORTED: (0.0, 0.5)}
    low, high = bounds[support.verdict]
    assert low <= support.score <= high


@given(st.text(alphabet="abc XYZ0123.,%", max_size=60))
def test_a_text_supports_itself_where_it_says_anything(text: str) -> None:
    supported = check_support(text, text).verdict is Verdict.SUPPORTED
    assert supported == bool(text.strip(" .!?"))
