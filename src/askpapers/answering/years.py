"""The years that a question is limited to, and whether it asks for the newest or oldest. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.grounding.units import UNITS


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int | None) -> bool:
        if self.first is None and self.last is None:
            return True
        return year is not None and (self.first or year) <= year <= (self.last or year)


_YEAR = r"((?:19|20)\d\d)"
_YEAR_RULES: tuple[tuple[str, str], ...] = (
    (rf"\b(?:between|from) {_YEAR} (?:and|to|until|till|-) {_YEAR}\b", "between"),
    (rf"\b{_YEAR}\s?[-–]\s?{_YEAR}\b", "between"),
    (rf"\b(?:since|starting (?:in|from)) {_YEAR}\b", "since"),
    (rf"\bfrom {_YEAR} on(?:wards?\b|(?=[?.,]|$))", "since"),
    (
        rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:later|after|newer)\b"
        rf"|\bnot? (?:(?:earlier|older) than|before) {_YEAR}\b",
        "since",
    ),
    (
        rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:earlier|before|older)\b"
        rf"|\bnot? (?:(?:later|newer) than|after) {_YEAR}\b",
        "until",
    ),
    (rf"\b(?:published )?(?:after|later than|newer than) {_YEAR}\b", "after"),
    (rf"\b(?:published )?(?:before|earlier than|older than|prior to) {_YEAR}\b", "before"),
    (rf"\b(?:until|up to|till) {_YEAR}\b", "until"),
    (rf"\b(?:published )?(?:in|from|of|during) {_YEAR}\b|^{_YEAR} (?=papers?|works?)", "in"),
)
_NEXT_WORD = re.compile(r"[ -](?P<word>[^\W\d_]+)")


def read_years(question: str) -> tuple[Years, str]:
    """The years that a question asks for, and the question without them."""
    for pattern, kind in _YEAR_RULES:
        for match in re.finditer(pattern, question, re.IGNORECASE):
            numbers = [int(g) for g in match.groups() if g]
            if numbers and not _is_no_year(question[match.end() :], kind):
                rest = " ".join((question[: match.start()] + " " + question[match.end() :]).split())
                return _years(kind, numbers), rest
    return Years(), question


def _is_no_year(after: str, kind: str) -> bool:
    """Whether what follows makes it a figure ("up to 2048 tokens") or names who wrote then ("in 2013 Makhzani")."""
    word = _NEXT_WORD.match(after)
    if word is None:
        return False
    return UNITS.get(word["word"].casefold(), "paper") != "paper" or (kind == "in" and word["word"].istitle())


def _years(kind: str, numbers: list[int]) -> Years:
    match kind:
        case "between":
            return Years(min(numbers), max(numbers))
        case "since":
            return Years(first=numbers[0])
        case "after":
            return Years(first=numbers[0] + 1)
        case "before":
            return Years(last=numbers[0] - 1)
        case "until":
            return Years(last=numbers[0])
        case _:
            return Years(numbers[0], numbers[0])


_COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10}
_LAST_YEARS = re.compile(
    rf"\b(?:(?:from|in|over|during|of|within) )?(?:the )?(?:last|past|previous) (?P<count>\d{{1,2}}|{'|'.join(_COUNTS)}|few|couple of) years\b",
    re.IGNORECASE,
)
_RECENT = re.compile(
    r"\b(?:recently|(?:the )?(?:more )?recent(?= (?:[\w-]+ ){0,3}?(?:papers?|works?|research|studies|articles?|publications?|results|advances))"
    r"|these days|nowadays)(?: published)?\b",
    re.IGNORECASE,
)
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_COUNTS)})"
_NEW, _OLD = r"(?:most recent(?:ly published)?|newest|latest|last)", r"(?:oldest|earliest|first)"
_PAPERS = r"(?:papers?|works?|articles?|stud(?:y|ies)|publications?|preprints?|abstracts?)"
_EXTREME = re.compile(
    rf"\b(?:the |my |our )?(?:(?P<before>{_COUNT}) )?(?:(?P<new>{_NEW})|(?P<old>{_OLD}))(?: (?P<count>{_COUNT}))?"
    rf"(?= (?:[\w-]+ ){{0,3}}?{_PAPERS}\b)"
    rf"|(?<=which ){_PAPERS} (?:is|are) (?:the )?(?:(?P<is_new>{_NEW})|(?P<is_old>{_OLD}))(?: ones?)?$"
    rf"|(?:^which |^what )(?:one )?(?:is|are) (?:the )?(?:(?P<one_new>newest|latest|most recent)|(?P<one_old>oldest|earliest))(?: ones?)?$",
    re.IGNORECASE,
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
        return Times(" ".join(rest.split()), years, newest, count=_number(count) if count else None)
    match = _LAST_YEARS.search(question) or _RECENT.search(question)
    if match is None or newest_year is None:
        return Times(question, years)
    count = match.groupdict().get("count")
    span = _RECENT_YEARS if count is None else _number(count)
    years = Years(first=newest_year - span + 1)
    rest = " ".join(f"{question[: match.start()]} {question[match.end() :]}".split())
    read = f"“{match.group().strip()}” is read as since {years.first}: the newest paper here is of {newest_year}."
    return Times(rest, years, None, read)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTS.get(text.casefold(), _FEW)
