"""Turns text into vectors. The default is the embedded all-MiniLM-L6-v2, which needs no network."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = npt.NDArray[np.float32]

# One text at a time, in as many threads as there are processors: twice as fast as batches of four in one
# threaded session, and a text's int8 rounding then does not depend on what else is in its batch.
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
        """Embed texts; see `Embedder.embed`. A text's vector does not depend on the others."""
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        if len(texts) == 1:
            vectors[0] = self._run(encodings[0].ids)
        else:
            with ThreadPoolExecutor(_processors()) as pool:
                for row, vector in enumerate(pool.map(lambda encoding: self._run(encoding.ids), encodings)):
                    vectors[row] = vector
        return vectors

    def _run(self, token_ids: Sequence[int]) -> Vectors:
        ids = np.array([token_ids], dtype=np.int64)
        output: Any = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0]
        return np.asarray(output[0], dtype=np.float32)

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
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(
            _asset("model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _asset(name: str) -> Any:
    return resources.files("askpapers").joinpath("assets", "minilm", name)


def _asset_digest(name: str) -> str:
    return hashlib.sha256(_asset(name).read_bytes()).hexdigest()[:8]
