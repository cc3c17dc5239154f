"""What `ask screen` does with an opened screening: decides, takes over, exports, reports, shows what is next."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from askpapers.cli import screening_view as view
from askpapers.cli.options import print_json
from askpapers.errors import UsageError
from askpapers.export.screening import SCREENING_KINDS
from askpapers.export.screening_json import SCHEMA, duplicate_dict, report_dict, screened_dict, screening_dict
from askpapers.progress import Progress
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.imported import read_export
from askpapers.screening.importing import ImportResult, import_decisions, import_log
from askpapers.screening.report import report
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import Label


def decide(screening: Screening, paper: str, label: str, reason: str, other: str | None) -> Decision:
    """Decide on one paper by its name. Raises UsageError for what cannot be decided."""
    wanted = Label(label.replace("-", " "))
    if other is not None:
        return screening.decide_duplicate(paper, other, wanted)
    return screening.decide(screening.find(paper), wanted, reason)


def import_file(
    screening: Screening, file: Path, reviewer: str | None, stated: str | None, progress: Progress
) -> ImportResult:
    """Take the decisions of an export, or of another file of decisions, over.

    Raises UsageError for a file without any, CorpusError and ScreeningError for a damaged one.
    """
    if file.suffix.casefold() == ".jsonl":
        if stated:
            raise UsageError("A file of decisions has labels of its own.", hint="Leave --as out.")
        if not file.is_file():
            raise UsageError(f"There is no file {file}.", hint="Name a colleague's PROTOCOL.decisions.jsonl.")
        return import_log(screening.log, DecisionLog(file), reviewer)
    papers = list(read_export(file, Label(stated) if stated else None))
    return import_decisions(screening, papers, reviewer, progress)


def export(screening: Screening, kind: str) -> tuple[str, str | bytes, int]:
    """All papers as a kind of file: what it is called, its content, and how many papers it has."""
    label, write = SCREENING_KINDS[kind]
    papers = [*screening.papers(), *screening.removed()]
    return label, write(papers), len(papers)


def show_report(screening: Screening, console: Console, model: str, *, as_json: bool, alone: bool) -> None:
    """Print the report; as JSON with every paper, unless it is to be `alone`."""
    found = report(screening)
    if not as_json:
        view.print_report(found, screening.protocol, console)
    elif alone:
        print_json({"schema": SCHEMA, "report": report_dict(found)})
    else:
        made_by = model if model != "none" else None
        papers = [*screening.papers(), *screening.removed()]
        print_json(screening_dict(screening.protocol, papers, found, made_by, screening.notes))


def show_next(screening: Screening, console: Console, count: int | None, recheck: int | None, *, as_json: bool) -> None:
    """Print the papers that are to be decided next, `count` of them or all."""
    shown = screening.sample(recheck) if recheck else screening.queue()[:count]
    if as_json:
        papers = [screened_dict(one) for one in shown]
        print_json({"schema": SCHEMA, "papers": papers, "notes": list(screening.notes)})
        return
    for place, one in enumerate(shown, start=1):
        view.print_paper(one, screening.protocol, console, f"{place} of {len(shown)}", screening.task)


def show_duplicates(screening: Screening, console: Console, count: int | None, *, as_json: bool) -> None:
    """Print the pairs that may be the same papers, `count` of them, or all as JSON; else decide on them by keys."""
    pairs = screening.possible_duplicates()[:count]
    if as_json:
        print_json({"schema": SCHEMA, "pairs": [duplicate_dict(pair) for pair in pairs]})
    elif count is not None:
        for place, pair in enumerate(pairs, start=1):
            view.print_pair(pair, console, f"{place} of {len(pairs)}")
    else:
        from askpapers.cli.screening_keys import decide_duplicates_by_keys

        decide_duplicates_by_keys(screening, console)
