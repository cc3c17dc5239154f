"""How likely a reader finds that texts answer a question or are on a topic, as log odds.

A reader sees question and text at once, so it knows an answer in other words from a text that only has the question's
words. It costs some milliseconds a text: it reads what cheaper scores put forward.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from askpapers.corpus.titles import is_label
from askpapers.reading.protocol import RelevanceLabel, RelevanceReader

_SURE = 1e-6


def answer_odds(reader: RelevanceReader, question: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """The log odds that each text answers a question or is on a topic: shape (len(texts),); above 0: likely."""
    if not texts:
        return np.empty(0, dtype=np.float32)
    chances = reader.relevance([(question, text) for text in texts])[:, RelevanceLabel.ANSWERS].astype(np.float64)
    clipped = chances.clip(_SURE, 1 - _SURE)
    return np.asarray(np.log(clipped / (1 - clipped)), dtype=np.float32)


def likeliest(reader: RelevanceReader, question: str, texts: Sequence[str]) -> float:
    """The log odds of the text that likeliest answers; minus infinity where there is none."""
    return float(answer_odds(reader, question, texts).max(initial=-np.inf))


def titled(title: str, text: str) -> str:
    """A text of a paper with the paper's title in front, which says what "we" and "the model" are.

    A label made of the abstract's first words is left off: it may say, for each sentence, what only the first says.
    """
    return f"{title.rstrip('.')}. {text}" if title and not is_label(title) else text
