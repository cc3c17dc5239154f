"""Reads verdicts from lines: "1: match - reason", "| 2 | **No** |", blocks of fields, tags, "Match: 1, 3". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from askpapers.replies.verdict_words import BARE, is_verdict, read_verdict

Verdict = tuple[str, str]
"""A verdict and its quote, or ""."""

_SIGNS = r"[\s*_#>|•+-]{0,12}"
_LABEL = r"(?:papers?|sources?|abstracts?|documents?|docs?|no\.?|numbers?|论文|文献|来源|文書|p(?=\d)|#)"
_ORDINALS = "first second third fourth fifth sixth seventh eighth".split()
_NUMBERS = "one two three four five six seven eight".split()
_LINE = re.compile(
    rf"{_SIGNS}(?:(?:the )?(?:verdict|judge?ment|decision) (?:for|on|of) )?[\[(【*_]{{0,4}}"
    rf"(?:{_LABEL}\s{{0,3}}#?){{0,2}}[\[(【*_]{{0,4}}"
    rf"(\d{{1,3}}|{'|'.join(_NUMBERS)})(?![^\W_]|%)[\])】*_]{{0,4}}"
    rf"(?:[\s.:：、，)|,=–—>-]{{1,8}}(.*)|$)"
    rf"|{_SIGNS}(?:the )?({'|'.join(_ORDINALS)}) (?:{_LABEL}|one)[\s:=–—-]{{1,8}}(.*)",
    re.IGNORECASE,
)
_FIELD = re.compile(
    rf"{_SIGNS}(?:(?P<number>number|paper|id|source|abstract)|(?P<verdict>verdict|label|decision|judge?ment|relevance"
    r"|classification|answer)|(?P<quote>quote|quotation|evidence))[\s*_]{0,4}[:=][\s*_]{0,4}(?P<value>.*)",
    re.IGNORECASE,
)
_LONGEST_RANGE = 20  # papers: a model is asked for fewer at once
_LIST = rf"[\[(]?(?:{_LABEL}\s?)?[\[(]?\d{{1,3}}[\])]{{0,2}}"
_AND = r"(?:, and |, ?| and | ?& | ?; ?| ?[–-] ?| to )"
_GROUP = re.compile(
    rf"{_SIGNS}(?P<verdict>[^\d\[(\n]{{1,24}}?)[\s*_:=–—-]{{1,6}}"
    rf"(?P<list>{_LIST}(?:{_AND}{_LIST}){{0,30}})[\s.;\])*_]{{0,6}}$",
    re.IGNORECASE,
)  # "Match: 1, 3", "NO [2]"
_SEVERAL = re.compile(
    rf"{_SIGNS}(?P<only>only )?(?P<list>{_LIST}(?:{_AND}{_LIST}){{0,7}})"
    r"(?: (?=(?:is|are|do|does|have|has|only|both|all|match|mention)(?:e?s)?\b)|\s?[:=]\s?)(?P<rest>.*)",
    re.IGNORECASE,
)  # "[2] and [3] are not", "2-3: no"
_OTHERS = re.compile(
    rf"{_SIGNS}(?:and |but |while )?(?:all|the|every) (?:the |of the )?(?:other|others|rest|remaining)"
    rf"(?: of the| {_LABEL})*[\s:=–—-]{{1,5}}(.*)",
    re.IGNORECASE,
)  # "The others are not relevant"
_ALL = re.compile(
    rf"{_SIGNS}all (?:(?:of|the|these|them|\w+) ){{0,3}}?(?:{_LABEL} )?(?=(?:are|match|mention|do)\b)(.*)", re.I
)
_NONE = re.compile(
    rf"\W*(?:(?:none|neither)\b|(?:there (?:is|are) |i (?:found|find|see) )?"
    rf"no (?:\w+ ){{0,2}}?(?:{_LABEL}|match(?:es)?)\b)",
    re.IGNORECASE,
)  # "None of the papers match."
_SHORT_VERDICT = "(?:match|mention|no|unclear|yes)"
_NEXT_ON_LINE = re.compile(
    r"(?<=[.;])\s{1,3}(?=\[\d{1,3}\])"  # "It matches. [2] does not"
    rf"|[,;]\s{{0,3}}(?=(?:paper )?[\[(]?\d{{1,3}}[\])]?\s?(?:[:=.)–—-](?!\d)|{_SHORT_VERDICT}\b))"  # "1: no, 2: yes"
    r"|[;,.]\s{1,3}(?=(?:the|all) (?:other|rest|remaining))"
    rf"|;\s{{0,3}}(?=(?:{_SHORT_VERDICT}|not|relevant)\b)"  # "match: 1; no: 2"
    r"|\s(?=\d{1,2}\)\s)",  # "1) match 2) no"
    re.IGNORECASE,
)
_TUPLE = re.compile(r"[\[(]\s?(?=\d{1,3}\s?,\s?[\"'“]?[^\W\d])")  # (1, "match")
_BOX = re.compile(r"(?m)^(\s{0,8}[-*•+]?\s?)\[([ xX✓✔])\](?=\s)")  # "- [x] Paper 1"
_BEGINS = re.compile(r"<(?:paper|source|abstract|document|item)\b[^<>\n]{0,40}?(\d{1,3})[^<>\n]{0,40}>", re.IGNORECASE)
_OPENS = re.compile(r"<(number|verdict|label|decision|quote|evidence|id)>", re.IGNORECASE)
_CLOSES = re.compile(r"</\w{1,20}>")
_QUOTED = re.compile(r"[\"“«]([^\"“”«»\n]{8,600})[\"”»]")
_SEPARATOR = re.compile(r"[:|=–—-]")


def verdicts_in_lines(text: str, titles: Sequence[str]) -> dict[int, Verdict]:
    """The verdicts by number, the first of each; `titles` are those of the papers, in small letters, in their order."""
    text = _CLOSES.sub("\n", _OPENS.sub(r"\n\1: ", _BEGINS.sub(r"\n\1:\n", text)))
    text = _BOX.sub(lambda m: m[1] + ("no" if m[2] == " " else "match"), _TUPLE.sub("\n", text))
    found: dict[int, Verdict] = {}
    present: int | None = None  # the paper that the lines are about
    others: str | None = None  # the verdict on those that no line names
    for line in _NEXT_ON_LINE.sub("\n", text).splitlines():
        if (group := _GROUP.match(line)) and is_verdict(group["verdict"]) and not _is_number_sign(group["verdict"]):
            for number in _listed(group["list"]):
                found.setdefault(number, (read_verdict(group["verdict"]) or "unclear", ""))
        elif field := _FIELD.match(line):
            present = _read_field(field, found, present)
        elif rest := _OTHERS.match(line) or (None if found else _ALL.match(line)):
            others = read_verdict(rest[1]) or others
        else:
            for number, words in _numbered(line, titles):
                present = number
                if verdict := _first_verdict(words, titles):
                    found.setdefault(number, (verdict, quoted_in(words)))
                    others = others or ("no" if line.lstrip("*_ ").casefold().startswith("only ") else None)
    if not found and _NONE.match(text):
        others = others or "no"
    if others:
        found = dict.fromkeys(range(1, len(titles) + 1), (others, "")) | found
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
    several = _SEVERAL.match(line)
    numbers = _listed(several["list"]) if several else []
    if several and (several["only"] or len(numbers) > 1):
        yield from ((number, several["rest"]) for number in numbers)
        return
    if found := _LINE.match(line):
        word = (found[1] or found[3]).casefold()
        yield (int(word) if word.isdecimal() else _place(word)), found[2] or found[4] or ""
        return
    bare = line.strip(BARE)
    for number, title in enumerate(titles, start=1):
        if title and bare.casefold().startswith(title) and not bare[len(title) :][:1].isalnum():
            yield number, bare[len(title) :]
            return


def _place(word: str) -> int:
    return 1 + (_NUMBERS if word in _NUMBERS else _ORDINALS).index(word)


def _listed(text: str) -> list[int]:
    """The numbers in a list, with those within a range: "1, 3 and [5]-[7]"."""
    numbers: list[int] = []
    for first, last in re.findall(r"(\d{1,3})(?:\W{0,3}(?:[–-]|\bto\b)\W{0,3}(\d{1,3}))?", text):
        numbers += range(int(first), min(int(last or first), int(first) + _LONGEST_RANGE) + 1)
    return numbers


def _is_number_sign(words: str) -> bool:
    """Whether "no" is a word for a number: "No. 2"."""
    return words.strip().casefold() == "no."


def _first_verdict(rest: str, titles: Sequence[str]) -> str | None:
    bare = rest.strip(BARE)
    if name := next((title for title in titles if title and bare.casefold().startswith(title)), ""):
        rest = bare[len(name) :]
    verdict = read_verdict(rest)
    while verdict is None and len(parts := _SEPARATOR.split(rest, maxsplit=1)) > 1:
        verdict, rest = read_verdict(parts[1]), parts[1]
    return verdict
