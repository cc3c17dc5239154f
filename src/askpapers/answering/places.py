"""Places in a list of papers: "the second one", "the last paper", "the one from 2018", "the first two". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.answering.question_words import count_of
from askpapers.datatypes import Paper
from askpapers.text import terms

_ORDINALS = {
    **{word: n for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)},
    **{f"{n}{end}": n for n, end in enumerate("st nd rd th th th th th th th".split(), 1)},
    "last": -1,
    "latter": -1,
    "former": 1,
}
_ORDINAL = "|".join(_ORDINALS)
_THING = r"(?:ones?|papers?|stud(?:y|ies)|articles?|works?|models?|methods?|systems?|approach(?:es)?|results?|entry)"
_END = r"(?=\s*(?:[?.!,;:]|$)|['’]s\b|\s(?:is|was|are|were|do|does|did|has|have|say|about|and|with|to)\b)"
_RULES = {
    "places": re.compile(
        rf"\bthe (?P<place>{_ORDINAL})(?: {_THING}\b(?: of (?:them|those|these))?| of (?:them|those|these)|{_END})"
    ),
    "several": re.compile(
        rf"\b(?:the (?P<end>first|last) |the |these |those |all )(?P<count>[2-5]|two|three|four|five)"
        rf"(?: {_THING}\b| of (?:them|those|these)|{_END})"
    ),
    "number": re.compile(r"(?:\b(?:number|no\.|paper|result) ?|#|\[)(?P<number>[1-9])(?!\d|\.\d|%)\]?"),
    "year": re.compile(
        rf"\bthe (?:(?:{_THING}) (?:from|of) (?P<year>(?:19|20)\d\d)|(?P<before>(?:19|20)\d\d) {_THING})\b"
    ),
    "age": re.compile(
        rf"\bthe (?P<age>older|oldest|earlier|earliest|newer|newest|latest|most recent)(?: {_THING}\b|{_END})"
    ),
    "other": re.compile(rf"\bthe other(?: {_THING}\b|{_END})"),
    "named": re.compile(r"\bthe (?P<word>[\w-]+) one\b"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question names papers of a list, and which these are; none where the list is too short."""

    start: int
    end: int
    papers: tuple[Paper, ...]


def find_place(question: str, listed: Sequence[Paper], current: Sequence[str]) -> Place | None:
    """The first place of a list that a question names. `current` are the ids of the papers that were talked of last."""
    for kind, rule in _RULES.items():
        if match := rule.search(question.casefold()):
            chosen = _chosen(kind, match, listed, current)
            if kind != "named" or chosen:  # "the wrong one" is no paper
                return Place(match.start(), match.end(), chosen)
    return None


def _chosen(kind: str, match: re.Match[str], listed: Sequence[Paper], current: Sequence[str]) -> tuple[Paper, ...]:
    match kind:
        case "places":
            return _at(_ORDINALS[match["place"]], listed)
        case "number":
            return _at(int(match["number"]), listed)
        case "several":
            count = count_of(match["count"]) or 0
            several = listed[-count:] if match["end"] == "last" else listed[:count]
            return tuple(several) if len(listed) >= count else ()
        case "year":
            return _only([paper for paper in listed if str(paper.year) == (match["year"] or match["before"])])
        case "age":
            dated = sorted((paper for paper in listed if paper.year), key=lambda paper: paper.year or 0)
            return tuple(dated[:1] if match["age"].startswith(("old", "earl")) else dated[-1:])
        case "other":
            return _only([paper for paper in listed if paper.id not in current])
        case _:
            wanted = set(terms(match["word"]))
            return _only([p for p in listed if wanted and wanted <= set(terms(f"{p.title} {p.abstract}"))])


def _at(place: int, listed: Sequence[Paper]) -> tuple[Paper, ...]:
    inside = 0 < abs(place) <= len(listed)
    return (listed[place - (place > 0)],) if inside else ()


def _only(found: Sequence[Paper]) -> tuple[Paper, ...]:
    return tuple(found) if len(found) == 1 else ()
