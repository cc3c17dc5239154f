"""The nouns of a question: what it counts, and what kind of thing it asks for. Pure."""

from __future__ import annotations

import re

_COUNTED = re.compile(
    r"\b(?:how many|number of|amount of|how much|what|which)\s+(?P<noun>(?:[\w'-]+\s+){0,4}?[\w'-]+?)\s*"
    r"(?:\b(?:of|do|does|did|is|are|was|were|has|have|had|can|could|will|would|in|on|for|per|used|to|there|at|the)\b|\?|$)",
    re.IGNORECASE,
)
_ADJECTIVES = frozenset("bigger larger smaller faster slower better worse more less fewer cheaper longer is".split())
_ANY_FIGURE = frozenset(
    "fraction portion part percentage percent share proportion times factor number size much many value amount margin"
    " do accuracy score".split()
)
_SHARE = re.compile(
    r"\b(?:accuracy|fraction|percentage|percent|share|proportion|(?:success|win|pass|failure) rate)\b", re.IGNORECASE
)
_ANY_THING = frozenset(
    "stages steps domains areas fields aspects ways reasons kind type sort way thing exactly else did does is are was"
    " were paper work report".split()
)
_ASKED = re.compile(
    r"\b(?:what|which)\s+(?P<noun>(?:[\w'-]+\s+){0,3}?[\w'-]+?)\s+"
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|on|of|for|made|helps?|writes?)\b",
    re.IGNORECASE,
)


def asks_for_share(question: str) -> bool:
    """Whether the figure asked for is a part of a whole: a percentage, or a number up to 100."""
    return bool(_SHARE.search(question))


def counted_noun(question: str) -> str | None:
    """What a quantity question counts ("how many hours of audio": hours); None where any figure will do."""
    match = _COUNTED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun is None or noun in _ANY_FIGURE or noun in _ADJECTIVES else noun


def asked_noun(question: str) -> str | None:
    """The kind of thing that is asked for ("what hardware were they trained on": hardware), where it is named."""
    match = _ASKED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun in _ANY_THING or noun in _ANY_FIGURE else noun
