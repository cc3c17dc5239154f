"""Evidence tables as CSV, Excel, Markdown and JSON: every cell with its quote and its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from askpapers.contract import coverage_dict, source_dict
from askpapers.counts import counted
from askpapers.export.entries import place_of
from askpapers.export.json_files import json_text
from askpapers.export.kinds import KINDS, Kind
from askpapers.export.markdown import escaped
from askpapers.export.tables import Cell as Value
from askpapers.export.tables import Table, csv_text
from askpapers.export.values import one_line, value
from askpapers.export.workbook import workbook
from askpapers.tables.columns import ColumnKind
from askpapers.tables.table import Cell, EvidenceTable, Origin, Row
from askpapers.text import plain

SCHEMA = 1
"""The version of the JSON object that `table_dict` makes."""
BLANK_SIGN = "—"
_NOT_SAID = "not in the abstract"


@dataclass(frozen=True, slots=True)
class TableKind:
    """A kind of file that a table leaves as: what it is called like among all kinds, and what writes it."""

    kind: Kind
    write: Callable[[EvidenceTable], str | bytes]


def table_dict(table: EvidenceTable) -> dict[str, Any]:
    """A table as a JSON object: `schema` 1; `text` is null where a cell is blank, and `reason` says why."""
    return {
        "schema": SCHEMA,
        "question": table.question or None,
        "columns": [{"name": column.name, "from": str(column.kind)} for column in table.columns],
        "rows": [_row_dict(table, row) for row in table.rows],
        "papers": table.papers,
        "finished": table.is_finished,
        "coverage": coverage_dict(table.coverage) if table.coverage else None,
        "engine": {"llm": table.made_by},
        "notes": list(table.notes),
    }


def table_json(table: EvidenceTable) -> str:
    """The object of `ask table --json`."""
    return json_text(table_dict(table))


def table_csv(table: EvidenceTable) -> str:
    """A row for each paper: the cells first, then where each stands, and with a model its quote."""
    return csv_text(_rows(table, with_evidence=True))


def table_workbook(table: EvidenceTable) -> bytes:
    """Two sheets: the table, and the evidence of each cell on a row of its own."""
    return workbook([_rows(table, with_evidence=False), _evidence(table)])


def table_markdown(table: EvidenceTable) -> str:
    """A table in Markdown with numbered places, and under it what each number stands for."""
    names = ["Paper", *(column.name for column in table.columns)]
    lines = [f"**{escaped(one_line(table.question))}**", ""] if table.question else []
    lines += [_line(map(escaped, names)), _line("---" for _ in names)]
    places: dict[str, int] = {}
    for row in table.rows:
        cells = [f"{escaped(_heading(row))} ({escaped(row.paper.id)})"]
        for cell in row.cells:
            text = escaped(one_line(cell.text)) or BLANK_SIGN
            if cell.quote:
                stands = f"{one_line(row.paper.id)} · {place_of(cell.quote)}"
                stands += f": “{one_line(cell.quote.text)}”" if cell.origin is Origin.MODEL else ""
                text += f" [{places.setdefault(stands, len(places) + 1)}]"
            cells.append(text)
        lines.append(_line(cells))
    lines += ["", f"{summary_of(table)}", ""]
    lines += [line for note in table.notes for line in (f"*note:* {escaped(one_line(note))}", "")]
    lines += [f"{number}. {escaped(stands)}" for stands, number in places.items()]
    return "\n".join(lines).rstrip() + "\n"


def summary_of(table: EvidenceTable) -> str:
    """How many papers there are, what was looked at, and how many cells are filled, in a line."""
    count = len(table.rows)
    papers = counted(count, "paper")
    checked = f" ({table.coverage})" if table.coverage else ""
    cells = count * len(table.columns)
    blank = f", {BLANK_SIGN}: the paper does not say it" if table.filled < cells else ""
    return f"{papers}{checked}; {table.filled:,} of {cells:,} cells filled{blank}."


def _row_dict(table: EvidenceTable, row: Row) -> dict[str, Any]:
    paper = row.paper
    return {
        "paper": paper.id,
        "title": plain(paper.title),
        "year": paper.year,
        "notice": paper.mark or None,
        "cells": [_cell_dict(column.name, cell) for column, cell in zip(table.columns, row.cells, strict=True)],
    }


def _cell_dict(column: str, cell: Cell) -> dict[str, Any]:
    quote = cell.quote
    return {
        "column": column,
        "text": cell.text or None,
        "from": str(cell.origin) if cell.origin else None,
        "reason": (cell.reason or _NOT_SAID) if cell.is_blank else None,
        "quote": quote.text if quote else None,
        "start": quote.start if quote else None,
        "end": quote.end if quote else None,
        "source": source_dict(cell.place) if cell.place else None,
    }


def _rows(table: EvidenceTable, *, with_evidence: bool) -> Table:
    names = [column.name for column in table.columns]
    words = [place for place, column in enumerate(table.columns) if column.kind is not ColumnKind.RECORD]
    quoted = words if table.made_by else []
    columns = ["id", "title", "year", *names]
    if with_evidence:
        columns += [f"{names[place]}: quote" for place in quoted] + [f"{names[place]}: place" for place in words]
    rows: list[tuple[Value, ...]] = []
    for row in table.rows:
        values: list[Value] = [value(row.paper.id), value(_title(row)), row.paper.year]
        values += [value(cell.text) for cell in row.cells]
        if with_evidence:
            values += [value(quote.text) if (quote := row.cells[place].quote) else "" for place in quoted]
            values += [_stands(row.cells[place]) for place in words]
        rows.append(tuple(values))
    return Table("Table", tuple(columns), tuple(rows), wide=frozenset(names))


def _evidence(table: EvidenceTable) -> Table:
    rows = [
        (
            value(row.paper.id),
            value(_title(row)),
            value(column.name),
            value(cell.text),
            value(cell.quote.text) if cell.quote else "",
            value(cell.place.file) if cell.place else "",
            cell.place.line if cell.place else None,
            cell.quote.start if cell.quote else None,
            cell.quote.end if cell.quote else None,
            (cell.reason or _NOT_SAID) if cell.is_blank else str(cell.origin),
        )
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]
    return Table("Evidence", tuple("id title column cell quote file line start end from".split()), tuple(rows))


def _stands(cell: Cell) -> str:
    return value(place_of(cell.quote)) if cell.quote else cell.reason or _NOT_SAID


def _title(row: Row) -> str:
    return plain(row.paper.title) + (f" [{row.paper.mark.upper()}]" if row.paper.mark else "")


def _heading(row: Row) -> str:
    return one_line(_title(row)) + (f" ({row.paper.year})" if row.paper.year else "")


def _line(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"


TABLE_KINDS: Mapping[str, TableKind] = {
    name: TableKind(KINDS[name], write)
    for name, write in (
        ("markdown", table_markdown),
        ("json", table_json),
        ("csv", table_csv),
        ("xlsx", table_workbook),
    )
}
"""The kinds of files that a table leaves as, by name."""
