"""Makes Chroma's graph of a generation while its vectors are being written."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from chromadb.errors import ChromaError

from askpapers.errors import IndexDamagedError
from askpapers.index.embedder import Embedder
from askpapers.index.generation import VECTOR, Index
from askpapers.index.manifest import MEND_HINT
from askpapers.index.vectors import VectorStore, settle
from askpapers.progress import Progress

_PERSISTED = 1000  # changes after which Chroma writes its graph to disk while it is filled; its own default
_TICK = 0.2  # seconds between two words on the progress


def fill_beside(
    fill: Callable[[Callable[[int], None]], int],
    staging: Path,
    keys: npt.NDArray[np.bytes_],
    embedder: Embedder,
    old: Index | None,
    progress: Progress,
) -> int:
    """Fill a generation, and give what `fill` does; Chroma's folder is made beside it, of the vectors that are written.

    `fill` is given what it tells how many vectors are written. Raises what it does, OSError and IndexDamagedError.
    """
    written = _Written(staging / "vectors.f16", embedder.dimension)
    stored = (0, 0)

    def count(done: int, total: int) -> None:
        nonlocal stored
        stored = done, total

    with ThreadPoolExecutor(1) as beside:
        graph = beside.submit(write_chroma, staging / "chroma", keys, written.at, embedder, old, count)

        def on_written(rows: int) -> None:
            written.count_up(rows)
            if graph.done():  # it failed: whatever else is made would be for nothing
                graph.result()

        try:
            filled = fill(on_written)
            while True:
                try:
                    graph.result(_TICK)
                    return filled
                except TimeoutError:
                    progress("Storing vectors", *stored)
        finally:
            written.end()


class _Written:
    """The vectors that are written so far, for a thread that waits for more."""

    def __init__(self, file: Path, dimension: int) -> None:
        self._file, self._dimension = file, dimension
        self._rows = 0
        self._ended = False
        self._changed = threading.Condition()

    def count_up(self, rows: int) -> None:
        """Say that so many rows are written."""
        with self._changed:
            self._rows = rows
            self._changed.notify_all()

    def end(self) -> None:
        """Say that no more will be."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def at(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float16]:
        """The vectors of rows in order, when they are written. Raises OSError where they will not be."""
        count = int(rows[-1]) + 1
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._rows >= count)
            if self._rows < count:
                raise OSError(errno.ECANCELED, "the build has ended")
        vectors = np.memmap(self._file, dtype=VECTOR, mode="r", shape=(count, self._dimension))
        found: npt.NDArray[np.float16] = vectors[rows]
        return found


def write_chroma(
    folder: Path,
    keys: npt.NDArray[np.bytes_],
    vectors_at: Callable[[npt.NDArray[np.int64]], npt.NDArray[np.float16]],
    embedder: Embedder,
    old: Index | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Make the Chroma folder, from a copy of the last one where most of it stays.

    `vectors_at` gives the vectors of rows in order, when they are there. Raises OSError, IndexDamagedError.
    """
    old = old if old and old.has_graph else None
    removed = np.setdiff1d(old.passages["key"], keys) if old else keys[:0]
    added = np.flatnonzero(~np.isin(keys, old.passages["key"])) if old else np.arange(len(keys))
    take_over = old is not None and len(added) + len(removed) < len(keys) // 2
    if old and take_over:
        old.dense.close()  # it was opened to be checked
    try:
        if old and take_over:
            shutil.copytree(old.generation / "chroma", folder)
            store = VectorStore(folder)
            store.set_persistence(after=_PERSISTED)
            store.close()
            store = VectorStore(folder)
        else:
            store, added = (
                VectorStore.create(folder, embedder=embedder.name, dimension=embedder.dimension),
                np.arange(len(keys)),
            )
        if store.count() > len(keys) - len(added):
            store.remove([key.decode() for key in removed])
        for begin in range(0, len(added), 1000):
            rows = added[begin : begin + 1000]
            store.add([key.decode() for key in keys[rows]], vectors_at(rows).astype(np.float32))
            progress(begin + len(rows), len(added))
        complete = store.count() == len(keys)
        settle(store, folder)
    except (ChromaError, IndexDamagedError, shutil.Error, sqlite3.Error) as error:
        free = shutil.disk_usage(folder.parent).free
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else str(error)
        raise OSError(errno.ENOSPC if free < 1_000_000 else errno.EIO, reason) from error
    if not complete:
        raise IndexDamagedError("The last index has lost vectors.", hint=MEND_HINT)
