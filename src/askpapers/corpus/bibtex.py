"""Reads BibTeX and BibLaTeX, in the flavours of Zotero, JabRef, Mendeley, Scopus, Web of Science, DBLP and Google."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from askpapers.corpus.bibtex_entries import Entry, read_entries
from askpapers.corpus.dates import read_date
from askpapers.corpus.documents import Document
from askpapers.corpus.fields import Fields, at_least_one, doi_in, identified, keywords, made_record, pages_of
from askpapers.corpus.latex_fields import in_one_line, without_grouping
from askpapers.corpus.notices import notice_of_types
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.types import type_of_bibtex
from askpapers.identifiers import arxiv_of
from askpapers.metadata import Metadata

_ENTRY = re.compile(
    r"^[^\S\n]*+@\s*+\w++\s*+\{\s*+[^\s,{}()=\"'#]*+(?: [^\s,{}()=\"'#]++)*+\s*+,\s*+"
    r"(?:%.*+\s*+)*+[^\W\d][\w:.+-]*+\s*+=",
    re.M,
)
_IN_PARENTHESES = re.compile(
    r"^[^\S\n]*+@(?:article|book|in\w+|misc|\w+thesis|techreport)\s*\([^\s,]*,\s*\w+\s*=", re.M | re.I
)
_NO_KEY = re.compile(r"^[^\S\n]*+@(?:article|book|in\w+|misc|\w+thesis|techreport)\s*\{\s*\w+\s*=", re.M | re.I)
_PARENT = re.compile(r"\b(?:crossref|xdata)\s*=\s*[{\"]?\s*([^\s{}\",]+)", re.IGNORECASE)
_ABSTRACTS = ("abstract", "abstractnote", "abstract_note", "abstracts")
_OWN = frozenset(
    (
        *_ABSTRACTS, "title", "subtitle", "author", "doi", "url", "urldate", "eprint", "eprinttype", "archiveprefix",
        "pages", "keywords", "note", "annote", "annotation", "file", "ids", "pmid", "crossref", "xdata",
        "shorttitle", "groups",
    )
)  # fmt: skip
"""Fields that an entry has of its own, and does not inherit from the volume that it is in."""


def looks_like_bibtex(head: str) -> bool:
    """Whether a document that begins so is BibTeX: a line begins an entry with a key and a field, "@book{key, a =".

    Many strings or remarks may stand before it.
    """
    return any(pattern.search(head) for pattern in (_ENTRY, _IN_PARENTHESES, _NO_KEY))


def read_bibtex(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a BibTeX file; what is wrong with an entry is said, and the others are read."""
    return at_least_one(_records(document), "BibTeX entry")


def _records(document: Document) -> Iterator[Record | Omitted]:
    parents = _parents(document)
    for entry in read_entries(document.lines()):
        if isinstance(entry, Omitted):
            yield entry
            continue
        record = _record(_inherited(entry, parents))
        if entry.damage and isinstance(record, Omitted):
            yield Omitted(entry.line, f"damaged BibTeX: {entry.damage}")
        else:
            yield record
            if entry.damage:
                yield Omitted(entry.line, f"a part of the entry {entry.key}, which is damaged: {entry.damage}")


def _parents(document: Document) -> Mapping[str, Entry]:
    """The entries from which others inherit, wherever in the file they are, which is read once more for them."""
    keys = {match[1].lower() for _, line in document.lines() if "=" in line and (match := _PARENT.search(line))}
    if not keys:
        return {}
    entries = (entry for entry in read_entries(document.lines()) if isinstance(entry, Entry))
    return {entry.key.lower(): entry for entry in entries if entry.key.lower() in keys}


def _inherited(entry: Entry, parents: Mapping[str, Entry]) -> Entry:
    """The entry with the fields of its volume that it lacks; the title of that is its book title."""
    links = [field for field in entry.fields if field.name in ("crossref", "xdata")]
    for link in links:
        parent = parents.get(link.value.strip().lower())
        if parent is None or parent.key == entry.key:
            continue
        names = {field.name for field in entry.fields}
        given = [field for field in parent.fields if field.name not in _OWN | names]
        if link.name == "crossref" and not names & {"booktitle", "journal", "journaltitle"}:
            titles = [replace(field, name="booktitle") for field in parent.fields if field.name == "title"]
            given = [field for field in given if field.name != "booktitle"] + titles
        elif link.name == "xdata":
            given = [field for field in parent.fields if field.name not in names]
        rest = tuple(field for field in entry.fields if field is not link)
        entry = replace(entry, fields=(*rest, *given))
    return entry


