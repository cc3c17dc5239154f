"""Finds the citations in a block: keys of LaTeX and Pandoc, numbers, names with years, identifiers, links. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from askpapers.drafts.bibliography import identifiers_within
from askpapers.drafts.draft import Bibliography, Block, Entry, Link
from askpapers.identifiers import dois_in, identifiers_in


@dataclass(frozen=True, slots=True)
class Cited:
    """One work that a citation names: by key or number, names and year, identifiers, or an entry of its own."""

    shown: str
    key: str = ""
    families: tuple[str, ...] = ()
    year: str = ""
    ids: frozenset[str] = frozenset()
    entry: Entry | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation in a block. `is_subject`: it is a part of the sentence, as in "Moss et al. (2020) show"."""

    start: int
    end: int
    cited: tuple[Cited, ...]
    is_subject: bool = False


_PARTICLE = r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|ten|ter|dos|el|al|bin)\s)"
_NAME = rf"(?<![\w'’\-]){_PARTICLE}{{0,3}}(?:d['’])?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’\-]+"
_AUTHORS = (
    rf"{_NAME}(?:(?:,\s(?:and\s|&\s)?|\s(?:and|&|und|y|et)\s){_NAME}){{0,6}}"
    r"(?:,?\set\sal\.?|,?\sand\s(?:colleagues|co-?workers|others)|,?\su\.\s?a\.)?"
)
_AND_OTHERS = r"(?:,?\set\sal\.?|,?\sand\s(?:colleagues|co-?workers|others))"
_SUBJECT = rf"{_NAME}(?:{_AND_OTHERS}|(?:,\s{_NAME}){{0,6}},?\s(?:and|&|und|y|et)\s{_NAME})?"
_YEARS = r"(?:19|20)\d\d[a-z]?(?:,\s?(?:(?:19|20)\d\d[a-z]?|[a-z](?=[,;)\]])))*"
_PAGES = r"(?:,\s?(?:pp?\.|ch\.|chap\.|sec\.|§)\s?[\w–-]+)?"
_LEAD = r"(?:(?:see|e\.g\.|cf\.|i\.e\.|also|for example|for instance|reviewed in|but see|and)[,\s]+){0,3}"
_ONE = rf"{_LEAD}{_AUTHORS}(?:,\s?|\s){_YEARS}{_PAGES}"
_NO_NAME = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Fall"
    r"|Winter|Figure|Fig|Table|Section|Version|Chapter|Since|In|Early|Late|Until|Before|After|From|[A-Z]{2,}[\d-]*)$"
)
_OPENING = re.compile(
    r"(?:However|Moreover|Furthermore|Recently|Similarly|Finally|Later|Earlier|Also|Additionally|Then|Thus|Hence|Therefore"
    r"|First|Second|Third|Likewise|Conversely|Specifically|Notably|Instead|Indeed|Previously|Subsequently|Nevertheless"
    r"|Nonetheless|Meanwhile|Interestingly|Importantly|Yet|Still|Here|Consequently|Accordingly|Besides|Further|Next),\s"
)
_LATEX = re.compile(
    r"\\(?P<name>[A-Za-z]*cite[A-Za-z]*)\*?\s*(?:\[[^\[\]]*+\]\s*){0,2}\{(?P<keys>[^{}]*+)\}", re.IGNORECASE
)
_SUBJECT_COMMANDS = ("citet", "textcite", "citeauthor", "citealt")
_KEY = r"(?:\{[^{}\s]+\}|[\w][\w:.#$%&+?<>~/-]*)"
_PANDOC = re.compile(r"\[\[?(?=[^\[\]]*@)(?P<inner>[^\[\]]*+)\]\]?")
_PANDOC_KEY = re.compile(rf"(?<![\w@])-?@(?P<key>{_KEY})")
_NUMBERS = re.compile(
    r"\[(?P<numbers>[1-9]\d{0,3}(?:\s*[,;–-]\s*[1-9]\d{0,3})*)(?:,\s?(?:pp?\.|§)[^\[\]]{1,20})?\](?!\()"
)
_SPAN = re.compile(r"\[(?P<first>[1-9]\d{0,3})\]\s?(?:[–-]|to)\s?\[(?P<last>[1-9]\d{0,3})\]")
_ROUND = re.compile(r"\((?P<numbers>[1-9]\d{0,2}(?:\s*[,;–-]\s*[1-9]\d{0,2})*)\)")
_RAISED = re.compile(r"(?<=[.,;:)\]”\"’\w])(?P<numbers>[¹²³⁰⁴-⁹](?:[,⁻]?[¹²³⁰⁴-⁹])*)")
_UNRAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_LABELS = re.compile(
    r"\[(?P<labels>\^?[A-Za-z][\w+.:-]*(?:\s?[,;]\s?[A-Za-z][\w+.:-]*)*)\](?!\()|\[(?P<note>\^[\w-]+)\]"
)
_IN_BRACKETS = re.compile(rf"[(\[](?P<inner>{_ONE}(?:;\s?{_ONE})*+)(?:[;,]\s[^()\[\];]{{1,60}})?[)\]]")
_PART = re.compile(rf"{_LEAD}(?P<authors>{_AUTHORS})(?:,\s?|\s)(?P<years>{_YEARS}){_PAGES}")
_IN_TEXT = re.compile(rf"(?P<authors>{_SUBJECT})(?:'s|’s)?\s[(\[](?P<years>{_YEARS}){_PAGES}[)\]]")
_BEFORE = re.compile(rf"(?P<authors>{_NAME}(?:,?\set\sal\.?|\s(?:and|&)\s{_NAME}|\sand\scolleagues))\s?$")
_IDENTIFIER = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:[\w-]{1,20}\.){0,2}(?:arxiv\.org|(?:pubmed\.)?ncbi\.nlm\.nih\.gov|openalex\.org)/"
    r"[^\s<>()\[\]]+"
    r"|arxiv:\s?(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?|PMID:?\s?\d{5,9}|https?://[^\s<>()\[\]]+",
    re.IGNORECASE,
)
_DOI_BEFORE = re.compile(r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|\bdoi:?\s?)$", re.IGNORECASE)
_LIKE_A_KEY = re.compile(r"[A-Za-z]\S*\d{2}")
_MOST_IN_RANGE = 60


