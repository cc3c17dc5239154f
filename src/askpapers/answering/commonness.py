"""How common a word is in English: "stuff" and "play" say little of a topic, however rare they are in abstracts.

The word list is the embedded model's own vocabulary, which BERT's authors ordered by frequency in Wikipedia and
books (Devlin et al., NAACL 2019): 30,000 pieces, of which the first thousand or so are signs and characters.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Collection
from importlib import resources

_FIRST_WORD = 1990
_COMMON, _RARE = 200, 8000  # ranks among the words
_LEAST = 0.15


def rarity(word: str) -> float:
    """From 0.15 for the commonest words of English to 1.0 for rare ones and those not in the list."""
    place = rank(word.casefold())
    if place is None:
        return 1.0
    position = max(place - _FIRST_WORD, 1)
    share = (math.log(position) - math.log(_COMMON)) / (math.log(_RARE) - math.log(_COMMON))
    return min(1.0, max(_LEAST, share))


def rank(word: str) -> int | None:
    """The place of a word in small letters in the list, the commonest first; None where it is not there."""
    return _ranks().get(word)


def is_common(word: str, first: int | None = None) -> bool:
    """Whether a word in small letters is in the list, among the `first` of it."""
    place = rank(word)
    return place is not None and (first is None or place < first)


def common_words() -> Collection[str]:
    """All words of the list, with pieces of words among them."""
    return _ranks().keys()


@functools.cache
def _ranks() -> dict[str, int]:
    file = resources.files("askpapers").joinpath("assets", "minilm", "tokenizer.json")
    ranks: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))["model"]["vocab"]
    return ranks
