"""What a survey's topic wants, what it wants together, and what it does not want."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT = re.compile(
    r"(?:^|[\s,])(?:but |and |that |which |who )?(?:(?:do(?:es)?|did|are|is|was|were|have|has|can)(?: not|n['’]t)"
    r"|without|except(?: for| those on)?|excluding|other than|not (?:on|about|using)|never)\s+"
    r"|(?:,| but| and) not\s+",
    re.IGNORECASE,
)
_AND = re.compile(r",? (?:and(?: also)?|as well as|together with|combined with) ", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_BOTH = re.compile(r"\bboth\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """A topic taken apart. `sides` are the parts of an "A and B", each of which a paper must say."""

    wanted: str
    sides: tuple[str, ...] = ()
    unwanted: str = ""


def read_scope(topic: str) -> Scope:
    """Take a topic apart: "diffusion and audio", "diffusion but not images", "do not use RLHF"."""
    negation = _NOT.search(topic)
    wanted, unwanted = (topic[: negation.start()], topic[negation.end() :]) if negation else (topic, "")
    wanted = _BOTH.sub("", wanted).strip(" ,")
    sides = tuple(side.strip() for side in _AND.split(wanted)) if not _OR.search(wanted) else ()
    return Scope(wanted, sides if len(sides) > 1 and all(sides) else (), unwanted.strip(" ,"))
