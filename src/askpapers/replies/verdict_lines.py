"""Reads verdicts from lines: "1: match - reason", "| 2 | **No** |", blocks of fields, tags, "Match: 1, 3". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askpapers.replies.verdict_words import BARE, read_verdict

Verdict = tuple[str, str]
"""A verdict and its quote, or ""."""

_LINE = re.compile(
    r"[\s*_#>|•+-]{0,12}(?:(?:the )?(?:verdict|judge?ment|decision) (?:for|on|of) )?(?:(?:paper|source|abstract"
    r"|document|doc"
    r"|no\.?|number|#)\s{0,3}#?){0,2}[\[(【*_]{0,4}(\d{1,3}|one|two|three|four|five|six|seven"
    r"|eight)(?![\w%])[\])】*_]{0,4}"
    r"(?:[\s.:)|,=–—>-]{1,8}(.*)|$)",
    re.IGNORECASE,
)
_NUMBERS = "one two three four five six seven eight".split()
_FIELD = re.compile(
    r"[\s*_#>•+-]{0,12}(?:(?P<number>number|paper|id|source|abstract)|(?P<verdict>verdict|label|decision|judge?ment"
    r"|relevance"
    r"|classification|answer)|(?P<quote>quote|quotation|evidence))[\s*_]{0,4}[:=][\s*_]{0,4}(?P<value>.*)",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"[\s*_#>•+-]{0,12}(match(?:es)?|mentions?|no(?:ne)?|yes|(?:not |ir)?relevant"
    r"|unclear)[\s*_]{0,4}:(?P<rest>[\s\[\](),;\dand*]{1,200})$",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"[\s*_#>•+-]{0,12}(?:papers? )?([\[(]?\d{1,3}[\])]?(?:(?:, and|,| and| &) [\[(]?\d{1,3}[\])]?){1,7})"
    r" (?=(?:are|do|have|only|both|all)\b)(.*)",
    re.IGNORECASE,
)  # "[2] and [3] are not"
_NEXT_ON_LINE = re.compile(
    r"(?<=[.;])\s{1,3}(?=\[\d{1,3}\])|[,;]\s{1,3}(?=(?:paper )?[\[(]?\d{1,3}[\])]?\s?(?:[:=.)–—-]"
    r"|(?:match|mention|no|unclear|yes)\b))",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"<(?:paper|source|abstract|document|item)\b[^<>\n]{0,40}?(\d{1,3})[^<>\n]{0,40}>", re.IGNORECASE)
_OPENS = re.compile(r"<(number|verdict|label|decision|quote|evidence|id)>", re.IGNORECASE)
_CLOSES = re.compile(r"</\w{1,20}>")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»\n]{8,600})[\"”»]")
_SEPARATOR = re.compile(r"[:|=–—-]")


def verdicts_in_lines(text: str, titles: Sequence[str]) -> dict[int, Verdict]:
    """The verdicts by number, the first of each; `titles` are those of the papers, in small letters, in their order."""
    text = _CLOSES.sub("\n", _OPENS.sub(r"\n\1: ", _BEGINS.sub(r"\n\1:\n", text)))
    found: dict[int, Verdict] = {}
    present: int | None = None  # the paper that the lines are about
    for line in _NEXT_ON_LINE.sub("\n", text).splitlines():
        if group := _GROUP.match(line):
            for number in re.findall(r"\d{1,3}", group["rest"]):
                found.setdefault(int(number), (read_verdict(group[1]) or "unclear", ""))
        elif field := _FIELD.match(line):
            present = _read_field(field, found, present)
        else:
            for number, rest in _numbered(line, titles):
                present = number
                if verdict := _first_verdict(rest, titles):
                    found.setdefault(number, (verdict, quoted_in(rest)))
    return found


def quoted_in(text: object) -> str:
    """The first quotation in a text, or ""."""
    found = _QUOTED.search(text) if isinstance(text, str) else None
    return found[1] if found else ""


def _read_field(field: re.Match[str], found: dict[int, Verdict], present: int | None) -> int | None:
    """Read a line like "verdict: match"; the paper that the next lines are about."""
    value = field["value"]
    if field["number"]:
        number = re.search(r"\d{1,3}", value[:20])
        return int(number.group()) if number else present
    if present is None:
        return None
    verdict, quote = found.get(present, ("", ""))
    if field["verdict"] and not verdict and (given := read_verdict(value)):
        found[present] = (given, quoted_in(value))
    elif field["quote"] and verdict and not quote:
        found[present] = (verdict, value.strip(BARE.replace(".", "").replace("(", "").replace(")", "")))
    return present


def _numbered(line: str, titles: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The number of the paper that a line begins with, or whose title it begins with, and what follows."""
    if several := _SEVERAL.match(line):
        yield from ((int(number), several[2]) for number in re.findall(r"\d{1,3}", several[1]))
        return
    if found := _LINE.match(line):
        word = found[1].casefold()
        yield (int(word) if word.isdecimal() else _NUMBERS.index(word) + 1), found[2] or ""
        return
    bare = line.strip(BARE)
    for number, title in enumerate(titles, start=1):
        if title and bare.casefold().startswith(title) and not bare[len(title) :][:1].isalnum():
            yield number, bare[len(title) :]
            return


def _first_verdict(rest: str, titles: Sequence[str]) -> str | None:
    bare = rest.strip(BARE)
    if name := next((title for title in titles if title and bare.casefold().startswith(title)), ""):
        rest = bare[len(name) :]
    verdict = read_verdict(rest)
    while verdict is None and len(parts := _SEPARATOR.split(rest, maxsplit=1)) > 1:
        verdict, rest = read_verdict(parts[1]), parts[1]
    return verdict
