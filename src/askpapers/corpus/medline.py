"""Reads PubMed's MEDLINE format (.nbib): "PMID- 1", "TI  - ...", lines that go on after six blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from askpapers.corpus.cleaning import clean_line
from askpapers.corpus.dates import read_date
from askpapers.corpus.documents import Document
from askpapers.corpus.fields import Field, Fields, doi_in, made_record, pages_of
from askpapers.corpus.notices import notice_of_types, update_field
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.tagged import Dialect, Tagged, read_records
from askpapers.identifiers import dois_in
from askpapers.metadata import Metadata

_TAG = re.compile(r"([A-Z][A-Z0-9]{1,3}) {0,2}-(?:\s(.*)|\s*$)")
_FIRST = re.compile(r"^PMID ?-\s*\d+\s*$", re.MULTILINE)
_ANOTHER = re.compile(r"^(?:TI  |BTI |AB  |OWN |STAT|FAU |AU  |DP  )- ", re.MULTILINE)
_HEADER = 20  # lines before the first record
_ADDRESS = "https://pubmed.ncbi.nlm.nih.gov/{}/"
_TYPES = {"preprint": "article", "dataset": "dataset", "technical report": "report", "academic dissertation": "thesis"}
_NOTICES = {"RIN": "retraction", "RPI": "retraction", "PRIN": "partial retraction", "ECI": "expression of concern"}


def looks_like_medline(head: str) -> bool:
    """Whether a document that begins so is MEDLINE: "PMID- 1" and one of the tags that its records have."""
    first = _FIRST.search(head)
    return first is not None and head.count("\n", 0, first.start()) < _HEADER and bool(_ANOTHER.search(head))


def read_medline(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a MEDLINE file."""
    return read_records(document, Dialect(_TAG, frozenset(["PMID"])), _record, "MEDLINE")


def _record(tagged: Tagged) -> Record | Omitted:
    fields = Fields(_unwrapped(field) for field in tagged.fields)
    abstract = fields.first("AB") or fields.first("OAB")
    kinds = fields.seen("PT")
    csl = _type(fields, kinds)
    title = fields.take("TI", "BTI", "TT").rstrip(". ")
    authors = people(fields.values("FAU")) or people(fields.seen("AU"))
    fields.all("AU")
    ids = [value for value in (*fields.seen("LID"), *fields.seen("AID")) if value.endswith("[doi]")]
    pmid = fields.take("PMID")
    notices = [kind for tag, kind in _NOTICES.items() if fields.seen(tag)]
    metadata = Metadata(
        type=csl,
        venue=fields.take("JT", "TA", "BTI"),
        publisher=fields.take("PB"),
        volume=fields.take("VI"),
        issue=fields.take("IP"),
        pages=pages_of(fields.take("PG")),
        date=read_date(fields.take("DP", "DEP")),
        doi=doi_in(*ids),
        pmid=pmid if pmid.isdecimal() else "",
        language=fields.take("LA"),
        people=(*authors, *people(fields.values("CN"))),
        editors=people(fields.values("FED", "ED")),
        categories=tuple(dict.fromkeys(clean_line(value).replace("*", "") for value in fields.values("MH"))),
        tags=tuple(dict.fromkeys(clean_line(value).lstrip("*") for value in fields.values("OT"))),
        notice=notice_of_types([*kinds, *notices]),
    )
    retracted = [update_field("retraction", doi) for value in fields.seen("ROF") for doi, *_ in dois_in(value)]
    metadata = replace(metadata, extra=(*retracted, *fields.extra("medline")))
    url = _ADDRESS.format(pmid) if metadata.pmid else ""
    return made_record(abstract, tagged.line, Record("", 0, id=pmid, title=title, url=url, metadata=metadata))


def _unwrapped(field: Field) -> Field:
    return replace(field, value=" ".join(field.value.split())) if "\n" in field.value else field


def _type(fields: Fields, kinds: list[str]) -> str:
    if fields.seen("BTI"):
        return "chapter" if fields.seen("TI") else "book"
    return next((_TYPES[kind] for kind in map(str.lower, kinds) if kind in _TYPES), "article-journal")
