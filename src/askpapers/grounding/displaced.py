"""Numbers that a statement gives for something else than its source does. Pure functions."""

from __future__ import annotations

import re

from askpapers.grounding.numbers import Number, comparable, numbers, same_value
from askpapers.text import terms

_CLEAR = 3
_MOST = 50  # numbers: what has more is a table
_FAR = 1_000  # characters
_WITH_UNIT = re.compile(r"\s?[^\s,]{0,12},\s")
_OPENING = 5  # words before the number of an opening phrase
_RATES = ("%", "times")


def displaced_numbers(statement: str, source: str) -> tuple[str, ...]:
    """The numbers of a statement that stand in the source beside other words, where another number stands.

    "52 summaries" of a source with "52 videos" and "25 summaries". Only clear cases: both are rates or neither is, and
    the other shares three more of the words around it than the number's own place.
    """
    mine, there = _in_their_places(statement), _in_their_places(source)
    told = {number.value for number, _ in mine}
    displaced = []
    for number, around in mine:
        own = [(o, beside) for o, beside in there if same_value(number, o)]
        rates = [n for n in (number, *(o for o, _ in own)) if n.unit in _RATES]
        others = [beside for n, beside in there if n.value not in told and (n.unit in _RATES) == bool(rates)]
        best = max((len(around & beside) for _, beside in own), default=0)
        if own and any(len(around & beside) >= best + _CLEAR for beside in others):
            displaced.append(number.shown)
    return tuple(displaced)


def _in_their_places(text: str) -> list[tuple[Number, set[str]]]:
    """The numbers of a text, each with the stems on both sides, as far as the next number or the sentence goes."""
    found = sorted(numbers(text), key=lambda n: n.start)[:_MOST]
    text = comparable(text)
    places = []
    for number, before, after in zip(found, (None, *found), (*found[1:], None), strict=False):
        left = text[before.end if before else 0 : number.start]
        right = text[number.end : after.start if after else number.end + _FAR]
        left = re.split(r"[.;:]\s|, (?:and|while|whereas|but) | and ", left[-_FAR:])[-1].lstrip()
        # Behind the opening phrase of a sentence ("At C = 0.35%, bacteria form rings") stands what the number is of.
        opens = _WITH_UNIT.match(right) and left[:1].isupper() and len(left.split()) <= _OPENING
        parting = r"[.;:]\s" if opens else r"[.;:]\s|, | and | while | whereas | but "
        right = re.split(parting, right[:_FAR])[0]
        places.append((number, set(terms(left)) | set(terms(right))))
    return places
