"""Fills a new generation with vectors: those that are known are taken over, the rest is embedded; then Chroma."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askpapers.index.checksums import CHUNK_DIGEST, chunk_digest
from askpapers.index.embedder import Embedder
from askpapers.index.generation import VECTOR

CHUNK = 256
"""Texts embedded between two writes."""

Keys = npt.NDArray[np.bytes_]
Known = tuple[Keys, npt.NDArray[np.int64], npt.NDArray[np.float16]]
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
        sound, vectors = _sound_rows(folder / "vectors.f16", keys, embedder.dimension)
    except (OSError, EOFError, ValueError, IndexError, KeyError):  # not there, or cut short: of no use
        return None
    return known_of(np.asarray(keys)[sound], sound, vectors)


def _sound_rows(file: Path, keys: Keys, dimension: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]:
    """The rows whose vectors are as they were written, and the vectors. Raises OSError, and ValueError for none."""
    sums = _sums(file).read_bytes()
    size = file.stat().st_size // (VECTOR.itemsize * dimension)
    vectors = np.memmap(file, dtype=VECTOR, mode="r", shape=(size, dimension))
    rows = [np.zeros(0, dtype=np.int64)]
    for number, begin in enumerate(range(0, min(size, len(keys)), CHUNK)):
        part = slice(begin, min(begin + CHUNK, len(keys)))
        digest = sums[number * CHUNK_DIGEST : (number + 1) * CHUNK_DIGEST]
        if chunk_digest(keys[part].tobytes(), vectors[part].tobytes()) == digest:
            rows.append(np.arange(part.start, part.stop))
    return np.concatenate(rows), vectors


def known_of(keys: Keys, rows: npt.NDArray[np.int64], vectors: npt.NDArray[np.float16]) -> Known:
    """Vectors that are known, in the order of their keys."""
    order = np.argsort(keys)
    return keys[order], rows[order], vectors


def write_vectors(
    file: Path,
    keys: Keys,
    text_at: Callable[[int], str],
    known: Iterable[Known],
    embedder: Embedder,
    progress: Callable[[int, int], None],
    on_written: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write vectors in the order of their keys, and give how many were embedded.

    `on_written` is told of how many rows are written so far.

    They are written chunk by chunk, each with a checksum, and what was written by a build that was interrupted is gone
    on from: nothing of a file that a reader may have mapped is changed or cut off. `text_at` gives the text of a row.
    """
    have = _rows_at_the_front(file, keys, embedder.dimension)
    row_in = [(_find(keys, of), of[2]) for of in known]
    is_known = np.any([rows >= 0 for rows, _ in row_in], axis=0) if row_in else np.zeros(len(keys), dtype=bool)
    is_known[:have] = True
    total, done = int((~is_known).sum()), 0
    file.touch()
    _sums(file).touch()
    with file.open("r+b") as stream, _sums(file).open("r+b") as sums:
        sums.truncate(-(-have // CHUNK) * CHUNK_DIGEST)
        sums.seek(0, os.SEEK_END)
        stream.seek(have * VECTOR.itemsize * embedder.dimension)
        on_written(have)
        for begin in range(have, len(keys), CHUNK):
            part = slice(begin, min(begin + CHUNK, len(keys)))
            chunk = np.empty((part.stop - begin, embedder.dimension), dtype=VECTOR)
            for rows, vectors in row_in:
                found = np.flatnonzero(rows[part] >= 0)
                chunk[found] = vectors[rows[part][found]]
            new = np.flatnonzero(~is_known[part])
            if len(new):
                chunk[new] = embedder.embed([text_at(begin + int(i)) for i in new])
                done += len(new)
                progress(done, total)
            stream.write(chunk.tobytes())
            stream.flush()
            sums.write(chunk_digest(keys[part].tobytes(), chunk.tobytes()))
            sums.flush()  # a build that is killed here can be gone on with from here
            on_written(part.stop)
        stream.truncate(len(keys) * VECTOR.itemsize * embedder.dimension)
    return total


def written_rows(file: Path, dimension: int, rows: int) -> int:
    """How many of the rows of a file of vectors are written, of a file that another process may be writing."""
    try:
        chunks = _sums(file).stat().st_size // CHUNK_DIGEST  # first, as it is written last
        size = file.stat().st_size // (VECTOR.itemsize * dimension)
    except OSError:
        return 0
    return min(chunks * CHUNK, size, rows)


def _rows_at_the_front(file: Path, keys: Keys, dimension: int) -> int:
    """How many rows an interrupted build has written, in whole chunks up to the first that is not as it was written."""
    try:
        sound, _ = _sound_rows(file, keys, dimension)
    except (OSError, ValueError):  # there is none
        return 0
    out_of_order = np.flatnonzero(sound != np.arange(len(sound)))
    return int(out_of_order[0]) if len(out_of_order) else len(sound)


def _sums(file: Path) -> Path:
    return file.with_suffix(".sums")


def _find(keys: Keys, known: Known) -> npt.NDArray[np.int64]:
    """The row of each key among the known vectors, -1 where it is not there."""
    in_order, order, _ = known
    if not len(in_order):
        return np.full(len(keys), -1)
    place = np.minimum(np.searchsorted(in_order, keys), len(in_order) - 1)
    return np.where(in_order[place] == keys, order[place], -1)
