"""Reads RIS, in the dialects of Zotero, EndNote, Mendeley, Scopus, ProQuest, Web of Science and publishers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from askpapers.corpus.dates import read_date
from askpapers.corpus.documents import Document
from askpapers.corpus.fields import Field, Fields, doi_in, identified, keywords, made_record, pages_of
from askpapers.corpus.notices import notice_of_types
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.tagged import Dialect, Tagged, read_records
from askpapers.corpus.types import type_of_ris
from askpapers.metadata import Metadata

_TAGS = (
    "TY|A[1-4]|AB|A[DNUV]|B[TL]|C[1-8]|CA|C[NPRTY]|D[ABOP]|ED|EP|ER|ET|ID|I[DS]|J[1259AFO]|JI|K[1W]|L[1-4AB]|LK|M[1-3]"
    "|N[1-2OV]|OP|P[BPTY]|R[IPN]|S[EPNTV]|T[1-4AIT]|U[1-5NR]|V[LO]|W[ET]|Y[1-2]|Z[AB]"
)
_SPACED = Dialect(re.compile(r"\s{0,3}([A-Z][A-Z0-9])  -(.*)"), frozenset(["TY"]), "ER")
# "TY - JOUR": with one blank a line of an abstract may look like a tag, so that only known ones are.
_NARROW = replace(_SPACED, tag=re.compile(rf"\s{{0,3}}({_TAGS})\s{{0,2}}-(?=\s|$)(.*)"))
_FIRST = re.compile(r"\s{0,3}TY(\s{0,2})-\s{0,4}[A-Z]{3,8}\s*$", re.MULTILINE)
_ANOTHER = re.compile(rf"^\s{{0,3}}(?:{_TAGS})\s{{0,2}}-(?:\s|$)", re.MULTILINE)
_HEADER = 30  # lines before the first record


def looks_like_ris(head: str) -> bool:
    """Whether a document that begins so is RIS: a line "TY  - JOUR" near its beginning, and other tags below it."""
    first = _FIRST.search(head)
    if first is None or head.count("\n", 0, first.start()) > _HEADER:
        return False
    return bool(_ANOTHER.search(head, first.end()))


def read_ris(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a RIS file; one without "TY" or "ER" is read, too."""
    first = _FIRST.search(document.head)
    dialect = _NARROW if first and first[1] != "  " else _SPACED
    return read_records(document, dialect, _record, "RIS")


def _record(tagged: Tagged) -> Record | Omitted:
    fields = Fields(tagged.fields)
    kind = fields.take("TY")
    csl = type_of_ris(kind) if kind else ""
    abstract = _abstract(fields)
    title = fields.take("TI", "T1", "CT") or (fields.take("BT") if csl == "book" else "") or fields.take("ST")
    if title in fields.seen("ST"):
        fields.all("ST")
    authors = people(fields.values("AU", "A1")) or people(fields.values("A2") if csl == "book" else [])
    date = _date(fields)
    doi = doi_in(*fields.seen("DO"))
    if doi:
        fields.first("DO")
    for name in ("M3", "L3"):  # of old
        if not doi and (doi := doi_in(*fields.seen(name))):
            fields.first(name)
    first_page, last_page = fields.take("SP"), fields.take("EP")
    if first_page.lower().startswith(("doi", "10.")) and doi_in(first_page):
        doi, first_page = doi or doi_in(first_page), ""
    key = fields.take("ID")
    metadata = Metadata(
        type=csl,
        venue=_venue(fields),
        publisher=fields.take("PB"),
        volume=fields.take("VL", "VO"),
        issue=fields.take("IS", "CP"),
        pages=pages_of(first_page, last_page),
        date=date,
        doi=doi,
        key=key,
        language=fields.take("LA"),
        people=authors,
        editors=people(fields.values("ED", "A2") if csl != "book" else fields.values("ED")),
        tags=keywords(fields.values("KW", "K1")),
        notice=notice_of_types(fields.seen("M3", "PT")),
    )
    elsewhere = fields.seen("UR", "L2", "LK", "M1", "M3", "AN", "C1", "C2", "N1", "DO", "L3")
    metadata = identified(metadata, doi, *elsewhere, metadata.venue, key)
    if not metadata.pmid and (number := _pubmed_number(fields)):
        metadata = replace(metadata, pmid=number)
    url = _url(fields)
    metadata = replace(metadata, extra=fields.extra("ris"))
    # A number is the place in someone's library, and no name of the paper.
    record = Record("", 0, id=None if key.isdecimal() else key, title=title, url=url, metadata=metadata)
    return made_record(abstract, tagged.line, record)


def _abstract(fields: Fields) -> Field | None:
    """The abstract of AB and N2: sections in several fields are joined; N2 repeats AB or goes on where AB is cut."""
    sections = fields.all("AB") or fields.all("N2")
    if not sections:
        return None
    text = "\n".join(section.value for section in sections)
    for other in fields.seen("N2"):
        begun = text.rstrip(" .…")
        if other == text or (len(other) > len(text) and other.startswith(begun)):
            found = fields.first("N2")
            return found if other != text else replace(sections[0], value=text)
    return replace(sections[0], value=text)


def _date(fields: Fields) -> str:
    """The most exact of the dates that are of the year of publication."""
    days, years = fields.values("DA"), fields.values("PY", "Y1")
    written = [*days, *years, *(f"{day} {year}" for day in days for year in years)]  # DA may be "Jun"
    dates = [date for date in map(read_date, written) if date]
    year = next((date for date in map(read_date, years) if date), dates[0] if dates else "")[:4]
    return max((date for date in dates if date[:4] == year), key=len, default="")


def _venue(fields: Fields) -> str:
    venue = fields.take("T2", "JF", "JO", "BT", "C3", "JA", "J2", "J1", "T3")
    for name in ("JF", "JO", "T2", "BT"):  # exports repeat it
        if venue in fields.seen(name):
            fields.all(name)
    return venue


def _url(fields: Fields) -> str:
    for name in ("UR", "LK", "L2"):
        address = next(iter(fields.seen(name)), "").split()
        if address and address[0].startswith(("http://", "https://")):
            fields.first(name)
            return address[0].rstrip(";")
    return ""


def _pubmed_number(fields: Fields) -> str:
    """The accession number where the database is PubMed's."""
    databases = " ".join(fields.seen("DB", "DP")).lower()
    numbers = [number for number in fields.seen("AN", "C1") if number.isdecimal() and len(number) <= 8]
    return numbers[0] if numbers and ("pubmed" in databases or "medline" in databases) else ""
