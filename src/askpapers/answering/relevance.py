"""How relevant a text is to a question or a topic, read together: the embedded cross-encoder.

A cross-encoder sees question and text at once, so it knows an answer in other words from a text that only
has the question's words. It costs some milliseconds a text: it reads what cheaper scores put forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from askpapers.embedded import EmbeddedModel


class CrossEncoder(Protocol):
    """Scores texts for a question or a topic."""

    def relevance(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """How relevant each text is: logits of shape (len(texts),); above 0 is likelier than not."""


class MiniLMCrossEncoder:
    """The embedded ms-marco-MiniLM-L-12-v2 (sentence-transformers; int8), trained on for topics of abstracts.

    A pair is cut at 256 word pieces. Nothing is loaded before the first use.
    """

    def __init__(self) -> None:
        """Load nothing yet."""
        self._model = EmbeddedModel("cross_encoder")

    def relevance(self, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """See `CrossEncoder.relevance`. A text's score does not depend on the others."""
        outputs = self._model.run([(question, text) for text in texts])
        return np.array([one["relevance"].item() for one in outputs], dtype=np.float32)
