"""Brings a store on a server in step with an index, and notes in the index's folder what was sent there.

    FOLDER/sent.npy     the keys of all vectors that this index may have in the store

A key is noted before its vector is sent, and struck out after it was removed, so that nothing of a run that was
killed stays in the store unknown. What others have in the same collection is never touched.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from askpapers.index.store import PassageStore
from askpapers.progress import Progress

_FILE = "sent.npy"
_PART = 5000  # keys looked for between two reports

Keys = npt.NDArray[np.bytes_]


def send(folder: Path, store: PassageStore, keys: Keys, vectors: npt.NDArray[np.float16], progress: Progress) -> None:
    """Send the vectors that the store lacks. Raises VectorStoreError; what was sent by then is not sent again."""
    _note(folder, np.union1d(_sent(folder), keys))
    for begin in range(0, len(keys), _PART):
        part = [key.decode() for key in keys[begin : begin + _PART].tolist()]
        missing = set(store.missing(part))
        rows = [row for row, key in enumerate(part) if key in missing]
        if rows:
            store.add([part[row] for row in rows], vectors[begin : begin + _PART][rows].astype(np.float32))
        progress("Sending vectors", begin + len(part), len(keys))


def remove_others(folder: Path, store: PassageStore, keys: Keys) -> None:
    """Remove from the store what this index had there and has no more. Raises VectorStoreError."""
    stale = np.setdiff1d(_sent(folder), keys)
    if len(stale):
        store.remove([key.decode() for key in stale.tolist()])
    _note(folder, keys)


def _sent(folder: Path) -> Keys:
    try:
        sent: Keys = np.load(folder / _FILE)
    except (OSError, EOFError, ValueError):  # there is none, or it is damaged: what was sent is sent again or stays
        return np.zeros(0, dtype="S16")
    return sent


def _note(folder: Path, keys: Keys) -> None:
    temporary = folder / "sent.tmp.npy"
    np.save(temporary, np.asarray(keys))
    temporary.replace(folder / _FILE)
