from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.evaluation.statistics import difference, estimate, percentiles

scores = st.floats(0, 1)
by_question = st.dictionaries(st.sampled_from("abcdefgh"), scores)


@given(st.lists(scores, min_size=1, max_size=30))
def test_an_interval_holds_its_mean_and_lies_among_the_values(values: list[float]) -> None:
    found = estimate(values)
    assert min(values) - 1e-12 <= found.low <= found.mean <= found.high <= max(values) + 1e-12
    assert found.n == len(values)


def test_the_same_values_give_the_same_interval() -> None:
    values = [0.0, 1.0, 1.0, 0.5] * 10
    assert estimate(values) == estimate(values)


def test_an_interval_is_about_two_standard_errors_wide_on_each_side() -> None:
    values = [0.0, 1.0] * 200
    found = estimate(values)
    error = 0.5 / math.sqrt(400)
    assert found.high - found.mean == pytest.approx(1.96 * error, rel=0.15)
    assert found.mean - found.low == pytest.approx(1.96 * error, rel=0.15)


def test_a_difference_worked_by_hand() -> None:
    before = {"a": 1.0, "b": 1.0, "c": 0.0, "gone": 1.0}
    now = {"a": 0.0, "b": 1.0, "c": 0.0, "new": 0.0}
    found = difference(before, now)  # -1, 0, 0: mean -1/3, variance 1/3, error sqrt(1/3)/sqrt(3)
    assert found
    assert found.n == 3
    assert found.mean == pytest.approx(-1 / 3)
    assert found.error == pytest.approx(1 / 3)


def test_nothing_shared_is_no_difference() -> None:
    assert difference({"a": 1.0}, {"b": 1.0}) is None
    alone = difference({"a": 1.0}, {"a": 0.0})
    assert alone
    assert (alone.mean, alone.error, alone.n) == (-1.0, 0.0, 1)


@given(by_question, by_question)
def test_a_difference_turned_round_has_the_other_sign(before: dict[str, float], now: dict[str, float]) -> None:
    there, back = difference(before, now), difference(now, before)
    assert (there is None) == (back is None)
    if there and back:
        assert there.mean == pytest.approx(-back.mean)
        assert there.error == pytest.approx(back.error)


def test_percentiles() -> None:
    assert percentiles([float(n) for n in range(101)]) == (50.0, 95.0)
