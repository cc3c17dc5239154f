"""Evidence tables on the page: filled row by row, remembered, so that a column that is added costs itself only."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from askpapers.datatypes import EVERYTHING, Filter, Paper
from askpapers.errors import UsageError
from askpapers.export.evidence import BLANK_SIGN, TABLE_KINDS, summary_of
from askpapers.tables.columns import Column, ColumnKind, read_columns
from askpapers.tables.opening import BegunTable, begin_table, cell_finder
from askpapers.tables.table import Cell, EvidenceTable, Origin, Row
from askpapers.text import plain
from askpapers.web.answer_tables import more_rows, sortable
from askpapers.web.citing import mark, one_line, opens, verbatim
from askpapers.web.desk import Desk, within
from askpapers.web.markup import Html, element, joined
from askpapers.web.page_requests import TableRequest
from askpapers.web.streams import updates
from askpapers.web.work import ProgressCall

MOST_ROWS = 200
"""Rows on the page; `ask table` has all of them."""
_PAGE = 25
_REMEMBERED = 50_000  # cells
_NOT_SAID = "not in the abstract"
Place = tuple[str, str, str]
"""Of a cell: the index, the paper, what filled it for which column."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table as it is asked for: a question or all papers, the names of the columns, which papers a filter admits."""

    question: str
    columns: str
    everything: bool = False
    within: Filter = EVERYTHING


def wanted_table(sent: TableRequest) -> Wanted:
    """The table that the page asks for: without a question, of all papers that it is restricted to."""
    return Wanted(sent.question, sent.columns, everything=not sent.question.strip(), within=within(sent.papers))


def request_json(wanted: Wanted) -> str:
    """What the page sends to have the table again: JSON, as `verbatim` writes it."""
    papers = tuple(sorted(wanted.within.papers))
    sent = TableRequest.model_construct(question=wanted.question, columns=wanted.columns, papers=papers)
    return verbatim(sent.model_dump_json())


