"""`ask eval new` and `ask eval add`: writing suites."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from askpapers.cli.benchmarks import bare
from askpapers.cli.options import common, console_for, opened_corpus, print_json, print_notes
from askpapers.counts import counted
from askpapers.errors import UsageError
from askpapers.settings import load_settings


@click.command("new")
@common
@click.option("--count", default=30, show_default=True, type=click.IntRange(1), help="Cases, at most.")
@click.option("-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The new suite.")
def new_command(
    corpus: Sequence[str], index: str | None, count: int, output: Path, as_json: bool, no_color: bool
) -> None:
    """Draft a suite from a corpus, for a person to correct: every case is marked "draft"."""
    if output.exists():
        raise UsageError(f"{output} is there already.", hint="Give another file: -o FILE")
    settings = load_settings(corpus, index, "none")
    print_notes(settings)
    with opened_corpus(settings) as (opened, _):
        from askpapers.evaluation.drafting import draft_suite
        from askpapers.evaluation.suites import write_cases

        cases = draft_suite(opened.papers(), count)
    write_cases(output, cases)
    if as_json:
        print_json({"suite": str(output), "cases": len(cases)})
        return
    console = console_for(no_color)
    console.print(f"{len(cases)} drafts in {output}. Correct each one, and take its mark away:", markup=False)
    console.print("the question in your own words, the papers, the facts. Drafts borrow the abstracts' words.")


@click.command("add")
@click.argument("feedback", type=click.Path(path_type=Path))
@bare
@click.option(
    "-s", "--suite", metavar="FILE", required=True, type=click.Path(path_type=Path), help="Add to this suite."
)
def add_command(feedback: Path, suite: Path, as_json: bool, no_color: bool) -> None:
    """Make cases of the FEEDBACK that the chat page collected. Thumbs down become drafts."""
    from askpapers.evaluation.feedback import cases_of_feedback
    from askpapers.evaluation.suites import read_suite, write_cases

    taken = read_suite(suite).cases if suite.exists() else ()
    cases, repeated = cases_of_feedback(feedback, taken)
    write_cases(suite, cases, append=True)
    drafts = sum(case.draft for case in cases)
    if as_json:
        print_json({"suite": str(suite), "added": len(cases), "drafts": drafts, "repeated": repeated})
        return
    count = counted(len(cases), "case")
    said = f"{count} added to {suite}, {drafts} of them drafts to complete; {repeated} were there already."
    console_for(no_color).print(said, markup=False)
