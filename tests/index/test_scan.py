"""Every vector is compared, a block at a time, with the result of comparing all at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.index import scan
from askpapers.index.scan import ExactScan, compare_all


@given(st.integers(0, 40), st.integers(1, 9), st.integers(1, 70), st.integers(1, 4))
def test_blocks_of_any_size_give_every_cosine(count: int, dimension: int, block: int, blocks: int) -> None:
    generator = np.random.default_rng([count, dimension])
    vectors = generator.standard_normal((count, dimension)).astype(np.float16)
    vector = generator.standard_normal(dimension).astype(np.float32)
    progress: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "_BLOCK", block)
        patch.setattr(scan, "_BLOCKS", blocks)
        found = compare_all(vectors, vector, progress.append)
    np.testing.assert_allclose(found, vectors.astype(np.float32) @ vector, atol=1e-5)
    assert found.dtype == np.float32
    assert progress == sorted(set(progress))
    assert progress[-1:] == ([count] if count else [])


def test_the_progress_can_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_BLOCK", 1)
    monkeypatch.setattr(scan, "_BLOCKS", 1)

    def stop(done: int) -> None:
        raise KeyboardInterrupt(done)

    with pytest.raises(KeyboardInterrupt, match="1"):
        compare_all(np.ones((1000, 1), dtype=np.float16), np.ones(1, dtype=np.float32), stop)


def test_vectors_longer_than_a_block_are_compared_one_by_one() -> None:
    vectors = np.eye(3, scan._BLOCK + 1, dtype=np.float16)
    np.testing.assert_array_equal(compare_all(vectors, np.ones(scan._BLOCK + 1, dtype=np.float32)), [1.0, 1.0, 1.0])


def test_the_nearest_come_first_and_equal_ones_in_the_order_of_the_index() -> None:
    vectors = np.array([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [1.0, 0.0]], dtype=np.float16)
    keys = np.array([b"a", b"b", b"c", b"d"], dtype="S16")
    found = ExactScan(keys, vectors).nearest(np.array([1.0, 0.0], dtype=np.float32), 3)
    assert found.keys == ["b", "d", "c"]
    assert found.scores.tolist() == [1.0, 1.0, 0.5]
