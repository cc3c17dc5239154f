"""The rows of a table that another program exported: CSV, TSV, or an Excel workbook. The only module with openpyxl."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from askpapers.errors import OptionalDependencyError, UsageError

TABLES = (".csv", ".tsv", ".xlsx", ".xlsm")
"""The endings of files that are read as tables."""
_LONGEST = 100_000  # characters of a cell
TITLES = ("title", "primary_title", "article title")
"""The columns that may have the title, in small letters."""
_HEADER_WITHIN = 20  # rows of a sheet


def read_rows(file: Path) -> Iterator[Mapping[str, str]]:
    """Yield the cells of each row by the names of their columns.

    Of a workbook the first sheet with a column of titles is read. Raises UsageError for a file that cannot be read, and
    OptionalDependencyError for a workbook without openpyxl.
    """
    try:
        if file.suffix.casefold() in (".xlsx", ".xlsm"):
            yield from _of_workbook(file)
        else:
            yield from _of_text(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(file, str(error)) from error


def _of_text(file: Path) -> Iterator[Mapping[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        head = stream.readline()
        stream.seek(0)
        delimiter = max(",\t;", key=head.count) if file.suffix.casefold() == ".csv" else "\t"
        rows = csv.reader(stream, delimiter=delimiter)
        yield from _named(next(rows, []), rows)


def _of_workbook(file: Path) -> Iterator[Mapping[str, str]]:
    """Rows are read one after the other; the strings that cells share are in memory."""
    load = _library()
    try:
        book = load(file, read_only=True, data_only=True)
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zipfile.BadZipFile, SyntaxError) as error:
        raise _unreadable(file, "it is no Excel workbook") from error
    try:
        for sheet in book.worksheets:
            rows = iter(sheet.iter_rows(values_only=True)) if hasattr(sheet, "iter_rows") else iter(())
            for _, row in zip(range(_HEADER_WITHIN), rows, strict=False):
                header = [_text(cell) for cell in row]
                if any(name.strip().casefold() in TITLES for name in header):
                    yield from _named(header, ([_text(cell) for cell in row] for row in rows))
                    return
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, SyntaxError) as error:
        raise _unreadable(file, "the workbook is damaged") from error
    finally:
        book.close()


def _named(header: Iterable[str], rows: Iterable[list[str]]) -> Iterator[Mapping[str, str]]:
    names = [name.strip() for name in header]
    for row in rows:
        if any(cell.strip() for cell in row):
            yield {name: cell[:_LONGEST] for name, cell in zip(names, row, strict=False)}


def _text(cell: object) -> str:
    """A cell as text; Excel keeps whole numbers as numbers with a fraction."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _library() -> Any:
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise OptionalDependencyError(
            "Reading an Excel workbook needs openpyxl.",
            hint='Install it: pip install "askpapers[screen]", or save the list as CSV.',
        ) from error
    return load_workbook


def _unreadable(file: Path, why: str) -> UsageError:
    return UsageError(
        f"Cannot read {file}: {why.rstrip('.')}.",
        hint="Give an export of Rayyan, ASReview or Covidence: .csv (UTF-8), .xlsx or .ris.",
    )