def find_marks(block: Block, bibliography: Bibliography, is_known: Callable[[str], bool]) -> list[Mark]:
    """The citations of a block in order; none overlap. `is_known` says whether the corpus has a paper of a cite key."""
    found, taken = list[Mark](), bytearray(len(block.text) + 1)
    finders = (_keys, _pandoc, _names, _numbers, _labels, _identifiers)
    for marks in (finder(block.text, bibliography, is_known) for finder in finders):
        for mark in marks:
            if not any(taken[mark.start : mark.end]):
                found.append(mark)
                taken[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
    found = [_widened(mark, block.text) for mark in sorted(found, key=lambda mark: mark.start)]
    for link in block.links:
        _add_link(found, link, block.text)
    return sorted(found, key=lambda mark: (mark.start, mark.end))


def _keys(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    for match in _LATEX.finditer(text):
        keys = [key.strip() for key in match["keys"].split(",") if key.strip()]
        is_subject = match["name"].casefold().startswith(_SUBJECT_COMMANDS)
        yield Mark(*match.span(), tuple(Cited(key, key) for key in keys), is_subject)


def _pandoc(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    for match in _PANDOC.finditer(text):
        keys = [_key(found["key"]) for found in _PANDOC_KEY.finditer(match["inner"])]
        if keys:
            yield Mark(*match.span(), tuple(Cited(f"@{key}", key) for key in keys))
    for match in _PANDOC_KEY.finditer(text):
        key = _key(match["key"])
        if bibliography.by_key(key) or is_known(key) or _LIKE_A_KEY.match(key):
            end = match.start("key") + len(match["key"].rstrip(".:/-?"))
            pages = re.compile(r"\s?\[[^\[\]@]*\]").match(text, end)
            yield Mark(match.start(), pages.end() if pages else end, (Cited(f"@{key}", key),), is_subject=True)


def _key(written: str) -> str:
    return written.strip("{}").rstrip(".:/-?")


def _numbers(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    for match in _SPAN.finditer(text):
        yield _numbered(match, f"{match['first']}-{match['last']}")
    for match in _NUMBERS.finditer(text):
        yield _numbered(match, match["numbers"])
    if bibliography.is_numbered:
        for match in _RAISED.finditer(text):
            before = re.search(r"[^\W\d_]+$", text[max(0, match.start() - 30) : match.start()])
            mark = _numbered(match, match["numbers"].translate(_UNRAISED))
            if not (before and len(before.group()) < 3) and all(bibliography.by_key(c.key) for c in mark.cited):
                yield mark
        if not _NUMBERS.search(text):
            for match in _ROUND.finditer(text):
                mark = _numbered(match, match["numbers"])
                if all(bibliography.by_key(cited.key) for cited in mark.cited):
                    yield mark


def _numbered(match: re.Match[str], numbers: str) -> Mark:
    found: list[int] = []
    for part in re.split(r"\s*[,;]\s*", numbers):
        first, _, last = (end.strip() for end in re.sub(r"[–-]", "-", part).partition("-"))
        span = range(int(first), int(last or first) + 1)
        found += span if len(span) <= _MOST_IN_RANGE else [int(first), int(last)]
    return Mark(*match.span(), tuple(Cited(f"[{number}]", str(number)) for number in dict.fromkeys(found)))


def _labels(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    """Labels such as [Rad22] and footnotes that the bibliography has."""
    for match in _LABELS.finditer(text):
        labels = [label.strip() for label in re.split(r"[,;]", match["labels"] or match["note"])]
        known = [label for label in labels if bibliography.by_key(label)]
        if len(known) == len(labels) or match["note"]:
            yield Mark(*match.span(), tuple(Cited(f"[{label}]", label) for label in known))


def _names(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    for match in _IN_BRACKETS.finditer(text):
        parts = [part for part in _PART.finditer(match["inner"]) if _is_name(part["authors"])]
        if parts:
            yield Mark(*match.span(), tuple(cited for part in parts for cited in _by_names(part)))
    for match in _IN_TEXT.finditer(text):
        opening = _OPENING.match(match["authors"])
        if _is_name(match["authors"]):
            start = match.start() + (len(opening.group()) if opening else 0)
            yield Mark(start, match.end(), tuple(_by_names(match)), is_subject=True)


def _is_name(authors: str) -> bool:
    return not _NO_NAME.match(authors)


def _by_names(match: re.Match[str]) -> Iterator[Cited]:
    authors = re.sub(r",?\s(?:et\sal\.?|and\s(?:colleagues|co-?workers|others)|u\.\s?a\.)$", "", match["authors"])
    authors = re.sub(r"['’]s$", "", _OPENING.sub("", authors))
    families = tuple(re.split(r",\s(?:and\s|&\s)?|\s(?:and|&|und|y|et)\s", authors))
    for year in re.findall(r"(?:19|20)\d\d", match["years"]):
        yield Cited(f"{_OPENING.sub('', match['authors'])} ({year})", families=families, year=year)


def _identifiers(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    for doi, start, end in dois_in(text):
        before = _DOI_BEFORE.search(text[max(0, start - 40) : start])
        begin = start - (len(before.group()) if before else 0)
        yield Mark(begin, end, (Cited(text[begin:end], ids=identifiers_in(doi)),))
    for match in _IDENTIFIER.finditer(text):
        shown = match.group().rstrip(".,;:!?'\"*_")
        ids = identifiers_in(shown) or identifiers_within(shown)
        yield Mark(match.start(), match.start() + len(shown), (Cited(shown, ids=ids, url="" if ids else shown),))


def _widened(mark: Mark, text: str) -> Mark:
    """The mark with the brackets that hold nothing else, and the authors that stand before it."""
    start, end = mark.start, mark.end
    if text[start - 1 : start] and text[start - 1 : start] in "([" and text[end : end + 1] in (")", "]"):
        start, end = start - 1, end + 1
    before = _BEFORE.search(text[max(0, start - 80) : start]) if not mark.is_subject else None
    if before and _is_name(before["authors"]):
        return replace(mark, start=start - len(before.group()), end=end, is_subject=True)
    return replace(mark, start=start, end=end)


def _add_link(found: list[Mark], link: Link, text: str) -> None:
    """Add what a link cites: to the citation that its text is, or as one of its own behind it."""
    shown = text[link.start : link.end].strip()
    is_record = bool(link.entries[0].title)  # of a reference manager
    cited = tuple(
        Cited(entry.title or shown, ids=entry.ids, entry=entry) if is_record
        else Cited(entry.text or shown, ids=entry.ids, url="" if entry.ids else entry.text)
        for entry in link.entries
    )  # fmt: skip
    for number, mark in enumerate(found):
        if mark.start < link.end and link.start < mark.end:
            if is_record:
                found[number] = replace(mark, cited=cited)
            elif len(mark.cited) == 1:
                found[number] = replace(mark, cited=(replace(mark.cited[0], ids=mark.cited[0].ids | cited[0].ids),))
            return
    if re.fullmatch(rf"{_SUBJECT}(?:'s|’s)?", shown) and _BEFORE.search(shown):
        found.append(Mark(link.start, link.end, cited, is_subject=True))
        return
    is_citation = is_record or bool(re.fullmatch(r"[(\[].*[)\]]|[⁰¹²³⁴-⁹,⁻]+|\S*//\S*", shown))
    found.append(Mark(link.start if is_citation else link.end, link.end, cited))


def groups(marks: Sequence[Mark], text: str) -> list[list[Mark]]:
    """Marks that stand together, with no word between them."""
    found: list[list[Mark]] = []
    for mark in marks:
        if found and not re.search(r"\w", text[found[-1][-1].end : mark.start]) and not mark.is_subject:
            found[-1].append(mark)
        else:
            found.append([mark])
    return found
