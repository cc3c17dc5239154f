from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from askpapers.datatypes import Verdict
from askpapers.grounding.read_check import ReaderCheck
from askpapers.reading.protocol import Pair, Probabilities

SOURCE = "Cats purr. They sleep sixteen hours a day."


class Fixed:
    """A reader that gives every pair the same probability of support."""

    def __init__(self, supported: float) -> None:
        self._row = [supported, 1 - supported, 0]
        self.pairs: list[Pair] = []

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        raise NotImplementedError

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        self.pairs += pairs
        return np.array([self._row] * len(pairs), dtype=np.float32)


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.9, Verdict.SUPPORTED),
        (0.5, Verdict.SUPPORTED),
        (0.49, Verdict.PARTIAL),
        (0.21, Verdict.PARTIAL),
        (0.19, Verdict.UNSUPPORTED),
    ],
)
def test_the_probability_decides_and_what_is_not_there_is_named(probability: float, verdict: Verdict) -> None:
    reader = Fixed(probability)
    found = ReaderCheck(reader)("Dogs bark 17 hours.", SOURCE)
    assert found.verdict is verdict
    assert found.score == pytest.approx(probability)
    assert ("17 hours" in found.missing) == (verdict is not Verdict.SUPPORTED)
    assert reader.pairs == [("Dogs bark 17 hours.", SOURCE)]


def test_the_bounds_may_be_others() -> None:
    check = ReaderCheck(Fixed(0.6), supported=0.7, partly_supported=0.6)
    assert check("Dogs bark.", SOURCE).verdict is Verdict.PARTIAL


def test_what_stands_there_and_what_says_nothing_need_no_model() -> None:
    reader = Fixed(0.4)
    check = ReaderCheck(reader)
    assert check("Cats purr.", SOURCE).score == 1.0
    assert check("Cats purr.", "").verdict is Verdict.UNSUPPORTED
    assert check(" ", SOURCE).verdict is Verdict.UNSUPPORTED
    assert reader.pairs == []
