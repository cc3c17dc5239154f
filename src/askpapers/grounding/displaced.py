"""Numbers that a statement gives for something else than its source does. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.grounding.numbers import Number, comparable, numbers, same_value
from askpapers.text import terms

_CLEAR = 3
_RATES = ("%", "times")


def displaced_numbers(statement: str, source: str) -> tuple[str, ...]:
    """The numbers of a statement that stand in the source beside other words, where another number stands.

    "52 summaries" of a source with "52 videos" and "25 summaries". Only clear cases: both are rates or neither is, and
    the other shares three more of the words around it than the number's own place.
    """
    mine, there = numbers(statement), numbers(source)
    told = {number.value for number in mine}
    displaced = []
    for number in mine:
        around = _around(statement, mine, number)
        own = [o for o in there if same_value(number, o)]
        rates = [n for n in (number, *own) if n.unit in _RATES]
        others = [n for n in there if n.value not in told and (n.unit in _RATES) == bool(rates)]
        best = max((len(around & _around(source, there, o)) for o in own), default=0)
        if own and any(len(around & _around(source, there, o)) >= best + _CLEAR for o in others):
            displaced.append(number.shown)
    return tuple(displaced)


def _around(text: str, all_numbers: Sequence[Number], number: Number) -> set[str]:
    """The stems on both sides of a number, as far as the next number or the end of the sentence."""
    text = comparable(text)
    before = max((n.end for n in all_numbers if n.end <= number.start), default=0)
    after = min((n.start for n in all_numbers if n.start >= number.end), default=len(text))
    left = re.split(r"[.;:]\s|, (?:and|while|whereas|but) | and ", text[before : number.start])[-1]
    right = re.split(r"[.;:]\s|, | and | while | whereas | but ", text[number.end : after])[0]
    return set(terms(left)) | set(terms(right))
