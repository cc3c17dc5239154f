"""`ask screen`: titles and abstracts by the criteria of a review's protocol."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from askpapers.cli.options import common, console_for, opened_corpus, print_json, print_notes
from askpapers.cli.output import Output, file_to_write
from askpapers.errors import UsageError
from askpapers.export.kinds import kind_of_file
from askpapers.settings import load_settings

LABELS = ("include", "exclude", "unclear")


@click.command("screen")
@click.argument("protocol", metavar="PROTOCOL")
@common
@click.option("--next", "count", metavar="N", type=click.IntRange(1), help="Show the next N papers, and ask nothing.")
@click.option(
    "--decide",
    nargs=2,
    type=(str, click.Choice(LABELS)),
    metavar="PAPER LABEL",
    help="Decide: include, exclude, unclear.",
)
@click.option("--reason", metavar="N", help="With --decide PAPER exclude: the number of the criterion, or words.")
@click.option("--undo", is_flag=True, help="Take back the last decision.")
@click.option("--recheck", metavar="N", type=click.IntRange(1), help="Decide N papers again, blind, drawn at random.")
@click.option("--import", "imported", metavar="FILE", help="Take decisions over from Rayyan, ASReview or a list.")
@click.option("--reviewer", metavar="NAME", help="With --import: whose decisions; else those on which all agree.")
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
    count: int | None,
    decide: tuple[str, str] | None,
    reason: str | None,
    undo: bool,
    recheck: int | None,
    imported: str | None,
    reviewer: str | None,
    stated: str | None,
    as_report: bool,
    export: str | None,
    force: bool,
    llm: str | None,
) -> None:
    """Screen papers by title and abstract, by the criteria in PROTOCOL.

    PROTOCOL is a Markdown file with lists below “## Include”, “## Exclude” and “## Seeds” (known papers). Each paper
    is to be included, excluded by the first criterion that clearly fails, or unclear, with a quote for each criterion:
    that an abstract does not say something is no failure. What you decide counts, and stands in
    PROTOCOL.decisions.jsonl beside what the machine said; the papers that are left are ranked anew after each decision.

    \b
    Without an option papers are shown one by one, for keys (at a terminal, or from standard input):
      i include    e exclude    1 to 9 exclude by that criterion    u unclear    z undo    q quit

    With --json and no other option: every paper, and the report.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    actions = (count, decide, undo or None, recheck, imported, as_report or None, export)
    if sum(action is not None for action in actions) > 1:
        raise UsageError(
            "--next, --decide, --undo, --recheck, --import, --report and --export exclude each other.",
            hint="Give one of them.",
        )
    if imported is None and (reviewer is not None or stated is not None):
        raise UsageError("--reviewer and --as say what to import.", hint="Give them with --import FILE.")
    if reason is not None and (decide is None or decide[1] != "exclude"):
        raise UsageError("--reason says why a paper is excluded.", hint="Give it with --decide PAPER exclude.")
    target = _target(export, force) if export else None
    from askpapers.cli import screening_view as view
    from askpapers.screening.decisions import DecisionLog, decisions_file
    from askpapers.screening.protocol import load_protocol

    read = load_protocol(Path(protocol))
    log = DecisionLog(decisions_file(Path(protocol)))
    if undo:
        taken = log.undo()
        if taken is None:
            raise UsageError("There is no decision to take back.", hint="Decide first: --decide PAPER LABEL")
        _show_decision(view.decision_dict(taken) | {"undone": True}, f"Taken back: {view.describe(taken)}.", as_json)
        return
    settings = load_settings(corpus, index, llm)
    print_notes(settings)
    console = console_for(no_color)
    with opened_corpus(settings, log=True) as (opened, progress):
        from askpapers.export.screening import SCREENING_KINDS, report_dict, screened_dict, screening_dict
        from askpapers.reading.support_model import SupportModel
        from askpapers.screening.opening import open_screening
        from askpapers.screening.report import report
        from askpapers.screening.verdicts import Label

        screening = open_screening(read, log, opened, settings, SupportModel())
        screening.check_seeds()
        if decide:
            made = screening.decide(screening.find(decide[0]), Label(decide[1]), reason or "")
            progress.stop()
            _show_decision(view.decision_dict(made), f"Decided: {view.describe(made)}.", as_json)
            return
        if imported:
            from askpapers.screening.imported import read_export
            from askpapers.screening.importing import import_decisions

            papers = list(read_export(Path(imported), Label(stated) if stated else None))
            result = import_decisions(screening, papers, reviewer, progress)
            progress.stop()
            view.show_import(result, as_json)
            return
        if recheck is not None and not screening.sample(1):
            raise UsageError("There is no decision that was not checked again.", hint="Decide papers first.")
        screening.judge_all(progress)
        progress.stop()
        if target:
            label, write = SCREENING_KINDS[target[1]]
            every = screening.every()
            Output(file=target[0]).put(write(every), f"{len(every):,} papers, {label}")
        elif as_report or (as_json and count is None and recheck is None):
            found, every = report(screening.every(), log), screening.every()
            if as_json:
                made_by = settings.model.spec if settings.model.spec != "none" else None
                whole = screening_dict(read, every, found, made_by, screening.notes)
                print_json({"schema": 1, "report": report_dict(found)} if as_report else whole)
            else:
                view.print_report(found, read, console)
        elif count is not None or (as_json and recheck is not None):
            shown = screening.queue()[:count] if count is not None else screening.sample(recheck or 1)
            if as_json:
                print_json(
                    {"schema": 1, "papers": [screened_dict(one) for one in shown], "notes": list(screening.notes)}
                )
            for place, one in enumerate([] if as_json else shown):
                view.print_paper(one, read, console, f"{place + 1} of {len(shown)}")
        else:
            from askpapers.cli.screening_keys import screen_by_keys

            screen_by_keys(screening, console, recheck)
    for note in () if as_json else screening.notes:
        click.echo(f"note: {note}", err=True)


def _target(name: str, force: bool) -> tuple[Path, str]:
    from askpapers.export.screening import SCREENING_KINDS

    kind = kind_of_file(Path(name).name)
    if kind is None or kind.name not in SCREENING_KINDS:
        raise UsageError(
            f"What {name} is to be is not clear from its name.", hint="Known endings: .ris, .csv, .xlsx, .json."
        )
    return file_to_write(name, force=force), kind.name


def _show_decision(fields: dict[str, Any], told: str, as_json: bool) -> None:
    if as_json:
        print_json({"schema": 1, "decision": fields})
    else:
        click.echo(told)
