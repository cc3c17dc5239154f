"""`ask table`: an evidence table, a row for each paper."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import click
from rich.console import Console

from askpapers import render
from askpapers.cli.options import console_for, corpus_options, filters, opened_corpus, print_notes
from askpapers.cli.output import Output, table_options
from askpapers.cli.question import EXIT_NOT_IN_CORPUS
from askpapers.counts import counted
from askpapers.datatypes import Answer, Filter, Status
from askpapers.errors import UsageError
from askpapers.export.evidence import TABLE_KINDS
from askpapers.settings import load_settings
from askpapers.tables.columns import read_columns
from askpapers.text import printable

EXIT_STOPPED = 130


@click.command("table")
@click.argument("words", metavar="[QUESTION]", nargs=-1)
@click.option(
    "--columns",
    metavar="NAMES",
    multiple=True,
    required=True,
    help="What to fill in, parted by commas: “task, method, dataset, best result”; repeatable.",
)
@click.option(
    "--all", "everything", is_flag=True, help="A row for every paper, not only those that the question is about."
)
@corpus_options
@table_options
@filters
@click.option(
    "--llm", metavar="SPEC", help="A model that reads the abstracts: openai/M, ollama/M, URL#M, gguf:PATH, or none."
)
@click.option("--top", default=20, show_default=True, type=click.IntRange(1), help="Papers shown; a file has all.")
def table_command(
    words: Sequence[str],
    columns: Sequence[str],
    everything: bool,
    corpus: Sequence[str],
    index: str | None,
    output: Output,
    within: Filter,
    llm: str | None,
    top: int,
    no_color: bool,
) -> None:
    """Make an evidence table: a row for each paper that QUESTION is about, a cell for each column.

    A cell is the shortest run of words of the abstract that answers its column, with its place; it is blank where the
    abstract does not say. A column that is a field of the record (authors, year, venue, DOI) is exact. With a model a
    cell may be a few words of its own beside their quote; its answers are kept beside the index, so that a table
    that was stopped goes on where it ended.
    """
    read = read_columns(list(columns))
    question = " ".join(words)
    if not question.strip() and not everything:
        raise UsageError(
            "The question is empty.",
            hint='Ask one: ask table "which papers use RLHF?" --columns "task, method", or --all',
        )
    settings = load_settings(corpus, index, llm)
    print_notes(settings)
    console, by_model = console_for(no_color), settings.model.spec != "none"
    with opened_corpus(settings, log=by_model) as (opened, progress):
        from askpapers.tables.build import TableStoppedError, fill
        from askpapers.tables.opening import begin_table, cell_finder

        begun = begin_table(opened, question, read, progress, everything=everything, within=within)
        papers = begun.papers
        if begun.answer and not papers and (begun.answer.is_guidance or not output.kind):
            progress.stop()
            _refuse(begun.answer, output, console, top)
        finder, made_by = cell_finder(opened, settings)
        code = 0 if papers or everything else EXIT_NOT_IN_CORPUS
        try:
            table = fill(replace(begun.table, made_by=made_by), papers, lambda paper: finder.row(paper, read), progress)
        except TableStoppedError as stopped:
            table = stopped.table
            code = stopped.error.exit_code if stopped.error else EXIT_STOPPED
            if stopped.error:
                click.echo(f"ask: {printable(str(stopped.error))}\n     {printable(stopped.error.hint)}", err=True)
        table = replace(table, notes=(*table.notes, *finder.notes))
    if output.kind:
        kind = TABLE_KINDS[output.kind.name]
        count = counted(len(table.rows), "paper")
        output.put(
            kind.write(table),
            f"{count}, {counted(len(table.columns), 'column')}, {kind.kind.label}",
        )
    else:
        from askpapers.cli.table_view import print_table

        print_table(table, console, top)
    sys.exit(code)


def _refuse(answer: Answer, output: Output, console: Console, top: int) -> None:
    """Show an answer that has no papers for a table, and end."""
    if output.kind:
        raise UsageError(
            answer.text or "No paper is about this: not in this corpus.", hint="Ask otherwise, or give --all."
        )
    render.print_answer(answer, console, top)
    sys.exit(EXIT_NOT_IN_CORPUS if answer.status is Status.NOT_IN_CORPUS else 2)
