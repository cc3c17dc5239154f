"""Crafted statements and sources of twice the length are twice the work: counted in calls, not in time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from askpapers.grounding.fitted import FittedCheck
from askpapers.index.embedder import Vectors

STATEMENT = "The system was run on 12,000 people and not 5 mg, GPT-3 is better than 10% of (x)."
UNITS = (
    "1,",
    "1 ",
    "not x ",
    "Aa ",
    "half a ",
    "5 and ",
    "less than ",
    "more x than ",
    "[1",
    "1/1",
    "$ 1",
    "a-",
    '"',
    ".",
)


def embed(texts: Sequence[str]) -> Vectors:
    return np.full((len(texts), 4), 0.5, dtype=np.float32)


def calls(work: Callable[[], object]) -> int:
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def check() -> FittedCheck:
    return FittedCheck(embed)


@pytest.mark.parametrize("unit", UNITS)
def test_twice_the_length_is_about_twice_the_work(check: FittedCheck, unit: str) -> None:
    def work(length: int) -> int:
        text = (unit * length)[:length]
        return calls(lambda: [check(*pair) for pair in ((STATEMENT, text), (text, STATEMENT))])

    work(100)  # what is done once
    assert work(1600) <= 2.5 * work(800) + 1000
