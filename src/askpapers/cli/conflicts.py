"""`ask conflicts`: where papers on a topic contradict each other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from askpapers.answer_text import title_and_year
from askpapers.cli.options import common, console_for, filters, opened_corpus, print_json, print_notes
from askpapers.cli.question import EXIT_NOT_IN_CORPUS
from askpapers.counts import counted
from askpapers.datatypes import Filter
from askpapers.settings import load_settings
from askpapers.text import printable

if TYPE_CHECKING:
    from askpapers.research.conflicts import Claim, ConflictReport


@click.command("conflicts")
@click.argument("topic", nargs=-1, required=True, metavar="TOPIC")
@common
@filters
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Conflicts to show.")
def conflicts_command(
    topic: Sequence[str],
    corpus: Sequence[str],
    index: str | None,
    as_json: bool,
    no_color: bool,
    within: Filter,
    top: int,
) -> None:
    """List pairs of papers on TOPIC whose sentences on the same thing point different ways.

    Each pair comes with both sentences and their places; which of them is right is for the reader to say. Different
    numbers on different data are not called a conflict. What is shown was read in both directions; more may be there.

    \b
    Exit codes: 0 searched, whether there are conflicts or not, 1 error, 2 wrong usage, 3 no paper is on the topic.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    named = " ".join(topic)
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings) as (opened, progress):
        from askpapers.research.conflicts import conflicts_dict, find_conflicts

        answer = opened.ask(f"which papers are about {named}?", "survey", progress, within=within)
        papers = [found.paper for found in answer.papers]
        report = find_conflicts(named, papers, opened.embedder, opened.support_check, progress)
        report = replace(report, coverage=answer.coverage)
    if as_json:
        print_json({**conflicts_dict(report), "notes": list(answer.notes)})
    else:
        _print(report, console_for(no_color), top)
        for note in answer.notes:
            click.echo(f"note: {printable(note)}", err=True)
    sys.exit(0 if papers else EXIT_NOT_IN_CORPUS)


def _print(report: ConflictReport, console: Console, top: int) -> None:
    topic = printable(report.topic)
    if not report.papers:
        console.print(Text(f"Not in this corpus: no paper is on “{topic}” ({report.coverage}).", style="bold yellow"))
        return
    papers = counted(report.papers, "paper")
    of = f"of {papers} on “{topic}” and {counted(report.sentences, 'sentence')} compared ({report.coverage})"
    if not report.conflicts:
        console.print(Text(f"No conflict found, {of}."))
        return
    count = counted(len(report.conflicts), "conflict")
    console.print(Text(f"{count}, {of}.", style="bold"), end="\n\n")
    for number, conflict in enumerate(report.conflicts[:top], start=1):
        console.print(Text(f"{number}.", style="cyan"))
        _print_side(conflict.first, console)
        console.print(Padding(Text("but", style="bold"), (0, 2), expand=False))
        _print_side(conflict.second, console)
        console.print()
    if len(report.conflicts) > top:
        console.print(Text(f"and {len(report.conflicts) - top:,} more (--top)", style="dim"))


def _print_side(claim: Claim, console: Console) -> None:
    quote, paper = claim.quote, claim.paper
    console.print(Padding(Text(f"“{' '.join(printable(quote.text).split())}”"), (0, 2), expand=False))
    place = f"{quote.source.file}:{quote.source.line}, characters {quote.start}–{quote.end}"
    line = f"{title_and_year(paper)} · {printable(paper.id)} · {printable(place)}"
    console.print(Padding(Text(line, style="dim"), (0, 4), expand=False))
