"""Retraction Watch's table: a CSV file that is no papers, but says which papers were retracted, when and why."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from askpapers.corpus.documents import Document
from askpapers.corpus.tables import csv_columns, csv_rows
from askpapers.identifiers import doi_of
from askpapers.metadata import Metadata, Notice

_COLUMNS = frozenset({"retractionnature", "originalpaperdoi"})
_NOTICES = {"retraction": Notice.RETRACTED, "expression of concern": Notice.CONCERN, "reinstatement": None}
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d\d)-(\d\d)")


@dataclass(frozen=True, slots=True)
class Retraction:
    """A row of the table about one paper; `notice` is None where the paper was reinstated. `date` is ISO or ""."""

    doi: str
    pmid: str
    notice: Notice | None
    date: str
    reason: str


def is_retraction_table(document: Document) -> bool:
    """Whether a document is a table with the columns of Retraction Watch's."""
    header = document.head.partition("\n")[0].lower()
    return all(column in header for column in _COLUMNS) and csv_columns(document) >= _COLUMNS


def read_retractions(document: Document) -> Iterable[Retraction]:
    """Yield the rows that mark a paper; corrections mark none."""
    for _, row in csv_rows(document):
        nature = " ".join((row.get("retractionnature") or "").split()).lower()
        pmid = (row.get("originalpaperpubmedid") or "").strip().lstrip("0")
        doi = doi_of(row.get("originalpaperdoi") or "")
        if nature in _NOTICES and (doi or pmid):
            reasons = (part.strip(" +") for part in (row.get("reason") or "").split(";"))
            reason = "; ".join(part for part in reasons if part)
            yield Retraction(doi, pmid, _NOTICES[nature], _date(row.get("retractiondate") or ""), reason)


def _date(text: str) -> str:
    """An ISO date; the table has "1/25/2020 0:00", month first."""
    match = _DATE.match(text.strip())
    if match is None:
        return ""
    month, day, year, *iso = match.groups()
    return f"{year}-{int(month):02}-{int(day):02}" if year else "-".join(iso)


class Retractions:
    """What the rows of the table say of papers, by DOI and PubMed id; the latest row of a paper counts."""

    def __init__(self, rows: Iterable[Retraction]) -> None:
        """Gather the rows."""
        self._by_id: dict[str, Retraction] = {}
        for row in sorted(rows, key=lambda row: row.date):
            for name in filter(None, (row.doi, row.pmid)):
                self._by_id[name] = row

    def marked(self, metadata: Metadata, others: Iterable[str] = ()) -> Metadata:
        """The metadata of a paper with what the table says of it; `others` are further DOIs of the paper."""
        rows = [row for name in (metadata.doi, metadata.pmid, *others) if name and (row := self._by_id.get(name))]
        if not rows:
            return metadata
        row = max(rows, key=lambda row: row.date)
        details = ", ".join(part for part in (row.date, row.reason) if part)
        return replace(metadata, notice=row.notice, notice_details=details if row.notice else "")
