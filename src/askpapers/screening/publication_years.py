"""The years of publication that a criterion asks for, in words, signs and several bounds. Pure."""

from __future__ import annotations

import re

from askpapers.answering.years import Years, read_years

_COMPARED = (
    (re.compile(r"(?:>=|≥)\s*(?=(?:19|20)\d\d\b)"), "since "),
    (re.compile(r"(?:<=|≤)\s*(?=(?:19|20)\d\d\b)"), "until "),
    (re.compile(r">\s*(?=(?:19|20)\d\d\b)"), "after "),
    (re.compile(r"<\s*(?=(?:19|20)\d\d\b)"), "before "),
    (re.compile(r"\b((?:19|20)\d\d)\s*(?:\+|onwards?\b|[-–]\s*(?:present|now|today)\b)"), r"since \1"),
    (re.compile(r"\b(?:in or after|on or after|from) (?=(?:19|20)\d\d$)"), "since "),
    (re.compile(r"\b(?:in or before|on or before) (?=(?:19|20)\d\d\b)"), "until "),
    (re.compile(r"^(?:the )?(?:last|final) year (?=(?:19|20)\d\d)"), "until "),
)
_ANOTHER_BOUND = re.compile(
    r"(?:[,;]|(?:,|\b) ?(?:and|but)) (?=(?:published )?(?:after|before|since|until|not? (?:later|earlier|before|after)|up to|prior to)\b)"
)
_ONE_YEAR = re.compile(r"^[\s=]*((?:19|20)\d\d)\s*$")


def years_in(text: str) -> tuple[Years, str]:
    """The years that all bounds in a criterion leave, and the text without them."""
    if match := _ONE_YEAR.match(text):
        return Years(int(match[1]), int(match[1])), ""
    for pattern, words in _COMPARED:
        text = pattern.sub(words, text)
    years, rest = Years(), list[str]()
    for part in _ANOTHER_BOUND.split(text):  # "after 2015 and before 2024"
        found, undated = read_years(part)
        first = max((year for year in (years.first, found.first) if year), default=None)
        last = min((year for year in (years.last, found.last) if year), default=None)
        years, rest = Years(first, last), [*rest, undated]
    return years, " and ".join(rest)
