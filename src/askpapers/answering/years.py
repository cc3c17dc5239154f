"""The years that a question is limited to, and whether it asks for the newest or oldest. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from askpapers.answering.question_words import COUNT, WRITINGS, count_of
from askpapers.grounding.units import UNITS

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int | None) -> bool:
        if self.first is None and self.last is None:
            return True
        return year is not None and (self.first or year) <= year <= (self.last or year)


def _between(one: int, other: int) -> Years:
    return Years(min(one, other), max(one, other))


def _until(year: int) -> Years:
    return Years(None, year)


def _in(year: int) -> Years:
    return Years(year, year)


_YEAR = r"((?:19|20)\d\d)"
A_YEAR = re.compile(rf"\b{_YEAR}\b")
"""A year of the last or this century."""
_YEAR_RULES: tuple[tuple[str, Callable[..., Years]], ...] = (
    (rf"\b(?:between|from) {_YEAR} (?:and|to|until|till|-) {_YEAR}\b|\b{_YEAR}\s?[-–]\s?{_YEAR}\b", _between),
    (rf"\b(?:since|starting (?:in|from)) {_YEAR}\b|\bfrom {_YEAR} on(?:wards?\b|(?=[?.,]|$))", Years),
    (
        rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:later|after|newer)\b"
        rf"|\bnot? (?:(?:earlier|older) than|before) {_YEAR}\b",
        Years,
    ),
    (
        rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:earlier|before|older)\b"
        rf"|\bnot? (?:(?:later|newer) than|after) {_YEAR}\b",
        _until,
    ),
    (rf"\b(?:published )?(?:after|later than|newer than) {_YEAR}\b", lambda year: Years(year + 1)),
    (rf"\b(?:published )?(?:before|earlier than|older than|prior to) {_YEAR}\b", lambda year: Years(None, year - 1)),
    (rf"\b(?:until|up to|till) {_YEAR}\b", _until),
    (rf"\b(?:published )?(?:in|from|of|during) {_YEAR}\b|^{_YEAR} (?={WRITINGS})", _in),
)
_NEXT_WORD = re.compile(r"[ -](?P<word>[^\W\d_]+)")


def read_years(question: str) -> tuple[Years, str]:
    """The years that a question asks for, and the question without them."""
    for pattern, meant in _YEAR_RULES:
        for match in re.finditer(pattern, question, re.IGNORECASE):
            before, after = question[: match.start()], question[match.end() :]
            if not _is_no_year(after, names_writer=meant is _in):
                return meant(*(int(year) for year in match.groups() if year)), " ".join(f"{before} {after}".split())
    return Years(), question


def _is_no_year(after: str, *, names_writer: bool) -> bool:
    """Whether what follows makes it a figure ("up to 2048 tokens") or names who wrote then ("in 2013 Makhzani")."""
    word = _NEXT_WORD.match(after)
    if word is None:
        return False
    return UNITS.get(word["word"].casefold(), "paper") != "paper" or (names_writer and word["word"].istitle())


_LAST_YEARS = re.compile(
    rf"\b(?:(?:from|in|over|during|of|within) )?(?:the )?(?:last|past|previous) (?P<count>{COUNT}|few|couple of) years\b",
    re.IGNORECASE,
)
_RECENT = re.compile(
    rf"\b(?:recently|(?:the )?(?:more )?recent(?= (?:[\w-]+ ){{0,3}}?(?:{WRITINGS}|results|advances))"
    r"|these days|nowadays)(?: published)?\b",
    re.IGNORECASE,
)
_NEW, _OLD = r"(?:most recent(?:ly published)?|newest|latest|last)", r"(?:oldest|earliest|first)"
_EXTREME = re.compile(
    rf"\b(?:the |my |our )?(?:(?P<before>{COUNT}) )?(?:(?P<new>{_NEW})|(?P<old>{_OLD}))(?: (?P<count>{COUNT}))?"
    rf"(?= (?:[\w-]+ ){{0,3}}?{WRITINGS}\b)"
    rf"|(?<=which ){WRITINGS} (?:is|are) (?:the )?(?:(?P<is_new>{_NEW})|(?P<is_old>{_OLD}))(?: ones?)?$"
    rf"|(?:^which |^what )(?:one )?(?:of (?:the|these|those) {WRITINGS} )?(?:is|are) (?:the )?(?:(?P<one_new>newest|latest|most recent)|(?P<one_old>oldest|earliest))(?: ones?)?$",
    re.IGNORECASE,
)
_RANKED = re.compile(
    rf"^(?:which|what) (?:one|{WRITINGS})\b.{{0,40}}? (?:(?:most|least) (?!recent|of\b)[a-z]+"
    r"|(?:larg|bigg|small|high|low|long|short|fast|slow|cheap)est|best|worst)\b(?!-)",
    re.IGNORECASE,
)
_OF_THE_LARGEST = re.compile(
    rf"\b(?:larg|bigg|small|long|short)est (?:[\w-]+ ){{0,2}}?(?:{WRITINGS}|trials?)\b", re.IGNORECASE
)
_RECENT_YEARS = 3
_FEW = 3


@dataclass(frozen=True, slots=True)
class Times:
    """What a question says of time. `newest`: True for the newest papers, False for the oldest, None for neither.

    `count` is how many of them are asked for, where it is said. `text` is the question without words that are relative to
    the corpus; `read` tells how they were read.
    """

    text: str
    years: Years
    newest: bool | None = None
    read: str = ""
    count: int | None = None


def read_times(question: str, newest_year: int | None) -> Times:
    """Read the words of time in a question about a corpus whose newest paper is of `newest_year`."""
    years, _ = read_years(question)
    if years != Years():
        return Times(question, years)
    if match := _EXTREME.search(question.rstrip(" ?")):
        said = {name for name, text in match.groupdict().items() if text}
        noun = "" if said & {"new", "old"} else "papers"
        rest = f"{question[: match.start()]}{noun}{question[match.end() :]}"
        count = match["before"] or match["count"]
        newest = any(name.endswith("new") for name in said)
        return Times(" ".join(rest.split()), years, newest, count=count_of(count) if count else None)
    match = _LAST_YEARS.search(question) or _RECENT.search(question)
    if match is None or newest_year is None:
        return Times(question, years)
    count = match.groupdict().get("count")
    span = (count_of(count) if count else _RECENT_YEARS) or _FEW
    years = Years(first=newest_year - span + 1)
    rest = " ".join(f"{question[: match.start()]} {question[match.end() :]}".split())
    read = f"“{match.group().strip()}” is read as since {years.first}: the newest paper here is of {newest_year}."
    return Times(rest, years, None, read)


def at_the_end(dated: Iterable[tuple[str, One]], *, newest: bool, count: int | None) -> tuple[list[One], str]:
    """The newest or oldest of what has a date ("2022-03-05", "2022"), in order, and the years that they are from.

    So many as are asked for, else those of the year: "from 2019 to 2021".
    """
    ordered = sorted(dated, key=lambda one: one[0], reverse=newest)
    chosen = ordered[:count] if count else [one for one in ordered if one[0][:4] == ordered[0][0][:4]]
    first, last = sorted((chosen[0][0][:4], chosen[-1][0][:4]))
    return [one for _, one in chosen], f"from {first}" if first == last else f"from {first} to {last}"


def note_of_ranking(question: str) -> tuple[str, ...]:
    """What is told of a question for the largest or the best of its papers: only dates are compared."""
    ranked = _RANKED.search(question)
    return ("Papers are not ranked by this: these are the ones that tell of it, to be compared.",) if ranked else ()


def asks_of_the_largest(question: str) -> bool:
    """Whether a question is about the paper of the largest or smallest figure ("in the largest study")."""
    return bool(_OF_THE_LARGEST.search(question))
