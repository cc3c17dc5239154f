"""The report on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from askpapers.counts import counted
from askpapers.evaluation.accepted import short_answer
from askpapers.evaluation.gates import Change, Judged
from askpapers.evaluation.report.content import (
    TRUST,
    Report,
    cells,
    failure_lines,
    grades_line,
    held_back_note,
    lost_lines,
    moved_text,
    notes,
    paired_lines,
    right_line,
    right_text,
    took_line,
    verdict_line,
    wrong_text,
)
from askpapers.evaluation.rightness import wrong_questions
from askpapers.evaluation.scoring import METRICS
from askpapers.text import printable

_SHOWN = 20  # questions of each kind; the reports have all


def print_report(report: Report, console: Console) -> None:
    """Print the figures of every suite, what broke, and the questions lost and won."""
    console.print(Text(f"{right_line(report)}.", style="bold"), end="\n\n")
    for judged in report.suites:
        _print_suite(judged, report, console)
    style = "bold red" if not report.passed else "bold green" if report.gates else "bold"
    console.print(Text(printable(verdict_line(report)), style=style))


def _print_suite(judged: Judged, report: Report, console: Console) -> None:
    suite = judged.run.suite
    held_back = ", held back" if suite.held_back else ""
    title = f"{printable(suite.name)}: {counted(len(suite.cases), 'question')}{held_back}, {right_text(judged.run)}"
    console.print(Text(title, style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column("", no_wrap=True)
    for heading, width in (("mean", 5), ("95% interval", 11), ("n", 3), ("accepted", 8), ("change", 6)):
        table.add_column(heading, justify="right", no_wrap=True, min_width=width)
    for heading, results in judged.groups.items():
        table.add_row(Text(heading, style="cyan"))
        for result in results:
            row = (f"  {METRICS[result.metric].title}", *cells(result)[:-1])
            table.add_row(*row, style="red" if result.failures else None)
    console.print(table)
    console.print(Text(f"Grounding: {TRUST}", style="dim"))
    console.print(Text(took_line(judged.run)[:1].upper() + took_line(judged.run)[1:] + ".", style="dim"))
    if grades := grades_line(report, suite.name):
        console.print(Text(printable(grades), style="dim"))
    for line in paired_lines(report, suite.name):
        console.print(Text(printable(line), style="bold"))
    for note in notes(judged):
        console.print(Text(f"note: {printable(note)}", style="yellow"))
    for line in failure_lines(judged):
        console.print(Text(f"FAILED {line}", style="bold red"))
    if lost := lost_lines(report, judged):
        console.print(Text(f"Right without the model only: {len(lost)}", style="bold"))
        for line in lost[:_SHOWN]:
            console.print(Padding(Text(printable(line)), (0, 0, 0, 2), expand=False))
        _print_more(len(lost), console)
    _print_wrong(judged, console)
    _print_changes("Lost", judged.lost, judged, console)
    _print_changes("Won", judged.won, judged, console)
    console.print()


def _print_wrong(judged: Judged, console: Console) -> None:
    wrong = wrong_questions(judged.run)
    if wrong and judged.run.suite.held_back:
        console.print(f"Not right: {held_back_note(len(wrong))}", highlight=False)
    elif wrong:
        console.print(Text(f"Not right: {len(wrong)}", style="bold"))
        for one in wrong[:_SHOWN]:
            asked = Text(printable(f"{one.outcome.case.id}  {one.outcome.case.question}"))
            text = asked.append(f"\n{printable(wrong_text(one))}", style="dim")
            console.print(Padding(text, (0, 0, 0, 2), expand=False))
        _print_more(len(wrong), console)


def _print_more(count: int, console: Console) -> None:
    if count > _SHOWN:
        console.print(f"  and {count - _SHOWN} more (--report FOLDER has all)", highlight=False)


def _print_changes(title: str, changes: Sequence[Change], judged: Judged, console: Console) -> None:
    if not changes:
        return
    if judged.run.suite.held_back:
        console.print(f"{title}: {held_back_note(len(changes))}", highlight=False)
        return
    console.print(Text(f"{title}: {len(changes)}", style="bold"))
    for change in changes[:_SHOWN]:
        case = change.outcome.case
        lines = [
            Text(printable(f"{case.id}  {case.question}")),
            Text(printable(moved_text(change)), style="dim"),
            Text(printable(f"accepted: {change.before.answer}"), style="dim"),
            Text(printable(f"now:      {short_answer(change.outcome)}")),
        ]
        console.print(Padding(Text("\n").join(lines), (0, 0, 0, 2), expand=False))
    _print_more(len(changes), console)
