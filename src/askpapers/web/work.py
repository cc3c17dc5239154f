"""Work on a thread of its own: told of bit by bit, and stopped when no one listens any more."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Generic, TypeVar

ProgressCall = Callable[[str, int, int | None], None]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the work has come."""

    stage: str
    done: int
    total: int | None


class _StoppedError(BaseException):
    """No one listens any more. No Exception, so that nothing on the way takes it for a failure of its own."""


class Work(Generic[T]):
    """Runs `stream`, which is given a progress call, on a thread; iterate for what happens, close to stop it.

    The thread ends at the next thing it gives or progress call after the close: an engine that waits for a
    model is left waiting for its next word, and no longer.
    """

    def __init__(self, stream: Callable[[ProgressCall], Iterator[T]]) -> None:
        """Begin."""
        self._stream = stream
        self._happened: queue.SimpleQueue[T | Progressed | BaseException | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="work", daemon=True)
        self._thread.start()

    def next(self, timeout: float | None = None) -> list[T | Progressed] | None:
        """What happened since the last call; [] after `timeout` seconds without anything, None at the end.

        Raises what the work raised.
        """
        happened: list[T | Progressed] = []
        while not happened or not self._happened.empty():
            try:
                one = self._happened.get(timeout=timeout)
            except queue.Empty:
                return happened
            if one is None or isinstance(one, BaseException):
                if happened:  # first what happened, then how it ended
                    self._happened.put(one)
                    break
                if one is None:
                    return None
                raise one
            happened.append(one)
        return happened

    def __iter__(self) -> Iterator[list[T | Progressed]]:
        """Everything that happens, in bunches."""
        with closing(self):
            while (happened := self.next()) is not None:
                yield happened

    def close(self) -> None:
        """Stop the work, if it is not done."""
        self._stopped.set()

    @property
    def going(self) -> bool:
        """Whether the thread is still running."""
        return self._thread.is_alive()

    def _progress(self, stage: str, done: int, total: int | None) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        self._happened.put(Progressed(stage, done, total))

    def _run(self) -> None:
        try:
            for one in self._until_stopped():
                self._happened.put(one)
        except _StoppedError:
            return
        except BaseException as error:  # whoever iterates raises it
            self._happened.put(error)
        else:
            self._happened.put(None)

    def _until_stopped(self) -> Iterator[T]:
        stream = self._stream(self._progress)
        try:
            for one in stream:
                if self._stopped.is_set():
                    raise _StoppedError
                yield one
        finally:
            if hasattr(stream, "close"):
                stream.close()
