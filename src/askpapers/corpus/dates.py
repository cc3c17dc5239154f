"""Reads dates in the ways in which records write them, as exactly as they are known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_FIRST_YEAR, _LAST_YEAR = 1500, 2099
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ISO = re.compile(r"\D{0,3}(\d{4})(?:[-/.](\d{1,2})(?!\d)(?:[-/.](\d{1,2})(?!\d))?)?(?![\d-])")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?[-–]\s?\d{1,2})?"
_WITH_NAME = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_DAY}[\s.-]+{_MONTH},?[\s-]+(?P<year>\d{{4}})\b",  # 12 June 1998
        rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b",  # June 12, 1998
        rf"\b(?P<year>\d{{4}})[\s-]+{_MONTH}[\s-]+{_DAY}\b",  # 1998 Jun 12
        rf"\b(?P<year>\d{{4}})[\s-]+{_MONTH}(?![a-z])",  # 1998 Jun, 1998 May-Jun
        rf"\b{_MONTH}(?:\s*[-–/]\s*[a-z]+\.?)?,?[\s-]+(?P<year>\d{{4}})\b",  # June 1998, May-June 1998
    )
)
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_PARTS = ("dateparts", "raw", "literal", "value", "date", "datetime", "content", "text")


def read_date(value: Any) -> str:
    """A date as 2021, 2021-03 or 2021-03-05; "" where there is none.

    `value` is text in any usual form, a year, seconds or milliseconds since 1970, or an object or list as JSON has them
    ({"date-parts": [[2021, 3]]}, {"year": 2021, "month": "Mar"}). Of a range it is the beginning.
    """
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return _of_number(value)
    if isinstance(value, str):
        return _of_text(value)
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], int | str) and len(value) <= 3:
            return _exact(*value) or _of_text(str(value[0]))
        return next(filter(None, map(read_date, value)), "")
    if isinstance(value, Mapping):
        fields = {re.sub(r"[\W_]", "", str(name)).casefold(): inner for name, inner in value.items()}
        if fields.get("year"):
            return _exact(fields["year"], fields.get("month"), fields.get("day"))
        return next(filter(None, (read_date(fields.get(name)) for name in _PARTS)), "")
    return ""


def year_of(date: str) -> int | None:
    """The year of a date that `read_date` gave."""
    return int(date[:4]) if date else None


def _of_number(value: float) -> str:
    if _FIRST_YEAR <= value <= _LAST_YEAR:
        return str(int(value))
    if 15_000_000 < value < 21_000_000:
        return _of_text(str(int(value)))
    seconds = value / 1000 if abs(value) > 1e11 else value
    if 0 < seconds < 4e9 and value > 1e8:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    return ""


def _of_text(text: str) -> str:
    text = text.strip()[:200]
    if match := _COMPACT.fullmatch(text):
        return _exact(*match.groups())
    iso = _ISO.match(text)
    if iso and (iso[2] or iso.end() == len(text)) and (date := _exact(*iso.groups())):
        return date
    for pattern in _WITH_NAME:
        if match := pattern.search(text):
            fields = match.groupdict()
            if date := _exact(fields["year"], fields["month"], fields.get("day")):
                return date
    match = _YEAR.search(text)
    return match[1] if match else ""


def _exact(year: Any, month: Any = None, day: Any = None) -> str:
    """The date of its parts, without those that cannot be."""
    numbers = [_number(part) for part in (year, month, day)]
    if not _FIRST_YEAR <= numbers[0] <= _LAST_YEAR:
        return ""
    try:
        datetime(numbers[0], numbers[1] or 1, numbers[2] or 1)
    except ValueError:
        numbers[2] = 0
        numbers[1] = numbers[1] if 1 <= numbers[1] <= 12 else 0
    if not numbers[1]:
        return f"{numbers[0]:04}"
    return f"{numbers[0]:04}-{numbers[1]:02}" + (f"-{numbers[2]:02}" if numbers[2] else "")


def _number(part: Any) -> int:
    if isinstance(part, int):
        return part
    text = str(part or "").strip()
    return int(text) if text.isdecimal() and text.isascii() else _MONTHS.get(text[:3].lower(), 0)
