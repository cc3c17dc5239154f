"""The values of an evidence table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from askpapers.coverage import Coverage
from askpapers.datatypes import Paper, Quote, Source
from askpapers.tables.columns import Column


class Origin(StrEnum):
    """Where a cell is from."""

    RECORD = "record"  # a field of the paper's record, exact
    ABSTRACT = "abstract"  # words of the abstract: the text of the cell is its quote
    MODEL = "model"  # words of a model, which stand beside a quote that was found in the abstract


@dataclass(frozen=True, slots=True)
class Cell:
    """What a paper says for a column. Without a text it says nothing.

    `quote` is what the cell stands on; a cell from the record has none, and `place` is where the record begins.
    `reason` says of a blank cell why it is blank, where there is more to say than that the paper does not say it.
    """

    text: str = ""
    origin: Origin | None = None
    quote: Quote | None = None
    place: Source | None = None
    reason: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether the paper says nothing for the column."""
        return not self.text

    def __post_init__(self) -> None:
        if bool(self.text) != bool(self.origin):
            raise ValueError("a cell with a text has an origin, and no other")
        if (self.origin in (Origin.ABSTRACT, Origin.MODEL)) != (self.quote is not None):
            raise ValueError("a cell that is not from the record stands on a quote")


BLANK = Cell()


def quoted(quote: Quote) -> Cell:
    """A cell that is words of the abstract."""
    return Cell(quote.text, Origin.ABSTRACT, quote, quote.source)


@dataclass(frozen=True, slots=True)
class Row:
    """A paper with a cell for each column, in their order."""

    paper: Paper
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """A table: its columns, and a row for each paper that it is about.

    `question` is "" for a table of all papers. `papers` is how many there are to be; there are fewer `rows` where it
    was stopped. `made_by` names the model that read the abstracts, None where none did. `notes` are shown with it.
    """

    question: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    papers: int
    coverage: Coverage | None = None
    made_by: str | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def is_finished(self) -> bool:
        """Whether every paper has its row."""
        return len(self.rows) == self.papers

    @property
    def filled(self) -> int:
        """How many cells say something."""
        return sum(not cell.is_blank for row in self.rows for cell in row.cells)
