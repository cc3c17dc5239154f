"""The exact way to nearest neighbours: every vector of an index is compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from askpapers.index.store import Neighbours

# Numbers that are compared at once. As float32 they stay in a processor's cache (0.8 MB), and numpy's library starts no
# threads for so small a product: half the time of 65,536 vectors of 384 numbers at once (benchmarks/scan.py).
_BLOCK = 196_608
_BLOCKS = 128  # between two words on the progress


def compare_all(
    vectors: npt.NDArray[np.float16], vector: npt.NDArray[np.float32], progress: Callable[[int], None] = lambda _: None
) -> npt.NDArray[np.float32]:
    """The cosine of each of the vectors with one, exactly: shape (len(vectors),). They are read block by block.

    `progress` is told now and then how many are done, and may raise to stop.
    """
    count, dimension = vectors.shape
    rows = max(1, min(count, _BLOCK // dimension))
    found = np.empty(count, dtype=np.float32)
    block = np.empty((rows, dimension), dtype=np.float32)
    for number, begin in enumerate(range(0, count, rows), start=1):
        end = min(begin + rows, count)
        part = block[: end - begin]
        np.copyto(part, vectors[begin:end])
        np.matmul(part, vector, out=found[begin:end])
        if number % _BLOCKS == 0 or end == count:
            progress(end)
    return found


class ExactScan:
    """Finds the nearest passages among all vectors of an index, in a time that grows with their number."""

    def __init__(self, keys: npt.NDArray[np.bytes_], vectors: npt.NDArray[np.float16]) -> None:
        """Look among these vectors; `keys` are in the same order."""
        self._keys, self._vectors = keys, vectors

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> Neighbours:
        """See `NearestNeighbours`."""
        scores = compare_all(self._vectors, vector)
        k = min(k, len(scores))
        first = np.argpartition(-scores, k - 1)[:k] if k else np.zeros(0, dtype=np.int64)
        return self.ordered(first, scores[first])

    def ordered(self, rows: npt.NDArray[np.int64], scores: npt.NDArray[np.float32]) -> Neighbours:
        """Rows and their scores as neighbours, nearest first, those of one score in the order of the index."""
        order = np.lexsort((rows, -scores))
        return Neighbours([key.decode() for key in self._keys[rows[order]].tolist()], scores[order])


class NearestKeys(Protocol):
    """A store that is asked for passages, as it is reached."""

    def nearest_keys(self, vector: npt.NDArray[np.float32], k: int) -> list[str]:
        """The keys of at most `k` passages near a vector, of whoever added them. Raises VectorStoreError."""


class StoredNeighbours:
    """Finds the nearest passages of an index in a store that may hold those of others, and may lack some of its own.

    What the store names is scored by the vectors of the index. Where it names fewer passages of the index than are
    wanted, all vectors of the index are compared: its passages are then few of the store's, or the store lost some.
    """

    def __init__(self, store: NearestKeys, keys: npt.NDArray[np.bytes_], vectors: npt.NDArray[np.float16]) -> None:
        """Ask a store for passages of these keys."""
        self._store = store
        self._keys, self._vectors = keys, vectors
        self._scan = ExactScan(keys, vectors)
        self._order: npt.NDArray[np.int64] | None = None

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> Neighbours:
        """See `NearestNeighbours`. Raises VectorStoreError."""
        rows = self._rows(self._store.nearest_keys(vector, k))
        if len(rows) < min(k, len(self._keys)):
            return self._scan.nearest(vector, k)
        return self._scan.ordered(rows, self._vectors[rows].astype(np.float32) @ vector)

    def _rows(self, keys: list[str]) -> npt.NDArray[np.int64]:
        """The rows of those keys that the index has."""
        if self._order is None:
            self._order = np.argsort(self._keys)
        wanted = np.array([key.encode() for key in keys], dtype="S16")
        place = np.searchsorted(self._keys, wanted, sorter=self._order)
        rows: npt.NDArray[np.int64] = self._order[np.minimum(place, len(self._order) - 1)]
        found: npt.NDArray[np.int64] = rows[self._keys[rows] == wanted]
        return found
