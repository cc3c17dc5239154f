"""Fills a table row by row, and keeps what is done when it is stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from askpapers.counts import counted
from askpapers.datatypes import Paper
from askpapers.errors import ModelError
from askpapers.progress import Progress
from askpapers.tables.table import EvidenceTable, Row


class TableStoppedError(Exception):
    """The table was stopped before its last row: by Ctrl-C (`error` is None) or by a model that failed."""

    def __init__(self, table: EvidenceTable, error: ModelError | None = None) -> None:
        super().__init__("stopped")
        self.table = table
        self.error = error


def fill(
    table: EvidenceTable, papers: Sequence[Paper], row_of: Callable[[Paper], Row], progress: Progress
) -> EvidenceTable:
    """The table with a row for each paper, in order.

    Raises TableStoppedError, with the rows that are done, on Ctrl-C and ModelError.
    """
    rows: list[Row] = []
    try:
        for paper in papers:
            progress("Filling the table", len(rows), len(papers))
            rows.append(row_of(paper))
    except KeyboardInterrupt:
        raise TableStoppedError(_stopped(table, rows, "Stopped")) from None
    except ModelError as error:
        raise TableStoppedError(_stopped(table, rows, f"The model failed: {error} It ends"), error) from error
    return replace(table, rows=tuple(rows))


def _stopped(table: EvidenceTable, rows: Sequence[Row], what: str) -> EvidenceTable:
    note = f"{what} after {len(rows):,} of {counted(table.papers, 'paper')}."
    return replace(table, rows=tuple(rows), notes=(*table.notes, note))
