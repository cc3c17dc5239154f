"""The report of a screening in words: what a methods section needs, as headings with lines below them."""

from __future__ import annotations

from askpapers.screening.agreement import Agreement
from askpapers.screening.report import Prisma, Report, Stopping

MAY_STOP = 0.05
"""The chance below which a screening may stop."""
Section = tuple[str, tuple[str, ...]]


def report_sections(report: Report) -> tuple[Section, ...]:
    """The counts for PRISMA (without a heading), when to stop, and how decisions agree."""
    return (
        ("", _counts(report.prisma)),
        ("When to stop", _stopping(report.stopping)),
        ("Re-check", _agreement(report.rechecked, "first", "second")),
        ("Person and machine, where it was clear", _agreement(report.with_machine, "person", "machine")),
    )


def may_stop(stopping: Stopping) -> str:
    """Whether it may stop, in two or three words."""
    return "you may stop" if stopping.chance_of_less < MAY_STOP else "go on"


def _counts(prisma: Prisma) -> tuple[str, ...]:
    excluded = prisma.excluded_by_person + prisma.excluded_by_machine
    return (
        f"{prisma.records:,} records, {prisma.duplicates:,} of them duplicates that were removed",
        f"{prisma.screened:,} papers screened by title and abstract",
        f"{excluded:,} excluded: {prisma.excluded_by_person:,} by a person,"
        f" {prisma.excluded_by_machine:,} by the machine alone",
        *(f"  {count:,} {text or 'without a reason'}" for text, count in prisma.reasons),
        f"{prisma.sought:,} sought for their full text (included or unclear to a person, and seeds)",
        f"{prisma.undecided:,} not decided yet",
    )


def _stopping(stopping: Stopping) -> tuple[str, ...]:
    chance, recall = stopping.chance_of_less, f"{stopping.recall:.0%}"
    return (
        f"{stopping.decided:,} of {stopping.total:,} papers decided, {stopping.kept:,} kept;"
        f" {stopping.since_last:,} excluded since the last one that was kept",
        f"chance of seeing this with less than {recall} of them found: {chance:.3f}"
        f" ({may_stop(stopping)}; the bound is {MAY_STOP})",
    )


def _agreement(found: Agreement | None, first: str, second: str) -> tuple[str, ...]:
    if found is None:
        return ("no papers yet",)
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    return (
        f"{found.papers:,} papers, agreement {found.observed:.0%}, kappa {kappa}, PABAK {found.pabak:.2f}",
        f"both keep {found.both_keep:,}, only the {first} {found.only_first:,}, only the {second}"
        f" {found.only_second:,}, both exclude {found.both_exclude:,}",
    )
