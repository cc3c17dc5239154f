"""One piece of work that a worker does: followed bit by bit, and stopped when no one waits for it any more."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from starlette.types import Receive

from askpapers.progress import Progress

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the work has come."""

    stage: str
    done: int
    total: int | None


class _StoppedError(BaseException):
    """No one waits any more. No Exception, so that nothing on the way takes it for a failure of its own."""


class Work(Generic[T]):
    """Iterate (or `async for`) for what happens, in bunches; close to stop it.

    It ends at the next thing it gives or progress call after the close: an engine that waits for a model is left
    waiting for its next word, and no longer. Work that was not begun never is.
    """

    def __init__(self, stream: Callable[[Progress], Iterator[T]], leave: Callable[[Work[T]], None]) -> None:
        """Work for `stream`, which is given a progress call, to be run; `leave` is called when it is closed."""
        self._stream = stream
        self._leave = leave
        self._happened: queue.SimpleQueue[T | Progressed | BaseException | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._ended = threading.Event()
        self._listener: Callable[[], None] | None = None

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

    async def __aiter__(self) -> AsyncIterator[list[T | Progressed]]:
        """The same for a coroutine: it waits without a thread."""
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        self._listener = lambda: _wake(loop, news)
        with closing(self):
            while True:
                news.clear()
                happened = self.next(timeout=0)
                if happened is None:
                    return
                if happened:
                    yield happened
                else:
                    await news.wait()

    async def last(
        self, receive: Receive | None = None, report: Callable[[Progressed], Awaitable[None]] | None = None
    ) -> T | None:
        """The last thing that it gives; None where the client behind `receive` left first: then it is stopped.

        `report` is awaited with how far it is, as often as it can be.
        """
        tasks = [asyncio.ensure_future(self._last(report))]
        if receive:
            tasks.append(asyncio.ensure_future(_until_gone(receive)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return tasks[0].result() if tasks[0].done() else None
        finally:
            self.close()
            for task in tasks:
                task.cancel()

    async def _last(self, report: Callable[[Progressed], Awaitable[None]] | None) -> T | None:
        last = None
        async for happened in self:
            if report and isinstance(progress := happened[-1], Progressed):
                await report(progress)
            last = next((one for one in reversed(happened) if not isinstance(one, Progressed)), last)
        return last

    def close(self) -> None:
        """Stop the work, if it is not done."""
        if not self._stopped.is_set():
            self._stopped.set()
            self._leave(self)

    @property
    def going(self) -> bool:
        """Whether it is not at its end."""
        return not self._ended.is_set()

    def report(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """Let its reader know how far it is."""
        self._put(Progressed(stage, done, total))

    def run(self) -> None:
        """Do it, on the thread that this is called on."""
        end: BaseException | None = None
        try:
            for one in self._until_stopped():
                self._put(one)
        except _StoppedError:
            pass
        except BaseException as error:  # whoever iterates raises it
            end = error
        self.end(end)

    def end(self, error: BaseException | None = None) -> None:
        """Nothing happens any more."""
        self._ended.set()
        self._put(error)

    def _put(self, happened: Any) -> None:
        self._happened.put(happened)
        if (listener := self._listener) is not None:
            listener()

    def _progress(self, stage: str, done: int, total: int | None) -> None:
        if self._stopped.is_set():
            raise _StoppedError
        self.report(stage, done, total)

    def _until_stopped(self) -> Iterator[T]:
        if self._stopped.is_set():
            return
        stream = self._stream(self._progress)
        try:
            for one in stream:
                yield one
                if self._stopped.is_set():
                    raise _StoppedError
        finally:
            if hasattr(stream, "close"):
                stream.close()


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the server has ended
        loop.call_soon_threadsafe(news.set)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
