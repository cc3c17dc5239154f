from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.evaluation.ranking import ranking_scores

MEASURES = ["R@1", "R@5", "R@10", "RR@10", "nDCG@10"]


def test_worked_by_hand() -> None:
    found = ranking_scores({"q": {"a": 1, "b": 1}}, {"q": ["x", "a", "y", "b"]}, MEASURES)["q"]
    assert found["R@1"] == 0.0
    assert found["R@5"] == 1.0
    assert found["RR@10"] == 0.5
    ideal = 1 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)


def test_an_empty_ranking_has_nothing_and_a_missing_one_is_left_out() -> None:
    judged = {"q": {"a": 1}, "r": {"a": 1}, "s": {"a": 1}}
    found = ranking_scores(judged, {"q": [], "r": ["a"]}, MEASURES)
    assert found == {"q": dict.fromkeys(MEASURES, 0.0), "r": dict.fromkeys(MEASURES, 1.0)}
    assert ranking_scores(judged, {"q": []}, ["R@1"]) == {"q": {"R@1": 0.0}}


def test_the_order_of_many_is_kept() -> None:
    ranking = [f"p{n}" for n in range(100)]
    found = ranking_scores({"q": {"p99": 1}}, {"q": ranking}, ["R@10", "R@100", "AP@100"])["q"]
    assert found == {"R@10": 0.0, "R@100": 1.0, "AP@100": 0.01}


@given(st.permutations([f"p{n}" for n in range(12)]), st.sets(st.integers(0, 15), min_size=1))
def test_recall_never_falls_as_k_grows(ranking: list[str], relevant: set[int]) -> None:
    judged = {"q": {f"p{n}": 1 for n in relevant}}
    found = ranking_scores(judged, {"q": ranking}, [f"R@{k}" for k in range(1, 13)])["q"]
    recalls = [found[f"R@{k}"] for k in range(1, 13)]
    assert recalls == sorted(recalls)
