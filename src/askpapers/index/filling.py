"""Fills a new generation with vectors: those that are known are taken over, the rest is embedded; then Chroma."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from chromadb.errors import ChromaError

from askpapers.errors import IndexDamagedError
from askpapers.index.checksums import CHUNK_DIGEST, chunk_digest
from askpapers.index.embedder import Embedder
from askpapers.index.generation import VECTOR, Index
from askpapers.index.manifest import MEND_HINT
from askpapers.index.vectors import VectorStore, settle

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how far it is, and out of how many (None: not known)."""

_CHUNK = 256  # passages embedded between two writes
_PERSISTED = 1000  # changes after which Chroma writes its graph to disk while it is filled; its own default

Known = tuple[npt.NDArray[np.bytes_], npt.NDArray[np.int64], npt.NDArray[np.float16]]
"""Keys in order, the row of each, and the vectors that the rows are of."""


def known_vectors(folders: Iterable[Path], embedder: Embedder) -> list[Known]:
    """The vectors that need not be embedded again: those of folders by this embedder, where their checksum holds.

    The folders are generations, good, damaged or never finished.
    """
    return [known for folder in folders if (known := _sound_vectors(folder, embedder)) is not None]


def _sound_vectors(folder: Path, embedder: Embedder) -> Known | None:
    try:
        if (folder / "embedder").read_text(encoding="utf-8") != embedder.name:
            return None
        keys = np.load(folder / "passages.npy", mmap_mode="r")["key"]
        sums = (folder / "vectors.sums").read_bytes()
        size = (folder / "vectors.f16").stat().st_size // (VECTOR.itemsize * embedder.dimension)
        if not size:
            return None
        vectors = np.memmap(folder / "vectors.f16", dtype=VECTOR, mode="r", shape=(size, embedder.dimension))
    except (OSError, EOFError, ValueError, IndexError, KeyError):  # not there, or cut short: of no use
        return None
    rows = [np.zeros(0, dtype=np.int64)]
    for number, begin in enumerate(range(0, min(size, len(keys)), _CHUNK)):
        part = slice(begin, min(begin + _CHUNK, len(keys)))
        if chunk_digest(keys[part].tobytes(), vectors[part].tobytes()) == _digest_at(sums, number):
            rows.append(np.arange(part.start, part.stop))
    sound = np.concatenate(rows)
    return _known(np.asarray(keys)[sound], sound, vectors)


def _digest_at(sums: bytes, number: int) -> bytes:
    return sums[number * CHUNK_DIGEST : (number + 1) * CHUNK_DIGEST]


def _known(keys: npt.NDArray[np.bytes_], rows: npt.NDArray[np.int64], vectors: npt.NDArray[np.float16]) -> Known:
    order = np.argsort(keys)
    return keys[order], rows[order], vectors


def write_vectors(
    folder: Path,
    keys: npt.NDArray[np.bytes_],
    texts: Sequence[str],
    known: Sequence[Known],
    embedder: Embedder,
    progress: Progress,
) -> int:
    """Write the vectors in order, chunk by chunk with a checksum, so that what an interrupted build has is of use."""
    row_in = [_find(keys, k) for k in known]
    is_known = np.any([rows >= 0 for rows in row_in], axis=0) if row_in else np.zeros(len(keys), dtype=bool)
    total, done = int((~is_known).sum()), 0
    with (folder / "vectors.f16").open("wb") as stream, (folder / "vectors.sums").open("wb") as sums:
        for begin in range(0, len(keys), _CHUNK):
            part = slice(begin, min(begin + _CHUNK, len(keys)))
            chunk = np.empty((part.stop - begin, embedder.dimension), dtype=VECTOR)
            for rows, (_, _, vectors) in zip(row_in, known, strict=True):
                have = np.flatnonzero(rows[part] >= 0)
                chunk[have] = vectors[rows[part][have]]
            new = np.flatnonzero(~is_known[part])
            if len(new):
                chunk[new] = embedder.embed([texts[begin + int(i)] for i in new])
                done += len(new)
                progress("Embedding sentences", done, total)
            stream.write(chunk.tobytes())
            stream.flush()
            sums.write(chunk_digest(keys[part].tobytes(), chunk.tobytes()))
            sums.flush()  # a build that is killed here can be gone on with from here
    return total


def _find(keys: npt.NDArray[np.bytes_], known: Known) -> npt.NDArray[np.int64]:
    """The row of each key among the known vectors, -1 where it is not there."""
    in_order, order, _ = known
    if not len(in_order):
        return np.full(len(keys), -1)
    place = np.minimum(np.searchsorted(in_order, keys), len(in_order) - 1)
    return np.where(in_order[place] == keys, order[place], -1)


def write_chroma(
    folder: Path,
    keys: npt.NDArray[np.bytes_],
    vectors: npt.NDArray[np.float16],
    embedder: Embedder,
    old: Index | None,
    progress: Progress,
) -> None:
    """Make the Chroma folder, from a copy of the last one where most of it stays."""
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
            store.add([key.decode() for key in keys[rows]], vectors[rows].astype(np.float32))
            progress("Storing vectors", begin + len(rows), len(added))
        complete = store.count() == len(keys)
        store.close()
        settle(folder)
    except (ChromaError, IndexDamagedError, shutil.Error, sqlite3.Error) as error:
        free = shutil.disk_usage(folder.parent).free
        reason = error.args[0][0][2] if isinstance(error, shutil.Error) else str(error)
        raise OSError(errno.ENOSPC if free < 1_000_000 else errno.EIO, reason) from error
    if not complete:
        raise IndexDamagedError("The last index has lost vectors.", hint=MEND_HINT)
