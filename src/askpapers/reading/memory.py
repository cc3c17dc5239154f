"""What a model gave for the last pairs: a pair that is read again is not run again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from askpapers.reading.protocol import Pair

Result = TypeVar("Result")
_MOST = 1024  # pairs; a survey of a hundred papers reads a few hundred


class PairMemory(Generic[Result]):
    """A function of pairs, and what it gave for the last of them. Used by several threads."""

    def __init__(self, run: Callable[[Sequence[Pair]], Sequence[Result]], most: int = _MOST) -> None:
        """Remember what `run` gives, for so many pairs."""
        self._run = run
        self._most = most
        self._known: dict[Pair, Result] = {}
        self._changing = threading.Lock()

    def read(self, pairs: Sequence[Pair]) -> list[Result]:
        """What the function gives for each pair."""
        with self._changing:
            found = {pair: self._known[pair] for pair in pairs if pair in self._known}
        unread = [pair for pair in dict.fromkeys(pairs) if pair not in found]
        found.update(zip(unread, self._run(unread), strict=True))
        with self._changing:
            for pair, given in found.items():  # what was read last is forgotten last
                self._known.pop(pair, None)
                self._known[pair] = given
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return [found[pair] for pair in pairs]
