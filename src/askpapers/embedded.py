"""The models in the package: ONNX files run by ONNX Runtime, one text at a time."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

# One text at a time, in as many threads as there are processors: twice as fast as batches of four in one
# threaded session, and a text's int8 rounding then does not depend on what else is in its batch.
_MAX_TOKENS = 256


class EmbeddedModel:
    """A model of the package by the name of its folder in `assets`. Nothing is loaded before the first use.

    All read the same word pieces (bert-base-uncased), cut at 256.
    """

    def __init__(self, name: str) -> None:
        """The model in `assets/name`."""
        self._name = name

    @functools.cached_property
    def digest(self) -> str:
        """The first eight hexadecimal digits of the file's sha256."""
        return hashlib.sha256(_asset(self._name, "model.onnx").read_bytes()).hexdigest()[:8]

    def run(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[npt.NDArray[np.float32]]:
        """What the model makes of each text, or pair of texts; what it makes of one does not depend on the others."""
        encodings = _tokenizer().encode_batch_fast(list(texts))
        if len(encodings) < 2:
            return [self._one(encoding) for encoding in encodings]
        with ThreadPoolExecutor(_processors()) as pool:
            return list(pool.map(self._one, encodings))

    def _one(self, encoding: Encoding) -> npt.NDArray[np.float32]:
        ids = np.array([encoding.ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if "token_type_ids" in self._inputs:
            given["token_type_ids"] = np.array([encoding.type_ids], dtype=np.int64)
        output: Any = self._session.run(None, given)[0]
        return np.asarray(output[0], dtype=np.float32)

    @functools.cached_property
    def _inputs(self) -> frozenset[str]:
        return frozenset(one.name for one in self._session.get_inputs())

    @functools.cached_property
    def _session(self) -> InferenceSession:
        # On by default, and read once, when the library is loaded: it would write an id of this machine into the
        # user's cache, and send process, model and session to its maker a minute later. The call is for Windows'
        # own tracing, and for a program that loaded the library before.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(
            _asset(self._name, "model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )


@functools.cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(_asset("minilm", "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _asset(*names: str) -> Any:
    return resources.files("askpapers").joinpath("assets", *names)
