"""What a reader of pairs of texts answers, and how: the interface of every model that reads."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pair = tuple[str, str]
Probabilities = npt.NDArray[np.float32]


class RelevanceLabel(IntEnum):
    """What a text is to a question or a topic; the value is the column of its probability."""

    NEITHER = 0
    MENTIONS = 1  # it touches the topic, or has to do with the question, without answering
    ANSWERS = 2


class SupportLabel(IntEnum):
    """What a source is to a statement; the value is the column of its probability."""

    SUPPORTED = 0
    NOT_SAID = 1  # the source neither says nor denies it
    CONTRADICTED = 2


class RelevanceReader(Protocol):
    """Reads whether texts answer questions or are on topics.

    The rows are probabilities that sum to one, in the order of the labels. A pair's row does not depend on the other
    pairs.
    """

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        """Read (question or topic as it was typed, text): float32 of shape (n, 3), columns of `RelevanceLabel`."""


class SupportReader(Protocol):
    """Reads whether a source supports statements; the rows are as those of a `RelevanceReader`.

    A source that is longer than the model's input is read in windows (see `windows.py`); a blank one says nothing.
    """

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        """Read (statement, source): float32 of shape (n, 3), columns of `SupportLabel`."""
