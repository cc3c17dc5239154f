"""Turns text into vectors. The default is the embedded all-MiniLM-L6-v2, which needs no network."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from askpapers.embedded import EmbeddedModel

Vectors = npt.NDArray[np.float32]

EMBEDDED = "minilm"
"""What the embedder in the package is called in settings."""
_MINILM = "all-MiniLM-L6-v2-int8"


class Embedder(Protocol):
    """Maps texts to unit vectors, so that the dot product of two is their cosine."""

    @property
    def name(self) -> str:
        """What the index remembers it by; it changes when its vectors do."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: float32 of shape (len(texts), dimension), each row of length one."""

    def embed_question(self, question: str) -> Vectors:
        """Embed a question, to be compared with texts: float32 of shape (dimension,), of length one."""


def is_embedded(name: str) -> bool:
    """Whether a name, of the settings or of an index, is that of the embedder in the package, whatever its file was."""
    return name == EMBEDDED or name.startswith(f"{_MINILM}@")


class MiniLM:
    """The embedded all-MiniLM-L6-v2 (sentence-transformers; int8).

    Texts are cut at 256 word pieces, as the model was trained. Nothing is loaded before the first use.
    """

    dimension = 384

    def __init__(self) -> None:
        """Load nothing yet."""
        self._model = EmbeddedModel("minilm")

    @functools.cached_property
    def name(self) -> str:
        """Name and content hash of the model file."""
        return f"{_MINILM}@{self._model.digest}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; see `Embedder.embed`. A text's vector does not depend on the others."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, outputs in enumerate(self._model.run(texts)):
            vectors[row] = outputs["embedding"]
        return vectors

    def embed_question(self, question: str) -> Vectors:
        """Embed a question; this model makes no difference between questions and texts."""
        vector: Vectors = self.embed([question])[0]
        return vector
