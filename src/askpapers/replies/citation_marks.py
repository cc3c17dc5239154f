"""Finds the citations in what a model writes, in the styles that models use, and brings them to one form. Pure.

`mark_citations` puts `MARK` in the place of "[1]", "(Source 1)", "【1†source】", "¹" and the like. An interval, a year
in brackets, the number of a list or a power is no citation.
"""

from __future__ import annotations

import re

from askpapers.replies.cited_sources import Sources
from askpapers.replies.notations import in_brackets, is_raised_after

MARK = "\ue000[\\d,]*\ue001"
"""The pattern of a citation in its one form: its numbers between two signs of the private use area."""

APART = "\ue002"
"""Stands before a citation that was behind the full stop: the words before it are the sentence's own."""

_MARK = re.compile(MARK)
_OWN_SIGNS = dict.fromkeys(map(ord, "\ue000\ue001\ue002"))
_MOST_BARE = 20  # sources, where their number is not known, for a number without a sign that makes it a citation
_LABELS = (
    "sources source src documents document docs doc papers paper refs ref references reference abstracts abstract"
    " passages passage articles article studies study contexts context chunks chunk excerpts excerpt citations citation"
    " cites cite cit evidence proof ids id no nr num numbers number webpage web oaicite index quelle"
    " quellen fuente fuentes fonte fonti vgl источник 来源 文献 参考文献 资料 出典 s d r"
).split()
_BESIDE = (
    "see also cf e g and or as in by from the reported shown stated described noted found mentioned according to via"
    " per citing title pages page pp p lines line l section sec sentence sentences para cited based on"
).split()
_WORDS = frozenset(_LABELS) | frozenset(_BESIDE)
_PLACE = re.compile(
    r"†[^\n]*|[,;:]?\s?(?:pp?\.|pp?|pages?|lines?|l|sec(?:tion)?s?\.?|para(?:graph)?s?\.?|sentences?|§"
    r"|(?<=\d[,;:] )(?:passages?|chunks?|excerpts?|parts?)|chars?)\s?\d[\d\s.,–-]*"
    r"|(?:(?<=\d)|(?<=\d[ ,;:])|(?<=\d[,;:] ))[,;:]?\s?[\"“][^\"”\n]{3,}[\"”]"
    r"|(?<=\d):\d[\d-]*|(?<=\d)[,:;|]\s?[\w.-]{1,60}\.(?:pdf|txt|md|html?|json)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+|\S")
_RANGE = re.compile(r"(\d{1,4})\s?(?:[-–—]|to|bis)\s?(\d{1,4})")
_BRACKETS = re.compile(r"[\[【［〔⟦「]([^\[\]【】［］〔〕⟦⟧「」\n]{1,200})[\]】］〕⟧」]")
_PARENTHESES = re.compile(r"[(（]([^()（）\n]{1,200})[)）]")
_LABEL_AND_MARKS = re.compile(rf"[^\W\d_]{{1,20}}(?: [^\W\d_]{{1,20}}){{0,2}}[:：.] ?{MARK}(?:,? ?{MARK}){{0,9}}")
_INTERVAL = re.compile(
    r"(?:\b(?:CI|IQR|interval|ranges?|between|scale|domain|bounds?|vectors?|arrays?|tuples?|sequences?)|[∈=])"
    r"(?:\s(?:of|is|was))?[\s:,]*$",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?:\d{1,4}\s?[,;]\s?){1,9}\d{1,4}")
