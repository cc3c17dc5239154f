"""The odds that a text answers, and a text in its paper's name."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.relevance import answer_odds, titled
from fakes import ScriptedReader

QUESTION = "how long do cats sleep?"
probability = st.floats(0, 1, width=32)


def test_a_title_ends_with_one_full_stop() -> None:
    assert titled("On cats", "They purr.") == titled("On cats.", "They purr.") == "On cats. They purr."
    assert titled("", "They purr.") == "They purr."


@given(st.lists(probability, max_size=8))
def test_odds_are_those_of_the_probabilities_that_a_text_answers(chances: list[float]) -> None:
    texts = [str(number) for number in range(len(chances))]
    reader = ScriptedReader(lambda question, text: chances[int(text)])
    odds = answer_odds(reader, QUESTION, texts)
    assert odds.shape == (len(chances),)
    assert odds.dtype == np.float32
    assert np.isfinite(odds).all()
    assert reader.given == [(QUESTION, text) for text in texts]
    for chance, mine in zip(chances, odds.tolist(), strict=True):
        if 1e-6 < chance < 1 - 1e-6:
            assert math.isclose(1 / (1 + math.exp(-mine)), chance, rel_tol=1e-4)
    in_order = odds[np.argsort(chances, kind="stable")]
    assert (np.diff(in_order) >= 0).all()


@given(probability, probability)
def test_what_is_likelier_has_higher_odds(one: float, other: float) -> None:
    if 1e-6 < one < other - 1e-6 < 1 - 2e-6:
        low, high = answer_odds(ScriptedReader(lambda question, text: float(text)), QUESTION, [str(one), str(other)])
        assert low < high


def test_odds_are_finite_where_a_reader_is_certain_and_nought_at_one_half() -> None:
    never, half, always = answer_odds(ScriptedReader(lambda question, text: float(text)), QUESTION, ["0", "0.5", "1"])
    assert -20 < never < half == 0 < always < 20


def test_no_texts_have_no_odds() -> None:
    reader = ScriptedReader()
    assert answer_odds(reader, QUESTION, []).shape == (0,)
    assert reader.given == []


@given(st.text(min_size=1), st.text())
def test_a_label_of_the_abstracts_first_words_says_nothing_of_its_sentences(beginning: str, text: str) -> None:
    assert titled(f"{beginning}…", text) == text
