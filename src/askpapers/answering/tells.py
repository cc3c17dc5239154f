"""What a sentence of an abstract tells: what something is, how it works, what came of it."""

from __future__ import annotations

import re

from askpapers.text import plain

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
_RULES = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _TELLS)


def tells(sentence: str) -> str:
    """What a sentence tells: "what", "how" or "result"; "" where no word gives it away."""
    return next((name for name, rule in _RULES if rule.search(plain(sentence))), "")


def introduces(sentence: str) -> bool:
    """Whether a sentence presents something: "We introduce Codex, ...", "Codex is a ..."."""
    return bool(_INTRODUCES.search(plain(sentence)))


_INTRODUCES = re.compile(r"\b(?:introduc\w+|propose[sd]?|present(?:s|ed)?|releas\w+|is an?)\b", re.IGNORECASE)
