"""Reads tables of papers: CSV, TSV and their kin, as exports, spreadsheets and people write them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from askpapers.corpus.columns import known_columns, listed, meanings
from askpapers.corpus.delimited import DELIMITERS, Layout, Row, find_layout, read_rows
from askpapers.corpus.documents import Document
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.table_records import record_of_row

_HEADER_WITHIN = 25  # lines
_LONGEST_NAME = 60  # characters of a column name


def looks_like_table(head: str) -> bool:
    """Whether a text that begins so is a table with a header: of papers, or at least of columns that papers have."""
    lines = head.splitlines()[:_HEADER_WITHIN]
    if not any(delimiter in line for line in lines for delimiter in DELIMITERS):
        return False
    layout = find_layout(enumerate(io.StringIO(head, newline=""), 1), known_columns)
    if not layout or len(layout.header) < 2 or any(len(name) > _LONGEST_NAME for name in layout.header):
        return False
    found = meanings(layout.header)
    return len(found) > 1 and ("abstract" in found or 2 * len(found) >= len(layout.header))


def read_csv(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a table whose header names a column of abstracts, whatever stands between its cells."""
    layout = find_layout(document.lines(), known_columns)
    if layout is None:
        return
    columns = meanings(layout.header)
    if "abstract" not in columns:
        yield Omitted(0, f"it has no column of abstracts; its columns are {listed(layout.header)}")
        return
    if layout.above:
        yield Omitted(layout.above, "text above the column names")
    for row in _rows(document, layout):
        if row.problem:
            yield Omitted(row.line, row.problem)
        elif len(row.cells) <= columns["abstract"][0] and len(row.cells) < len(layout.header):
            yield Omitted(row.line, f"{len(row.cells)} cells where the header has {len(layout.header)}")
        elif tuple(row.cells) != layout.header:
            yield record_of_row(row, columns) or Omitted(row.line, "no abstract")


def csv_rows(document: Document) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table by column name in small letters, each with the line on which it begins."""
    if layout := find_layout(document.lines(), known_columns):
        header = _column_names(layout.header)
        for row in _rows(document, layout):
            yield row.line, dict(zip(header, row.cells, strict=False))


def csv_columns(document: Document) -> frozenset[str]:
    """The column names of a table, in small letters."""
    layout = find_layout(document.lines(), known_columns)
    return frozenset(_column_names(layout.header)) if layout else frozenset()


def _rows(document: Document, layout: Layout) -> Iterator[Row]:
    rows = read_rows(document.lines(), layout.delimiter, len(layout.header))
    return (row for row in rows if row.line > layout.line)


def _column_names(header: Iterable[str]) -> list[str]:
    return [name.strip().lower() for name in header]
