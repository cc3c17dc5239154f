"""The dense side: vectors in Chroma in a folder, nearest first by cosine."""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from askpapers.errors import IndexDamagedError, UsageError
from askpapers.index.embedder import Vectors
from askpapers.index.leases import Lease
from askpapers.index.manifest import MEND_HINT
from askpapers.index.store import Fingerprint, Neighbours

try:
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings
    from chromadb.errors import ChromaError
except ValueError as error:  # it reads ./.env and its variables when it is imported
    raise UsageError(
        f"Chroma cannot read ./.env or the CHROMA_ variables: {error}.",
        hint="Mend them, or ask from another folder: ask --corpus FOLDER",
    ) from error

_COLLECTION = "passages"
# Chroma's default of 100 loses 2.7% of the ten nearest at 500,000 rows; 200 loses 0.6%.
EF_SEARCH = 200
"""How many candidates Chroma looks at in its graph."""

_NO_KEY = "-"  # of a vector that is added and deleted at once


class VectorStore:
    """Passage vectors by key, in one Chroma folder that only one process may write at a time.

    Documents and metadata are not stored: the corpus holds the text already, and they would cost more than
    the vector (1.3 ms and 11 kB a row).
    """

    def __init__(self, folder: Path, lease: Lease | None = None) -> None:
        """Open the folder; `lease` is held until it is closed or collected.

        Raises IndexDamagedError where Chroma cannot, as where it may not write.
        """
        try:
            self._client = _client(folder)
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            self._count = self._collection.count()
        # AttributeError: what Chroma's own clean-up raises when a folder fails to open a second time.
        except (ChromaError, ValueError, OSError, RuntimeError, AttributeError) as error:
            raise _damaged(folder, error) from error
        self._folder = folder
        self._lease = lease
        self.close = weakref.finalize(self, self._client.close)
        """Let go of the folder; done when the store is collected, too."""
        self.close.atexit = False

    @classmethod
    def create(cls, folder: Path, *, embedder: str, dimension: int) -> VectorStore:
        """Create an empty store that remembers whose vectors it holds."""
        client = _client(folder)
        client.create_collection(
            _COLLECTION,
            configuration={"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}},
            metadata={"embedder": embedder, "dimension": dimension},
            embedding_function=None,
        )
        client.close()
        return cls(folder)

    def fingerprint(self) -> Fingerprint:
        """The embedder and dimension that the store was created for."""
        metadata = self._collection.metadata or {}
        return Fingerprint(str(metadata.get("embedder")), int(cast(int, metadata.get("dimension", 0))))

    def count(self) -> int:
        """See `PassageStore`."""
        return self._count

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """See `PassageStore`."""
        limit = self._client.get_max_batch_size()
        for begin in range(0, len(keys), limit):
            part = slice(begin, begin + limit)
            self._collection.add(ids=list(keys[part]), embeddings=vectors[part])
        self._count = self._collection.count()

    def remove(self, keys: Sequence[str]) -> None:
        """See `PassageStore`."""
        limit = self._client.get_max_batch_size()
        for begin in range(0, len(keys), limit):
            self._collection.delete(ids=list(keys[begin : begin + limit]))
        self._count = self._collection.count()

    def missing(self, keys: Sequence[str]) -> list[str]:
        """See `PassageStore`."""
        limit = self._client.get_max_batch_size()
        there: set[str] = set()
        for begin in range(0, len(keys), limit):
            there.update(self._collection.get(ids=list(keys[begin : begin + limit]), include=[])["ids"])
        return [key for key in keys if key not in there]

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> Neighbours:
        """See `NearestNeighbours`. Raises IndexDamagedError."""
        if not self._count:  # Chroma takes no question for none
            return Neighbours([], np.zeros(0, dtype=np.float32))
        try:
            found = self._collection.query(
                query_embeddings=vector[np.newaxis], n_results=min(k, self._count), include=["distances"]
            )
        except (ChromaError, ValueError, OSError, RuntimeError) as error:
            raise _damaged(self._folder, error) from error
        distances = found["distances"]
        assert distances is not None
        return Neighbours(list(found["ids"][0]), 1 - np.array(distances[0], dtype=np.float32))

    def set_persistence(self, after: int) -> None:
        """Have Chroma write its graph of neighbours to disk after so many changes, from the next opening on."""
        self._collection.modify(configuration={"hnsw": {"sync_threshold": after}})


def settle(store: VectorStore, folder: Path) -> None:
    """Close a store that is finished, and make its files such that opening it changes none of them, and is quick.

    Chroma keeps up to 1,000 vectors in its log and adds them to the graph at each opening: all are persisted here. It
    takes its write lock when it opens by adding a row to a table that has no other use: the row is ignored.
    """
    store.set_persistence(after=2)
    store.close()
    store = VectorStore(folder)
    dimension = store.fingerprint().dimension
    if store.count():
        # Chroma persists from two changes on: after one alone it would write at each opening.
        store.add([_NO_KEY], np.ones((1, dimension), dtype=np.float32))
        store.remove([_NO_KEY])
        store.nearest(np.zeros(dimension, dtype=np.float32), 1)  # it reads its log at the first query
    store.close()
    with closing(sqlite3.connect(folder / "chroma.sqlite3")) as db:
        db.execute(
            "create trigger if not exists ignored before insert on acquire_write begin select raise(ignore); end"
        )
        db.commit()
        db.execute("vacuum")


def silent_settings() -> Settings:
    """Settings of Chroma that are not those of another program: of ./.env and the environment, a collector for one."""
    silent: dict[str, Any] = {"_env_file": None, "anonymized_telemetry": False, "chroma_otel_collection_endpoint": ""}
    return Settings(**silent)


def is_read_only(folder: Path) -> bool:
    """Whether a folder of Chroma's is there and may not be written: Chroma opens none such."""
    return any(place.exists() and not os.access(place, os.W_OK) for place in (folder, folder / "chroma.sqlite3"))


def _client(folder: Path) -> Client:
    # The declared type has no close(); what is given has.
    return cast(Client, chromadb.PersistentClient(str(folder), silent_settings()))


def _damaged(folder: Path, error: Exception) -> IndexDamagedError:
    return IndexDamagedError(f"The vectors in {folder} cannot be read: {error}.", hint=MEND_HINT)
