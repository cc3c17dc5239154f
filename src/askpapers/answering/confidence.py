"""How sure a survey is of a paper, in a word."""

from __future__ import annotations

from collections.abc import Iterable

_WORDS = ((0.95, "sure"), (0.75, "likely"), (0.45, "unsure"))
"""The chances from which each word is used; below them it is doubtful. On the surveys of the development suites 75 of
75 papers that are "sure" are right, 11 of 13 "likely" ones, 7 of 13 "unsure" ones and 8 of 57 "doubtful" ones; those
that may be named either way are not counted."""
DOUBTFUL = "doubtful"
"""The word for the smallest chances."""


def confidence_word(confidence: float) -> str:
    """The word for a chance: sure, likely, unsure or doubtful."""
    return next((word for bound, word in _WORDS if confidence >= bound), DOUBTFUL)


def confidence_note(confidences: Iterable[float | None]) -> str:
    """What the words of these chances mean, on a line; "" where there are none."""
    used = {confidence_word(chance) for chance in confidences if chance is not None}
    told = [f"{word} from {bound:.0%}" for bound, word in _WORDS if word in used]
    told += [f"{DOUBTFUL} below {_WORDS[-1][0]:.0%}"] if DOUBTFUL in used else []
    return f"How likely a paper is what is asked for: {', '.join(told)}." if told else ""
