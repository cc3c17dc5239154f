"""What a model said for cells, kept in a file: a table that was stopped goes on, a new column asks for itself only.

A line of JSON for each cell: its key, and its text and quote, null where the model found none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from askpapers.datatypes import Paper
from askpapers.keyed_lines import KeyedLines, key_of
from askpapers.tables.columns import Column

FILE = "table-cells.jsonl"
"""Beside the generations of the index."""

Said = tuple[str, str] | None
"""The text and the quote that a model gave for a cell; None where it left the column out."""


class KeptCells:
    """The cells in a file, by what they were made of: the paper's text, the column, the model and its prompt."""

    def __init__(self, file: Path, made_by: str) -> None:
        """Read the file, if there is one. `made_by` names model and prompt."""
        self._made_by = made_by
        self._cells = KeyedLines(file, "cell")

    @property
    def failure(self) -> str:
        """Why nothing more can be kept, "" while it can."""
        return self._cells.failure

    def get(self, paper: Paper, columns: tuple[Column, ...]) -> dict[Column, Said]:
        """What was said for those of the columns that were asked before."""
        keys = {column: self._key(paper, column) for column in columns}
        found = {column: self._cells.get(key) for column, key in keys.items() if key in self._cells}
        return {column: _parse(value) for column, value in found.items() if value is None or _is_cell(value)}

    def put(self, paper: Paper, said: Mapping[Column, Said]) -> None:
        """Keep what was said, at once."""
        self._cells.add({self._key(paper, column): value for column, value in said.items()})

    def _key(self, paper: Paper, column: Column) -> str:
        return key_of((self._made_by, paper.title, paper.abstract, column.name.casefold()))


def _is_cell(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2


def _parse(value: Any) -> Said:
    return None if value is None else (str(value[0]), str(value[1]))
