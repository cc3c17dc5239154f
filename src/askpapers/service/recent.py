"""The last results of some work, remembered for what is asked of them next."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Results by key, for several threads; those that were put first go where there are too many."""

    def __init__(self, most: int, most_size: float = math.inf, size: Callable[[V], int] = lambda value: 0) -> None:
        """Remember so many results, of which the sizes add up to no more than `most_size`."""
        self._most = most
        self._most_size = most_size
        self._size_of = size
        self._results: dict[K, V] = {}
        self._sizes = 0
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The result of a key, or None where it is not remembered."""
        with self._lock:
            return self._results.get(key)

    def put(self, key: K, value: V) -> V:
        """Remember a result, in place of one that has the key; gives it back."""
        with self._lock:
            if key in self._results:
                self._forget(key)
            self._results[key] = value
            self._sizes += self._size_of(value)
            while len(self._results) > self._most or self._sizes > self._most_size:
                self._forget(next(iter(self._results)))
        return value

    def _forget(self, key: K) -> None:
        self._sizes -= self._size_of(self._results.pop(key))
