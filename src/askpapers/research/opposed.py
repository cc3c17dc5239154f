"""Whether two sentences say opposite things, as far as exact checks see it, and in what else they differ. Pure."""

from __future__ import annotations

import re

from askpapers.grounding.polarity import FUNCTION_WORDS, is_negative, read_words, signs
from askpapers.grounding.support import find_faults
from askpapers.text import stem, terms, words

_NO_EFFECT = re.compile(
    r"\bno (?:\w+ ){0,2}"
    r"(?:effects?|impact|influence|associations?|differences?|relation(?:ship)?s?|correlations?|changes?|benefits?)\b"
    r"|\b(?:unchanged|unaffected|unrelated)\b|\b(?:in spite of|despite|regardless of|irrespective of)\b"
    r"|\bnot (?:\w+ly )?(?:affect|influence|change|alter|associated|related|correlated)\b",
    re.IGNORECASE,
)


def is_opposed(text: str, other: str) -> bool:
    """Whether the exact checks see that a text says the opposite of another, or that one of them sees no effect."""
    nothing = [bool(_NO_EFFECT.search(each)) for each in (text, other)]
    effect = other if nothing[0] else text
    is_null = nothing[0] != nothing[1] and bool(signs(read_words(effect)))
    return is_null or find_faults(text, other).contradict


def are_swapped(text: str, other: str) -> bool:
    """Whether two sentences compare the same sides the other way round, in the same words."""
    both = ((text, other), (other, text))
    return not any(only_in(*pair) for pair in both) and all(find_faults(*pair).roles for pair in both)


def are_of_other_conditions(text: str, other: str) -> bool:
    """Whether one sentence is of a condition whose opposite the other is of: "at high sparsity", "at low sparsity"."""
    mine, theirs = _conditions(text), _conditions(other)
    return any((noun, axis, -end) in theirs and (noun, axis, end) not in theirs for noun, axis, end in mine)


def _conditions(text: str) -> set[tuple[str, int, int]]:
    """Of each phrase behind a preposition its noun, and the axis and end of a word of direction right before it."""
    found = list(words(text))
    conditions = set()
    for (before, *_), (degree, *_), (noun, *_) in zip(found, found[1:], found[2:], strict=False):
        if before.casefold() in _OF_CONDITIONS and noun.casefold() not in FUNCTION_WORDS:
            conditions |= {(stem(noun.casefold()), axis, end) for axis, end in signs(read_words(degree))}
    return conditions


_OF_CONDITIONS = frozenset("at with under in for during on among of after before from when".split())


def only_in(text: str, other: str) -> str:
    """The words of a text that another has not, without negations and words of direction."""
    there = set(terms(other))
    kept = [
        word.text
        for word in read_words(text)
        if word.stem not in there and not word.negates and not is_negative(word.stem) and not signs((word,))
    ]
    return " ".join(word for word in kept if not word[0].isdigit())
