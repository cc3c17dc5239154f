"""The reader that ships: a cross-encoder that reads relevance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from askpapers.embedded import EmbeddedModel, Outputs
from askpapers.reading.memory import PairMemory
from askpapers.reading.protocol import Pair, Probabilities


class CrossEncoderReader:
    """The embedded ms-marco-MiniLM-L-12-v2 (sentence-transformers; int8), trained on for topics of abstracts.

    It has one output, so that what does not answer is `NEITHER`. A pair is cut at 256 word pieces. Nothing is loaded
    before the first use.
    """

    def __init__(self) -> None:
        """Load nothing yet."""
        model = EmbeddedModel("cross_encoder")
        # A topic that is asked for again, in other words or as a follow-up, is read in the same papers.
        self._outputs: PairMemory[Outputs] = PairMemory(model.run)

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `RelevanceReader.relevance`."""
        logits = np.array(
            [outputs["relevance"].item() for outputs in self._outputs.read(pairs)], dtype=np.float64
        ).reshape(-1)
        answers = 1 / (1 + np.exp(-logits))
        rows: Probabilities = np.stack([1 - answers, np.zeros_like(answers), answers], axis=1).astype(np.float32)
        return rows