class EvidenceTables:
    """Fills tables of the corpus of a desk."""

    def __init__(self, desk: Desk) -> None:
        """Fill tables; nothing is remembered yet."""
        self._desk = desk
        self._cells = RememberedCells()

    def shown(self, wanted: Wanted) -> AsyncGenerator[Html, None]:
        """How far the table is, then the table; or why there is none."""
        begin = partial(self._desk.answering.start, lambda told: self._made(wanted, told), "table")
        return updates(self._desk, begin, lambda table: _html(table, wanted))

    def file(self, wanted: Wanted, kind: str) -> str | bytes:
        """The table as a file of a kind of `TABLE_KINDS`. Raises UsageError for another kind."""
        if kind not in TABLE_KINDS:
            raise UsageError(f"A table is not saved as “{kind}”.", hint=f"Known: {', '.join(TABLE_KINDS)}.")
        write = TABLE_KINDS[kind].write
        made = None
        for happened in self._desk.answering.start(lambda told: self._made(wanted, told), "table"):
            made = happened[-1]
        assert isinstance(made, EvidenceTable)
        return write(made)

    def begin(self, wanted: Wanted, progress: ProgressCall) -> BegunTable:
        """Choose the papers of a table. Raises UsageError where there are no columns or no question."""
        if not wanted.columns.strip(" ,;\n"):
            raise UsageError("No column is named.", hint="Name some, such as: task, method, dataset, best result")
        columns = read_columns([wanted.columns])
        corpus = self._desk.opened(progress)
        return begin_table(
            corpus, wanted.question, columns, progress, everything=wanted.everything, within=wanted.within
        )

    def filler(self, columns: tuple[Column, ...]) -> RowFiller:
        """What fills rows with these columns."""
        return RowFiller(self._desk, columns, self._cells)

    def _made(self, wanted: Wanted, progress: ProgressCall) -> Iterator[EvidenceTable]:
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

    def __init__(self, desk: Desk, columns: tuple[Column, ...], cells: RememberedCells) -> None:
        """Fill rows of a desk's papers; `cells` are those that were filled before."""
        self._desk = desk
        self._columns = columns
        self._cells = cells
        self._finder, self.made_by = cell_finder(desk.corpus, desk.settings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of how the cells were found."""
        return self._finder.notes

    def row(self, paper: Paper) -> Row:
        """The row of a paper. Raises ModelError where a model fails."""
        index = self._desk.corpus.index.manifest.index
        places = {column: (index, paper.id, f"{self.made_by}\0{column.name}") for column in self._columns}
        known = self._cells.known(places.values())
        missing = [column for column in self._columns if places[column] not in known]
        if missing:
            found = self._finder.row(paper, missing).cells
            known |= self._cells.remember({places[column]: cell for column, cell in zip(missing, found, strict=True)})
        cells = tuple(self._as_seen(known[places[column]]) for column in self._columns)
        return Row(self._desk.places.paper(paper), cells)

    def _as_seen(self, cell: Cell) -> Cell:
        """The cell with its file as a stranger may see it."""
        places = self._desk.places
        return replace(
            cell,
            quote=places.quote(cell.quote) if cell.quote else None,
            place=places.source(cell.place) if cell.place else None,
        )


class RememberedCells:
    """Cells by index, paper and column; all are forgotten when there are too many."""

    def __init__(self) -> None:
        self._cells: dict[Place, Cell] = {}
        self._remembering = threading.Lock()

    def known(self, places: Iterable[Place]) -> dict[Place, Cell]:
        """Those of some cells that are remembered."""
        with self._remembering:
            return {place: self._cells[place] for place in places if place in self._cells}

    def remember(self, found: Mapping[Place, Cell]) -> Mapping[Place, Cell]:
        """Remember cells; gives them back."""
        with self._remembering:
            if len(self._cells) + len(found) > _REMEMBERED:
                self._cells.clear()
            self._cells.update(found)
        return found


def _html(table: EvidenceTable, wanted: Wanted) -> Html:
    if not table.rows:
        return element("p", "No paper is about this: not in this corpus.", class_="note", role="status")
    head = [sortable("paper", "Paper", "text"), *map(_column, range(len(table.columns)), table.columns)]
    rows = [_row(table, row, hidden=place >= _PAGE) for place, row in enumerate(table.rows)]
    kinds = [
        element("button", one.kind.label, type="button", data_act="save-table", data_kind=kind)
        for kind, one in TABLE_KINDS.items()
    ]
    return element(
        "div",
        element("p", summary_of(table), class_="coverage", role="status"),
        *(element("p", note, class_="note") for note in table.notes),
        element(
            "div",
            element("table", element("thead", element("tr", *head)), element("tbody", *rows), class_="survey"),
            class_="wide",
            tabindex="0",
        ),
        more_rows(len(rows), len(rows)),
        element("div", element("span", "Save as "), *kinds, class_="actions"),
        class_="surveyed answer evidence",
        data_page=_PAGE,
        data_table=request_json(wanted),
    )


def _column(number: int, column: Column) -> Html:
    kind = "number" if column.kind is ColumnKind.NUMBER or column.field == "year" else "text"
    drop = element(
        "button",
        "✕",
        type="button",
        class_="drop",
        data_act="drop-column",
        data_column=verbatim(column.name),
        aria_label=f"Leave out the column {column.name}",
    )
    return sortable(str(number), column.name, kind, drop)


def _row(table: EvidenceTable, row: Row, *, hidden: bool) -> Html:
    paper = row.paper
    title = element(
        "td",
        element("button", plain(paper.title), type="button", class_="opener", dir="auto", data_open=verbatim(paper.id)),
        mark(paper),
        element("span", str(paper.year), class_="facts") if paper.year else None,
        data_label="Paper",
        data_value=plain(paper.title).casefold(),
    )
    cells = (_cell(column, cell, paper) for column, cell in zip(table.columns, row.cells, strict=True))
    return element("tr", title, *cells, hidden=hidden)


def _cell(column: Column, cell: Cell, paper: Paper) -> Html:
    """A cell; what the abstract says opens at its place, and a model's words have their quote under them."""
    label: dict[str, Any] = {"data_label": column.name, "data_value": " ".join(cell.text.split()).casefold()}
    if cell.is_blank:
        reason = cell.reason or _NOT_SAID
        return element("td", element("span", BLANK_SIGN, class_="blank", title=reason), **label)
    if not cell.quote:
        return element("td", element("span", one_line(cell.text), dir="auto"), **label)
    text = element("button", one_line(cell.text), type="button", class_="cell", dir="auto", **opens(cell.quote))
    quote = element("q", one_line(cell.quote.text), dir="auto") if cell.origin is Origin.MODEL else None
    return element("td", joined(text, quote), **label)
