"""Finds the acronyms that a text spells out: "reinforcement learning from human feedback (RLHF)".

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text"
(PSB 2003): the letters of the short form must occur in order in the words before it, the first of them at
the beginning of a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from askpapers.text import plain

_BRACKETED = re.compile(r"\(([^()]{2,60})\)")
_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9+-]{1,9}")
_MAX_LONG = 100


def spelled_out(text: str) -> Iterator[tuple[str, str]]:
    """Yield (short form, long form) pairs as written, singular where a plural "s" is added to both."""
    text = plain(text)
    for match in _BRACKETED.finditer(text):
        inside = re.split(r"[;,]", match.group(1))[0].strip().strip("\"'")
        before = text[max(0, match.start() - _MAX_LONG) : match.start()].rstrip()
        if _is_short_form(inside) and (long := _long_form(inside, before)):
            yield _singular(inside, long)


def with_acronyms(text: str, abstract: str) -> str:
    """A text with the acronym in the place of each long form that an abstract gives one: "bubble CPAP" is BCPAP."""
    for short, long in spelled_out(abstract):
        text = re.sub(rf"\b{re.escape(long)}(s?)\b", rf"{short}\1", text, flags=re.IGNORECASE)
    return text


def _is_short_form(word: str) -> bool:
    return bool(_SHORT.fullmatch(word)) and sum(c.isupper() for c in word) >= 2


def _long_form(short: str, before: str) -> str | None:
    before = re.split(r"[.;:!?]\s", before)[-1]
    letters = [c.lower() for c in short if c.isalnum()]
    if len(letters) > 2 and short[-1] == "s" and short[-2].isupper():
        letters.pop()  # the plural's s
    position = len(before) - 1
    for index in range(len(letters) - 1, -1, -1):
        while position >= 0 and (
            before[position].lower() != letters[index]
            or (index == 0 and position > 0 and before[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    long = before[position + 1 :].strip()
    words = re.findall(r"[^\W_]+", long)
    reasonable = len(words) <= min(len(letters) + 5, len(letters) * 2) and len(words) > 1
    return long if reasonable and short.lower() not in long.lower().split() else None


def _singular(short: str, long: str) -> tuple[str, str]:
    if len(short) > 2 and short[-1] == "s" and short[-2].isupper():
        return short[:-1], long[:-1] if long.endswith("s") and not long.endswith("ss") else long
    return short, long
