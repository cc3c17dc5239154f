"""The reader that ships: one model with a head for relevance and one for support, run by ONNX Runtime."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, TypeAdapter

from askpapers.embedded import ASSETS, ROOM_OF_PAIRS, EmbeddedModel, word_pieces
from askpapers.reading.memory import PairMemory
from askpapers.reading.protocol import Pair, Probabilities
from askpapers.reading.windows import aggregate_relevance, aggregate_support, read_in_windows

Logits = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Head:
    """How a head's logits are read: divided by `temperature`, for windows of at most `window` word pieces."""

    temperature: Annotated[float, Field(gt=0)]
    window: Annotated[int, Field(gt=0)] | None = None  # None: as long as the model's input


@dataclass(frozen=True, slots=True)
class Heads:
    """What `reader.json` has: how each head is read."""

    relevance: Head
    support: Head


class OnnxReader:
    """The model `NAME/model.onnx` in `assets`, with outputs `relevance` and `support` (logits), and `NAME/reader.json`.

    Nothing is loaded before the first use. A pair that both heads read, or that is read again, runs once.
    """

    def __init__(self, assets: Traversable = ASSETS, name: str = "reader") -> None:
        self._model = EmbeddedModel(name, assets)
        self._file = assets / name / "reader.json"
        # A survey and the check of its answer read some of the same.
        self._logits: PairMemory[Logits] = PairMemory(self._model.run)

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `Reader.relevance`."""
        return self._read(pairs, "relevance", self._heads.relevance, aggregate_relevance)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `Reader.support`."""
        return self._read(pairs, "support", self._heads.support, aggregate_support)

    def _read(
        self, pairs: Sequence[Pair], output: str, head: Head, aggregate: Callable[[Probabilities], Probabilities]
    ) -> Probabilities:
        def read(parts: Sequence[Pair]) -> Probabilities:
            return softmax(np.stack([logits[output] for logits in self._logits.read(parts)]) / head.temperature)

        return read_in_windows(pairs, ROOM_OF_PAIRS, word_pieces, read, aggregate, longest=head.window)

    @functools.cached_property
    def _heads(self) -> Heads:
        return TypeAdapter(Heads).validate_json(self._file.read_bytes())


def softmax(logits: npt.NDArray[np.floating]) -> Probabilities:
    """Probabilities from logits, row by row."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
