"""Reaches the vector store on a server that the settings name, when it is first needed."""

from __future__ import annotations

import threading
from typing import Protocol

import numpy as np
import numpy.typing as npt

from askpapers.errors import VectorStoreError
from askpapers.index.embedder import Embedder
from askpapers.index.store import Fingerprint, PassageStore
from askpapers.settings import Settings
from askpapers.store_address import Engine, StoreAddress


def open_store(address: StoreAddress, key: str, wanted: Fingerprint, *, create: bool) -> PassageStore:
    """Open a collection on a server; see `RemoteStore.open`."""
    if address.engine is Engine.CHROMA:
        from askpapers.index.chroma_server import ChromaServerStore

        return ChromaServerStore(address, key, wanted, create=create)
    from askpapers.index.qdrant import QdrantStore

    return QdrantStore(address, key, wanted, create=create)


class Opener(Protocol):
    """Opens a collection; see `RemoteStore.open`."""

    def __call__(self, address: StoreAddress, key: str, wanted: Fingerprint, *, create: bool) -> PassageStore:
        """Open the collection at an address with a token, for vectors of an embedder."""


class RemoteStore:
    """A collection on a server, of the vectors of one embedder. Nothing is sent before it is used."""

    def __init__(self, address: StoreAddress, key: str, embedder: Embedder, opener: Opener = open_store) -> None:
        """Use the collection at an address, with a token or ""; it is opened by `opener`."""
        self.address = address
        self._key, self._embedder, self._opener = key, embedder, opener
        self._opening = threading.Lock()
        self._opened: PassageStore | None = None

    def open(self, *, create: bool = False) -> PassageStore:
        """The collection, made with `create` where it is not there.

        Raises VectorStoreError, IndexMismatchError for one of another embedder, and OptionalDependencyError.
        """
        with self._opening:
            if self._opened is None:
                wanted = Fingerprint(self._embedder.name, self._embedder.dimension)
                self._opened = self._opener(self.address, self._key, wanted, create=create)
            return self._opened

    def nearest_keys(self, vector: npt.NDArray[np.float32], k: int) -> list[str]:
        """See `NearestKeys`. After an error the store is opened anew by the next question."""
        try:
            return self.open().nearest(vector, k).keys
        except VectorStoreError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        with self._opening:
            opened, self._opened = self._opened, None
        if opened:
            opened.close()


def remote_store(settings: Settings, embedder: Embedder) -> RemoteStore | None:
    """The store on a server that the settings name, or None where the index's own folder is the store."""
    return RemoteStore(settings.store, settings.store_key, embedder) if settings.store else None
