"""Shows papers of a screening on a terminal, one at a time, and its report."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from askpapers.render import title_and_year
from askpapers.screening.agreement import Agreement
from askpapers.screening.decisions import Decision
from askpapers.screening.protocol import Protocol
from askpapers.screening.report import Report, Stopping
from askpapers.screening.screening import ScreenedPaper
from askpapers.screening.verdicts import CriterionVerdict, Label, Verdict
from askpapers.text import printable

_COLOURS = {Label.INCLUDE: "green", Label.EXCLUDE: "red", Label.UNCLEAR: "yellow"}
_SIGNS = {Verdict.PASSED: ("✓", "green"), Verdict.FAILED: ("✗", "red"), Verdict.UNCLEAR: ("?", "yellow")}
_MAY_STOP = 0.05


def describe(decision: Decision) -> str:
    """A decision in words."""
    reason = f" ({decision.reason})" if decision.reason else ""
    again = ", in the re-check" if decision.recheck else ""
    return printable(f"{decision.paper}: {decision.label}{reason}{again}")


def decision_dict(decision: Decision) -> dict[str, Any]:
    """A decision as JSON."""
    reason = {"number": decision.number, "text": decision.reason} if decision.reason else None
    machine = {"label": str(decision.machine), "reason": decision.machine_reason or None} if decision.machine else None
    return {
        "paper": decision.paper,
        "label": str(decision.label),
        "reason": reason,
        "at": decision.at,
        "machine": machine,
        "recheck": decision.recheck,
    }


def print_paper(
    screened: ScreenedPaper, protocol: Protocol, console: Console, place: str, *, blind: bool = False
) -> None:
    """Print a paper with its abstract and, unless `blind`, what the machine makes of each criterion."""
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
    prisma = report.prisma
    excluded = prisma.excluded_by_person + prisma.excluded_by_machine
    title = f": {protocol.title}" if protocol.title else ""
    console.print(Text(printable(f"Screening{title}"), style="bold"))
    lines = [
        f"{prisma.records:,} records, {prisma.duplicates:,} of them duplicates that were removed",
        f"{prisma.screened:,} papers screened by title and abstract",
        f"{excluded:,} excluded: {prisma.excluded_by_person:,} by a person,"
        f" {prisma.excluded_by_machine:,} by the machine alone",
        *(f"  {count:,} {text or 'without a reason'}" for text, count in prisma.reasons),
        f"{prisma.sought:,} sought for their full text (included or unclear to a person, and seeds)",
        f"{prisma.undecided:,} not decided yet",
    ]
    for line in lines:
        console.print(Padding(Text(printable(line)), (0, 2), expand=False))
    _print_stopping(report.stopping, console)
    _print_agreement("Re-check", report.rechecked, ("first", "second"), console)
    _print_agreement("Person and machine, where it was clear", report.with_machine, ("person", "machine"), console)


def _print_stopping(stopping: Stopping, console: Console) -> None:
    console.print(Text("When to stop", style="bold"))
    chance, recall = stopping.chance_of_less, f"{stopping.recall:.0%}"
    lines = [
        f"{stopping.decided:,} of {stopping.total:,} papers decided, {stopping.kept:,} kept;"
        f" {stopping.since_last:,} excluded since the last one that was kept",
        f"chance of seeing this with less than {recall} of them found: {chance:.3f}"
        f" ({'you may stop' if chance < _MAY_STOP else 'go on'}; the bound is {_MAY_STOP})",
    ]
    for line in lines:
        console.print(Padding(Text(line), (0, 2), expand=False))


def _print_agreement(what: str, found: Agreement | None, who: tuple[str, str], console: Console) -> None:
    console.print(Text(what, style="bold"))
    if found is None:
        console.print(Padding(Text("no papers yet"), (0, 2)))
        return
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    lines = [
        f"{found.papers:,} papers, agreement {found.observed:.0%}, kappa {kappa}, PABAK {found.pabak:.2f}",
        f"both keep {found.both_keep:,}, only the {who[0]} {found.only_first:,}, only the {who[1]}"
        f" {found.only_second:,}, both exclude {found.both_exclude:,}",
    ]
    for line in lines:
        console.print(Padding(Text(line), (0, 2), expand=False))
