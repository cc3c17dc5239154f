"""Papers as a person reads them on a terminal: one, a list, those similar to one, what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from askpapers.answer_text import one_line, place, short_authors
from askpapers.corpus.left_out import LeftOutList
from askpapers.counts import counted
from askpapers.datatypes import Paper, Quote
from askpapers.render import heading
from askpapers.text import plain, printable

_REASONS = 8
"""Why something is left out: how many reasons are shown of all that there are."""


def print_papers(papers: Sequence[Paper], console: Console) -> None:
    """Print papers as a table, with a column for each of year, authors and venue that one of them gives."""
    columns: tuple[tuple[str, Callable[[Paper], str], int], ...] = (
        ("Year", lambda paper: str(paper.year or ""), 1),
        ("Authors", short_authors, 2),
        ("Venue", lambda paper: plain(paper.metadata.venue), 2),
    )
    shown = [(name, value, ratio) for name, value, ratio in columns if any(map(value, papers))]
    table = Table(box=None, pad_edge=False, show_header=bool(papers), header_style="dim", expand=len(shown) > 1)
    table.add_column("Id", style="cyan", overflow="fold")
    for name, _, ratio in shown:
        table.add_column(name, overflow="ellipsis", no_wrap=True, ratio=None if ratio == 1 else ratio)
    table.add_column("Title", overflow="fold", ratio=5 if len(shown) > 1 else None)
    for paper in papers:
        cells = [paper.id, *(value(paper) for _, value, _ in shown)]
        title = Text(printable(plain(paper.title)))
        title.append(f" [{paper.mark.upper()}]" if paper.mark else "", style="bold red")
        table.add_row(*(Text(printable(cell)) for cell in cells), title)
    console.print(table)
    if copies := copies_merged(papers):
        merged = "1 further copy is" if copies == 1 else f"{copies:,} further copies are"
        console.print(Text(f"{counted(len(papers), 'paper')}; {merged} merged into them", style="dim"))


def copies_merged(papers: Iterable[Paper]) -> int:
    """How many records of the corpus are further copies of a paper."""
    return sum(len(paper.sources) - 1 for paper in papers)


def print_left_out(left_out: LeftOutList, console: Console) -> None:
    """Print every file and record that is left out, a line for each."""
    for item in left_out:
        where = f"{item.file}:{item.line}" if item.line else item.file
        console.print(Text(f"{printable(where)}: {printable(item.reason)}"), soft_wrap=True)
    if not len(left_out):
        console.print("Nothing of the corpus is left out.")


def print_left_out_reasons(left_out: LeftOutList, console: Console) -> None:
    """Print how many files and records are left out, and the reasons with the number of each."""
    if not len(left_out):
        return
    console.print(f"left out: {left_out.count}; ask papers --left-out lists them")
    reasons = left_out.by_reason()
    for reason, count in reasons[:_REASONS]:
        console.print(Text(f"  {count}: {printable(reason)}"), soft_wrap=True)
    if len(reasons) > _REASONS:
        console.print(f"  and {len(reasons) - _REASONS:,} more reasons")


def print_paper(paper: Paper, console: Console) -> None:
    """Print one paper with all that its record says and every place that it was read from."""
    console.print(heading(paper))
    if paper.mark:
        details = f" ({printable(paper.metadata.notice_details)})" if paper.metadata.notice_details else ""
        console.print(Text(f"{paper.mark.capitalize()}{details}", style="bold red"))
    if paper.authors:
        console.print(Text(printable(", ".join(paper.authors))))
    console.print(Text(printable(" · ".join(part for part in (paper.id, paper.url) if part)), style="dim"))
    for name, value in _facts(paper):
        console.print(Text(f"{name}: {printable(value)}", style="dim"))
    console.print()
    console.print(Text(printable(paper.abstract)), end="\n\n")
    for source in paper.sources:
        console.print(Text(f"{printable(source.file)}:{source.line}", style="dim"))


def _facts(paper: Paper) -> Iterator[tuple[str, str]]:
    """The fields of a paper's record that it gives, besides title, authors, year and address."""
    metadata = paper.metadata
    names = {"doi": "DOI", "arxiv": "arXiv", "pmid": "PMID", "key": "cite key", "aliases": "also known as"}
    names |= dict.fromkeys(("people", "notice", "notice_details"), "")
    for field in fields(metadata):
        name, value = names.get(field.name, field.name), getattr(metadata, field.name)
        if field.name == "extra":
            yield from value
        elif name and value and str(value) != paper.id:
            yield name, value if isinstance(value, str) else ", ".join(map(str, value))


def print_similar(of: Paper, found: Sequence[tuple[Quote, Paper, float]], console: Console) -> None:
    """Print the papers that are similar to one, each with its similarity and its nearest sentence."""
    if not found:
        console.print(Text.assemble("There is no other paper than “", heading(of), "”."))
        return
    console.print(Text.assemble("Most similar to “", heading(of), "”:", style="bold"), end="\n\n")
    for quote, paper, similarity in found:
        console.print(Text(f"{similarity:.2f}  ", style="cyan").append_text(heading(paper)))
        console.print(Padding(Text(f"“{one_line(quote.text)}”"), (0, 6), expand=False))
        console.print(Padding(Text(f"{printable(paper.id)} · {place(quote)}", style="dim"), (0, 6), expand=False))
        console.print()
