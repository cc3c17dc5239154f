"""Finds the citations in what a model writes, in the styles that models use, and brings them to one form. Pure.

`mark_citations` puts `MARK` in the place of "[1]", "(Source 1)", "【1†source】", "¹" and the like. An interval, a year
in brackets, the number of a list or a power is no citation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MARK = "\ue000[\\d,]*\ue001"
"""The pattern of a citation in its one form: its numbers between two signs of the private use area."""

_MARK = re.compile(MARK)
_MOST = 99  # sources, where their number is not known
_MOST_BARE = 20  # and for a number without a sign that makes it a citation
_LABELS = (
    "sources source src documents document docs doc papers paper refs ref references reference abstracts"
    " abstract passages"
    " passage articles article studies study contexts context chunks chunk excerpts excerpt citations citation"
    " cites cite"
    " cit ids id no nr num numbers number webpage web oaicite index quelle quellen fuente fuentes fonte fonti"
    " источник 来源"
    " 文献 资料 出典 s d r"
).split()
_BESIDE = (
    "see also cf e g and or as in by from the reported shown stated described noted found mentioned according to"
    " via per"
    " citing title pages page pp p lines line l section sec sentence sentences para cited based on"
).split()
_WORDS = frozenset(_LABELS) | frozenset(_BESIDE)
_PLACE = re.compile(
    r"†[^\n]*|[,;:]?\s?(?:pp?\.|pp?|pages?|lines?|l|sec(?:tion)?s?\.?|para(?:graph)?s?\.?|sentences?|§"
    r"|chars?)\s?\d[\d\s.,–-]*"
    r"|(?<=\d):\d[\d-]*",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\S")
_RANGE = re.compile(r"(\d{1,4})\s?(?:[-–—]|to|bis)\s?(\d{1,4})")
_BRACKETS = re.compile(r"[\[【［〔⟦]([^\[\]【】［］〔〕⟦⟧\n]{1,80})[\]】］〕⟧]")
_PARENTHESES = re.compile(r"[(（]([^()（）\n]{1,80})[)）]")
_INTERVAL = re.compile(
    r"(?:\b(?:CI|IQR|interval|ranges?|between|scale|domain|bounds?)|[∈=])(?:\s(?:of|is|was))?[\s:,]*$", re.I
)
_MAYBE_INTERVAL = re.compile(r"\b(?:in|within|to|over|from|of)\s*$", re.IGNORECASE)
_KEY = re.compile(
    r"[^\W\d_][\w-]*(?: et al\.?| (?:and|&) [^\W\d_]\w*)?,?\s?(?:19|20)\d\d[a-z]?(?:,?\s?(?:pp?\.?|pages?)\s?[\d–-]+)?",
    re.IGNORECASE,
)
_SOURCE_WORD = re.compile(
    r"\W*(?:(?:see|from|cf)\W+)?(?:sources?|src|docs?|documents?|abstracts?|papers?|refs?|references?|citations?|cite"
    r"|passages?|excerpts?)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[,(\s]{0,3}(?:19|20)\d\d[a-z]?\)?$")
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+(?:[,⁻˒]\s?[⁰¹²³⁴-⁹]+)*")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")
_RAISED_AFTER = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?%)\"”’\]\ue001]|\s)$")  # else it is a power
_TAGS = re.compile(r"<(sup|ref|cite|source|citation|footnote|fn)\b[^<>\n]{0,60}>([^<>\n]{1,40})</\1>", re.IGNORECASE)
_TAG_WITH_NUMBER = re.compile(
    r"<(?:ref|cite|source|citation|doc|sentence|statement"
    r"|claim)\b[^<>\n\d]{1,30}[\"']?(\d{1,3}(?:,\s?\d{1,3})*)[\"']?\s?/?>",
    re.IGNORECASE,
)
_LATEX = re.compile(r"\\(?:cite[pt]?|textsuperscript|footnotemark|ref)(?:\{([^{}\n]{1,40})\}|\[(\d{1,3})\])")
_RAISED = re.compile(r"(?<=[^\W\d_]{3}) ?(?:\$\^\{?(\d{1,2})\}?\$|\^\{(\d{1,2})\}|\^(\d{1,2})\b)")
_LEFTOVERS = re.compile(
    r":contentReference|\{index=\d{1,3}\}|\ue200[^\ue200\ue201\n]{0,80}\ue201|\[oaicite:\d{1,3}\]|\[cite_start\]"
    r"|\[citation needed\]",
    re.IGNORECASE,
)
_AROUND = (
    re.compile(rf"\[\s?({MARK})\s?\]"),
    re.compile(rf"\\({MARK})\\?"),
    re.compile(rf"`({MARK})`"),
    re.compile(rf"\*\*({MARK})\*\*"),
    re.compile(rf"\*({MARK})\*"),
    re.compile(rf"<sup>({MARK})</sup>"),
    re.compile(rf"\^?({MARK})(?:\^|\((?!\d{{1,2}}\))[^()\s]{{1,200}}\))"),
    re.compile(rf"\^({MARK})"),
)
_NUMBERED = re.compile(
    rf"\b(?:the )?(?:(?:sources?|documents?|docs?|abstracts?|references?|refs?\.?|passages?|excerpts?|papers?)"
    rf"(?: no\.?| number)?[ :#]{{0,2}}(?:{MARK}|(\d{{1,3}}(?:(?:, | and |, and | & )\d{{1,3}})*)(?![\w%]|[.,]\d))"
    r"|(first|second|third|fourth|fifth|sixth|seventh|eighth) (?:source|abstract|document)\b)",
    re.IGNORECASE,
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth".split()
_SOURCE_AFTER_STOP = re.compile(
    rf"(?<=[.!?”\"]) [(\[]?(?:sources?|refs?|references?|citations?) ?:? ?({MARK})[)\]]?\.?", re.I
)
_JOINED = re.compile(rf"{MARK}(?:[ \t]?(?:,|;|&|and|or|, and|plus)?[ \t]?{MARK})+")
_BEHIND_STOP = re.compile(rf"(?<=[^\s.!?])([.!?]{{1,3}}[\"”’)*_]{{0,3}})([ \t]?{MARK})")
_FIRST_ON_LINE = re.compile(rf"[ \t]*+(?:[-*•+] |\d{{1,2}}[.)] )?[ \t]*+{MARK}(?![ \t]*+(?:[.,;:]|$))")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a reply may cite: so many numbered sources, and other names of theirs (id, title) in small letters.

    `count` is None where their number is not known.
    """

    count: int | None = None
    names: Mapping[str, int] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()

    def is_title(self, text: str) -> bool:
        """Whether a text begins with the title of a source."""
        words = text.strip(" \t*-•\"“”'").casefold()
        return any(words.startswith(title) for title in self.titles)

    def has(self, numbers: tuple[int, ...], most: int = _MOST) -> bool:
        """Whether all the numbers are those of sources."""
        return bool(numbers) and all(1 <= n <= (most if self.count is None else self.count) for n in numbers)


