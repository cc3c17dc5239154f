"""The models in the package: ONNX files run by ONNX Runtime, one text at a time."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from askpapers.processes import processors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

# One text at a time, in as many threads as there are processors: twice as fast as batches of four in one
# threaded session, and a text's int8 rounding then does not depend on what else is in its batch.
_MAX_TOKENS = 256
ROOM_OF_PAIRS = _MAX_TOKENS - 3  # word pieces: [CLS] first [SEP] second [SEP]
ASSETS: Traversable = resources.files("askpapers") / "assets"
Outputs = dict[str, npt.NDArray[np.float32]]


class EmbeddedModel:
    """A model by the name of its folder in `assets`. Nothing is loaded before the first use, and then once.

    All read the same word pieces (bert-base-uncased), cut at 256; of a pair the longer text is cut.
    """

    def __init__(self, name: str, assets: Traversable = ASSETS) -> None:
        """The model in the file `assets/name/model.onnx`."""
        self._file = assets / name / "model.onnx"
        self._loading = threading.Lock()

    @functools.cached_property
    def digest(self) -> str:
        """The first eight hexadecimal digits of the file's sha256."""
        return hashlib.sha256(self._file.read_bytes()).hexdigest()[:8]

    def run(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Outputs]:
        """The model's outputs for each text, or pair of texts, by name; those of one do not depend on the others."""
        if not texts:
            return []
        encodings = _tokenizer().encode_batch_fast(list(texts))
        with self._loading:
            one = functools.partial(_run_one, self._session, *self._names)
        if len(encodings) == 1:
            return [one(encodings[0])]
        with ThreadPoolExecutor(processors()) as pool:
            return list(pool.map(one, encodings))

    @functools.cached_property
    def _session(self) -> InferenceSession:
        # On by default, and read once, when the library is loaded: it would write an id of this machine into the
        # user's cache, and send process, model and session to its maker a minute later. The call is for Windows'
        # own tracing, and for a program that loaded the library before.
        try:
            os.environ["ORT_DISABLE_TELEMETRY"] = "1"
            import onnxruntime
        except ImportError as error:  # Ctrl-C while the library is loaded: it makes this of it
            if any(isinstance(cause, KeyboardInterrupt) for cause in _causes(error)):
                raise KeyboardInterrupt from error
            raise

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        return onnxruntime.InferenceSession(self._file.read_bytes(), options, providers=["CPUExecutionProvider"])

    @functools.cached_property
    def _names(self) -> tuple[Collection[str], list[str]]:
        """The names of the inputs and outputs; a session would make them anew for each text."""
        session = self._session
        return [one.name for one in session.get_inputs()], [one.name for one in session.get_outputs()]


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _run_one(session: InferenceSession, inputs: Collection[str], names: list[str], encoding: Encoding) -> Outputs:
    ids = np.array([encoding.ids], dtype=np.int64)
    given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
    if "token_type_ids" in inputs:
        given["token_type_ids"] = np.array([encoding.type_ids], dtype=np.int64)
    outputs: list[Any] = session.run(names, given)
    return {name: np.asarray(output[0], dtype=np.float32) for name, output in zip(names, outputs, strict=True)}


def word_pieces(text: str) -> int:
    """How many word pieces the models read a text as; one that is too long for them counts as `ROOM_OF_PAIRS` + 1."""
    return len(_tokenizer().encode(text).ids) - 2  # [CLS] and [SEP]


@functools.cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str((ASSETS / "minilm" / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.no_padding()
    return tokenizer