_MAYBE_INTERVAL = re.compile(r"\b(?:in|within|to|over|from|of)\s*$", re.I)
_ONE_KEY = (
    r"[^\W\d_][\w-]{0,30}(?: et al\.?| (?:and|&) [^\W\d_]\w{0,30})?,?\s?(?:19|20)\d\d[a-z]?"
    r"(?:,?\s?(?:pp?\.?|pages?)\s?[\d–-]{1,12})?"
)
_KEY = re.compile(rf"{_ONE_KEY}(?:;\s?{_ONE_KEY}){{0,9}}", re.IGNORECASE)
_NAME_LABEL = re.compile(
    r"\W*(?:(?:sources?|src|docs?|documents?|papers?|refs?|references?|cit(?:e|ation)s?|titles?|ids?)"
    r"(?:\s?[:=]\s?|\s?(?=\d))|@)?",
    re.IGNORECASE,
)
_NUMBER_AND_NAME = re.compile(r"(\d{1,2})\s?[,:;|–—-]\s?(?=\D)")
_SOURCE_WORD = re.compile(
    r"\W*(?:(?:see|from|cf)\W+)?(?:sources?|src|docs?|documents?|abstracts?|papers?|refs?|references?|citations?|cite"
    r"|passages?|excerpts?|evidence)\b",
    re.IGNORECASE,
)
_SUPERSCRIPT = re.compile(r"[⁰¹²³⁴-⁹]+(?:[,⁻˒]\s?[⁰¹²³⁴-⁹]+)*")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻˒", "0123456789-,")
_AROUND = (
    re.compile(rf"\\({MARK})\\?"),
    re.compile(rf"\[\s?({MARK})\s?\]"),
    re.compile(rf"`({MARK})`"),
    re.compile(rf"\*\*({MARK})\*\*"),
    re.compile(rf"<sup>({MARK})</sup>"),
    re.compile(rf"\^?({MARK})(?:\^|\((?!\d{{1,2}}\))[^()\s]{{1,200}}\))"),
    re.compile(rf"\^({MARK})"),
)
_NUMBERED = re.compile(
    r"\b(?:the )?(?:(?:sources?|documents?|docs?|abstracts?|references?|refs?\.?|citations?|passages?|excerpts?"
    rf"|papers?)(?: no\.?| number| n[°º])?[ :#]{{0,2}}(?:{MARK}|(\d{{1,3}}(?:(?:, | and |, and | & )\d{{1,3}})*)"
    r"(?![\w%]|[.,]\d))"
    r"|(first|second|third|fourth|fifth|sixth|seventh|eighth|1st|2nd|3rd|[4-8]th) (?:source|abstract|document)\b)",
    re.IGNORECASE,
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth 1st 2nd 3rd 4th 5th 6th 7th 8th".split()
_BEFORE_LABEL = re.compile(
    r"(?:^|[^\w\s]|\b(?:in|by|from|per|on|to|of|see|cf|with|and|or|both|than|while|whereas|but|that|unlike|like|via|as"
    r"|only|however|also|the))\s*$",
    re.IGNORECASE,
)
_SOURCE_AFTER_STOP = re.compile(
    r"(?<=[.!?”\"]) [(\[*_]{0,3}"
    r"(?:(?:sources?|refs?|citations?)|[^\W\d_]{3,20}(?: [^\W\d_]{2,20})?(?=[*_]{0,2}:))"
    rf"[*_]{{0,2}} ?:?[*_]{{0,2}} ?({MARK})[)\]*_]{{0,3}}\.?(?=\s|$)",
    re.IGNORECASE,
)  # "(Source: [1])", "Evidence: [1]"
_RANGE_OF_MARKS = re.compile(r"\ue000(\d{1,3})\ue001[ \t]?[-–—][ \t]?\ue000(\d{1,3})\ue001")
_JOINED = re.compile(rf"{MARK}(?:[ \t]?(?:,|;|&|\+|、|and|or|, and|plus)?[ \t]?{MARK})+")
_STOPS = ".!?。！？｡．"
_BEHIND_STOP = re.compile(
    rf"(?<=[^\s{_STOPS}])([{_STOPS}]{{1,3}}[\"”’)*_」』）]{{0,3}})([ \t]?{MARK})(?:\.(?=\s|$))?(?![ \t]+[a-z])"
)
_NUMBER_OF_LIST = re.compile(rf"[ \t]*+\(?\d{{1,2}}[.)] ?{MARK}[ \t]*+$")
_FIRST_ON_LINE = re.compile(rf"[ \t]*+(?:[-*•+] |\d{{1,2}}[.)] )?[ \t]*+{MARK}(?![ \t]*+(?:[.,;:]|$))")


def mark_citations(text: str, sources: Sources) -> str:
    """A line with `MARK` in place of each citation; one behind a full stop is moved before it."""
    text = in_brackets(text.translate(_OWN_SIGNS))
    for _ in range(2):  # "[Source [1]]"
        text = _BRACKETS.sub(lambda m: _bracketed(m, sources), text)
    for pattern in _AROUND:
        text = pattern.sub(r"\1", text)
    text = re.sub(rf"\*({MARK})\*", r"\1", _PARENTHESES.sub(lambda m: _parenthesised(m, sources), text))
    text = _SUPERSCRIPT.sub(lambda m: _raised(m, sources), text)
    text = _RANGE_OF_MARKS.sub(lambda m: _mark((_read(_spread(int(m[1]), int(m[2]))) or ((),))[0]), text)
    text = _JOINED.sub(lambda m: _mark(numbers_of(m.group())), text)
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
    if _NUMBER_OF_LIST.match(line):
        return line
    return _BEHIND_STOP.sub(rf"{APART}\2\1", line)


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
        elif token not in ",;:&.#^§_-–[]*\"'/|+@=":
            return None
    return (tuple(numbers), labelled or bool(re.match(r"\W*[\^#§]|[sdrSDR]\d", content))) if numbers else None


def _spread(first: int, last: int) -> str:
    """The numbers of a range; an absurd one is its two ends."""
    return ", ".join(map(str, range(first, last + 1))) if 0 <= last - first < 20 else f"{first}, {last}"


def _bracketed(match: re.Match[str], sources: Sources) -> str:
    content = match[1].strip().rstrip("\\").strip()
    if names := _named(content, sources):
        return _mark(names)
    if (found := _read(content)) is None:
        return _mark(()) if _KEY.fullmatch(content) else match.group()
    numbers, labelled = found
    before = match.string[max(0, match.start() - 30) : match.start()]
    if not labelled and _PAIR.fullmatch(content):
        beyond = not sources.has(numbers)
        if numbers[0] == 0 or _INTERVAL.search(before) or (beyond and _MAYBE_INTERVAL.search(before)):
            return match.group()
    if re.search(r"\s0\s*[,;]|^0\s*[,;]", content):
        return match.group()
    return _mark(numbers)


def _parenthesised(match: re.Match[str], sources: Sources) -> str:
    content = match[1].strip()
    before, after = match.string[: match.start()][-3:].rstrip(" *_"), match.string[match.end() :][:2].lstrip(" ")
    if not before or not (before[-1].isalnum() or before[-1] in f'%"”’)\ue001{_STOPS}'):
        return match.group() if not _MARK.search(content) else _mark(numbers_of(content))
    ends = not after or after[0] in ".,;:!?\n\ue000(（)。！？；，、"
    if _LABEL_AND_MARKS.fullmatch(content):
        return _mark(numbers_of(content))
    if (found := _read(content)) is None:
        label = _NAME_LABEL.match(content)
        is_named = len(content.split()) > 2 or not content[0].isalnum() or (label and label.group())
        if (is_named or not any(map(str.isalpha, content))) and (names := _named(content, sources)):
            return _mark(names)
        key = _MARK.sub("", content).rstrip(" ,;:")  # "(Meier et al., 2021 [1])"
        return _mark(numbers_of(content)) if ends and _KEY.fullmatch(key) else match.group()
    numbers, _ = found
    if _MARK.search(content) or _SOURCE_WORD.match(content):
        return _mark(numbers)
    return _mark(numbers) if ends and sources.has(numbers, _MOST_BARE) else match.group()


def _named(content: str, sources: Sources) -> tuple[int, ...]:
    """The numbers of the sources that names stand for: id or title, a label or number before it or not."""
    name = _NAME_LABEL.sub("", content, count=1)
    if (numbered := _NUMBER_AND_NAME.match(name)) and sources.has(number := (int(numbered[1]),)):
        rest = name[numbered.end() :]
        is_name = sources.number_of(rest) or _KEY.fullmatch(rest) or sources.is_begun_by(rest)
        return number if is_name else ()
    if number_of := sources.number_of(name):
        return (number_of,)
    several = [sources.number_of(part) for part in re.split(r"[,;&]", name)]
    return tuple(number for number in several if number) if all(several) else ()


def source_on_line(line: str, sources: Sources) -> tuple[str, int | None]:
    """What a line names behind a label ("Source: On a lake"; "" without one), and the number of the source named so."""
    label = _NAME_LABEL.match(line)
    name = line[label.end() :] if label and any(map(str.isalpha, label.group())) else ""
    return name, sources.number_of(name)


def _raised(match: re.Match[str], sources: Sources) -> str:
    around = match.string[: match.start()][-1:] + match.string[match.end() :][:1]
    is_isotope = len(around) > 1 and around[0].isspace() and around[1].isalpha()  # "its ¹⁴C age"
    if is_isotope or not is_raised_after(match.string[: match.start()][-3:]):
        return match.group()
    numbers = (_read(match.group().translate(_DIGITS)) or ((),))[0]
    if len(numbers) == 1 and not sources.has(numbers) and sources.has(apart := tuple(map(int, str(numbers[0])))):
        numbers = apart
    return _mark(numbers)


def _numbered(match: re.Match[str], sources: Sources) -> str:
    if match[2]:
        return _mark((_ORDINALS.index(match[2].casefold()) % 8 + 1,))
    noun = match.group().casefold().removeprefix("the ")
    numbers = tuple(map(int, re.findall(r"\d+", match[1]))) if match[1] else numbers_of(match.group())
    before = match.string[max(0, match.start() - 12) : match.start()]
    is_word = match.group()[0].islower() and not match.group().startswith("the ") and not _BEFORE_LABEL.search(before)
    if ":" not in noun and (is_word or (re.match(r"\w+s\b", noun) and len(numbers) == 1)):
        return match.group()  # "a heat source [1]", "it is trained on documents [1]"
    return _mark(numbers) if not match[1] or sources.has(numbers, _MOST_BARE) else match.group()
