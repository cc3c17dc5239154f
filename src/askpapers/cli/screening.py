"""`ask screen`: titles and abstracts by the criteria of a review's protocol, then full texts, by one or more people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from askpapers.cli.options import common, console_for, opened_corpus, print_json, print_notes
from askpapers.cli.output import Output, file_to_write
from askpapers.counts import counted
from askpapers.errors import UsageError
from askpapers.export.kinds import kind_of_file
from askpapers.settings import load_settings
from askpapers.text import printable

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
    count: int | None,
    decide: tuple[str, str] | None,
    reason: str | None,
    other: str | None,
    undo: bool,
    reviewer: str | None,
    renamed: tuple[str, str] | None,
    unblind: bool,
    consensus: bool,
    full_text: bool,
    duplicates: bool,
    recheck: int | None,
    imported: str | None,
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

    Two people give their names with --reviewer; neither sees what the other decided before they decide themselves.

    With --json and no other option: every paper, and the report.
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    actions = (count, decide, undo or None, recheck, imported, as_report or None, export, renamed)
    if sum(action is not None for action in actions) > 1:
        raise UsageError(
            "--next, --decide, --undo, --recheck, --import, --report, --export and --rename-reviewer exclude each"
            " other.",
            hint="Give one of them.",
        )
    if sum((consensus or full_text, duplicates, recheck is not None, imported is not None)) > 1:
        raise UsageError(
            "--duplicates, --recheck and --import go with neither each other nor --consensus and --full-text.",
            hint="Give one of them.",
        )
    if imported is None and stated is not None:
        raise UsageError("--as says what to import.", hint="Give it with --import FILE.")
    if reason is not None and (decide is None or decide[1] != "exclude"):
        raise UsageError("--reason says why a paper is excluded.", hint="Give it with --decide PAPER exclude.")
    if (other is None) == (decide is not None and decide[1] in ("duplicate", "different")):
        raise UsageError(
            "--of names the paper that another one is a duplicate of.",
            hint="Give both: --decide PAPER duplicate --of PAPER",
        )
    target = _target(export, force) if export else None
    from askpapers.cli import screening_view as view
    from askpapers.export.screening_json import decision_dict
    from askpapers.screening.decisions import DecisionLog, decisions_file, reviewer_name
    from askpapers.screening.protocol import load_protocol
    from askpapers.screening.screening import Task
    from askpapers.screening.verdicts import Stage

    read = load_protocol(Path(protocol))
    log = DecisionLog(decisions_file(Path(protocol)))
    if renamed:
        now = log.rename(*renamed)
        line = f"{reviewer_name(now.reviewer)} is called {now.name} now."
        _show_fields("renamed", {"reviewer": now.reviewer, "name": now.name}, line, as_json)
        return
    # Who gives no name and only reads is no reviewer, from whom something is hidden, where the reviewers have names.
    only_reads = bool(as_report or export or (as_json and count is None and decide is None and not undo))
    is_outside = reviewer is None and "" not in log.reviewers and bool(log.reviewers)
    name = "" if imported or (only_reads and is_outside) else log.reviewer(reviewer or "")
    stage = Stage.DUPLICATES if duplicates or other else Stage.FULL_TEXT if full_text else Stage.ABSTRACT
    blind = not unblind and not (only_reads and is_outside)
    task = Task(name, stage, consensus=consensus, recheck=recheck is not None, blind=blind)
    if undo:
        taken = log.undo(name)
        if taken is None:
            raise UsageError("There is no decision to take back.", hint="Decide first: --decide PAPER LABEL")
        _show_fields(
            "decision", decision_dict(taken) | {"undone": True}, f"Taken back: {view.describe(taken)}.", as_json
        )
        return
    if not only_reads and not imported and recheck is None and (note := log.note_of_new(name)):
        click.echo(f"note: {printable(note)}", err=True)
    settings = load_settings(corpus, index, llm)
    print_notes(settings)
    console = console_for(no_color)
    with opened_corpus(settings, log=True) as (opened, progress):
        from askpapers.cli import screening_actions as act
        from askpapers.reading.support_model import SupportModel
        from askpapers.screening.opening import open_screening

        screening = open_screening(read, log, opened, settings, SupportModel()).doing(task)
        screening.check_seeds()
        if decide:
            made = act.decide(screening, *decide, reason or "", other)
            progress.stop()
            _show_fields("decision", decision_dict(made), f"Decided: {view.describe(made)}.", as_json)
            return
        if imported:
            result = act.import_file(screening, Path(imported), reviewer, stated, progress)
            progress.stop()
            view.show_import(result, as_json)
            return
        if recheck is not None and not screening.sample(1):
            raise UsageError("There is no decision that was not checked again.", hint="Decide papers first.")
        if not duplicates:
            screening.judged.judge_all(progress)
        progress.stop()
        if target:
            label, content, papers = act.export(screening, target[1])
            Output(file=target[0]).put(content, f"{counted(papers, 'paper')}, {label}")
        elif as_report or (as_json and count is None and recheck is None and not (consensus or duplicates)):
            act.show_report(screening, console, settings.model.spec, as_json=as_json, alone=as_report)
        elif duplicates:
            act.show_duplicates(screening, console, count, as_json=as_json)
        elif count is not None or as_json:
            act.show_next(screening, console, count, recheck, as_json=as_json)
        else:
            from askpapers.cli.screening_keys import screen_by_keys

            if pairs := 0 if consensus or full_text or recheck else len(screening.possible_duplicates()):
                click.echo(
                    f"note: {pairs:,} pairs may be the same papers. Decide on them first: --duplicates", err=True
                )
            screen_by_keys(screening, console, recheck)
    for note in () if as_json else screening.notes:
        click.echo(f"note: {printable(note)}", err=True)


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
