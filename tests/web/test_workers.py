"""Workers: a fixed number of threads, lines that are bounded and served in turn, work that ends when it is left."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.errors import BusyError, UsageError
from askpapers.service.work import Progressed
from askpapers.service.workers import Workers


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if condition():
            return
        time.sleep(0.005)
    raise AssertionError("it did not come about")


class Blocked:
    """Work that goes on until it is let go or stopped."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.begun: list[str] = []
        self.stopped: list[str] = []

    def named(self, name: str) -> Callable[[Any], Iterator[str]]:
        def stream(progress: Any) -> Iterator[str]:
            self.begun.append(name)
            try:
                while not self.free.wait(0.002):
                    progress("Going on", 0, None)
            except BaseException:
                self.stopped.append(name)
                raise
            yield name

        return stream


def test_no_line_takes_every_thread_and_each_is_bounded() -> None:
    workers, blocked = Workers(3, 2), Blocked()
    flood = [workers.start(blocked.named(f"flood {n}"), "api") for n in range(4)]
    with pytest.raises(BusyError, match="2 questions are waiting") as refused:
        workers.start(blocked.named("too many"), "api")
    assert 1 <= refused.value.retry_after <= 60
    assert str(refused.value.retry_after) in refused.value.hint
    other = workers.start(blocked.named("other"), "page")
    wait_until(lambda: len(blocked.begun) == 3)
    assert sorted(blocked.begun) == ["flood 0", "flood 1", "other"]
    assert workers.counts() == (3, 2)
    blocked.free.set()
    assert [[one for happened in work for one in happened][-1] for work in (*flood, other)] == [
        "flood 0",
        "flood 1",
        "flood 2",
        "flood 3",
        "other",
    ]


def test_lines_are_served_in_turn() -> None:
    workers, blocked = Workers(1, 10), Blocked()
    first = workers.start(blocked.named("first"), "api")
    wait_until(lambda: len(blocked.begun) == 1)
    later = [workers.start(blocked.named(name), line) for name, line in [("a1", "a"), ("a2", "a"), ("b1", "b")]]
    blocked.free.set()
    for work in (first, *later):
        list(work)
    assert blocked.begun == ["first", "a1", "b1", "a2"]


def test_work_that_waits_is_never_begun_when_it_is_left() -> None:
    workers, blocked = Workers(1, 1), Blocked()
    first = workers.start(blocked.named("first"), "x")
    wait_until(lambda: len(blocked.begun) == 1)
    left = workers.start(blocked.named("left"), "x")
    assert left.next() == [Progressed("Waiting for other questions", 0, None)]
    left.close()
    assert left.next() is None
    stays = workers.start(blocked.named("stays"), "x")  # there is room again
    blocked.free.set()
    list(first), list(stays)
    assert blocked.begun == ["first", "stays"]


def test_a_flood_that_is_left_at_once_leaves_nothing_to_do() -> None:
    workers, blocked = Workers(4, 32), Blocked()
    taken = []
    for n in range(100):
        try:
            taken.append(workers.start(blocked.named(str(n)), "api"))
        except BusyError:
            continue
    assert len(taken) == 35
    for work in taken:
        work.close()
    wait_until(lambda: workers.counts() == (0, 0))
    wait_until(lambda: all(not work.going for work in taken))
    assert sorted(blocked.stopped) == sorted(blocked.begun)


def test_threads_are_no_more_than_asked_for() -> None:
    workers = Workers(3, 50)
    names: set[str] = set()

    def stream(progress: Any) -> Iterator[int]:
        names.add(threading.current_thread().name)
        yield 1

    for work in [workers.start(stream, "x") for _ in range(40)]:
        list(work)
    assert names <= {"worker-1", "worker-2", "worker-3"}


def test_a_coroutine_gets_the_last_thing_and_what_was_raised() -> None:
    workers = Workers(1, 5)

    def fails(progress: Any) -> Iterator[int]:
        yield 1
        raise UsageError("No more.", hint="Stop.")

    async def both() -> None:
        assert await workers.start(lambda progress: iter([1, 2, 3]), "x").last() == 3
        with pytest.raises(UsageError, match="No more"):
            await workers.start(fails, "x").last()

    asyncio.run(both())


@pytest.mark.parametrize("how", ["the client leaves", "the request is cancelled"])
def test_work_is_stopped_when_no_one_waits_for_it(how: str) -> None:
    workers, blocked = Workers(1, 1), Blocked()

    async def receive() -> Any:
        await asyncio.sleep(0.05 if how == "the client leaves" else 60)
        return {"type": "http.disconnect"}

    async def asked() -> None:
        work = workers.start(blocked.named("asked"), "x")
        task = asyncio.ensure_future(work.last(receive))
        if how == "the client leaves":
            assert await task is None
        else:
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await asyncio.to_thread(wait_until, lambda: not work.going)

    asyncio.run(asked())
    assert blocked.stopped == ["asked"]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=30))
def test_whatever_is_started_and_left_all_of_it_comes_to_an_end(steps: list[tuple[str, bool]]) -> None:
    workers = Workers(2, 3)
    taken = []
    for line, leave in steps:
        try:
            work = workers.start(lambda progress: iter([1, 2]), line)
        except BusyError:
            continue
        taken.append(work)
        if leave:
            work.close()
    for work in taken:
        while work.next() is not None:
            pass
        assert not work.going
    wait_until(lambda: workers.counts() == (0, 0))
