"""What is said while a model reads, before its first word."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest

from askpapers.llm import waiting
from askpapers.llm.waiting import awaited


class Listener:
    """Hears of progress; `heard` is set when it was told of waiting twice."""

    def __init__(self, error: type[BaseException] | None = None) -> None:
        self.stages: list[str] = []
        self.heard = threading.Event()
        self._error = error

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self.stages.append(stage)
        if sum(" s)" in stage for stage in self.stages) == 2:
            self.heard.set()
        if self._error and " s)" in stage:
            raise self._error


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_EVERY", 0.001)


def slow(listener: Listener, *pieces: str) -> Iterator[str]:
    """The first piece comes when the listener was told twice that it does not."""
    assert listener.heard.wait(10)
    yield from pieces


def test_a_long_wait_is_told_until_the_first_word() -> None:
    listener = Listener()
    assert list(awaited(slow(listener, "a", "b"), listener, 2400)) == ["a", "b"]
    first, *waits, last = listener.stages
    assert first == "The model is reading 2,400 tokens"
    assert len(waits) >= 2
    assert all(re.fullmatch(r"The model is reading 2,400 tokens \(\d+ s\)", stage) for stage in waits)
    assert last == "The model is writing"


def test_a_model_that_writes_nothing() -> None:
    listener = Listener()
    assert list(awaited(slow(listener), listener, 5)) == []
    assert "The model is writing" not in listener.stages


def test_a_listener_that_ends_the_work_ends_it_on_the_thread_that_works() -> None:
    class StoppedError(BaseException):
        pass

    listener = Listener(StoppedError)
    assert next(awaited(slow(listener, "a"), listener, 5)) == "a"


def test_a_failure_ends_the_telling() -> None:
    def fails() -> Iterator[str]:
        assert listener.heard.wait(10)
        raise ValueError("no")
        yield ""

    listener = Listener()
    with pytest.raises(ValueError, match="no"):
        list(awaited(fails(), listener, 5))
    assert not [thread for thread in threading.enumerate() if thread.name.endswith("(tell)")]


def test_closing_it_closes_what_it_passes_on() -> None:
    closed = threading.Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                yield "word "
        finally:
            closed.set()

    pieces = awaited(endless(), Listener(), 5)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert closed.is_set()
