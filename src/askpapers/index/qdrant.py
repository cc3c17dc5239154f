"""Vectors in a collection of Qdrant, with the extra `[qdrant]`.

LlamaIndex's `QdrantVectorStore` is not used: it stores the text of each passage with its vector and asks for it with
each question (docs/decisions/0018).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from askpapers.errors import OptionalDependencyError
from askpapers.index.embedder import Vectors
from askpapers.index.store import Fingerprint, Neighbours, rows_of_request
from askpapers.index.store_errors import TIMEOUT, absent, by_status, check_fingerprint, no_server, too_old, translated
from askpapers.store_address import StoreAddress

try:
    import qdrant_client
    from qdrant_client import models
    from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse
except ImportError as error:
    raise OptionalDependencyError(
        "Qdrant's client is not installed.", hint='Install it: pip install "askpapers[qdrant]"'
    ) from error

_ROWS = 5000  # of one request, where they are short
_EF_SEARCH = 200  # as in Chroma
_OLDEST = (1, 16)  # the first that keeps metadata of a collection
_NEEDED = "1.16 or newer"


class QdrantStore:
    """A `PassageStore` in a collection of Qdrant. A point's id is the key as a number; it has no payload."""

    def __init__(
        self,
        address: StoreAddress,
        key: str,
        wanted: Fingerprint,
        *,
        create: bool,
        client: qdrant_client.QdrantClient | None = None,
    ) -> None:
        """Open the collection, or make it with `create` where it is not there.

        A `client` takes the place of the address, and is not closed here.
        Raises VectorStoreError, and IndexMismatchError where it is of another embedder.
        """
        self._address = address
        self._own_client = client is None
        with self._translated():
            self._client = client or _client(address, key)
            _check_version(address, self._client)
            if not self._client.collection_exists(address.collection):
                if not create:
                    raise absent(address)
                self._create(wanted)
            self._found = self._read_fingerprint()
        self._rows = rows_of_request(wanted.dimension, _ROWS)
        check_fingerprint(address, self._found, wanted)

    def _create(self, wanted: Fingerprint) -> None:
        try:
            self._client.create_collection(
                self._address.collection,
                vectors_config=models.VectorParams(size=wanted.dimension, distance=models.Distance.COSINE),
                metadata=wanted._asdict(),
            )
        except UnexpectedResponse as error:
            if error.status_code != 409:  # another machine has made it meanwhile
                raise

    def _read_fingerprint(self) -> Fingerprint | None:
        config = self._client.get_collection(self._address.collection).config
        vectors, metadata = config.params.vectors, config.metadata or {}
        embedder = metadata.get("embedder")
        if not isinstance(vectors, models.VectorParams) or not isinstance(embedder, str):
            return None
        return Fingerprint(embedder, vectors.size) if vectors.distance is models.Distance.COSINE else None

    def fingerprint(self) -> Fingerprint:
        """See `PassageStore`."""
        assert self._found
        return self._found

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> Neighbours:
        """See `NearestNeighbours`."""
        with self._translated():
            found = self._client.query_points(
                self._address.collection,
                query=vector.tolist(),
                limit=k,
                search_params=models.SearchParams(hnsw_ef=max(k, _EF_SEARCH)),
                with_payload=False,
            ).points
        return Neighbours([_key(point.id) for point in found], np.array([p.score for p in found], dtype=np.float32))

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """See `PassageStore`."""
        for begin in range(0, len(keys), self._rows):
            part = slice(begin, begin + self._rows)
            batch = models.Batch(ids=_ids(keys[part]), vectors=vectors[part].tolist())
            with self._translated():
                self._client.upsert(self._address.collection, batch, wait=True)

    def remove(self, keys: Sequence[str]) -> None:
        """See `PassageStore`."""
        for begin in range(0, len(keys), _ROWS):
            with self._translated():
                points = models.PointIdsList(points=_ids(keys[begin : begin + _ROWS]))
                self._client.delete(self._address.collection, points, wait=True)

    def missing(self, keys: Sequence[str]) -> list[str]:
        """See `PassageStore`."""
        there: set[str] = set()
        for begin in range(0, len(keys), _ROWS):
            with self._translated():
                found = self._client.retrieve(
                    self._address.collection, _ids(keys[begin : begin + _ROWS]), with_payload=False, with_vectors=False
                )
            there.update(_key(point.id) for point in found)
        return [key for key in keys if key not in there]

    def count(self) -> int:
        """See `PassageStore`."""
        with self._translated():
            return self._client.count(self._address.collection, exact=True).count

    def close(self) -> None:
        """See `PassageStore`."""
        if self._own_client:
            self._client.close()

    def _translated(self) -> Any:
        return translated(self._address, self._underneath)

    def _underneath(self, error: Exception) -> Exception:
        match error:
            case UnexpectedResponse(status_code=404):
                return absent(self._address)
            case UnexpectedResponse():
                return by_status(self._address, error.status_code or 0, error.content.decode(errors="replace"))
            case ResponseHandlingException():
                return error.source
        return error


def _client(address: StoreAddress, key: str) -> qdrant_client.QdrantClient:
    with warnings.catch_warnings():  # it warns of a key over http on standard error; docs/scale.md says it
        warnings.simplefilter("ignore")
        return qdrant_client.QdrantClient(
            url=address.server, api_key=key or None, timeout=int(TIMEOUT), check_compatibility=False
        )


def _check_version(address: StoreAddress, client: qdrant_client.QdrantClient) -> None:
    try:
        version = client.info().version
    except UnexpectedResponse as error:
        if error.status_code not in (404, 410):
            raise
        raise no_server(address, _NEEDED) from error
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < _OLDEST:
        raise too_old(address, version, _NEEDED)


def _ids(keys: Sequence[str]) -> list[int | str | UUID]:
    return [int(key, 16) for key in keys]


def _key(point: object) -> str:
    """The key of a point; one that others added has an id of another kind, and is no key."""
    return f"{point:016x}" if isinstance(point, int) else str(point)
