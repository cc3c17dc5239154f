"""`ask screen`: titles and abstracts by the criteria of a review's protocol, then full texts, by one or more people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from askpapers.cli.options import (
    ProgressDisplay,
    ProgressLog,
    common,
    console_for,
    opened_corpus,
    print_json,
    print_notes,
)
from askpapers.cli.output import Output, file_to_write
from askpapers.counts import counted
from askpapers.errors import UsageError
from askpapers.export.kinds import kind_of_file
from askpapers.settings import load_settings
from askpapers.text import printable

if TYPE_CHECKING:
    from rich.console import Console

    from askpapers.cli.screening_options import ScreenOptions
    from askpapers.screening.decisions import DecisionLog
    from askpapers.screening.screening import Screening

LABELS = ("include", "exclude", "unclear")
_DECISIONS = (*LABELS, "not-retrieved", "duplicate", "different")


@click.command("screen")
@click.argument("protocol", metavar="PROTOCOL")
@common
@click.option("--next", "count", metavar="N", type=click.IntRange(1), help="Show the next N papers, and ask nothing.")
@click.option(
    "--decide",
    nargs=2,
    type=(str, click.Choice(_DECISIONS)),
    metavar="PAPER LABEL",
    help="Decide: include, exclude, unclear; of a full text not-retrieved; with --of duplicate, different.",
)
@click.option("--reason", metavar="N", help="With --decide PAPER exclude: the number of the criterion, or words.")
@click.option("--of", "other", metavar="PAPER", help="With --decide PAPER duplicate or different: of this one.")
@click.option("--undo", is_flag=True, help="Take back your last decision.")
@click.option("--reviewer", metavar="NAME", help="Who decides; with --import: whose decisions to take over.")
@click.option(
    "--rename-reviewer",
    "renamed",
    nargs=2,
    metavar="NAME NEW",
    help="Give a reviewer, and their decisions, a new name.",
)
@click.option("--unblind", is_flag=True, help="Show what others decided on papers that are yours to decide.")
@click.option("--consensus", is_flag=True, help="Settle what reviewers disagree on; with --decide, --next or by keys.")
@click.option("--full-text", "full_text", is_flag=True, help="Decide on the full texts of what was included.")
@click.option("--duplicates", is_flag=True, help="Decide on papers that may be the same, before screening.")
@click.option("--recheck", metavar="N", type=click.IntRange(1), help="Decide N papers again, blind, drawn at random.")
@click.option(
    "--import", "imported", metavar="FILE", help="Take decisions over: Rayyan, ASReview, a list, a colleague."
)
@click.option("--as", "stated", type=click.Choice(LABELS), help="With --import: the label of a list without labels.")
@click.option("--report", "as_report", is_flag=True, help="Show counts for PRISMA, agreement, and whether to stop.")
@click.option("--export", metavar="FILE", help="Write all papers with labels and reasons: .ris, .csv, .xlsx, .json.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.option("--llm", metavar="SPEC", help="A model that judges: openai/M, ollama/M, URL#M, gguf:PATH, or none.")
def screen_command(
    protocol: str,
    corpus: Sequence[str],
    index: str | None,
    as_json: bool,
    no_color: bool,
    force: bool,
    llm: str | None,
    **chosen: Any,
) -> None:
    """Screen papers by title and abstract, by the criteria in PROTOCOL.

    PROTOCOL is a Markdown file with lists below “## Include”, “## Exclude” and “## Seeds” (known papers). Each paper
    is to be included, excluded by the first criterion that clearly fails, or unclear, with a quote for each criterion:
    that an abstract does not say something is no failure. What you decide counts, and stands in
    PROTOCOL.decisions.jsonl beside what the machine said; the papers that are left are ranked anew after each decision.

    \b
    Without an option papers are shown one by one, for keys (at a terminal, or from standard input):
      i include    e exclude    1 to 9 exclude by that criterion    u unclear    z undo    q quit

    Two people give their names with --reviewer; neither sees what the other decided before they decide themselves.

    With --json and no other option: every paper, and the report.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    from askpapers.cli.screening_options import ScreenOptions

    options = ScreenOptions(**chosen, as_json=as_json)
    options.check()
    target = _target(options.export, force) if options.export else None
    from askpapers.screening.decisions import DecisionLog, decisions_file
    from askpapers.screening.protocol import load_protocol

    read = load_protocol(Path(protocol))
    log = DecisionLog(decisions_file(Path(protocol)))
    if options.renamed:
        _rename_reviewer(log, *options.renamed, as_json=as_json)
        return
    task = options.task(log)
    if options.undo:
        _undo(log, task.reviewer, as_json=as_json)
        return
    decides = not (options.only_reads or options.imported or task.recheck)
    if decides and (note := log.note_of_new(task.reviewer)):
        click.echo(f"note: {printable(note)}", err=True)
    settings = load_settings(corpus, index, llm)
    print_notes(settings)
    with opened_corpus(settings, log=True) as (opened, progress):
        from askpapers.reading.support_model import SupportModel
        from askpapers.screening.opening import open_screening

        screening = open_screening(read, log, opened, settings, SupportModel()).doing(task)
        screening.check_seeds()
        if options.decide or options.imported:
            _decide_or_import(screening, options, progress)
            return
        if task.recheck and not screening.sample(1):
            raise UsageError("There is no decision that was not checked again.", hint="Decide papers first.")
        if not options.duplicates:
            screening.judged.judge_all(progress)
        progress.stop()
        _show(screening, options, target, console_for(no_color), settings.model.spec)
    for note in () if as_json else screening.notes:
        click.echo(f"note: {printable(note)}", err=True)


