"""What a sentence of an abstract is about: its authors' own work, how something works, what came of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.text import plain
from askpapers.text.aims import is_aim

# What a sentence of an abstract tells, by the words that give it away; the first that fits counts.
_TELLS = (
    (
        "result",
        r"\b(?:outperform\w*|achiev\w+|improv\w+|attain\w*|state[- ]of[- ]the[- ]art|prefer\w*|solves?|match(?:es)?"
        r"|we (?:find|found|show|demonstrate|observe)|results?|better|competitive|\d+(?:\.\d+)?\s?%|score[sd]?)\b",
    ),
    (
        "how",
        r"\b(?:train\w*|fine-?tun\w+|us(?:e|es|ing)|collect\w*|optimi[sz]\w+|combin\w+|learn(?:s|ed)?|method|approach|consists?)\b",
    ),
)
_INTRODUCES = re.compile(r"\b(?:introduc\w+|propose[sd]?|present(?:s|ed)?|releas\w+|is an?)\b", re.IGNORECASE)
_OWN = re.compile(r"\b(?:we|our|us|ours|here|this (?:paper|work|article|report|study))\b", re.IGNORECASE)
_RULES = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _TELLS)


def tells(sentence: str) -> str:
    """What a sentence tells: "how" or "result"; "" where no word gives it away."""
    return next((name for name, rule in _RULES if rule.search(plain(sentence))), "")


def introduces(sentence: str) -> bool:
    """Whether a sentence presents something: "We introduce Codex, ...", "Codex is a ..."."""
    return bool(_INTRODUCES.search(plain(sentence)))


def is_own(sentence: str) -> bool:
    """Whether a sentence says that it is about its authors' own work: "we", "this paper"."""
    return bool(_OWN.search(sentence))


def own_work_begins(sentences: Sequence[str], names: Sequence[str] = ()) -> int:
    """The place of the sentence where an abstract comes to its own work: the first with "we", an aim or an own name.

    What stands before tells of others. An abstract that says none of them is all its own.
    """
    return next(
        (
            place
            for place, text in enumerate(sentences)
            if is_own(text) or is_aim(text) or any(name in text for name in names)
        ),
        0,
    )
