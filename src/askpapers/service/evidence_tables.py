"""Evidence tables: filled row by row, remembered, so that a column that is added costs itself only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from askpapers.datatypes import NO_FILTER, Filter, Paper
from askpapers.errors import UsageError
from askpapers.export.evidence import TABLE_KINDS
from askpapers.progress import Progress
from askpapers.service.corpus_service import CorpusService
from askpapers.service.recent import Recent
from askpapers.service.work import Work
from askpapers.tables.columns import Column, read_columns
from askpapers.tables.opening import BegunTable, begin_table, cell_finder
from askpapers.tables.table import Cell, EvidenceTable, Row

MOST_ROWS = 200
"""Rows on the page; `ask table` has all of them."""
_REMEMBERED = 50_000  # cells
Place = tuple[str, str, str]
"""Of a cell: the index, the paper, what filled it for which column."""


@dataclass(frozen=True, slots=True)
class RequestedTable:
    """A table as it is asked for: a question or all papers, the names of the columns, which papers a filter admits."""

    question: str
    columns: str
    everything: bool = False
    within: Filter = NO_FILTER


class EvidenceTables:
    """Fills tables of the corpus of a service."""

    def __init__(self, service: CorpusService) -> None:
        """Fill tables; nothing is remembered yet."""
        self._service = service
        self._cells: Recent[Place, Cell] = Recent(_REMEMBERED)

    def start(self, wanted: RequestedTable) -> Work[EvidenceTable]:
        """Begin to fill a table; the last thing that the work gives is the table. Raises BusyError."""
        return self._service.answering.start(lambda progress: self._made(wanted, progress), "table")

    def file(self, wanted: RequestedTable, kind: str) -> str | bytes:
        """The table as a file of a kind of `TABLE_KINDS`. Raises UsageError for another kind."""
        if kind not in TABLE_KINDS:
            raise UsageError(f"A table is not saved as “{kind}”.", hint=f"Known: {', '.join(TABLE_KINDS)}.")
        write = TABLE_KINDS[kind].write
        made = None
        for happened in self.start(wanted):
            made = happened[-1]
        assert isinstance(made, EvidenceTable)
        return write(made)

    def begin(self, wanted: RequestedTable, progress: Progress) -> BegunTable:
        """Choose the papers of a table. Raises UsageError where there are no columns or no question."""
        if not wanted.columns.strip(" ,;\n"):
            raise UsageError("No column is named.", hint="Name some, such as: task, method, dataset, best result")
        columns = read_columns([wanted.columns])
        corpus = self._service.opened(progress)
        return begin_table(
            corpus, wanted.question, columns, progress, everything=wanted.everything, within=wanted.within
        )

    def filler(self, columns: tuple[Column, ...]) -> RowFiller:
        """What fills rows with these columns."""
        return RowFiller(self._service, columns, self._cells)

    def _made(self, wanted: RequestedTable, progress: Progress) -> Iterator[EvidenceTable]:
        begun = self.begin(wanted, progress)
        filler = self.filler(begun.table.columns)
        papers = begun.papers[:MOST_ROWS]
        rows = []
        for number, paper in enumerate(papers):
            progress("Filling the table", number, len(papers))
            rows.append(filler.row(paper))
        notes = (*begun.table.notes, *filler.notes)
        if len(begun.papers) > len(papers):
            notes += (f"The first {MOST_ROWS} of {len(begun.papers):,} papers; “ask table” in a terminal has all.",)
        made_by = filler.made_by
        yield replace(begun.table, rows=tuple(rows), papers=len(papers), made_by=made_by, notes=notes)


class RowFiller:
    """Fills rows; cells that are remembered are not looked for again. Files are named as a stranger may see them."""

    def __init__(self, service: CorpusService, columns: tuple[Column, ...], cells: Recent[Place, Cell]) -> None:
        """Fill rows of a service's papers; `cells` are those that were filled before."""
        self._service = service
        self._columns = columns
        self._cells = cells
        self._finder, self.made_by = cell_finder(service.corpus, service.settings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of how the cells were found."""
        return self._finder.notes

    def row(self, paper: Paper) -> Row:
        """The row of a paper. Raises ModelError where a model fails."""
        index = self._service.corpus.index.manifest.index
        places = {column: (index, paper.id, f"{self.made_by}\0{column.name}") for column in self._columns}
        cells = {column: cell for column, place in places.items() if (cell := self._cells.get(place)) is not None}
        missing = [column for column in self._columns if column not in cells]
        for column, cell in zip(missing, self._finder.row(paper, missing).cells if missing else (), strict=True):
            cells[column] = self._cells.put(places[column], cell)
        return self._service.paths.shown(Row(paper, tuple(cells[column] for column in self._columns)))
