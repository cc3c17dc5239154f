"""The report in Markdown, for the page of a pull request."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from askpapers.counts import counted
from askpapers.evaluation.accepted import short_answer
from askpapers.evaluation.gates import Change, Judged, Result
from askpapers.evaluation.report.content import (
    TRUST,
    Report,
    cells,
    escaped,
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

_SHOWN = 20  # questions of each kind: the page has a limit, and report.html has all


def markdown_report(report: Report) -> str:
    """The report; suites whose gates hold are folded."""
    outcome = "FAILED" if not report.passed else "passed" if report.gates else right_line(report)
    lines = [f"## Evaluation: {outcome}", "", escaped(verdict_line(report)), ""]
    for judged in report.suites:
        lines += _suite(judged, report)
    return "\n".join([*lines, f"*Grounding: {TRUST}*"]) + "\n"


def _suite(judged: Judged, report: Report) -> list[str]:
    suite = judged.run.suite
    compared = [grades_line(report, suite.name), *paired_lines(report, suite.name)]
    held_back = ", held back" if suite.held_back else ""
    name = escape(printable(suite.name))  # within HTML, a backslash escapes nothing
    counts = f"{right_text(judged.run)}, {len(judged.lost)} lost, {len(judged.won)} won"
    title = f"{name}: {counted(len(suite.cases), 'question')}{held_back}, {counts}"
    lines = [f"<details{' open' if judged.failed else ''}><summary>{title}</summary>", ""]
    lines += [f"- **{line}**" for line in failure_lines(judged)]
    lines += [f"- {escaped(note)}" for note in notes(judged)]
    lines += [f"- {escaped(line)}" for line in compared if line]
    lines += [f"- {took_line(judged.run)}", ""]
    lines += ["| | mean | 95% interval | n | accepted | change | gate |", "| --- | --: | --: | --: | --: | --: | --: |"]
    for heading, results in judged.groups.items():
        lines += [f"| *{heading}* | | | | | | |", *map(_row, results)]
    lines.append("")
    lines += _lost_to_the_model(lost_lines(report, judged))
    lines += _wrong(judged)
    lines += _changes("Lost", judged.lost, judged) + _changes("Won", judged.won, judged)
    return [*lines, "</details>", ""]


def _row(result: Result) -> str:
    bold = "**" if result.failures else ""
    mean, *others = cells(result)
    return f"| {' | '.join((f'{bold}{METRICS[result.metric].title}{bold}', f'{bold}{mean}{bold}', *others))} |"


def _lost_to_the_model(lost: Sequence[str]) -> list[str]:
    if not lost:
        return []
    shown = [f"- {escaped(line)}" for line in lost[:_SHOWN]]
    more = [f"- and {len(lost) - _SHOWN} more"] if len(lost) > _SHOWN else []
    return [f"**Right without the model only: {len(lost)}**", "", *shown, *more, ""]


def _wrong(judged: Judged) -> list[str]:
    wrong = wrong_questions(judged.run)
    if not wrong:
        return []
    if judged.run.suite.held_back:
        return [f"**Not right**: {held_back_note(len(wrong))}", ""]
    lines = [f"**Not right: {len(wrong)}**", ""]
    for one in wrong[:_SHOWN]:
        lines += [
            f"- **{escaped(one.outcome.case.id)}** {escaped(one.outcome.case.question)}  ",
            f"  {escaped(wrong_text(one))}",
        ]
    return [*lines, *([f"- and {len(wrong) - _SHOWN} more"] if len(wrong) > _SHOWN else []), ""]


def _changes(title: str, changes: Sequence[Change], judged: Judged) -> list[str]:
    if not changes:
        return []
    if judged.run.suite.held_back:
        return [f"**{title}**: {held_back_note(len(changes))}", ""]
    lines = [f"**{title}: {len(changes)}**", ""]
    for change in changes[:_SHOWN]:
        case = change.outcome.case
        lines += [
            f"- **{escaped(case.id)}** {escaped(case.question)}  ",
            f"  {escaped(moved_text(change))}  ",
            f"  accepted: {escaped(change.before.answer)}  ",
            f"  now: {escaped(short_answer(change.outcome))}",
        ]
    if len(changes) > _SHOWN:
        lines.append(f"- and {len(changes) - _SHOWN} more")
    return [*lines, ""]
