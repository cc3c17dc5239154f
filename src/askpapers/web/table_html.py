"""Evidence tables on the page: what it asks for, and a table with a cell for each column that opens its quote."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

from askpapers.datatypes import Paper
from askpapers.export.evidence import BLANK_SIGN, TABLE_KINDS, summary_of
from askpapers.service.corpus_service import CorpusService
from askpapers.service.evidence_tables import EvidenceTables, RequestedTable
from askpapers.service.questions import within
from askpapers.tables.columns import Column, ColumnKind
from askpapers.tables.table import Cell, EvidenceTable, Origin, Row
from askpapers.text import plain
from askpapers.web.answer_tables import more_rows, sortable
from askpapers.web.citing import mark, one_line, opener, opens, verbatim
from askpapers.web.markup import Html, button, element, joined
from askpapers.web.page_requests import TableRequest
from askpapers.web.streams import updates

_PAGE = 25  # rows
_NOT_SAID = "not in the abstract"


def table_updates(service: CorpusService, tables: EvidenceTables, wanted: RequestedTable) -> AsyncGenerator[Html, None]:
    """How far a table is, then the table; or why there is none."""
    return updates(service, partial(tables.start, wanted), lambda table: _html(table, wanted))


def wanted_table(sent: TableRequest) -> RequestedTable:
    """The table that the page asks for: without a question, of all papers that it is restricted to."""
    return RequestedTable(sent.question, sent.columns, everything=not sent.question.strip(), within=within(sent.papers))


def request_json(wanted: RequestedTable) -> str:
    """What the page sends to have the table again: JSON, as `verbatim` writes it."""
    papers = tuple(sorted(wanted.within.papers))
    sent = TableRequest.model_construct(question=wanted.question, columns=wanted.columns, papers=papers)
    return verbatim(sent.model_dump_json())


def _html(table: EvidenceTable, wanted: RequestedTable) -> Html:
    if not table.rows:
        return element("p", "No paper is about this: not in this corpus.", class_="note", role="status")
    head = [sortable("paper", "Paper", "text"), *map(_column, range(len(table.columns)), table.columns)]
    rows = [_row(table, row, hidden=place >= _PAGE) for place, row in enumerate(table.rows)]
    kinds = [button(one.kind.label, data_act="save-table", data_kind=kind) for kind, one in TABLE_KINDS.items()]
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
    drop = button(
        "✕",
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
        opener(plain(paper.title), paper.id),
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
    text = button(one_line(cell.text), class_="cell", dir="auto", **opens(cell.quote))
    quote = element("q", one_line(cell.quote.text), dir="auto") if cell.origin is Origin.MODEL else None
    return element("td", joined(text, quote), **label)
