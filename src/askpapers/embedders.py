"""Which embedder: the one that was named, else the one that made the index, else the embedded model."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from askpapers.errors import AskPapersError, EmbedderError, IndexMismatchError, UsageError
from askpapers.index.embedder import EMBEDDED, Embedder, MiniLM, Vectors, is_embedded
from askpapers.index.manifest import REBUILD_HINT
from askpapers.index.opening import made_with
from askpapers.llm.spec import read_spec
from askpapers.settings import ModelSettings, Settings

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

_SERVERS = ("openai/", "ollama/", "http://", "https://")
_FORMS = f"Write {EMBEDDED}, openai/MODEL, ollama/MODEL or http://HOST:PORT/v1#MODEL."


class LlamaIndexEmbedder:
    """An `Embedder` made of a LlamaIndex embedding."""

    def __init__(self, model: BaseEmbedding, name: str) -> None:
        """Embed by a model; the index remembers it by the name."""
        self._model = model
        self.name = name

    @classmethod
    def of(cls, model: BaseEmbedding) -> LlamaIndexEmbedder:
        """Embed by a model, under the name of its class and its own."""
        return cls(model, f"{type(model).__name__}/{model.model_name}")

    @functools.cached_property
    def dimension(self) -> int:
        """The length of its vectors; asks the model, once."""
        return len(self.embed(["dimension"])[0])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; see `Embedder.embed`. Raises EmbedderError for what are no vectors."""
        if not texts:
            return np.empty((0, self.dimension), dtype=np.float32)
        with self._translated():
            given = self._model.get_text_embedding_batch(list(texts))
        return self._unit(given)

    def embed_question(self, question: str) -> Vectors:
        """Embed a question, with the instruction that the model has for questions, if any. Raises EmbedderError."""
        with self._translated():
            given = self._model.get_query_embedding(question)
        vector: Vectors = self._unit([given])[0]
        return vector

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the model raises into an EmbedderError: it is of any library."""
        try:
            yield
        except AskPapersError:
            raise
        except ValueError as error:  # LlamaIndex finds no lists of numbers
            raise self._unusable() from error
        except Exception as error:
            raise EmbedderError(
                f"The embedder {self.name} failed: {type(error).__name__}: {error}.",
                hint=f"Try again, or choose another: ask index --embedder {EMBEDDED}",
            ) from error

    def _unit(self, given: Sequence[Sequence[float]]) -> Vectors:
        try:
            vectors = np.array(given, dtype=np.float32)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        except (ValueError, TypeError) as error:  # not numbers, or of different lengths
            raise self._unusable() from error
        if not (np.isfinite(lengths).all() and lengths.all()):
            raise self._unusable()
        return np.asarray(vectors / lengths, dtype=np.float32)

    def _unusable(self) -> EmbedderError:
        return EmbedderError(
            f"What the embedder {self.name} gives are no vectors of one length.",
            hint=f"Choose another: ask index --embedder {EMBEDDED}",
        )


def given_embedder(model: BaseEmbedding, folder: Path) -> Embedder:
    """A LlamaIndex embedding of a program's own, for the index in a folder. Asks the model for the length of vectors.

    Raises EmbedderError, and IndexMismatchError where the index has vectors of the same name and of another length.
    """
    embedder = LlamaIndexEmbedder.of(model)
    made = made_with(folder)
    if made and made.embedder == embedder.name and made.dimension != embedder.dimension:
        raise IndexMismatchError(
            f"The index has vectors of {made.dimension} numbers, and {embedder.name} gives {embedder.dimension}.",
            hint=f"Give the embedding that made it. {REBUILD_HINT}",
        )
    return embedder


def open_embedder(name: str, settings: ModelSettings) -> Embedder:
    """The embedder of a name, as --embedder takes it or as an index remembers it. Nothing is sent.

    Raises UsageError for what names none, and EmbedderError where there is no key for its server.
    """
    if is_embedded(name):
        return MiniLM()
    if not name.startswith(_SERVERS):
        raise UsageError(f"“{name}” names no embedder.", hint=_FORMS)
    from askpapers.llm.embedding import open_embedding

    spec = read_spec(name, settings.base_url)
    assert spec is not None
    return LlamaIndexEmbedder(open_embedding(spec, settings), str(spec))


def embedder_for(settings: Settings) -> Embedder:
    """The embedder that the settings name, else the one that made their index, else the embedded model.

    Raises UsageError and EmbedderError.
    """
    return open_embedder(name_for(settings), settings.model)


def name_for(settings: Settings) -> str:
    """The name of `embedder_for` the settings. That of an embedding of a program's own cannot be opened."""
    if settings.embedder:
        return settings.embedder
    made = made_with(settings.index)
    return made.embedder if made and made.embedder.startswith(_SERVERS) else EMBEDDED
