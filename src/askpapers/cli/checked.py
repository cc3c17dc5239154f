"""Prints a checked draft: what is to be looked at first, the rest in a line each."""

from __future__ import annotations

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from askpapers.counts import counted
from askpapers.drafts.findings import CheckedPart, CheckedSentence, DraftCheck, Finding
from askpapers.drafts.report import LABELS, quote_label, remarks
from askpapers.text import printable

_COLOURS = {
    Finding.CONTRADICTED: "red",
    Finding.CITATION_UNKNOWN: "yellow",
    Finding.ELSEWHERE: "magenta",
    Finding.NOT_IN_CORPUS: "yellow",
    Finding.PARTLY: "yellow",
    Finding.SUPPORTED: "green",
}


def print_check(checked: DraftCheck, papers: int, console: Console) -> None:
    """Print what is to be looked at, by finding, then the rest in a line each, then the counts."""
    problems = checked.problems
    for finding in Finding:
        group = [one for one in problems if one.finding is finding]
        if group:
            label = "supported, but the reference is wrong" if finding is Finding.SUPPORTED else LABELS[finding]
            console.print(Text(f"{label.capitalize()} ({len(group)})", style=f"bold {_COLOURS[finding]}"))
            for sentence in group:
                _print_problem(checked, sentence, console)
            console.print()
    rest = [one for one in checked.sentences if not one.is_problem]
    if rest:
        console.print(Text(f"Nothing to look at ({len(rest)})", style="bold"))
        for sentence in rest:
            _print_line(sentence, console)
        console.print()
    _print_counts(checked, papers, console)


def _print_problem(checked: DraftCheck, sentence: CheckedSentence, console: Console) -> None:
    _print(console, f"{sentence.place}: {sentence.text}", 2)
    for part in sentence.parts:
        if len(sentence.parts) > 1:
            _print(console, f"{LABELS[part.finding]}: “{part.statement}”", 4, _COLOURS[part.finding])
        if part.finding is Finding.SUPPORTED and not any(citation.differs for citation in part.citations):
            continue
        for remark in remarks(part):
            _print(console, remark, 4)
        _print_quotes(checked, part, console)


def _print_quotes(checked: DraftCheck, part: CheckedPart, console: Console) -> None:
    for quote in part.quotes:
        paper = checked.papers[quote.paper]
        year = f" ({paper.year})" if paper.year else ""
        _print(console, f"{quote_label(part.finding)}: “{quote.text}”", 4)
        _print(console, f"{paper.title}{year}, {paper.id}, {quote.source.file}:{quote.source.line}", 6, "dim")


def _print_line(sentence: CheckedSentence, console: Console) -> None:
    papers = dict.fromkeys(quote.paper for part in sentence.parts for quote in part.quotes)
    found = f"{LABELS[sentence.finding]}{', no citation' if not sentence.is_cited else ''}"
    if sentence.finding is Finding.SUPPORTED:
        found += f": {', '.join(papers)}"
    shown = " ".join(sentence.text.split())
    shown = shown if len(shown) <= 60 else f"{shown[:59].rstrip()}…"
    _print(console, f"{sentence.place}: {shown} ({found})", 2)


def _print_counts(checked: DraftCheck, papers: int, console: Console) -> None:
    count, passed_over = len(checked.sentences), sum(checked.passed_over.values())
    sentences = counted(count, "sentence")
    parts = ", ".join(f"{number:,} {LABELS[finding]}" for finding, number in checked.counts.items() if number)
    _print(console, f"{sentences} checked against {counted(papers, 'paper')}{f': {parts}' if parts else ''}.", 0)
    if passed_over:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in checked.passed_over.items())
        _print(console, f"Passed over: {reasons}.", 0, "dim")
    _print(console, "Papers are known here by title and abstract: what only a full text says is not found.", 0, "dim")
    for note in checked.notes:
        click.echo(f"note: {printable(note)}", err=True)


def _print(console: Console, text: str, indent: int, style: str = "") -> None:
    console.print(Padding(Text(" ".join(printable(text).split()), style=style), (0, 0, 0, indent), expand=False))
