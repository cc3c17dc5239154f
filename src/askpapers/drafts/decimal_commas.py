"""Numbers as most of Europe writes them: 28,8 % and 680.000 hours. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COMMA = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:\.\d{3})+|\d+),(?:\d{1,2}|\d{4,})(?![\d,]|\.\d)")
_POINT = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)\.(?:\d{1,2}|\d{4,})(?![\d.]|,\d)")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.]|,\d{3})")


def has_decimal_commas(texts: Iterable[str]) -> bool:
    """Whether a draft writes decimals with a comma: more of its numbers have one than have a point."""
    commas = points = 0
    for text in texts:
        commas += len(_COMMA.findall(text))
        points += len(_POINT.findall(text))
    return commas > points


def with_decimal_points(text: str) -> str:
    """The text with 28.8 for 28,8 and 680,000 for 680.000."""
    text = _THOUSANDS.sub(lambda match: match.group().replace(".", ","), text)
    return re.sub(
        r"(?<![\d.,])(\d+(?:,\d{3})*),(\d{1,2}|\d{4,})(?![\d,]|\.\d)", lambda match: f"{match[1]}.{match[2]}", text
    )
