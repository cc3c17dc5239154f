"""Sentences in which a model goes round in a circle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.text.repetition import goes_round

PHRASES = st.lists(st.sampled_from("it is a new model of the data".split()), min_size=1, max_size=12).map(" ".join)


@given(PHRASES, st.text(max_size=50))
def test_a_phrase_said_over_and_over_is_a_circle(phrase: str, before: str) -> None:
    assert goes_round(f"{before} {f'{phrase} ' * 40}")


@given(st.permutations([f"word{number}" for number in range(60)]))
def test_what_says_no_word_again_is_none(found: list[str]) -> None:
    assert not goes_round(" ".join(found))


@pytest.mark.parametrize("text", ["", "very very very good", "- " * 100, "| --- " * 3, "=" * 500, "no, no, no"])
def test_a_few_words_again_and_lines_are_none(text: str) -> None:
    assert not goes_round(text)
