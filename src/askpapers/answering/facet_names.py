"""The names of authors, venues and tags in a question: where one ends, and whether the corpus has it."""

from __future__ import annotations

import re
from functools import reduce
from itertools import takewhile

from askpapers.answering.question_words import AUX, WH
from askpapers.datatypes import NO_FILTER, Filter
from askpapers.index.facets import Facet
from askpapers.index.generation import Index
from askpapers.text import terms

_LONGEST = 8  # words of a name
_STOP = re.compile(
    rf"(?:{WH}|{AUX}|about|on|of|since|before|after|until|from|during|published|written|that|with|without|tagged|using"
    r"|here|there|in|at|for|to|by|between|not|but|except|per|each|please|i|we|you"
    r"|(?:the )?(?:years?|venues?|journals?|authors?|dates?|topics?|tags?|categor(?:y|ies)|titles?|subjects?|relevance|people|others))",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\s,;:?!()\"]+")
_JOINS = ("and", "or", "&")
_INITIAL = re.compile(r"\b\w\.$")
_JOIN = re.compile(r"\s*(?:,\s*(?:and|or)\b|,|\band\b|\bor\b|&)\s*", re.IGNORECASE)


def name_end(question: str, start: int, kind: Facet, index: Index, *, exact: bool = False) -> int | None:
    """Where the longest name ends that begins here and that a paper has; names may be joined by "and" or "or"."""
    known = is_exactly if exact else is_known
    if question[start] == '"' and (close := question.find('"', start + 1)) > 0:
        return close + 1 if known(kind, question[start + 1 : close], index) else None
    found = takewhile(
        lambda word: kind is not Facet.AUTHOR or word.group().casefold() in _JOINS or not _is_small(word.group()),
        WORD.finditer(question, start),
    )
    ends = [word.end() for word in found][:_LONGEST]
    for end in reversed(ends):
        name = question[start:end].rstrip(",'")
        name = name if _INITIAL.search(name) else name.rstrip(".")
        if all(known(kind, part, index) for part in _split(name, kind)):
            return start + len(name)
    return None


def _is_small(word: str) -> bool:
    """Whether a word goes on with the question, and is no part of a person's name."""
    return word.islower() and bool(_STOP.fullmatch(word))


def unknown_name_end(question: str, start: int, index: Index) -> int | None:
    """Where a name that no paper has ends: words in capitals, or that the abstracts do not know, up to a small word."""
    if question[start] == '"':
        return question.find('"', start + 1) + 1 or None
    end = None
    for word in WORD.finditer(question, start):
        joins = end is not None and word.group().casefold() in ("and", "or", "&", "van", "von", "de", "der")
        if not joins and (_STOP.fullmatch(word.group()) or not looks_like_name(word.group(), index)):
            break
        end = end if joins else word.end()
        if question[word.end() : word.end() + 1] in "?;:!)":
            break
    return end


def looks_like_name(text: str, index: Index) -> bool:
    """Whether words are a name that no paper has: in capitals, or unknown to the abstracts."""
    parts = text.split()
    return (
        bool(parts)
        and not any(map(str.isdigit, text))
        and all(
            part[0].isupper()
            or (part.isalpha() and not any(term in index.words for term in terms(part)) and terms(part))
            for part in parts
        )
    )


def _split(names: str, kind: Facet) -> list[str]:
    parts = [part for part in _JOIN.split(names) if part]
    initials = kind is Facet.AUTHOR and len(parts) == 2 and "," in names and len(parts[1].replace(".", "")) <= 2
    return [names] if initials else parts or [names]


def filter_of_names(kind: Facet, names: str, index: Index) -> Filter:
    """The papers that have all of these names ("and"), or one of them ("or")."""
    names = names.strip('" ')
    whole = kind is not Facet.AUTHOR and is_known(kind, names, index)  # a tag or venue may have an "and"
    parts = (names,) if whole else tuple(_split(names, kind))
    if "or" in names.split():
        return filter_of(kind, parts)
    return reduce(Filter.both, (filter_of(kind, (part,)) for part in parts), NO_FILTER)


def filter_of(kind: Facet, names: tuple[str, ...]) -> Filter:
    """The papers that have one of these names."""
    match kind:
        case Facet.AUTHOR:
            return Filter(authors=names)
        case Facet.VENUE:
            return Filter(venues=names)
        case _:
            return Filter(tags=names)


def is_known(kind: Facet, name: str, index: Index) -> bool:
    """Whether a paper has this name, or one that it is a part of."""
    return bool(index.papers.facets.find(kind, name))


def is_exactly(kind: Facet, name: str, index: Index) -> bool:
    """Whether it is written as a name, and a paper has exactly this one."""
    return bool(name[:1].isupper() and index.papers.facets.has(kind, name))
