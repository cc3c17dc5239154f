"""Cells by a language model: a few words of its own, each beside a quote that was found in the abstract, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from askpapers.datatypes import Paper, quote_of
from askpapers.errors import ContextOverflowError, ModelBrokenError
from askpapers.grounding.numbers import missing_numbers
from askpapers.keyed_lines import KeyedLines, key_of
from askpapers.llm.protocol import TextModel
from askpapers.llm.usage import Meter
from askpapers.prompts import Prompt
from askpapers.replies.listed_items import read_items
from askpapers.tables.columns import Column, ColumnKind
from askpapers.tables.records import record_cell
from askpapers.tables.table import BLANK, Cell, Origin, Row, quoted

CELLS_FILE = "table-cells.jsonl"
"""Beside the generations of the index."""

ReadCell = tuple[str, str] | None
"""The text and the quote that a model gave for a cell; None where it left the column out."""


class StoredCells:
    """The cells in a file, by what they were made of: the paper's text, the column, the model and its prompt.

    A table that was stopped goes on from them, and a new column asks for itself only. Each is a line of JSON: its key,
    and its text and quote, null where the model found none.
    """

    def __init__(self, file: Path, made_by: str) -> None:
        """Read the file, if there is one. `made_by` names model and prompt."""
        self._made_by = made_by
        self._cells = KeyedLines(file, "cell")

    @property
    def failure(self) -> str:
        """Why nothing more can be stored, "" while it can."""
        return self._cells.failure

    def get(self, paper: Paper, columns: tuple[Column, ...]) -> dict[Column, ReadCell]:
        """What was said for those of the columns that were asked before."""
        keys = {column: self._key(paper, column) for column in columns}
        found = {column: self._cells.get(key) for column, key in keys.items() if key in self._cells}
        return {column: _parse(value) for column, value in found.items() if value is None or _is_cell(value)}

    def put(self, paper: Paper, said: Mapping[Column, ReadCell]) -> None:
        """Store what was said, at once."""
        self._cells.add({self._key(paper, column): value for column, value in said.items()})

    def _key(self, paper: Paper, column: Column) -> str:
        return key_of((self._made_by, paper.title, paper.abstract, column.name.casefold()))


def _is_cell(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2


def _parse(value: Any) -> ReadCell:
    return None if value is None else (str(value[0]), str(value[1]))


REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cells": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "column": {"type": "integer"},
                    "text": {"type": "string"},
                    "quote": {"type": "string"},
                },
                "required": ["column", "text", "quote"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["cells"],
    "additionalProperties": False,
}
"""The JSON schema of a row."""

UNREADABLE = Cell(reason="the model's reply could not be read")
TOO_LONG = Cell(reason="the abstract is longer than the model reads")
NOT_FOUND = Cell(reason="the model's quote is not in the abstract")
_MOST_UNREADABLE = 3  # replies one after the other
_MOST_WORDS = 20  # of a text; a longer one gives way to its quote


class ModelCellFinder:
    """Fills rows by a model, a request for each paper; what it said of a paper and column before is not asked."""

    def __init__(self, model: TextModel, prompt: Prompt, stored: StoredCells, meter: Meter) -> None:
        """Ask a model by a prompt; `stored` has what it said before and takes what it says; `meter` counts tokens."""
        self._model = model
        self._prompt = prompt
        self._stored = stored
        self._meter = meter
        self._unreadable = 0
        self._asked = 0
        self._taken = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the table: how many papers were not asked about again, and what could not be kept."""
        notes = []
        if self._taken:
            before = f"{self._taken:,} paper{' was' if self._taken == 1 else 's were'} read before"
            notes.append(f"{before} and not sent to {self._model.name} again; {self._asked:,} were sent now.")
        if self._stored.failure:
            notes.append(f"What {self._model.name} said cannot be kept for the next time: {self._stored.failure}.")
        return tuple(notes)

    def row(self, paper: Paper, columns: Sequence[Column]) -> Row:
        """The row of a paper. Raises ModelError, also where one reply after the other cannot be read."""
        wanted = tuple(column for column in columns if column.kind is not ColumnKind.RECORD)
        said = self._stored.get(paper, wanted)
        missing = tuple(column for column in wanted if column not in said)
        failure = BLANK
        if missing:
            self._asked += 1
            try:
                found = self._ask(paper, missing)
            except ContextOverflowError:
                found, failure = None, TOO_LONG
            else:
                failure = UNREADABLE
                self._count_unreadable(found)
            if found is not None:
                self._stored.put(paper, found)
                said |= found
        elif wanted:
            self._taken += 1
        return Row(
            paper,
            tuple(
                record_cell(paper, column.field)
                if column.kind is ColumnKind.RECORD
                else cell_of(paper, said[column])
                if column in said
                else failure
                for column in columns
            ),
        )

    def _ask(self, paper: Paper, columns: tuple[Column, ...]) -> dict[Column, ReadCell] | None:
        names = "\n".join(f"{number}. {column.name}" for number, column in enumerate(columns, start=1))
        text = f"{' '.join(paper.title.split())}\n{' '.join(paper.abstract.split())}"
        messages = self._prompt.fill({"columns": names, "paper": text})
        written = self._model.say(messages, self._meter, lambda stage, done, total: None, REPLY_SCHEMA)
        cells = read_cells(written)
        return None if cells is None else {column: cells.get(n) for n, column in enumerate(columns, start=1)}

    def _count_unreadable(self, found: dict[Column, ReadCell] | None) -> None:
        self._unreadable = 0 if found is not None else self._unreadable + 1
        if self._unreadable >= _MOST_UNREADABLE:
            raise ModelBrokenError(
                f"{self._model.name} wrote no cells that can be read.", hint="Use another model (--llm)."
            )


def read_cells(text: str) -> dict[int, tuple[str, str]] | None:
    """Text and quote by the number of the column from what a model wrote; None where that is no such JSON."""
    items = read_items(text, "cells")
    if items is None:
        return None
    cells: dict[int, tuple[str, str]] = {}
    for item in items:
        if not isinstance(item, dict) or type(item.get("column")) is not int:
            continue
        words, quote = item.get("text"), item.get("quote")
        if isinstance(quote, str) and quote.strip():
            cells.setdefault(item["column"], (words if isinstance(words, str) else "", quote))
    return cells


def cell_of(paper: Paper, said: ReadCell) -> Cell:
    """The cell that a model's words make: only with a quote that is found in the abstract.

    A text that has a number which its quote does not have, or that is long, gives way to the quote.
    """
    if said is None:
        return BLANK
    text, quote = said
    place = find_words(quote, paper.abstract)
    if place is None:
        return NOT_FOUND
    found = quote_of(paper, *place)
    text = " ".join(text.split())
    if not text or len(text.split()) > _MOST_WORDS or missing_numbers(text, found.text):
        return quoted(found)
    return Cell(text, Origin.MODEL, found, found.source)


def find_words(quote: str, abstract: str) -> tuple[int, int] | None:
    """Where words stand in an abstract, whole; only white space, letter case and the signs around them may differ."""
    words = quote.strip(" \t\r\n\"'“”‘’.…").split()
    if not words:
        return None
    pattern = r"(?<!\w)" + r"\s+".join(map(re.escape, words)) + r"(?!\w)"
    match = re.search(pattern, abstract) or re.search(pattern, abstract, re.IGNORECASE)
    return match.span() if match else None
