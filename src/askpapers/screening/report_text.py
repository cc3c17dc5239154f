"""A screening in words: its report, which a methods section needs, as headings with lines below them; its end."""

from __future__ import annotations

from askpapers.counts import counted
from askpapers.screening.agreement import Agreement
from askpapers.screening.decisions import reviewer_name
from askpapers.screening.report import FullTexts, Pairs, Prisma, Reasons, Report, Stopping
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import Stage

MAY_STOP = 0.05
"""The chance below which a screening may stop."""
Section = tuple[str, tuple[str, ...]]


def report_sections(report: Report) -> tuple[Section, ...]:
    """The counts for PRISMA (without a heading), when to stop, and how decisions agree."""
    between = (
        ("Between reviewers, on titles and abstracts", _pairs(report.reviewers)),
        ("Between reviewers, on full texts", _pairs(report.on_full_texts)),
    )
    return (
        ("", _counts(report.prisma)),
        ("Full texts", _full_texts(report.prisma.sought, report.prisma.full_texts)),
        ("When to stop", _stopping(report.stopping)),
        *((heading, lines) for heading, lines in between if lines),
        ("Re-check", _agreement(report.rechecked, "the first", "the second")),
        ("Person and machine, where it was clear", _agreement(report.with_machine, "the person", "the machine")),
    )


def may_stop(stopping: Stopping) -> str:
    """Whether it may stop, in two or three words."""
    return "you may stop" if stopping.chance_of_less < MAY_STOP else "go on"


def nothing_left(task: Task) -> str:
    """What is to be said where a task has no paper left."""
    if task.stage is Stage.DUPLICATES:
        return "No papers are left that may be the same."
    if task.consensus:
        return "Reviewers disagree on no paper."
    if task.recheck:
        return "All papers of the re-check are decided."
    return "All full texts are decided." if task.stage is Stage.FULL_TEXT else "All papers are decided."


def _counts(prisma: Prisma) -> tuple[str, ...]:
    excluded = prisma.excluded_by_person + prisma.excluded_by_machine
    by_hand = f" ({prisma.removed:,} by a person)" if prisma.removed else ""
    of_two = f": {prisma.waiting:,} wait for a second reviewer, {prisma.conflicts:,} are in conflict"
    return (
        f"{counted(prisma.records, 'record')}, {prisma.duplicates:,} of them duplicates that were removed{by_hand}",
        f"{counted(prisma.screened, 'paper')} screened by title and abstract",
        f"{excluded:,} excluded: {prisma.excluded_by_person:,} by a person,"
        f" {prisma.excluded_by_machine:,} by the machine alone",
        *_reasons(prisma.reasons),
        f"{prisma.sought:,} sought for their full text (included or unclear to a person, and seeds)",
        f"{prisma.undecided:,} not decided yet{of_two if prisma.waiting or prisma.conflicts else ''}",
    )


def _full_texts(sought: int, found: FullTexts) -> tuple[str, ...]:
    if found.undecided == sought and not found.conflicts:
        return (f"{sought:,} sought, none decided yet",)
    disagree = f" ({found.conflicts:,} in conflict)" if found.conflicts else ""
    return (
        f"{sought:,} reports sought, {found.not_retrieved:,} not retrieved,"
        f" {found.undecided:,} not decided yet{disagree}",
        f"{found.assessed:,} assessed, {found.excluded:,} excluded",
        *_reasons(found.reasons),
        f"{found.included:,} studies included",
    )


def _reasons(reasons: Reasons) -> tuple[str, ...]:
    return tuple(f"  {count:,} {text or 'without a reason'}" for text, count in reasons)


def _stopping(stopping: Stopping) -> tuple[str, ...]:
    chance, recall = stopping.chance_of_less, f"{stopping.recall:.0%}"
    return (
        f"{stopping.decided:,} of {counted(stopping.total, 'paper')} decided, {stopping.kept:,} kept;"
        f" {stopping.since_last:,} excluded since the last one that was kept",
        f"chance of seeing this with less than {recall} of them found: {chance:.3f}"
        f" ({may_stop(stopping)}; the bound is {MAY_STOP})",
    )


def _pairs(pairs: Pairs) -> tuple[str, ...]:
    named = ((reviewer_name(one), reviewer_name(other), found) for one, other, found in pairs)
    return tuple(
        line for one, other, found in named for line in (f"{one} and {other}:", *_agreement(found, one, other))
    )


def _agreement(found: Agreement | None, first: str, second: str) -> tuple[str, ...]:
    if found is None:
        return ("no papers yet",)
    kappa = "not defined" if found.kappa is None else f"{found.kappa:.2f}"
    return (
        f"{counted(found.papers, 'paper')}, agreement {found.observed:.0%}, kappa {kappa}, PABAK {found.pabak:.2f}",
        f"both keep {found.both_keep:,}, only {first} {found.only_first:,}, only {second}"
        f" {found.only_second:,}, both exclude {found.both_exclude:,}",
    )
