"""When a paper says otherwise: what the exact checks see and a reader thinks possible, and what that is sure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from askpapers.datatypes import Paper, Source
from askpapers.drafts.contradiction import contradicts, opposing_sentence
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


class Gives:
    """A reader that gives every pair one chance of contradiction."""

    def __init__(self, chance: float) -> None:
        self._chance = chance

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        return np.array([(0.0, 1 - self._chance, self._chance)] * len(pairs), dtype=np.float32)


@pytest.mark.parametrize(
    ("statement", "chance", "expected"),
    [
        ("KilnSet has 12,000 problems.", 0.6, True),
        ("KilnSet has 12,000 problems.", 0.4, False),  # a part of them, perhaps
        ("KilnSet has 8.5K problems.", 0.6, False),
        ("KilnSet has 12,000 pots.", 0.6, False),  # something else is counted
    ],
)
def test_a_number_may_stand_apart_from_what_it_counts(statement: str, chance: float, expected: bool) -> None:
    abstract = "Pots are hard. We introduce KilnSet, a set of 8.5K diverse grade school pottery word problems."
    assert contradicts(statement, replace(PAPER, abstract=abstract), Gives(chance)) is expected


@pytest.mark.parametrize(("chance", "expected"), [(0.8, True), (0.7, False)])
def test_another_number_of_the_unit_in_another_sentence_counts_where_the_reader_is_sure(
    chance: float, expected: bool
) -> None:
    abstract = "We study how kilns learn from audio of potters. Scaled to 680,000 hours of shards, they fire well."
    paper = replace(PAPER, abstract=abstract)
    statement = "The kiln was trained on 68,000 hours of audio of potters."
    assert contradicts(statement, paper, Gives(chance)) is expected
    assert "680,000 hours" in opposing_sentence(statement, paper)


def test_what_is_shown_beside_it_is_the_nearest_sentence_where_no_number_is_wrong() -> None:
    assert opposing_sentence(NEGATED, PAPER) == "Kilns of the north fire pots at 900 degrees."
    assert opposing_sentence(NEGATED, replace(PAPER, abstract="")) == ""
