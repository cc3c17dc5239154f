"""What a model said for cells, kept in a file: a table that was stopped goes on, a new column asks for itself only.

A line of JSON for each cell: its key, and its text and quote, null where the model found none. The file may be deleted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from askpapers.datatypes import Paper
from askpapers.tables.columns import Column

FILE = "table-cells.jsonl"
"""Beside the generations of the index."""

Said = tuple[str, str] | None
"""The text and the quote that a model gave for a cell; None where it left the column out."""


class KeptCells:
    """The cells in a file, by what they were made of: the paper's text, the column, the model and its prompt."""

    def __init__(self, file: Path, made_by: str) -> None:
        """Read the file, if there is one; lines that cannot be read are none. `made_by` names model and prompt."""
        self._file = file
        self._made_by = made_by
        self._cells: dict[str, Said] = {}
        self.failure = ""
        """Why nothing more can be kept, "" while it can."""
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    self._read(line)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.failure = error.strerror or str(error)

    def get(self, paper: Paper, columns: tuple[Column, ...]) -> dict[Column, Said]:
        """What was said for those of the columns that were asked before."""
        keys = {column: self._key(paper, column) for column in columns}
        return {column: self._cells[key] for column, key in keys.items() if key in self._cells}

    def put(self, paper: Paper, said: Mapping[Column, Said]) -> None:
        """Keep what was said, at once."""
        found = {self._key(paper, column): value for column, value in said.items()}
        self._cells |= found
        if self.failure:
            return
        items = ({"key": key, "cell": value} for key, value in found.items())
        lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        try:
            with self._file.open("ab") as out:
                out.write(lines.encode(errors="replace"))
        except OSError as error:
            self.failure = error.strerror or str(error)

    def _read(self, line: str) -> None:
        try:
            item = json.loads(line)
            key, cell = item["key"], item["cell"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if cell is None:
            self._cells[str(key)] = None
        elif isinstance(cell, list) and len(cell) == 2:
            self._cells[str(key)] = (str(cell[0]), str(cell[1]))

    def _key(self, paper: Paper, column: Column) -> str:
        made_of = (self._made_by, paper.title, paper.abstract, column.name.casefold())
        return hashlib.sha256("\0".join(made_of).encode(errors="replace")).hexdigest()
