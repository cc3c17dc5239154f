"""Shows papers of a screening on a terminal, one at a time, its report, and what became of an import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from askpapers.answer_text import title_and_year
from askpapers.cli.options import print_json
from askpapers.counts import counted
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import reviewer_name
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.importing import ImportResult
from askpapers.screening.protocol import Protocol
from askpapers.screening.report import Report
from askpapers.screening.report_text import report_sections
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import CriterionVerdict, Label, Stage, Verdict
from askpapers.text import printable

_COLOURS = {Label.INCLUDE: "green", Label.EXCLUDE: "red", Label.UNCLEAR: "yellow"}
_SIGNS = {Verdict.PASSED: ("✓", "green"), Verdict.FAILED: ("✗", "red"), Verdict.UNCLEAR: ("?", "yellow")}
_MOST_AUTHORS = 8
_MOST_TITLES = 5  # of papers that are not in the corpus


def describe(decision: Decision) -> str:
    """A decision in words, with the paper's id."""
    by = f", by {decision.reviewer}" if decision.reviewer else ""
    return printable(f"{decision.paper}: {decision.in_words}{by}")


def print_pair(pair: PossibleDuplicate, console: Console, place: str) -> None:
    """Print two papers that may be the same."""
    console.print(Text(printable(f"{place} · {pair.why}"), style="dim"))
    for number, paper in ((1, pair.paper), (2, pair.other)):
        facts = (paper.id, paper.metadata.venue, paper.metadata.doi, "; ".join(paper.authors[:_MOST_AUTHORS]))
        console.print(Text(f"{number}  {title_and_year(paper)}", style="bold"))
        console.print(Text(printable(" · ".join(fact for fact in facts if fact)), style="dim"))
        console.print(Text(printable(paper.abstract)))
    console.print()


def print_paper(screened: ScreenedPaper, protocol: Protocol, console: Console, place: str, task: Task) -> None:
    """Print a paper with its abstract and what the machine makes of each criterion, unless it is decided blind.

    To settle a disagreement each reviewer's decision is shown; a full text is decided without the machine.
    """
    blind = task.recheck or task.stage is Stage.FULL_TEXT
    paper = screened.paper
    where = " · ".join(part for part in (place, paper.id, paper.metadata.venue) if part)
    console.print(Text(printable(where), style="dim"))
    mark = Text(f" [{paper.mark.upper()}]" if paper.mark else "", style="bold red")
    console.print(Text(title_and_year(paper), style="bold").append(mark))
    abstract = Text(printable(paper.abstract))
    if not blind and len(abstract) == len(paper.abstract):  # else places are not those of the abstract
        for verdict in screened.judgement.verdicts:
            evidence = verdict.finding.evidence
            if evidence and evidence.quote and verdict.verdict is not Verdict.UNCLEAR:
                abstract.stylize(_SIGNS[verdict.verdict][1], evidence.quote.start, evidence.quote.end)
    console.print(abstract)
    if task.consensus or not (task.blind or task.recheck):
        for name, vote in screened.at_stage(task.stage).votes.items():
            reason = f" ({vote.reason})" if vote.reason else ""
            console.print(
                Text(printable(f"{reviewer_name(name)}: ")).append(printable(f"{vote.label}{reason}"), "bold")
            )
    if blind:
        for criterion in protocol.criteria:
            kind = "exclude: " if criterion.excludes else ""
            console.print(Padding(Text(printable(f"{criterion.number}. {kind}{criterion.text}")), (0, 2), expand=False))
        console.print()
        return
    label = screened.judgement.label
    console.print(Text("The machine: ").append(str(label), style=f"bold {_COLOURS[label]}"))
    for verdict in screened.judgement.verdicts:
        console.print(Padding(_verdict(verdict), (0, 2), expand=False))
    console.print()


def _verdict(verdict: CriterionVerdict) -> Text:
    sign, colour = _SIGNS[verdict.verdict]
    criterion, finding = verdict.criterion, verdict.finding
    kind = "exclude: " if criterion.excludes else ""
    text = Text(f"{sign} ", style=colour)
    text.append(printable(f"{criterion.number}. {kind}{criterion.text}: "), style="default")
    text.append(printable(finding.why), style="dim")
    if finding.evidence:
        quote = finding.evidence.quote
        of = f" {quote.start}–{quote.end}" if quote else f" ({finding.evidence.where})"
        text.append(f" “{printable(' '.join(finding.evidence.text.split()))}”", style="italic")
        text.append(of, style="dim")
    return text


def print_report(report: Report, protocol: Protocol, console: Console) -> None:
    """Print what a methods section needs."""
    title = f": {protocol.title}" if protocol.title else ""
    console.print(Text(printable(f"Screening{title}"), style="bold"))
    for heading, lines in report_sections(report):
        if heading:
            console.print(Text(heading, style="bold"))
        for line in lines:
            console.print(Padding(Text(printable(line)), (0, 2), expand=False))


def show_import(result: ImportResult, as_json: bool) -> None:
    """Say what became of the papers of an export."""
    if as_json:
        print_json({"schema": 1, "imported": import_dict(result)})
        return
    click.echo(f"Imported: {_counts(result.labels)}.")
    for name, made in result.made.items() if result.reviewers else ():
        click.echo(printable(f"  {reviewer_name(name)}: {_counts(made)}"))
    for count, what in (
        (result.undecided, "without a decision in the file"),
        (len(result.disputed), "on which reviewers disagree (--consensus settles them)"),
        (len(result.missing), "not in the corpus"),
        (result.decided, "decided here before, and left so"),
        (result.further, "further decisions: full texts, duplicates, settled disagreements, re-checks"),
    ):
        if count:
            click.echo(f"  {count:,} {what}")
    for title in result.missing[:_MOST_TITLES]:
        click.echo(printable(f"    not in the corpus: {title}"))
    for one, other, found in result.agreements:
        kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
        both = f"{one} and {other}: {counted(found.papers, 'paper')} by both, agreement {found.observed:.0%}"
        click.echo(printable(f"  {both}, kappa {kappa}, PABAK {found.pabak:.2f}"))


def _counts(made: Mapping[Label, int]) -> str:
    return ", ".join(f"{count:,} {label}" for label, count in made.items())


def import_dict(result: ImportResult) -> dict[str, Any]:
    """What became of the papers of an export, as JSON."""
    return {
        "made": {str(label): count for label, count in result.labels.items()},
        "made_by": {name: {str(label): n for label, n in made.items()} for name, made in result.made.items()},
        "undecided": result.undecided,
        "disputed": list(result.disputed),
        "missing": list(result.missing),
        "decided_before": result.decided,
        "further": result.further,
        "reviewers": list(result.reviewers),
        "agreement": [
            {
                "reviewers": [one, other],
                "papers": found.papers,
                "observed": round(found.observed, 4),
                "kappa": None if found.kappa is None else round(found.kappa, 4),
                "pabak": round(found.pabak, 4),
            }
            for one, other, found in result.agreements
        ],
    }