def _record(entry: Entry) -> Record | Omitted:
    fields = Fields(entry.fields)
    abstract = fields.first(*_ABSTRACTS)
    title, subtitle = _line(fields, "title"), _line(fields, "subtitle")
    csl = type_of_bibtex(entry.type)
    journal = _line(fields, "journaltitle", "journal", "booktitle", "eventtitle", "maintitle", "publicationtitle")
    doi = doi_in(*map(in_one_line, fields.seen("doi")))
    if doi:
        fields.first("doi")
    arxiv = _arxiv(fields)
    metadata = Metadata(
        type=csl,
        venue=journal,
        publisher=_line(fields, "publisher", "school", "institution", "organization"),
        volume=_line(fields, "volume"),
        issue=_line(fields, "issue", "number") if csl != "report" else "",
        pages=pages_of(_line(fields, "pages")),
        date=_date(fields),
        doi=doi,
        arxiv=arxiv,
        pmid=_line(fields, "pmid"),
        key=entry.key,
        language=_line(fields, "language", "langid"),
        people=people(_names(fields, "author")),
        editors=people(_names(fields, "editor")),
        categories=keywords(map(in_one_line, fields.values("primaryclass", "eprintclass"))),
        tags=_tags(fields),
        notice=notice_of_types(map(in_one_line, fields.seen("document_type", "type"))),
    )
    url = in_one_line(next(iter(fields.seen("url", "link", "ee", "biburl", "bdsk-url-1")), "")).split(" ")[0]
    if url.startswith("http"):
        fields.first("url", "link", "ee", "biburl", "bdsk-url-1")
    elsewhere = [in_one_line(value) for value in fields.seen("eprint", "note", "howpublished", "unique-id")]
    metadata = identified(metadata, doi, url, *elsewhere, journal, f"arXiv:{metadata.volume.removeprefix('abs/')}")
    is_preprint = metadata.arxiv and csl in ("document", "webpage")
    metadata = replace(metadata, type="article" if is_preprint else csl, extra=fields.extra("bibtex"))
    if abstract:
        abstract = replace(abstract, value=without_grouping(abstract.value))
    name = f"{title.rstrip(':')}: {subtitle}" if subtitle and title else title or subtitle
    record = Record("", 0, id=entry.key, title=name, url=url if url.startswith("http") else "", metadata=metadata)
    return made_record(abstract, entry.line, record)


def _line(fields: Fields, *names: str) -> str:
    """The first of the fields on one line, without LaTeX; the others stay."""
    found = fields.first(*names)
    return in_one_line(found.value) if found else ""


def _names(fields: Fields, name: str) -> str:
    return " and ".join(" ".join(value.split()) for value in fields.values(name))


def _date(fields: Fields) -> str:
    """The date of `date`, or of `year`, `month` and `day`."""
    if date := read_date(_line(fields, "date")):
        fields.all("year", "month", "day")
        return date
    year, month, day = (_line(fields, name).strip(" .,#") for name in ("year", "month", "day"))
    if month.isdecimal():
        return read_date("-".join(filter(None, (year, month, day)))) or read_date(year)
    return read_date(f"{day} {month} {year}") or read_date(year)


def _arxiv(fields: Fields) -> str:
    """The arXiv id of `eprint`, where that is one; it is taken with the name of its archive."""
    for name in ("eprint", "arxivid", "arxiv"):
        if found := arxiv_of(in_one_line(next(iter(fields.seen(name)), ""))):
            fields.first(name)
            archive = next(iter(fields.seen("archiveprefix", "eprinttype")), "")
            if archive.lower() in ("arxiv", ""):
                fields.all("archiveprefix", "eprinttype")
            return found
    return ""


def _tags(fields: Fields) -> tuple[str, ...]:
    """Keywords, the author's first, and JabRef's groups, which stay a field of their own, too."""
    values = fields.values("author_keywords", "keywords", "keyword", "keywords-plus", "mendeley-tags")
    found = [tag for value in (*values, *fields.seen("groups")) for tag in keywords([without_grouping(value)])]
    return tuple(dict.fromkeys(found))
