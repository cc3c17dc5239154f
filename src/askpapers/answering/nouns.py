"""The nouns of a question: what it counts, and what kind of thing it asks for. Pure."""

from __future__ import annotations

import re

from askpapers.answering.question_words import AUX

_COUNTED = re.compile(
    rf"\b(?:how many|number of|amount of|how much|(?:what|which)(?:\s+{AUX}\s+(?:the|its|their))?)\s+"
    r"(?P<noun>(?:[\w'-]+\s+){0,4}?[\w'-]+?)\s*"
    r"(?:\b(?:of|do|does|did|is|are|was|were|has|have|had|can|could|will|would|in|on|for|per|used|to|there|at|the)\b|\?|$)",
    re.IGNORECASE,
)
_AUX = re.compile(AUX, re.IGNORECASE)
_ANY_FIGURE = frozenset(
    "fraction portion part percentage percent share proportion times factor number size much many value amount margin"
    " do accuracy score bigger larger smaller faster slower better worse more less fewer cheaper longer is".split()
)
_SHARE = re.compile(
    r"\b(?:accuracy|fraction|percentage|percent|share|proportion"
    r"|(?:success|win|pass|failure|preference|acceptance|error) rate)\b",
    re.IGNORECASE,
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
    """What a quantity question counts ("how many hours of audio": hours); None where any figure will do.

    Of "what is the context length of X" it is the length.
    """
    noun, is_verb = _asked_of_figure(question)
    return None if is_verb else noun


def measuring_verb(question: str) -> str | None:
    """The verb that a quantity question measures ("how much does X cost": cost); None where it has none."""
    verb, is_verb = _asked_of_figure(question)
    return verb if is_verb else None


def _asked_of_figure(question: str) -> tuple[str | None, bool]:
    """The noun or verb behind "how much" and the like, and whether it is a verb: an auxiliary stands before it."""
    match = _COUNTED.search(question)
    first, *rest = match.group("noun").casefold().split() if match else [""]
    word = rest[-1] if rest else first
    is_any = not word or word in _ANY_FIGURE
    return None if is_any else word, bool(rest) and bool(_AUX.fullmatch(first))


def asked_noun(question: str) -> str | None:
    """The kind of thing that is asked for ("what hardware were they trained on": hardware), where it is named."""
    match = _ASKED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun in _ANY_THING or noun in _ANY_FIGURE else noun
