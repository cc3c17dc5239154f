"""Shows an evidence table on a terminal: as a table where its columns have room, else paper by paper."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from askpapers.answer_text import title_and_year
from askpapers.export.evidence import BLANK_SIGN, summary_of
from askpapers.tables.table import Cell, EvidenceTable, Origin, Row
from askpapers.text import printable

_NARROWEST = 16
"""Columns of the terminal that a column of the table needs."""


def print_table(table: EvidenceTable, console: Console, top: int) -> None:
    """Print the first `top` rows of a table, and say what there is more."""
    rows = table.rows[:top]
    if rows and console.width >= _NARROWEST * (len(table.columns) + 1):
        _print_grid(table, rows, console)
    else:
        for row in rows:
            _print_list(table, row, console)
    if len(table.rows) > top:
        more = f"and {len(table.rows) - top:,} more (--top {len(table.rows)} shows all, -o FILE writes them)"
        console.print(Text(more, style="dim"))
    console.print(Text(printable(summary_of(table)), style="bold"))
    for note in table.notes:
        console.print(Text(f"note: {printable(' '.join(note.split()))}", style="yellow"))


def _print_grid(table: EvidenceTable, rows: tuple[Row, ...], console: Console) -> None:
    grid = Table(box=box.SIMPLE_HEAD, show_lines=True, pad_edge=False, expand=True)
    grid.add_column("Paper", ratio=1, overflow="fold")
    for column in table.columns:
        grid.add_column(Text(printable(column.name)), ratio=1, overflow="fold")
    for row in rows:
        grid.add_row(_paper(row), *(_cell(cell) for cell in row.cells))
    console.print(grid)


def _print_list(table: EvidenceTable, row: Row, console: Console) -> None:
    console.print(_paper(row))
    for column, cell in zip(table.columns, row.cells, strict=True):
        line = Text(f"{printable(column.name)}: ", style="cyan").append(_cell(cell))
        console.print(Padding(line, (0, 2), expand=False))
    console.print()


def _paper(row: Row) -> Text:
    paper = row.paper
    text = Text(title_and_year(paper), style="bold")
    if paper.mark:
        text.append(f" [{paper.mark.upper()}]", style="bold red")
    place = f" {paper.sources[0].file}:{paper.sources[0].line}" if paper.sources else ""
    return text.append(f"\n{printable(paper.id + place)}", style="not bold dim")


def _cell(cell: Cell) -> Text:
    """The words of a cell and the characters of the abstract that they are; of a model's words the quote, too."""
    if cell.is_blank:
        return Text(BLANK_SIGN, style="dim")
    text = Text(printable(" ".join(cell.text.split())), style="not bold default")
    if cell.quote:
        if cell.origin is Origin.MODEL and cell.quote.text != cell.text:
            text.append(f" “{printable(' '.join(cell.quote.text.split()))}”", style="italic")
        text.append(f" {cell.quote.start}–{cell.quote.end}", style="dim")
    return text
