"""Corrects a misspelt word to one that the corpus has, and leaves every right word alone, present or absent.

A word is right when the corpus, the vocabulary of the embedded model or the list of scientific words has it, or a word
that it is an inflection of, or the two words that it is made of. Only what is left can be misspelt.
"""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Callable, Collection, Iterator
from importlib import resources
from itertools import chain

from askpapers.answering.commonness import common_words, is_common
from askpapers.text import stem

_SHORTEST = 5
_LONG = 10  # letters, from which two may be wrong
_FORMS = 8
_FRAME = "what which where when does papers paper many compare summarize the that how list show".split()
_FREQUENT = 12_000  # the rank up to which words are taken for parts of others
_ENDINGS = "s es d ed ing er ers ly".split()


def correct_frame(word: str) -> str | None:
    """The word of asking that a misspelt one stands for ("waht", "papres"); None for any other."""
    if not 3 <= len(word) <= 7 or is_common(word):
        return None
    near = [other for other in _FRAME if other[0] in word[:2] and distance(word, other, 1) == 1]
    return near[0] if len(near) == 1 or (near and near[0] in ("what", "which")) else None


def distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with the next (optimal string alignment); `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, across in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != across))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == across:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return last[-1]


def correct(word: str, has: Callable[[str], int], known: Collection[str]) -> str | None:
    """The word that a misspelt one stands for, in small letters; None for one that is right or beyond help.

    `has` counts the papers that have a word in any of its forms; `known` are the words of the corpus.
    """
    if len(word) < _SHORTEST or not word.isalpha() or not word.isascii() or is_word(word, known):
        return None
    near = min(_near(word, has, known), default=None)
    if near is None or near[3] == 0 or (has(word) and stem(word) != stem(near[-1])):
        return None
    return near[-1]


def is_word(word: str, known: Collection[str] = ()) -> bool:
    """Whether a word in small letters is right: listed, or made of listed parts."""
    compound = any(
        is_common(word[:cut], _FREQUENT) and is_common(word[cut:], _FREQUENT) for cut in range(4, len(word) - 3)
    )
    return compound or any(is_common(part) or part in _science() or part in known for part in (word, *_parents(word)))


def _parents(word: str) -> Iterator[str]:
    """What a word may be an inflection of, or another spelling of."""
    yield re.sub(r"is(?=[eia])", "iz", word).replace("our", "or")
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        if base != word and len(base) >= 4:
            yield base
            if base[-1] == "i":
                yield f"{base[:-1]}y"
            if ending[0] == "e" or ending == "ing":
                yield f"{base}e"
                if base[-1] == base[-2]:
                    yield base[:-1]


_SOUNDS = (
    ("wh", "w"), ("ph", "f"), ("ck", "k"), ("c(?=[eiy])", "s"), ("[cq]", "k"), ("z", "s"), ("[aeiouy][aeiouyhw]*", "a"),
)  # fmt: skip


def _sound(word: str) -> str:
    """How a word sounds, roughly: consonants that sound the same are the same, as are all vowels; none is doubled."""
    for letters, same in _SOUNDS:
        word = re.sub(letters, same, word)
    return re.sub(r"(.)\1+", r"\1", word)


def _near(word: str, has: Callable[[str], int], known: Collection[str]) -> Iterator[tuple[int, bool, bool, int, str]]:
    """(distance, other sound, other beginning, minus the papers that say it, word) of words that may be meant.

    Words that the corpus does not have are among them: where one is nearest, nothing is corrected. A short word is
    taken for one of the corpus only in the form that is commonest there, and a letter too many in it is a slip only
    where it is not heard ("areca" is no area).
    """
    most, typed = 2 if len(word) >= _LONG else 1, _sound(word)
    for other in chain(known, _english()):
        if other[0] == word[0] or other[:2] == word[1::-1]:
            steps = distance(word, other, most)
            sounds_other = _sound(other) != typed
            if steps <= most and not (len(other) < len(word) < _FORMS and sounds_other):
                counts = len(other) >= _FORMS or other in known
                yield steps, sounds_other, other[:2] != word[:2], -has(other) if counts else 0, other


@functools.cache
def _science() -> frozenset[str]:
    file = resources.files("askpapers").joinpath("assets", "words", "science.txt.gz")
    return frozenset(gzip.decompress(file.read_bytes()).decode().split())


@functools.cache
def _english() -> frozenset[str]:
    """All listed words, for what else a word may be meant for."""
    return _science() | {word for word in common_words() if len(word) >= _SHORTEST - 1 and word.isalpha()}
