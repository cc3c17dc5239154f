"""Vectors in a collection of a Chroma server, or of Chroma Cloud.

LlamaIndex's `ChromaVectorStore` is not used: it stores the text of each passage again, asks for it with each question,
and sends 41,665 rows at once, of which a server takes 5,461 and Chroma Cloud 300 (docs/decisions/0018).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeGuard, cast

import chromadb
import httpx
import numpy as np
import numpy.typing as npt
from chromadb.api import ClientAPI
from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT
from chromadb.errors import ChromaError, NotFoundError, UniqueConstraintError

from askpapers.index.embedder import Vectors
from askpapers.index.store import Fingerprint, Neighbours, rows_of_request
from askpapers.index.store_errors import TIMEOUT, absent, by_status, check_fingerprint, no_server, too_old, translated
from askpapers.index.vectors import EF_SEARCH, silent_settings
from askpapers.store_address import StoreAddress

_CLOUD_LIMIT = 300  # rows of a request to Chroma Cloud, and results of one
_IDS = 1000  # looked for in one request to a server
_OLDEST = 1  # the first version with the interface that the client speaks
_NEEDED = f"{_OLDEST}.0 or newer"


class ChromaServerStore:
    """A `PassageStore` in a collection of a Chroma server."""

    def __init__(self, address: StoreAddress, token: str, wanted: Fingerprint, *, create: bool) -> None:
        """Open the collection, or make it with `create` where it is not there.

        Raises VectorStoreError, and IndexMismatchError where it is of another embedder.
        """
        self._address = address
        headers = {"Authorization": f"Bearer {token}", "X-Chroma-Token": token} if token else {}
        with self._translated():
            _check_version(address, headers)
            self._client = _client(address, headers)
            # Its client would wait for ever, and has no setting for it.
            cast(Any, self._client)._server._session.timeout = httpx.Timeout(TIMEOUT)
            self._collection = self._open(wanted, create)
            limit = _CLOUD_LIMIT if address.is_chroma_cloud else self._client.get_max_batch_size()
        self._rows = rows_of_request(wanted.dimension, limit)
        self._ids = min(_IDS, limit)
        self._most = _CLOUD_LIMIT if address.is_chroma_cloud else None
        check_fingerprint(address, self._found(), wanted)

    def _open(self, wanted: Fingerprint, create: bool) -> chromadb.Collection:
        name = self._address.collection
        try:
            return self._client.get_collection(name, embedding_function=None)
        except NotFoundError:
            if not create:
                raise absent(self._address) from None
        index: Any = {"spann": {"space": "cosine"}}
        if not self._address.is_chroma_cloud:
            index = {"hnsw": {"space": "cosine", "ef_search": EF_SEARCH}}
        try:
            return self._client.create_collection(
                name, configuration=index, metadata=wanted._asdict(), embedding_function=None
            )
        except UniqueConstraintError:  # another machine has made it meanwhile
            return self._client.get_collection(name, embedding_function=None)

    def _found(self) -> Fingerprint | None:
        metadata = self._collection.metadata or {}
        embedder, dimension = metadata.get("embedder"), metadata.get("dimension")
        return Fingerprint(embedder, int(dimension)) if isinstance(embedder, str) and _is_whole(dimension) else None

    def fingerprint(self) -> Fingerprint:
        """See `PassageStore`."""
        found = self._found()
        assert found
        return found

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> Neighbours:
        """See `NearestNeighbours`; Chroma Cloud gives at most 300."""
        most = min(k, self._most or k)
        with self._translated():
            found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=most, include=["distances"])
        distances = found["distances"]
        assert distances is not None
        return Neighbours(list(found["ids"][0]), 1 - np.array(distances[0], dtype=np.float32))

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """See `PassageStore`."""
        for begin in range(0, len(keys), self._rows):
            part = slice(begin, begin + self._rows)
            with self._translated():
                self._collection.upsert(ids=list(keys[part]), embeddings=vectors[part])

    def remove(self, keys: Sequence[str]) -> None:
        """See `PassageStore`."""
        for begin in range(0, len(keys), self._ids):
            with self._translated():
                self._collection.delete(ids=list(keys[begin : begin + self._ids]))

    def missing(self, keys: Sequence[str]) -> list[str]:
        """See `PassageStore`."""
        there: set[str] = set()
        for begin in range(0, len(keys), self._ids):
            part = list(keys[begin : begin + self._ids])
            with self._translated():
                there.update(self._collection.get(ids=part, limit=len(part), include=[])["ids"])
        return [key for key in keys if key not in there]

    def count(self) -> int:
        """See `PassageStore`."""
        with self._translated():
            return self._collection.count()

    def close(self) -> None:
        """See `PassageStore`."""
        cast(Any, self._client).close()

    def _translated(self) -> Any:
        return translated(self._address, self._underneath)

    def _underneath(self, error: Exception) -> Exception:
        match error:
            case NotFoundError():
                return absent(self._address)
            case ChromaError():
                return by_status(self._address, error.code(), str(error))
        return error


def _client(address: StoreAddress, headers: dict[str, str]) -> ClientAPI:
    try:
        return chromadb.HttpClient(
            host=address.server,
            ssl=address.server.startswith("https"),
            headers=headers,
            settings=silent_settings(),
            tenant=address.tenant or DEFAULT_TENANT,
            database=address.database or DEFAULT_DATABASE,
        )
    except NotFoundError as error:  # the tenant or the database
        raise by_status(address, error.code(), str(error)) from error


def _check_version(address: StoreAddress, headers: dict[str, str]) -> None:
    """Raise VectorStoreError unless a Chroma server that is new enough answers, within a minute."""
    reply = httpx.get(f"{address.server}/api/v2/version", headers=headers, timeout=TIMEOUT)
    if reply.status_code in (404, 410):
        raise no_server(address, _NEEDED)
    reply.raise_for_status()
    version = str(reply.json())
    number = re.match(r"(\d+)\.", version)
    if number is None:
        raise ValueError(f"“{version[:50]}” is no version")
    if int(number[1]) < _OLDEST:
        raise too_old(address, version, _NEEDED)


def _is_whole(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and value == int(value)
