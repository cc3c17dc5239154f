"""Reads CSV: a record a row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from askpapers.corpus.documents import MAX_LINE, Document
from askpapers.corpus.records import Omitted, Record
from askpapers.errors import CorpusError

TEXT_FIELDS = ("abstract", "text")
_ID_FIELDS = ("_id", "id", "arxiv_id", "doi")
_YEAR_FIELDS = ("year", "published", "created", "date")


def read_csv(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a CSV file with a header that names an `abstract` or `text` column."""
    if not csv_columns(document) & set(TEXT_FIELDS):
        yield Omitted(0, "it has no column 'abstract' or 'text'")
        return
    for number, row in csv_rows(document):
        yield _record(row, number)


def csv_rows(document: Document) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file by column name, each with the line on which it begins."""
    rows = _csv_cells(document)
    header = _column_names(next(rows, (0, []))[1])
    for begins, row in rows:
        if row:
            yield begins, dict(zip(header, row, strict=False))


def csv_columns(document: Document) -> frozenset[str]:
    """The column names of a CSV file."""
    return frozenset(_column_names(next(_csv_cells(document), (0, []))[1]))


def _csv_cells(document: Document) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV file, the header too, each with the line on which it begins."""
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(line for _, line in document.lines())
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise CorpusError(
            f"{document.place}, line {reader.line_num}, is not CSV: {error}.",
            hint="Save it as comma-separated UTF-8 with a header line.",
        ) from error


def _column_names(header: Iterable[str]) -> list[str]:
    return [name.strip().lower() for name in header]


def _record(fields: Mapping[str, Any], line: int) -> Record:
    return Record(
        text=_first(fields, TEXT_FIELDS) or "",
        line=line,
        id=_first(fields, _ID_FIELDS),
        title=_first(fields, ("title",)),
        year=read_year(_first(fields, _YEAR_FIELDS)),
        authors=_authors(fields.get("authors")),
        url=_first(fields, ("url",)),
    )


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return None


def read_year(value: str | None) -> int | None:
    """The year of a date in whichever form; None where there is none."""
    match = re.search(r"\b(1[5-9]|20)\d\d\b", value or "")
    return int(match.group()) if match else None


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        names = (name.get("name") if isinstance(name, dict) else name for name in value)
        return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())
    parts = re.split(r";|\band\b" if ";" in str(value or "") else r",|\band\b", str(value or ""))
    return tuple(part.strip() for part in parts if part.strip())
