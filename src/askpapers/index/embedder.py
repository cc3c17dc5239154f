"""Turns text into vectors. The default is the embedded all-MiniLM-L6-v2, which needs no network."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

# Small batches of like length beat large ones on a CPU (docs/decisions/0002): less padding, warm caches.
_BATCH = 4
_MAX_TOKENS = 256


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


class MiniLM:
    """The embedded all-MiniLM-L6-v2 (sentence-transformers; int8), run by ONNX Runtime.

    Texts are cut at 256 word pieces, as the model was trained. Nothing is loaded before the first use.
    """

    dimension = 384

    @functools.cached_property
    def name(self) -> str:
        """Name and content hash of the model file."""
        return f"all-MiniLM-L6-v2-int8@{_asset_digest('model.onnx')}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed texts; see `Embedder.embed`."""
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for begin in range(0, len(order), _BATCH):
            rows = order[begin : begin + _BATCH]
            vectors[rows] = self._run([encodings[i].ids for i in rows])
        return vectors

    def _run(self, token_ids: Sequence[Sequence[int]]) -> Vectors:
        longest = max(len(ids) for ids in token_ids)
        ids = np.zeros((len(token_ids), longest), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(token_ids):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        output: Any = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return np.asarray(output, dtype=np.float32)

    @functools.cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_str(_asset("tokenizer.json").read_text(encoding="utf-8"))
        tokenizer.enable_truncation(_MAX_TOKENS)
        tokenizer.no_padding()
        return tokenizer

    @functools.cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            _asset("model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )


def _asset(name: str) -> Any:
    return resources.files("askpapers").joinpath("assets", "minilm", name)


def _asset_digest(name: str) -> str:
    return hashlib.sha256(_asset(name).read_bytes()).hexdigest()[:8]
