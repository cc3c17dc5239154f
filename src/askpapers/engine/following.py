"""Keeps an index in step with the files of its corpus while questions are asked.

A question that finds changed files waits for the index for a few seconds; what takes longer goes on beside it, and
the answer says that it is from the files as they were.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Sequence
from pathlib import Path

from askpapers.corpus import FileStamp
from askpapers.errors import AskPapersError, IndexDamagedError, SourceError
from askpapers.index.build import is_fresh, refresh
from askpapers.index.embedder import Embedder
from askpapers.index.layout import newest_growing, pointer
from askpapers.index.leases import has_writer
from askpapers.index.shards import stamps_of_corpus
from askpapers.index.stores import RemoteStore

PATIENCE = 5.0
"""Seconds that a question waits for the index to be brought in step."""

# A look at the files that takes longer than this (seconds; thousands of files) is followed by a pause of so many times
# as long. A quicker one is taken with each question.
_LOOK, _PAUSE = 0.01, 5.0
_SILENT = 60.0  # seconds until shards that could not be reached are looked at again
_RETRY = 10.0  # seconds until a refresh that failed is tried again

_BEHIND = "The files of the corpus have changed, and the index is being brought in step: this answer is from before."
_FAILED = (
    "The files of the corpus have changed, and the index could not be brought in step: this answer is from before."
    " {error} {error.hint}"
)
_UNREACHABLE = "{error} This answer is from the shards as they were before."
_ENDING = 2.0  # seconds that the end of the program waits for a refresh to stop


_Seen = tuple[str | None, tuple[FileStamp, ...]]  # the generation in use and the files, at a look


class _StoppedError(BaseException):
    """The corpus was closed. No Exception, so that nothing on the way takes it for a failure of its own."""


class _Refresh:
    """A refresh under way on a thread of its own."""

    def __init__(self, work: Callable[[], None], seen: _Seen, now: float) -> None:
        self.seen, self.began = seen, now
        self.done = threading.Event()
        self.error: AskPapersError | None = None
        self._work = work
        threading.Thread(target=self._run, name="refreshing", daemon=True).start()

    def _run(self) -> None:
        try:
            self._work()
        except AskPapersError as error:
            self.error = error
        except _StoppedError:
            return
        finally:
            self.done.set()


def _stop(stopped: threading.Event, running: list[threading.Event]) -> None:
    stopped.set()
    for done in running:
        done.wait(_ENDING)


class Follower:
    """Looks at the files when a question is asked, and refreshes the index when they have changed."""

    def __init__(
        self,
        folder: Path,
        roots: Sequence[Path],
        embedder: Embedder,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        remote: RemoteStore | None = None,
    ) -> None:
        """Follow the files under the roots; a question waits `patience` seconds for the index.

        A `remote` store that has the vectors is brought in step, too.
        """
        self._folder, self._roots, self._embedder = folder, roots, embedder
        self._patience, self._clock, self._remote = patience, clock, remote
        self._state = threading.Lock()
        self._refresh: _Refresh | None = None
        self._fresh: _Seen | None = None
        self._failed: _Seen | None = None
        self._next_look = self._next_try = 0.0
        self._stopped = threading.Event()
        self._running: list[threading.Event] = []
        self.close = weakref.finalize(self, _stop, self._stopped, self._running)
        """Stop a refresh under way at its next step."""
        self.notes: tuple[str, ...] = ()
        """What is to be said with an answer from the index as it is now."""

    def follow(self) -> None:
        """Bring the index in step, as far as that is done soon; else `notes` say that it is not."""
        with self._state:
            if self._refresh is None and self._clock() >= self._next_look:
                self._look()
            refreshing = self._refresh
        if refreshing is None:
            return
        refreshing.done.wait(max(0.0, refreshing.began + self._patience - self._clock()))
        with self._state:
            if not refreshing.done.is_set():
                self.notes = (_BEHIND,) if pointer(self._folder) else ()
            elif self._refresh is refreshing:
                self._refresh = None
                self._running.clear()
                self.notes = (_FAILED.format(error=refreshing.error),) if refreshing.error else ()
                self._failed = refreshing.seen if refreshing.error else None
                self._next_try = self._clock() + _RETRY

    def _look(self) -> None:
        began, busy = self._clock(), time.thread_time()
        try:
            seen = pointer(self._folder), stamps_of_corpus(self._roots)
            if (cost := time.thread_time() - busy) > _LOOK:
                self._next_look = began + cost * _PAUSE
            if seen == self._fresh or self._is_fresh():
                self._fresh, self.notes = seen, ()
            elif seen[0] is None and newest_growing(self._folder) and has_writer(self._folder):
                self.notes = ()  # another process is making the first index, which says so itself
            elif seen != self._failed or began >= self._next_try:
                self._refresh = _Refresh(self._bring_in_step, seen, began)
                self._running.append(self._refresh.done)
        except SourceError as error:
            self._next_look = self._clock() + _SILENT
            self.notes = (_UNREACHABLE.format(error=error),)
        except AskPapersError as error:
            self.notes = (_FAILED.format(error=error),)

    def _is_fresh(self) -> bool:
        try:
            return is_fresh(self._folder, self._roots)
        except IndexDamagedError:
            return True  # whoever opens it says so; it is mended when it is asked for

    def _bring_in_step(self) -> None:
        refresh(self._folder, self._roots, self._embedder, self._progress, unless_fresh=True, remote=self._remote)

    def _progress(self, stage: str, done: int, total: int | None) -> None:
        if self._stopped.is_set():
            raise _StoppedError
