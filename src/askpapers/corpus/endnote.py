"""Reads EndNote's tagged format (.enw) and its elder, refer: "%0 Journal Article", "%T", "%A", "%X"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from askpapers.corpus.dates import read_date
from askpapers.corpus.documents import Document
from askpapers.corpus.fields import Fields, doi_in, identified, keywords, made_record, pages_of
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.tagged import Dialect, Tagged, read_records
from askpapers.corpus.types import type_of_endnote
from askpapers.metadata import Metadata

_TAG = re.compile(r"(%[0-9A-Zf!@#$&()*+\]\[<>?^~=])(?:[ \t]+(.*)|\s*$)")
_TYPED = Dialect(_TAG, frozenset(["%0"]))
_UNTYPED = Dialect(_TAG, frozenset(), by_blank_lines=True)
_TYPE = re.compile(r"^%0[ \t]+[A-Z][a-zA-Z]", re.MULTILINE)
_AUTHOR = re.compile(r"^%A[ \t]+\S", re.MULTILINE)
_TITLE = re.compile(r"^%T[ \t]+\S", re.MULTILINE)


def looks_like_endnote(head: str) -> bool:
    """Whether a document that begins so is EndNote's: it begins with a tag, and has a type or an author and a title."""
    begins = _TAG.match(head.lstrip())
    return bool(begins) and bool(_TITLE.search(head)) and bool(_TYPE.search(head) or _AUTHOR.search(head))


def read_endnote(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of an EndNote file; without "%0" a blank line stands between them."""
    dialect = _TYPED if _TYPE.search(document.head) else _UNTYPED
    return read_records(document, dialect, _record, "EndNote")


def _record(tagged: Tagged) -> Record | Omitted:
    fields = Fields(tagged.fields)
    kind = fields.take("%0")
    csl = type_of_endnote(kind) if kind else ""
    abstract = fields.first("%X")
    title = fields.take("%T", "%!")
    if title in fields.seen("%!"):
        fields.all("%!")
    date = _date(fields)
    doi = doi_in(*fields.seen("%R"))
    if doi:
        fields.first("%R")
    url = next((value.split()[0] for value in fields.seen("%U") if value.startswith("http")), "")
    if url:
        fields.first("%U")
    key = fields.take("%F")
    metadata = Metadata(
        type=csl,
        venue=fields.take("%J", "%B"),
        publisher=fields.take("%I"),
        volume=fields.take("%V"),
        issue=fields.take("%N"),
        pages=pages_of(fields.take("%P")),
        date=date,
        doi=doi,
        key=key,
        language=fields.take("%G"),
        people=people(fields.values("%A")),
        editors=people(fields.values("%E")),
        tags=keywords(fields.values("%K")),
    )
    metadata = identified(metadata, doi, url, *fields.seen("%M", "%R"), metadata.venue)
    metadata = replace(metadata, extra=fields.extra("endnote"))
    return made_record(abstract, tagged.line, Record("", 0, id=key, title=title, url=url, metadata=metadata))


def _date(fields: Fields) -> str:
    """The day of "%8", which may lack the year that "%D" has."""
    year, exact = fields.take("%D"), fields.take("%8")
    return max(map(read_date, (year, f"{exact} {year}", exact)), key=len)
