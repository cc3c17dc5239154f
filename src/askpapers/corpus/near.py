"""Finds texts that are nearly the same among many, in time in proportion to their number.

The method is min-wise hashing (Broder 1997): of all runs of three words of a text, the `_KEPT` with the smallest hashes
stand for it. Texts that share most runs share some of these, whatever else is in the corpus.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import groupby
from zlib import crc32

_KEPT = 12  # hashes: 96 bytes for a text
_SHARED = 2  # of them, from which two texts are compared
_WINDOW = 8  # texts of a block that one is compared with: a block of boilerplate has thousands
_BITS = 32
_MASK = (1 << _BITS) - 1
_FACTORS = 0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D  # odd: no bit is lost
_LETTERS = bytes(c if bytes([c]).isalnum() or c > 127 else 32 for c in range(256))


class Sketches:
    """What is remembered of each text to find those that are nearly the same."""

    def __init__(self) -> None:
        """Begin with no text."""
        self._entries = array("Q")  # a hash and the number of its text
        self._count = 0

    def add(self, sketch: Sequence[int]) -> None:
        """Add a text, given by what `sketch_of` makes of it."""
        self._entries.extend(number << _BITS | self._count for number in sketch)
        self._count += 1

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs of texts that may be nearly the same, by the order in which they were added."""
        shared = array("Q")  # a pair of numbers for each hash that they share
        for _, block in groupby(sorted(self._entries), key=lambda entry: entry >> _BITS):
            numbers = [entry & _MASK for entry in block]
            shared.extend(first << _BITS | other for first, other in neighbours(numbers))
        for pair, times in groupby(sorted(shared)):
            if sum(1 for _ in times) >= _SHARED:
                yield pair >> _BITS, pair & _MASK


def neighbours(block: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of a block: all of a small one, of a large one each with the next few."""
    for place, first in enumerate(block):
        yield from ((first, other) for other in block[place + 1 : place + 1 + _WINDOW])


def sketch_of(text: str) -> array[int]:
    """What stands for a text: the smallest hashes of its runs of words."""
    one, other, third = _FACTORS
    words = list(map(crc32, text.casefold().encode("utf-8", "replace").translate(_LETTERS).split()))
    runs = zip(words, words[1:], words[2:], strict=False)
    return array("I", sorted({(a * one + b * other + c * third) & _MASK for a, b, c in runs})[:_KEPT])
