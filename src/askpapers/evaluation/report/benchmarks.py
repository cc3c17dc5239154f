"""The retrieval and grounding benchmarks on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from askpapers.counts import counted
from askpapers.evaluation.beir import MEASURES, RetrievalReport
from askpapers.evaluation.grounding import Figure, GroundingReport
from askpapers.text import printable


def print_retrieval(report: RetrievalReport, console: Console) -> None:
    """Print a row for each way of ranking."""
    console.print(
        Text(
            f"{printable(report.name)}: {counted(report.papers, 'paper')}, {report.queries:,} judged queries",
            style="bold",
        )
    )
    table = _table(["", *MEASURES])
    for way, measures in report.measures.items():
        cells = [f"{measures[m].mean:.3f}\n{measures[m].low:.3f}–{measures[m].high:.3f}" for m in MEASURES]
        table.add_row(way, *cells)
    console.print(table)
    indexed = report.sentences_per_second
    speed = f"{indexed:,.0f} sentences/s indexed" if indexed else "the index was there already"
    console.print(
        Text(f"Below each mean its 95% interval. {speed}, {report.queries_per_second:,.0f} queries/s.", style="dim")
    )


def print_grounding(report: GroundingReport, name: str, console: Console) -> None:
    """Print the figures of the support check, contradictions apart."""
    console.print(
        Text(f"{printable(name)}: {report.pairs:,} pairs, {report.supported:,} of them supported", style="bold")
    )
    table = _table(["", "", "95% interval", "pairs"])
    rows: list[tuple[str, Figure | None]] = [
        ("Balanced accuracy, at the shipped threshold", report.balanced_accuracy),
        (f"Balanced accuracy, at the best ({report.best_threshold:.3f})", report.balanced_accuracy_at_best),
        ("AUROC", report.auroc),
        ("Accepted, of supported claims", report.accepted_of_supported),
        ("False accepts, of all others", report.false_accepts),
        ("False accepts, of contradictions", report.false_accepts_of_contradicted),
        ("Balanced accuracy, supported against contradicted", report.balanced_accuracy_of_contradicted),
        ("AUROC, supported against contradicted", report.auroc_of_contradicted),
        *((f"Fault seen: {printable(fault)}", figure) for fault, figure in report.faults_detected.items()),
    ]
    for title, figure in rows:
        if figure is not None:
            table.add_row(title, f"{figure.value:.3f}", f"{figure.low:.3f}–{figure.high:.3f}", f"{figure.pairs:,}")
    console.print(table)
    verdicts = _table(["", *next(iter(report.verdicts.values()))])
    for label, counts in report.verdicts.items():
        verdicts.add_row(printable(label), *(f"{count:,}" for count in counts.values()))
    console.print(verdicts)
    console.print(Text("docs/evaluation.md says how far the verdicts can be trusted.", style="dim"))


def _table(headings: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    return table
