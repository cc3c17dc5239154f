"""Papers as RIS, the tagged lines that Zotero, EndNote, Mendeley and most others read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from askpapers.corpus.types import ris_type
from askpapers.datatypes import Paper
from askpapers.export.entries import Entry
from askpapers.export.others import other_fields
from askpapers.export.values import authors_of, date_of, one_line, value
from askpapers.metadata import Person
from askpapers.text import plain

_ONCE = {"TY", "ER", "ID", "TI", "AB", "PY", "DO", "VL", "IS", "SP", "EP", "LA", "PB", "T2"}
_OF_LINES = {"AB", "N1", "N2"}
_PAGES = re.compile(r"(\w[\w.:]*)\s*[-–—]+\s*(\w[\w.:]*)")


def ris(entries: Iterable[Entry]) -> str:
    """A reference for each paper; each quote of an answer is a note (`N1`), each verdict a keyword (`KW`).

    Line breaks of an abstract stay, as Zotero writes them: a line without a tag goes on with the value before it.
    """
    return "\n".join(_reference(entry) for entry in entries)


def _reference(entry: Entry) -> str:
    lines = [(tag, text) for tag, given in _fields(entry) if (text := _written(tag, given))]
    there = {tag for tag, _ in lines}
    for tag, given in other_fields(entry.paper.metadata, "ris"):
        known = re.fullmatch(r"[A-Z][A-Z0-9]", tag) and tag not in ("TY", "ER") and not (tag in _ONCE and tag in there)
        if known and (text := _written(tag, given)) and (tag, text) not in lines:
            lines.append((tag, text))
    return "".join(f"{tag}  - {text}\n" for tag, text in (*lines, ("ER", "")))


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    paper, metadata = entry.paper, entry.paper.metadata
    yield "TY", ris_type(metadata.type)
    yield "ID", entry.key
    yield "TI", plain(paper.title)
    for person in authors_of(paper):
        yield "AU", _name(person)
    for person in metadata.editors:
        yield "ED" if metadata.type == "book" else "A2", _name(person)
    yield "T2", plain(metadata.venue)
    yield "PB", plain(metadata.publisher)
    yield "VL", metadata.volume
    yield "IS", metadata.issue
    yield from _pages(metadata.pages)
    yield from _dates(paper)
    yield "DO", metadata.doi
    yield from _accession(paper)
    yield "UR", paper.url or ""
    yield "LA", metadata.language
    for tag in entry.tags:
        yield "KW", tag
    yield "AB", paper.abstract
    for note in entry.notes:
        yield "N1", note


def _written(tag: str, text: str) -> str:
    """A value as it stands behind its tag. A line of it that looks like a tag is joined to the line before."""
    if tag not in _OF_LINES:
        return one_line(text)
    lines = re.sub(r"\n(?=\s{0,3}[A-Z][A-Z0-9]\s{0,2}-)", " ", "\n".join(map(one_line, value(text).split("\n"))))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def _name(person: Person) -> str:
    """A name as "family, given"."""
    family, given = plain(person.family), plain(person.given)
    return f"{family}, {given}" if given else family


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    match = _PAGES.fullmatch(pages.strip())
    yield from (("SP", match[1]), ("EP", match[2])) if match else (("SP", pages),)


def _dates(paper: Paper) -> Iterator[tuple[str, str]]:
    date = date_of(paper)
    if date:
        yield "PY", date[0]
    if len(date) > 1:
        yield "DA", "/".join((*date, "", "")[:3]) + "/"


def _accession(paper: Paper) -> Iterator[tuple[str, str]]:
    """The number under which a database has the paper: PubMed's or arXiv's."""
    metadata = paper.metadata
    if metadata.pmid:
        yield from (("AN", metadata.pmid), ("DB", "PubMed"))
    elif metadata.arxiv and metadata.arxiv not in " ".join((paper.url or "", *(text for _, text in metadata.extra))):
        yield from (("AN", f"arXiv:{metadata.arxiv}"), ("DB", "arXiv"))
    if metadata.arxiv and not paper.url:
        yield "UR", f"https://arxiv.org/abs/{metadata.arxiv}"