def mark_citations(text: str, sources: Sources) -> str:
    """A line with `MARK` in place of each citation; one behind a full stop is moved before it."""
    text = _LEFTOVERS.sub("", text.replace("\ue000", "").replace("\ue001", ""))
    text = _TAGS.sub(lambda m: _tagged(m, sources), text)
    text = _TAG_WITH_NUMBER.sub(lambda m: f"[{m[1]}]", text)
    text = _LATEX.sub(lambda m: f"[{m[1] or m[2]}]", text)
    text = _RAISED.sub(lambda m: f"[{m[1] or m[2] or m[3]}]", text)
    for _ in range(2):  # "[Source [1]]"
        text = _BRACKETS.sub(lambda m: _bracketed(m, sources), text)
    for pattern in _AROUND:
        text = pattern.sub(r"\1", text)
    text = _PARENTHESES.sub(lambda m: _parenthesised(m, sources), text)
    text = _SUPERSCRIPT.sub(lambda m: _raised(m, sources), text)
    text = re.sub(r"(?<=[①-⑳\w%.”)])[ ]?[①-⑳]", lambda m: _mark((ord(m.group()[-1]) - ord("①") + 1,)), text)
    text = re.sub(r"(?<=[\w%.”)]) ?[†‡]", lambda m: _mark((1 if m.group().strip() == "†" else 2,)), text)
    text = _NUMBERED.sub(lambda m: _numbered(m, sources), text)
    text = _SOURCE_AFTER_STOP.sub(r" \1", text)
    text = _JOINED.sub(lambda m: _mark(numbers_of(m.group())), text)
    return _marks_before_stops(re.sub(rf"({MARK})(?=[A-Z])", r"\1 ", text))


def numbers_of(text: str) -> tuple[int, ...]:
    """The numbers of all marks in a text, each once."""
    found = (int(n) for mark in _MARK.findall(text) for n in mark[1:-1].split(",") if n)
    return tuple(dict.fromkeys(found))


def _mark(numbers: tuple[int, ...]) -> str:
    return f"\ue000{','.join(map(str, dict.fromkeys(numbers)))}\ue001"


def _marks_before_stops(line: str) -> str:
    if _FIRST_ON_LINE.match(line):  # "[1] One is so. [2] Another is so.": each stands before its sentence
        return re.sub(rf"([.!?])([ \t]?{MARK})(?=[ \t]*+$)", r"\2\1", line)
    return _BEHIND_STOP.sub(r"\2\1", line)


