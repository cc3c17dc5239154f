"""Reads the plain text of Web of Science: "FN Clarivate ...", records from "PT" to "ER", lines that go on indented."""

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
from askpapers.metadata import Metadata

_DIALECT = Dialect(
    re.compile(r"([A-Z][A-Z0-9])(?: (.*)|\s*$)"), frozenset(["PT"]), "ER", of_file=frozenset(["FN", "VR", "EF"])
)
_HEADER = re.compile(r"\s*FN (?:Clarivate|Thomson|ISI|Web of)[^\n]*\n\s*VR \d", re.IGNORECASE)
_RECORD = re.compile(r"\s*PT [JBCSPD]\s*\n(?:(?:[A-Z][A-Z0-9] |   )[^\n]*\n)+?(?:AU|TI) ")
_LISTS = frozenset(["AU", "AF", "BA", "BF", "CA", "BE", "ED", "GP"])


def looks_like_web_of_science(head: str) -> bool:
    """Whether a document that begins so is from Web of Science: its header, or a record "PT J" with an author."""
    return bool(_HEADER.match(head) or _RECORD.match(head))


def read_web_of_science(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a plain-text file from Web of Science; the lists of works that they cite are not kept."""
    return read_records(document, _DIALECT, _record, "Web of Science")


def _record(tagged: Tagged) -> Record | Omitted:
    fields = Fields(_joined(field) for field in tagged.fields if field.name != "CR")
    abstract = fields.first("AB")
    kinds = [kind.strip() for value in fields.seen("DT") for kind in value.split(";")]
    names = _names(fields, "AF") or _names(fields, "AU") or _names(fields, "BF") or _names(fields, "BA")
    fields.all("AU", "BA")
    accession = fields.take("UT")
    doi = doi_in(*fields.seen("DI"))
    if doi:
        fields.first("DI")
    year, day = fields.take("PY"), fields.take("PD")
    metadata = Metadata(
        type=_type(fields.take("PT"), kinds),
        venue=fields.take("SO", "J9"),
        publisher=fields.take("PU"),
        volume=fields.take("VL"),
        issue=fields.take("IS"),
        pages=pages_of(fields.take("BP"), fields.take("EP")) or fields.take("AR"),
        date=read_date(f"{day} {year}") or read_date(year),
        doi=doi,
        pmid=fields.take("PM"),
        language=fields.take("LA"),
        people=(*people(names), *people(_names(fields, "CA"))),
        editors=people(_names(fields, "BE") or _names(fields, "ED")),
        categories=keywords(fields.values("WC")),
        tags=keywords(fields.values("DE", "ID")),
        notice=notice_of_types(kinds),
    )
    metadata = identified(metadata, doi, *fields.seen("D2", "AR"))
    title = fields.take("TI")
    metadata = replace(metadata, extra=fields.extra("wos"))
    return made_record(abstract, tagged.line, Record("", 0, id=accession, title=title, metadata=metadata))


def _joined(field: Field) -> Field:
    if field.name in _LISTS or "\n" not in field.value:
        return field
    return replace(field, value=" ".join(field.value.split()))


def _names(fields: Fields, tag: str) -> list[str]:
    return [name for value in fields.values(tag) for name in re.split(r"[\n;]", value) if name.strip()]


def _type(kind: str, kinds: list[str]) -> str:
    if "Book Chapter" in kinds:
        return "chapter"
    if kind == "J":
        return "article-journal"
    if "Proceedings Paper" in kinds or kind == "C":
        return "paper-conference"
    return {"B": "book", "S": "chapter", "P": "patent", "D": "dataset"}.get(kind, "")
