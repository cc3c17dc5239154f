"""The port of vector stores: what an index needs of whatever holds the vectors of its passages.

Behind it stand Chroma in a folder (`vectors.py`), a Chroma server (`chroma_server.py`) and Qdrant (`qdrant.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from askpapers.index.embedder import Vectors

BATCH_BYTES = 8_000_000
"""No request with vectors is longer: servers refuse bodies of more than 32 MB (Qdrant) and 40 MB (Chroma)."""
_NUMBER_BYTES = 12  # of a number in JSON


class Neighbours(NamedTuple):
    """The passages nearest to a vector, nearest first: their keys, and the cosine of each."""

    keys: list[str]
    scores: npt.NDArray[np.float32]


class Fingerprint(NamedTuple):
    """Whose vectors a store holds: the embedder's name, and how many numbers a vector has."""

    embedder: str
    dimension: int


class NearestNeighbours(Protocol):
    """Finds passages by the vectors that are nearest to one."""

    def nearest(self, vector: npt.NDArray[np.float32], k: int) -> Neighbours:
        """At most `k` passages that are nearest to a vector of shape (dimension,). A store may have a lower bound."""


class PassageStore(NearestNeighbours, Protocol):
    """Vectors of passages by key, a text of 16 hexadecimal digits. Others may use the same store at the same time.

    Every method raises an AskPapersError where the store cannot be used.
    """

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Add vectors; one under a key that is there already takes its place."""

    def remove(self, keys: Sequence[str]) -> None:
        """Remove the vectors of these keys; one that is not there is no fault."""

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that the store has no vector of, in their order."""

    def count(self) -> int:
        """How many vectors there are, of whoever added them."""

    def fingerprint(self) -> Fingerprint:
        """Whose vectors the store was made for."""

    def close(self) -> None:
        """Let go of connections and files."""


def rows_of_request(dimension: int, limit: int) -> int:
    """How many vectors go into one request to a server that takes `limit`."""
    return max(1, min(limit, BATCH_BYTES // (dimension * _NUMBER_BYTES)))
