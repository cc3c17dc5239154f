"""A fixed number of threads that work for the page, the API and MCP in turn; what waits for one is bounded."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from askpapers.errors import BusyError
from askpapers.progress import Progress
from askpapers.service.work import Work

T = TypeVar("T")
_LONGEST_WAIT = 60  # seconds that a client is asked to wait before it tries again


class Workers:
    """Threads that take work from lines, one for each kind of client, in turn.

    One line never has all threads, so that a flood of one kind of request does not hold up another kind.
    """

    def __init__(self, threads: int, waiting: int, what: str = "questions") -> None:
        """Work on so many threads; `waiting` is how many may wait in one line, `what` names them to people."""
        self._what = what
        self._threads = threads
        self._room = waiting
        self._changed = threading.Condition()
        self._lines: dict[str, deque[Work[Any]]] = {}
        self._at_work: Counter[str] = Counter()
        self._started = 0
        self._seconds = 1.0  # that a piece of work takes, about

    def start(self, stream: Callable[[Progress], Iterator[T]], line: str) -> Work[T]:
        """Begin some work as soon as a thread is free. Raises BusyError where too many wait in the line already."""
        work: Work[T] = Work(stream, self._leave)
        with self._changed:
            waiting = self._lines.setdefault(line, deque())
            before = len(waiting) - max(0, self._free(line))
            if before >= self._room:
                seconds = math.ceil(self._seconds * (before + 1) / self._threads)
                raise BusyError(f"{before} {self._what}", min(max(seconds, 1), _LONGEST_WAIT))
            if before >= 0 and (waiting or self._free(line) <= 0):
                work.report(f"Waiting for other {self._what}")
            waiting.append(work)
            if self._started < self._threads:
                self._started += 1
                threading.Thread(target=self._work, name=f"worker-{self._started}", daemon=True).start()
            self._changed.notify_all()
        return work

    def counts(self) -> tuple[int, int]:
        """How many pieces of work are being done, and how many wait."""
        with self._changed:
            return sum(self._at_work.values()), sum(map(len, self._lines.values()))

    def _free(self, line: str) -> int:
        """How many threads are free for a line."""
        reserved = 1 if self._threads > 1 else 0
        return min(self._threads - sum(self._at_work.values()), self._threads - reserved - self._at_work[line])

    def _leave(self, work: Work[Any]) -> None:
        """Take work that was closed out of its line, if it still waits there."""
        with self._changed:
            for waiting in self._lines.values():
                if work in waiting:
                    waiting.remove(work)
                    work.end()
                    return

    def _work(self) -> None:
        while True:
            with self._changed:
                while (chosen := self._next()) is None:
                    self._changed.wait()
                line, work = chosen
                self._at_work[line] += 1
            begin = time.monotonic()
            work.run()
            with self._changed:
                self._at_work[line] -= 1
                self._seconds += (time.monotonic() - begin - self._seconds) / 8
                self._changed.notify_all()
            del work, chosen  # and what it holds, while there is nothing to do

    def _next(self) -> tuple[str, Work[Any]] | None:
        for line, waiting in self._lines.items():
            if waiting and self._free(line) > 0:
                del self._lines[line]  # it comes after the others next time
                self._lines[line] = waiting
                return line, waiting.popleft()
        return None
