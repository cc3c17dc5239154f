"""Finds the citations in a block: keys of LaTeX and Pandoc, numbers, names with years, identifiers, links. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from askpapers.drafts.author_years import BEFORE, SUBJECT, find_author_years, is_name
from askpapers.drafts.draft import Bibliography, Block, Link
from askpapers.drafts.marks import CITE_COMMAND, Cited, Mark, is_subject, keys_of
from askpapers.identifiers import dois_in, identifiers_in, identifiers_within

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
_REPEATED = re.compile(
    r"(?<!\w)(?:[Ii]bid(?:em)?|[Ee]bd|[Ee]benda)(?:\.(?=\s?[a-z,;:)\]]))?(?:,\s?(?:pp?\.|S\.)?\s?\d[\d–-]*)?(?!\w)"
)
_REF = re.compile(r"\b[Rr]efs?\.[\s~]$")
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
    finders = (_keys, _pandoc, find_author_years, _repeats, _numbers, _labels, _identifiers)
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
    for match in CITE_COMMAND.finditer(text):
        yield Mark(*match.span(), tuple(Cited(key, key) for key in keys_of(match)), is_subject(match))


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
        if len(known) == len(labels) or labels[0].startswith("^"):
            yield Mark(*match.span(), tuple(Cited(f"[{label}]", label) for label in known))


def _repeats(text: str, bibliography: Bibliography, is_known: Callable[[str], bool]) -> Iterator[Mark]:
    for match in _REPEATED.finditer(text):
        in_brackets = text[: match.start()].rstrip()[-1:] in ("(", "[")
        yield Mark(*match.span(), (), is_subject=not in_brackets, repeats=True)


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
    if before_it := _REF.search(text[max(0, start - 8) : start]):
        return replace(mark, start=start - len(before_it.group()), end=end, is_subject=True)
    before = BEFORE.search(text[max(0, start - 80) : start]) if not mark.is_subject else None
    if before and is_name(before["authors"]):
        return replace(mark, start=start - len(before.group()), end=end, is_subject=True)
    return replace(mark, start=start, end=end)


def _add_link(found: list[Mark], link: Link, text: str) -> None:
    """Add what a link cites: to the citation that its text is, or as one of its own behind it."""
    shown = text[link.start : link.end].strip()
    is_record = bool(link.entries[0].title)  # of a reference manager
    cited = tuple(
        Cited(entry.title or shown, ids=entry.ids, entry=entry) if is_record
        else Cited(entry.text or shown, entry.key, ids=entry.ids, url="" if entry.ids else entry.text)
        for entry in link.entries
    )  # fmt: skip
    for number, mark in enumerate(found):
        if mark.start < link.end and link.start < mark.end:
            if is_record:
                found[number] = replace(mark, cited=cited)
            elif len(mark.cited) == 1:
                own = mark.cited[0]
                linked = replace(own, key=own.key or cited[0].key, ids=own.ids | cited[0].ids)
                found[number] = replace(mark, cited=(linked,))
            return
    if re.fullmatch(rf"{SUBJECT}(?:'s|’s)?", shown) and BEFORE.search(shown):
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
