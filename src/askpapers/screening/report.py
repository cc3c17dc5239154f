"""The report of a screening: the counts of a PRISMA diagram, when it may stop, and how decisions agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.screening.agreement import RECALL, Agreement, agreement, chance_of_less
from askpapers.screening.decisions import DecisionLog, in_order
from askpapers.screening.screening import MACHINE, PERSON, SEED, ScreenedPaper
from askpapers.screening.verdicts import Label


@dataclass(frozen=True, slots=True)
class Prisma:
    """The counts of the screening part of a PRISMA 2020 flow diagram.

    `reasons` are the papers excluded by each criterion, in the order of the protocol, then by other words, and "" where
    no reason was given.
    """

    records: int
    duplicates: int
    screened: int
    excluded_by_person: int
    excluded_by_machine: int
    reasons: tuple[tuple[str, int], ...]
    sought: int
    """Included, for the full text to be read; the unclear ones that a person decided are among them."""
    undecided: int


@dataclass(frozen=True, slots=True)
class Stopping:
    """How far a screening is, and whether it may stop; seeds that no one decided are left out.

    `chance_of_less` is how likely what was seen would be if less than `recall` of the papers to keep had been found.
    """

    decided: int
    total: int
    kept: int
    since_last: int
    chance_of_less: float
    recall: float = RECALL


@dataclass(frozen=True, slots=True)
class Report:
    """All that a screening's methods section is written from.

    `rechecked` is the agreement of a person's decisions with those of the re-check, `with_machine` that with the
    machine where it was clear.
    """

    prisma: Prisma
    stopping: Stopping
    rechecked: Agreement | None
    with_machine: Agreement | None
    labels: tuple[tuple[Label, int, int], ...]
    """Each label with how many papers have it by a person's decision (or as seeds), and by the machine alone."""


def report(every: Sequence[ScreenedPaper], log: DecisionLog) -> Report:
    """Report on the papers of a screening."""
    current, rechecked = log.current, log.rechecked
    twice = [
        (_is_kept(current[paper].label), _is_kept(again.label))
        for paper, again in rechecked.items()
        if paper in current
    ]
    clear = [
        (_is_kept(s.decision.label), _is_kept(s.judgement.label))
        for s in every
        if s.decision and s.judgement.label is not Label.UNCLEAR
    ]
    labels = Counter((s.label, s.decided_by == MACHINE) for s in every)
    return Report(
        prisma(every),
        stopping(list(in_order(log)), sum(s.decided_by != SEED for s in every)),
        agreement(twice),
        agreement(clear),
        tuple((label, labels[label, False], labels[label, True]) for label in Label),
    )


def prisma(every: Sequence[ScreenedPaper]) -> Prisma:
    """The counts; what the machine alone excludes counts as excluded by an automation tool, as PRISMA asks for."""
    records = sum(max(1, len(s.paper.sources)) for s in every)
    excluded = [s for s in every if s.label is Label.EXCLUDE]
    by_person = sum(s.decided_by == PERSON for s in excluded)
    counts = Counter(s.reason for s in excluded)
    in_order = sorted(counts, key=lambda reason: (reason[0] is None, reason[0] or 0, not reason[1], reason[1]))
    reasons = tuple((text, counts[number, text]) for number, text in in_order)
    undecided = sum(s.decided_by == MACHINE and s.label is not Label.EXCLUDE for s in every)
    return Prisma(
        records=records,
        duplicates=records - len(every),
        screened=len(every),
        excluded_by_person=by_person,
        excluded_by_machine=len(excluded) - by_person,
        reasons=reasons,
        sought=len(every) - len(excluded) - undecided,
        undecided=undecided,
    )


def stopping(kept: Sequence[bool], total: int) -> Stopping:
    """How far a screening is whose decisions, in order, kept papers or not."""
    since = next((n for n, was_kept in enumerate(reversed(kept)) if was_kept), len(kept))
    return Stopping(len(kept), total, sum(kept), since, chance_of_less(kept, total))


def _is_kept(label: Label) -> bool:
    return label is not Label.EXCLUDE