def _read(content: str) -> tuple[tuple[int, ...], bool] | None:
    """The numbers in brackets, and whether a word says that they are a source's; None where it is something else."""
    text = _MARK.sub(lambda m: f" {m.group()[1:-1]} ", content)
    text = _PLACE.sub("", text)
    labelled = text != content
    if re.search(r"\d\.\d|^\s*[-–+]|\d\s?%", text):
        return None
    text = _RANGE.sub(lambda m: _spread(int(m[1]), int(m[2])), text)
    numbers: list[int] = []
    for token in _TOKEN.findall(text):
        if token.isdecimal() and len(token) <= 4:
            numbers.append(int(token))
        elif token.casefold() in _WORDS:
            labelled |= token.casefold() not in ("and", "or", "s", "d", "r")
        elif token not in ",;:&.#^§_-–[]*\"'":
            return None
    return (tuple(numbers), labelled or bool(re.match(r"\W*[\^#§]|[sdrSDR]\d", content))) if numbers else None


def _spread(first: int, last: int) -> str:
    """The numbers of a range; an absurd one is its two ends."""
    return ", ".join(map(str, range(first, last + 1))) if 0 <= last - first < 20 else f"{first}, {last}"


def _bracketed(match: re.Match[str], sources: Sources) -> str:
    content = match[1].strip().rstrip("\\").strip()
    if number := _named(content, sources):
        return _mark((number,))
    if (found := _read(content)) is None:
        return _mark(()) if _KEY.fullmatch(content) else match.group()
    numbers, labelled = found
    before = match.string[max(0, match.start() - 30) : match.start()]
    if not labelled and len(numbers) == 2 and re.fullmatch(r"\d+\s*[,;]\s*\d+", content):
        beyond = not sources.has(numbers)
        if numbers[0] == 0 or _INTERVAL.search(before) or (beyond and _MAYBE_INTERVAL.search(before)):
            return match.group()
    if re.search(r"\s0\s*[,;]|^0\s*[,;]", content):
        return match.group()
    return _mark(numbers)


def _parenthesised(match: re.Match[str], sources: Sources) -> str:
    content = match[1].strip()
    before, after = match.string[: match.start()][-2:].rstrip(), match.string[match.end() :][:2].lstrip(" ")
    if not before or not (before[-1].isalnum() or before[-1] in '%"”’)\ue001.!?'):
        return match.group() if not _MARK.search(content) else _mark(numbers_of(content))
    ends = not after or after[0] in ".,;:!?\n\ue000(（)"
    if (found := _read(content)) is None:
        is_title = len(content.split()) > 2 and _named(content, sources)
        if is_title:
            return _mark((is_title,))
        return _mark(()) if ends and _KEY.fullmatch(content) else match.group()
    numbers, _ = found
    if _MARK.search(content) or _SOURCE_WORD.match(content):
        return _mark(numbers)
    return _mark(numbers) if ends and sources.has(numbers, _MOST_BARE) else match.group()


def _named(content: str, sources: Sources) -> int | None:
    """The number of the source that a name stands for: its id or title, a year behind it or not."""
    name = content.strip(" \"“”'.").casefold()
    return sources.names.get(name) or sources.names.get(_YEAR.sub("", name))


def _tagged(match: re.Match[str], sources: Sources) -> str:
    if match[1].casefold() != "sup":
        return f"[{match[2]}]"
    return f"[{match[2].strip('[]')}]" if _RAISED_AFTER.search(match.string[: match.start()][-3:]) else f"^{match[2]}"


def _raised(match: re.Match[str], sources: Sources) -> str:
    if not _RAISED_AFTER.search(match.string[max(0, match.start() - 3) : match.start()]):
        return match.group()
    found = _read(match.group().translate(_DIGITS))
    numbers = found[0] if found else ()
    if len(numbers) == 1 and not sources.has(numbers) and sources.has(apart := tuple(map(int, str(numbers[0])))):
        numbers = apart
    return _mark(numbers)


def _numbered(match: re.Match[str], sources: Sources) -> str:
    if match[2]:
        return _mark((_ORDINALS.index(match[2].casefold()) + 1,))
    if not match[1]:
        return _mark(numbers_of(match.group()))
    numbers = tuple(map(int, re.findall(r"\d+", match[1])))
    plural = bool(re.match(r"(?:the )?\w+s\b", match.group(), re.IGNORECASE))
    return _mark(numbers) if sources.has(numbers, _MOST_BARE) and not (plural and len(numbers) == 1) else match.group()
