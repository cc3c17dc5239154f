"""Counts that a question gives: "the two things", where it asks "which two things". No source has to say them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from askpapers.grounding.numbers import Number, comparable, numbers
from askpapers.text import terms

_MOST = 100
_BEHIND = re.compile(r"\W{0,3}(\w{1,40}(?:\W\w{1,40})?)")


def without_given_counts(text: str, question: str, sources: Iterable[str]) -> str:
    """A statement without the counts that the question gives of the same things.

    A count stays where a source counts these things: it is right or wrong by that.
    """
    asked = [(number, things) for number, things in _counts(question) if 1 < number.value <= _MOST]
    if not asked:
        return text
    of_sources = [count for source in sources for count in _counts(source)]
    for number, things in _counts(text):
        shown = comparable(text)[number.start : number.end].strip()
        given = any(number.value == other.value and things & others for other, others in asked)
        if given and not any(things & others for _, others in of_sources):
            text = re.sub(rf"(?<!\w){re.escape(shown)} (?=\w)", "", text, count=1)
    return text


def _counts(text: str) -> list[tuple[Number, set[str]]]:
    """The whole numbers of a text, each with the stems of the two words behind it."""
    text = comparable(text)
    found = [(number, _BEHIND.match(text, number.end)) for number in numbers(text) if number.value.denominator == 1]
    return [(number, set(terms(behind[1]))) for number, behind in found if behind]
