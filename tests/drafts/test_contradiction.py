"""When a paper says otherwise: what the exact checks see and a reader thinks possible, and what that is sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from askpapers.datatypes import Paper, Source
from askpapers.drafts.contradiction import contradicts
from askpapers.drafts.decimal_commas import has_decimal_commas, with_decimal_points
from askpapers.reading.protocol import Pair, Probabilities

ABSTRACT = "We study kilns. Kilns of the north fire pots at 900 degrees. Glaze makes the pots stronger."
PAPER = Paper("p", "On kilns", ABSTRACT, (Source("kilns.txt", 1),))
NEGATED = "Kilns of the north do not fire pots at 900 degrees."
ANOTHER_NUMBER = "Kilns of the north fire pots at 700 degrees."
IN_OTHER_WORDS = "Coating the ceramics leaves them more fragile."


class Reads:
    """A reader that gives the whole paper one chance of contradiction and a sentence of it another."""

    def __init__(self, whole: float, sentence: float) -> None:
        self._chances = {True: whole, False: sentence}

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        chances = [self._chances[ABSTRACT in source] for _, source in pairs]
        return np.array([(0.0, 1 - chance, chance) for chance in chances], dtype=np.float32)


@pytest.mark.parametrize(
    ("statement", "whole", "sentence", "expected"),
    [
        (NEGATED, 0.0, 0.3, True),
        (NEGATED, 0.3, 0.0, True),
        (NEGATED, 0.05, 0.05, False),  # the reader sees that it is no contradiction
        (ANOTHER_NUMBER, 0.0, 0.0, True),  # readers do not see numbers well
        (IN_OTHER_WORDS, 0.8, 0.8, True),
        (IN_OTHER_WORDS, 0.9, 0.4, False),  # some sentence of a long text can be taken for nearly anything
        (IN_OTHER_WORDS, 0.4, 0.9, False),
    ],
)
def test_the_reader_and_the_exact_checks(statement: str, whole: float, sentence: float, expected: bool) -> None:
    assert contradicts(statement, PAPER, Reads(whole, sentence)) is expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("Kilns of the north fire pots within 3 hours.", False),  # a bound that is left out, or another
        ("Kilns of the north fire pots in 3 hours.", False),
        ("Kilns of the north fire pots in 5 hours.", True),
    ],
)
def test_a_bound_that_is_left_out_is_no_other_number(statement: str, expected: bool) -> None:
    paper = replace(PAPER, abstract="Kilns of the north fire pots in as little as 3 hours.")
    assert contradicts(statement, paper, Reads(0.0, 0.0)) is expected


def test_decimal_commas_are_read_where_a_draft_writes_them() -> None:
    assert has_decimal_commas(["It fell by 28,8 % in 2020."])
    assert not has_decimal_commas(["It fell by 28.8% to 1,234,567 in 2020."])
    assert with_decimal_points("28,8 % of 680.000 hours, 1.234,5 m") == "28.8 % of 680,000 hours, 1,234.5 m"


def test_none_is_no_contradiction_of_zero() -> None:
    paper = replace(PAPER, abstract="Kilns of the north fire 0% of the pots.")
    assert not contradicts("Kilns of the north fire none of them.", paper, Reads(0.9, 0.9))
