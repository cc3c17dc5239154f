"""Work that is shared among child processes: chunk by chunk, the results in order.

A child is a fresh Python that reads pickled chunks from its standard input and writes pickled results to its standard
output: nothing is forked (threads of other libraries may be running), and a child ends when its parent does, however
that ends, because its input does. What a child fails at is done again by the parent, whose errors are those that count.
"""

from __future__ import annotations

import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import chain, islice
from operator import attrgetter
from typing import IO, Any, Generic, TypeVar

Item = TypeVar("Item")
Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

FEW = 5_000
"""Papers or records that are sooner done in this process than others have started."""

_MOST = 8  # children: each takes some 80 MB
_AHEAD = 2  # chunks for each child that are under way at once


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_processes(
    function: Callable[[Chunk], Result], chunks: Iterable[Chunk], count: int | None = None
) -> Generator[Result, None, None]:
    """The results of a function for each chunk, in order, made by so many child processes; by default one a processor.

    The function is one of a module, without state; chunks and results can be pickled. With one process, or where none
    can be started, it is called here. Raises what the function does. No more than a few chunks are in memory at once.
    """
    count = min(processors(), _MOST) if count is None else count
    if count < 2:
        yield from map(function, chunks)
        return
    children = [_Child(function) for _ in range(count)]
    idle: queue.SimpleQueue[_Child[Chunk, Result]] = queue.SimpleQueue()
    for child in children:
        idle.put(child)

    def work(chunk: Chunk) -> Result:
        child = idle.get()
        try:
            return child.call(chunk)
        finally:
            idle.put(child)

    pool = ThreadPoolExecutor(count)
    under_way: deque[Future[Result]] = deque()
    try:
        for chunk in chunks:
            under_way.append(pool.submit(work, chunk))
            if len(under_way) >= _AHEAD * count:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()
        for child in children:
            child.end()
        pool.shutdown()


def in_chunks(
    function: Callable[[list[Item]], Result], items: Iterable[Item], size: int
) -> Generator[Result, None, None]:
    """The results of a function for chunks of items, in order: of the first few here, of more by child processes."""
    left = iter(items)
    yield from map(function, _chunks(islice(left, FEW), size))
    chunks = _chunks(left, size)
    for first in chunks:
        with closing(in_processes(function, chain([first], chunks))) as results:
            yield from results


def _chunks(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    return iter(lambda: list(islice(items, size)), [])


class _Pickler(pickle.Pickler):
    """Writes a dataclass as a call with its fields: what `dataclass` has for slots takes twice as long."""

    def reducer_override(self, value: object) -> Any:
        values = _values_of(type(value))  # type: ignore[arg-type]  # mypy looks at the hash of the value
        return (type(value), values(value)) if values else NotImplemented


@cache
def _values_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """What gives the fields of a dataclass, in order; None for a type that is not made by a call with just these."""
    found = fields(kind) if is_dataclass(kind) else ()
    if len(found) < 2 or any(not field.init or field.kw_only for field in found):  # of one, `attrgetter` gives no tuple
        return None
    return attrgetter(*(field.name for field in found))


def _write(value: object, stream: IO[bytes]) -> None:
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(value)
    stream.flush()


class _Child(Generic[Chunk, Result]):
    """A child process that calls the function, one chunk at a time."""

    def __init__(self, function: Callable[[Chunk], Result]) -> None:
        self._function = function
        self._ended = False
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):  # no room for another process: its work is done here
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "askpapers.processes"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._send(function)

    def call(self, chunk: Chunk) -> Result:
        """The result for a chunk. Raises what the function does."""
        if self._process:
            try:
                self._send(chunk)
                assert self._process.stdout
                result: Result = pickle.load(self._process.stdout)
                return result
            except Exception:  # whatever it is: the child failed at it, or cannot be reached
                if self._ended:
                    raise
                self._stop()
        return self._function(chunk)

    def _send(self, value: object) -> None:
        assert self._process
        assert self._process.stdin
        _write(value, self._process.stdin)

    def end(self) -> None:
        """End the process; a call that is under way fails."""
        self._ended = True
        self._stop()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                assert pipe
                with suppress(OSError):  # of what was not sent any more
                    pipe.close()


def _serve() -> None:
    """Be a child: call the function that is read first with each chunk that follows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this process
    gc.disable()  # chunks have no cycles, and looking for them takes a tenth of the time
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what is printed is no result
    function = pickle.load(source)
    while True:
        try:
            chunk = pickle.load(source)
        except EOFError:  # the parent has ended
            return
        _write(function(chunk), sink)


if __name__ == "__main__":
    _serve()
