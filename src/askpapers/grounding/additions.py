"""The words of a statement that its source says nowhere, and what it counts where the source counts something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askpapers.answering.commonness import rarity
from askpapers.answering.question_words import says_little
from askpapers.grounding.copied import Edit
from askpapers.grounding.numbers import has_unit
from askpapers.grounding.units import MEASURED
from askpapers.text import terms, words


@dataclass(frozen=True, slots=True)
class Addition:
    """A run of words that the source does not say, with the small words before it: "of cats"."""

    text: str
    start: int  # of its first word that is not small, in the statement
    rarity: float  # of its rarest word, see `rarity`
    without: str  # the statement without it


def additions(statement: str, source: str) -> Iterator[Addition]:
    """The runs of words of a statement that stand nowhere in the source, by their stems.

    Figures and their units are left to the check of numbers; words that any text could have ("authors") say nothing.
    """
    there = set(terms(source))
    found = list(words(statement))
    is_added = [_is_added(word, there) for word, _, _ in found]
    is_small = [not terms(word) for word, _, _ in found]
    at = 0
    while at < len(found):
        if not is_added[at]:
            at += 1
            continue
        first = last = at
        while last + 1 < len(found) and is_added[last + 1]:
            last += 1
        while first and is_small[first - 1]:
            first -= 1
        start, end = found[first][1], found[last][2]
        rarest = max(rarity(word) for word, _, _ in found[at : last + 1])
        if last or statement[end : end + 1] != ",":  # "Specifically, ..."
            yield Addition(statement[start:end], found[at][1], rarest, statement[:start] + statement[end:])
        at = last + 1


def recounted(found: Sequence[Edit], statement: str) -> tuple[str, ...]:
    """What a number counts where it counted something else, units aside: "5 rats" in the place of "5 mice"."""
    return tuple(
        f"{number[1]} {edit.mine}"
        for edit in found
        if edit.mine.isalpha() and edit.theirs.isalpha() and _can_be_counted(edit.mine)
        if (number := _NUMBER_BEFORE.search(statement[max(0, edit.start - 20) : edit.start]))
    )


def miscounted(statement: str, source: str) -> Iterator[str]:
    """What a number counts where the source has the number for something else, and the word nowhere.

    "The vectors have 7 dimensions" of a source with "over 7 tasks".
    """
    there = set(terms(source))
    counted = {number.replace(",", "") for number, word in _COUNT.findall(source) if _is_counted(word)}
    for number, word in _COUNT.findall(statement):
        is_noun = word.endswith("s") and _can_be_counted(word)  # not "1,300 altogether", "9 per cent"
        if is_noun and number.replace(",", "") in counted and there.isdisjoint(terms(word)):
            yield f"{number} {word}"


def _is_counted(word: str) -> bool:
    return bool(terms(word)) and word not in MEASURED


def _can_be_counted(word: str) -> bool:
    found = terms(word)
    return bool(found) and not any(map(says_little, found)) and not has_unit(f"5 {word}")


def _is_added(word: str, there: set[str]) -> bool:
    found = terms(word)
    return (
        bool(found)
        and word.casefold() not in MEASURED
        and not any(
            term in there or says_little(term) or any(character.isdigit() for character in term) for term in found
        )
    )


_COUNT = re.compile(r"(?<![\w.,$€£-])(\d{1,9}(?:,\d{3}){0,3})[ ]([a-z]{3,30})\b")
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(\d[\d,.]*)\s$")
