"""Ranking by what was decided: the likelier ones first, whatever the order, and nothing before both kinds are there."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.errors import OptionalDependencyError
from askpapers.screening.ranking import Ranker

KILNS = [f"firing clay in kilns at {n} degrees" for n in range(800, 806)]
SHIPS = [f"sailing ships over {n} seas" for n in range(2, 8)]


def test_papers_like_those_that_were_included_come_first() -> None:
    scores = Ranker([*KILNS, *SHIPS]).scores({0: True, 6: False})
    assert scores is not None
    assert set(np.argsort(-scores)[:6]) == set(range(6))
    other = Ranker([*KILNS, *SHIPS]).scores({0: False, 6: True})
    assert other is not None
    assert set(np.argsort(-other)[:6]) == set(range(6, 12))


@settings(max_examples=20)
@given(st.dictionaries(st.integers(0, 11), st.booleans()))
def test_there_is_a_ranking_once_both_kinds_are_decided(included: dict[int, bool]) -> None:
    scores = Ranker([*KILNS, *SHIPS]).scores(included)
    assert (scores is not None) == (len(set(included.values())) == 2)
    assert scores is None or (len(scores) == 12 and np.isfinite(scores).all())


@pytest.mark.parametrize("texts", [[], ["", ""], ["one"], ["same words", "same words"]])
def test_texts_without_features_have_no_ranking_and_no_error(texts: list[str]) -> None:
    scores = Ranker(texts).scores({0: True, 1: False} if len(texts) > 1 else {})
    assert scores is None


def test_without_the_library_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    with pytest.raises(OptionalDependencyError) as raised:
        Ranker(KILNS)
    assert "askpapers[screen]" in raised.value.hint
