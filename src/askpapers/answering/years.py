"""The years that a question is limited to. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int | None) -> bool:
        if self.first is None and self.last is None:
            return True
        return year is not None and (self.first or year) <= year <= (self.last or year)


_YEAR = r"((?:19|20)\d\d)"
_YEAR_RULES: tuple[tuple[str, str], ...] = (
    (rf"\b(?:between|from) {_YEAR} (?:and|to|until|till|-) {_YEAR}\b", "between"),
    (rf"\b{_YEAR}\s?[-–]\s?{_YEAR}\b", "between"),
    (rf"\b(?:since|starting (?:in|from)) {_YEAR}\b", "since"),
    (rf"\bfrom {_YEAR} on(?:wards?\b|(?=[?.,]|$))", "since"),
    (
        rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:later|after|newer)\b"
        rf"|\bnot? (?:(?:earlier|older) than|before) {_YEAR}\b",
        "since",
    ),
    (
        rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:earlier|before|older)\b"
        rf"|\bnot? (?:(?:later|newer) than|after) {_YEAR}\b",
        "until",
    ),
    (rf"\b(?:published )?(?:after|later than|newer than) {_YEAR}\b", "after"),
    (rf"\b(?:published )?(?:before|earlier than|older than|prior to) {_YEAR}\b", "before"),
    (rf"\b(?:until|up to|till) {_YEAR}\b", "until"),
    (rf"\b(?:published )?(?:in|from|of|during) {_YEAR}\b|^{_YEAR} (?=papers?|works?)", "in"),
)


def read_years(question: str) -> tuple[Years, str]:
    """The years that a question asks for, and the question without them."""
    for pattern, kind in _YEAR_RULES:
        match = re.search(pattern, question, re.IGNORECASE)
        numbers = [int(g) for g in match.groups() if g] if match else []
        if match and numbers:
            rest = " ".join((question[: match.start()] + " " + question[match.end() :]).split())
            return _years(kind, numbers), rest
    return Years(), question


def _years(kind: str, numbers: list[int]) -> Years:
    match kind:
        case "between":
            return Years(min(numbers), max(numbers))
        case "since":
            return Years(first=numbers[0])
        case "after":
            return Years(first=numbers[0] + 1)
        case "before":
            return Years(last=numbers[0] - 1)
        case "until":
            return Years(last=numbers[0])
        case _:
            return Years(numbers[0], numbers[0])
