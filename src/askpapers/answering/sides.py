"""Takes a comparison apart: what is compared, and in what respect."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.answering.question_words import AUX


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a comparison, at least two, as the question names them, and the respect (may be empty)."""

    names: tuple[str, ...]
    respect: str = ""


_VERB = r"(?:go(?:es)? about|handle|handles|use|uses|treat|treats|approach|approaches|deal with|deals with|do|does|train|define|is|are|was|were)"
_GRAMMAR = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^compare “(?P<one>[^”]+)” and “(?P<other>[^”]+)”(?P<respect>)$",
        rf"^compare how (?P<one>.+?) and (?P<other>.+?) (?P<respect>{_VERB}\b.*)$",
        rf"\bhow {AUX} (?P<one>.+?) (?:differ(?:ent)? from|compared? (?:to|with)) (?P<other>.+?)"
        r"(?: (?:in terms of|in|on|regarding|when it comes to|with respect to) (?P<respect>.+))?$",
        rf"\bhow {AUX} (?P<one>.+?) and (?P<other>.+?) (?:differ|different|compare)"
        r"(?: (?:in terms of|in|on|regarding|when it comes to|with respect to) (?P<respect>.+))?$",
        r"\b(?:differences?|similarit(?:y|ies)|comparison|contrast)(?: in (?P<respect>.+?))? (?:between|of) (?P<one>.+?)"
        r" (?:and|versus|vs\.?) (?P<other>.+)$",
        r"^(?:compare|contrast) (?:the )?(?P<respect>[\w -]+?) (?:of|in|for) (?P<one>.+?) (?:and|with|to|versus|vs\.?) (?P<other>.+)$",
        r"^(?:compare|contrast) (?P<one>.+?) (?:and|with|to|against|versus|vs\.?) (?P<other>.+?)"
        r"(?:,? (?:in terms of|regarding|with respect to|on|by) (?P<respect>.+))?$",
        r"^(?:(?:how \w+|what|who) (?:is|are|was|were) )?(?P<one>.+?) (?:vs\.?|versus) (?P<other>.+?)(?:,|:| in terms of| regarding| on| and)? ?(?P<respect>[\w-]*wise|\b(?:for|on|in|which|who|what|how) .+)?$",
    )
)


_ARTICLE = re.compile(r"\s*(?:an?|the)\s", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:, | vs\.? | versus )(?:and )?", re.IGNORECASE)


def read_sides(question: str) -> Sides | None:
    """The sides of a comparison; None where the question does not name two."""
    text = re.sub(r"^please |[?.!\s]+$", "", " ".join(question.split()), flags=re.IGNORECASE)
    for rule in _GRAMMAR:
        if match := rule.search(text):
            if "“" in rule.pattern:  # titles are taken as they are
                return Sides((match["one"], match["other"]))
            listed = [part for name in ("one", "other") for part in _BETWEEN.split(match[name])]
            *first, last = map(_without_article, listed)
            if all(first) and last:
                if not any(map(_ARTICLE.match, listed)):
                    first = [_completed(one, last) for one in first]
                return Sides((*first, last), (match.groupdict()["respect"] or "").strip(" ,"))
    return None


def _without_article(side: str) -> str:
    return re.sub(r"^(?:the|how|what|between|a|an)\s+", "", side.strip(" ,"), flags=re.IGNORECASE)


def _completed(one: str, other: str) -> str:
    """Give a side the noun that it shares with the last: "outcome and process supervision"."""
    shared = other.split()
    plain = one.isalpha() and one.islower()
    return f"{one} {shared[1]}" if plain and len(shared) == 2 and shared[0].islower() else one