def _rename_reviewer(log: DecisionLog, name: str, new: str, *, as_json: bool) -> None:
    from askpapers.screening.decisions import reviewer_name

    now = log.rename(name, new)
    line = f"{reviewer_name(now.reviewer)} is called {now.name} now."
    _show_fields("renamed", {"reviewer": now.reviewer, "name": now.name}, line, as_json)


def _undo(log: DecisionLog, reviewer: str, *, as_json: bool) -> None:
    from askpapers.cli.screening_view import describe
    from askpapers.export.screening_json import decision_dict

    taken = log.undo(reviewer)
    if taken is None:
        raise UsageError("There is no decision to take back.", hint="Decide first: --decide PAPER LABEL")
    _show_fields("decision", decision_dict(taken) | {"undone": True}, f"Taken back: {describe(taken)}.", as_json)


def _decide_or_import(screening: Screening, options: ScreenOptions, progress: ProgressDisplay | ProgressLog) -> None:
    """Write down the decision that is given, or those of a file."""
    from askpapers.cli import screening_actions as act
    from askpapers.cli.screening_view import describe, show_import
    from askpapers.export.screening_json import decision_dict

    if options.decide:
        made = act.decide(screening, *options.decide, options.reason or "", options.other)
        progress.stop()
        _show_fields("decision", decision_dict(made), f"Decided: {describe(made)}.", options.as_json)
    elif options.imported:
        result = act.import_file(screening, Path(options.imported), options.reviewer, options.stated, progress)
        progress.stop()
        show_import(result, options.as_json)


def _show(
    screening: Screening, options: ScreenOptions, target: tuple[Path, str] | None, console: Console, model: str
) -> None:
    """Export, report, or show papers: all of them, some, or one by one for keys."""
    from askpapers.cli import screening_actions as act

    as_json, count, recheck = options.as_json, options.count, options.recheck
    if target:
        label, content, papers = act.export(screening, target[1])
        Output(file=target[0]).put(content, f"{counted(papers, 'paper')}, {label}")
    elif options.wants_report:
        act.show_report(screening, console, model, as_json=as_json, alone=options.as_report)
    elif options.duplicates:
        act.show_duplicates(screening, console, count, as_json=as_json)
    elif count is not None or as_json:
        act.show_next(screening, console, count, recheck, as_json=as_json)
    else:
        from askpapers.cli.screening_keys import screen_by_keys

        other_task = options.consensus or options.full_text or recheck
        if pairs := 0 if other_task else len(screening.possible_duplicates()):
            click.echo(f"note: {pairs:,} pairs may be the same papers. Decide on them first: --duplicates", err=True)
        screen_by_keys(screening, console, recheck)


def _target(name: str, force: bool) -> tuple[Path, str]:
    from askpapers.export.screening import SCREENING_KINDS

    kind = kind_of_file(Path(name).name)
    if kind is None or kind.name not in SCREENING_KINDS:
        raise UsageError(
            f"What {name} is to be is not clear from its name.", hint="Known endings: .ris, .csv, .xlsx, .json."
        )
    return file_to_write(name, force=force), kind.name


def _show_fields(name: str, fields: dict[str, Any], line: str, as_json: bool) -> None:
    """Print what was done: as JSON under a name, else as a line."""
    if as_json:
        print_json({"schema": 1, name: fields})
    else:
        click.echo(line)
