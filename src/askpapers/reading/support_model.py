"""The support reader that ships: one model that reads a statement and a source, run by ONNX Runtime."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, TypeAdapter

from askpapers.embedded import ASSETS, ROOM_OF_PAIRS, EmbeddedModel, Outputs, word_pieces
from askpapers.reading.memory import PairMemory
from askpapers.reading.protocol import Pair, Probabilities
from askpapers.reading.windows import aggregate_support, read_in_windows


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `reader.json` has: logits are divided by `temperature`, of windows of at most `window` word pieces."""

    temperature: Annotated[float, Field(gt=0)]
    window: Annotated[int, Field(gt=0)] | None = None  # None: as long as the model's input


class SupportModel:
    """The model `NAME/model.onnx` in `assets`, whose output `support` has three logits, and `NAME/reader.json`.

    docs/decisions/0016-trained-reader.md says what it was trained on. Nothing is loaded before the first use, and a
    pair that is read again does not run again.
    """

    def __init__(self, assets: Traversable = ASSETS, name: str = "support_reader") -> None:
        self._model = EmbeddedModel(name, assets)
        self._file = assets / name / "reader.json"
        # The statements of an answer are held against the same papers more than once.
        self._outputs: PairMemory[Outputs] = PairMemory(self._model.run)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `SupportReader.support`."""
        return read_in_windows(
            pairs, ROOM_OF_PAIRS, word_pieces, self._read, aggregate_support, longest=self._calibration.window
        )

    def _read(self, pairs: Sequence[Pair]) -> Probabilities:
        logits = np.stack([outputs["support"] for outputs in self._outputs.read(pairs)])
        return softmax(logits / self._calibration.temperature)

    @functools.cached_property
    def _calibration(self) -> Calibration:
        return TypeAdapter(Calibration).validate_json(self._file.read_bytes())


def softmax(logits: npt.NDArray[np.floating]) -> Probabilities:
    """Probabilities from logits, row by row."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
