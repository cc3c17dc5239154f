"""A pair is run once, however often it is read, and only so many are remembered."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from askpapers.reading.memory import PairMemory
from askpapers.reading.protocol import Pair

PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("123")), max_size=8)


@given(st.lists(PAIRS, max_size=6), st.integers(0, 12))
def test_what_is_remembered_is_what_was_given(readings: list[list[Pair]], most: int) -> None:
    run: list[Pair] = []

    def join(pairs: Sequence[Pair]) -> list[str]:
        run.extend(pairs)
        return ["".join(pair) for pair in pairs]

    memory = PairMemory(join, most)
    for pairs in readings:
        before = len(run)
        assert memory.read(pairs) == ["".join(pair) for pair in pairs]
        assert len(set(run[before:])) == len(run) - before
        if len(set(pairs)) <= most:
            before = len(run)
            memory.read(pairs)
            assert len(run) == before
