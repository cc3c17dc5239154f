"""Whether a quote supports a statement: the first, plain check. docs/evaluation.md says how far to trust it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.datatypes import Verdict
from askpapers.text import plain, terms

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_PARTIAL = 0.5
_FULL = 0.9


@dataclass(frozen=True, slots=True)
class Support:
    """A verdict and how much of the statement the source says, from 0.0 to 1.0."""

    verdict: Verdict
    score: float


def check_support(statement: str, source: str) -> Support:
    """Check a statement against the text that it cites.

    A statement that stands in the source word for word is supported. Otherwise the share of its terms that
    the source has decides, and a number that the source does not have is never supported. This does not see
    a dropped negation or a swapped role.
    """
    claim, text = _comparable(statement), _comparable(source)
    if claim and claim in text:
        return Support(Verdict.SUPPORTED, 1.0)
    wanted, there = set(terms(statement)), set(terms(source))
    share = len(wanted & there) / len(wanted) if wanted else 0.0
    numbers_there = set(_NUMBER.findall(plain(source)))
    if any(number not in numbers_there for number in _NUMBER.findall(plain(statement))):
        share = min(share, _FULL - 0.01)
    if share >= _FULL:
        return Support(Verdict.SUPPORTED, share)
    return Support(Verdict.PARTIAL if share >= _PARTIAL else Verdict.UNSUPPORTED, share)


def _comparable(text: str) -> str:
    return plain(text).casefold().rstrip(".!? ")
