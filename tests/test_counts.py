"""Counts with their nouns."""

from __future__ import annotations

from askpapers.counts import counted


def test_one_is_singular_and_all_others_are_plural() -> None:
    assert [counted(count, "paper") for count in (0, 1, 1234)] == ["0 papers", "1 paper", "1,234 papers"]
