"""The words of a statement that its source says nowhere. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from askpapers.answering.commonness import rarity
from askpapers.answering.question import says_little
from askpapers.text import terms, words


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A run of words that the source does not say, with the small words before it: "of cats"."""

    text: str
    start: int  # of its first word that is not small, in the statement
    rarity: float  # of its rarest word, see `rarity`
    without: str  # the statement without it


def unsaid(statement: str, source: str) -> Iterator[Unsaid]:
    """The runs of words of a statement that stand nowhere in the source, by their stems.

    Figures are left to the check of numbers, and words that any text could have ("authors", "show") say nothing.
    """
    there = set(terms(source))
    found = list(words(statement))
    is_unsaid = [_is_unsaid(word, there) for word, _, _ in found]
    is_small = [not terms(word) for word, _, _ in found]
    at = 0
    while at < len(found):
        if not is_unsaid[at]:
            at += 1
            continue
        first = last = at
        while last + 1 < len(found) and is_unsaid[last + 1]:
            last += 1
        while first and is_small[first - 1]:
            first -= 1
        start, end = found[first][1], found[last][2]
        rarest = max(rarity(word) for word, _, _ in found[at : last + 1])
        if last or statement[end : end + 1] != ",":  # "Specifically, ..."
            yield Unsaid(statement[start:end], found[at][1], rarest, statement[:start] + statement[end:])
        at = last + 1


def _is_unsaid(word: str, there: set[str]) -> bool:
    found = terms(word)
    return bool(found) and not any(
        term in there or says_little(term) or any(character.isdigit() for character in term) for term in found
    )
