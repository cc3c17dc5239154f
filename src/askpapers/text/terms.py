"""Words, their stems, and the terms by which a text is searched."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources
from itertools import chain

import Stemmer

from askpapers.text.forms import folded

# Lucene's list for English and a few more that stand inside the long forms of acronyms; rarer function words
# are held down by their own document frequency.
_STOP_WORDS = frozenset(
    "a an and are as at be been but by can for from has have if in into is it its no not of on or our such than"
    " that the their then there these they this to was we were which will with".split()
)
# A number keeps its decimals and its unit letter (28.8, 1.3B, 100K); C++ and C# keep their signs.
# An exponent and a fraction are no part of the number before them (10¹⁸, 2½).
_SIGN = r"[^\W_¹²³⁰ⁱ⁴-ⁿ¼-¾⅐-⅞]"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*{_SIGN}*|(?!\d){_SIGN}+(?:\+\+|#)?")
_HYPHENED = re.compile(r"(?<![^\W\d_])([^\W\d_]{2,}+)-\s?([^\W\d_]{2,}+)")
# The same for a text in ASCII, at twice the speed.
_ASCII_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*[0-9A-Za-z]*|[A-Za-z][0-9A-Za-z]*(?:\+\+|#)?")
_ASCII_HYPHENED = re.compile(r"(?<![A-Za-z])([A-Za-z]{2,}+)-\s?([A-Za-z]{2,}+)")


@functools.cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@functools.cache
def _irregular() -> dict[str, str]:
    """The base form of each irregular form: "rose" is one of "rise"."""
    file = resources.files("askpapers").joinpath("assets", "irregular_forms.txt")
    lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {form: base for base, *forms in lines for form in forms}


def irregular_base(word: str) -> str | None:
    """The base form of an irregular form in small letters ("give" of "gave"); None for any other word."""
    return _irregular().get(word)


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a lower-case word, without its accents; words with digits stay as they are.

    An irregular form has the stem of its base form: "rose" that of "rise".
    """
    if not word.isascii():
        word = folded(word).casefold()
    return word if any(c.isdigit() for c in word) else str(_stemmer().stemWord(_irregular().get(word, word)))


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as written, with their offsets; hyphens part them."""
    for match in _WORD.finditer(text):
        yield match.group(), match.start(), match.end()


def terms(text: str) -> list[str]:
    """The stemmed search terms of a text in order, with repeats.

    One-character terms such as "R" and "C" stay. A hyphened compound gives its parts and also the joined
    word, so that "fine-tune", "fine tune" and "finetune" meet.
    """
    text = folded(text)
    tokens = text.split()
    found = list(chain.from_iterable(map(_terms_in, tokens)))
    if "-" in text:
        if "- " not in text:  # no compound is parted by a space: most words need not be looked at
            text = " ".join(token for token in tokens if "-" in token)
        hyphened = _ASCII_HYPHENED if text.isascii() else _HYPHENED
        compounds = (_term(first + second) for first, second in hyphened.findall(text))
        found += [term for term in compounds if term is not None]
    return found


@functools.lru_cache(maxsize=100_000)
def _terms_in(token: str) -> tuple[str, ...]:
    """The search terms of what stands between two spaces, without compounds."""
    word = _ASCII_WORD if token.isascii() else _WORD
    return tuple(term for found in word.findall(token) if (term := _term(found)) is not None)


def _term(word: str) -> str | None:
    """The search term of a word as it is written; None for one that is too common."""
    lower = word.casefold().replace(",", "")
    return None if lower in _STOP_WORDS else stem(lower)
