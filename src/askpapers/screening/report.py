"""The report of a screening: the counts of a PRISMA diagram, when it may stop, and how decisions agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from askpapers.screening.agreement import RECALL, Agreement, agreement, agreements, chance_of_less
from askpapers.screening.decisions import DecisionLog, inclusions_in_order
from askpapers.screening.outcomes import Outcome, Status
from askpapers.screening.screened import MACHINE, PERSON, SEED, ScreenedPaper
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import LABELS, Label, Stage

Reasons = tuple[tuple[str, int], ...]
"""Reasons with how many papers each excluded: criteria in their order, other words, and "" where none was given."""
Pairs = tuple[tuple[str, str, Agreement], ...]
"""How each two reviewers agree."""


@dataclass(frozen=True, slots=True)
class FullTexts:
    """The counts of the second stage, of the papers whose full text is sought; `undecided` ones are among them."""

    not_retrieved: int
    assessed: int
    excluded: int
    reasons: Reasons
    included: int
    undecided: int
    conflicts: int


@dataclass(frozen=True, slots=True)
class Prisma:
    """The counts of a PRISMA 2020 flow diagram, by the decisions that count.

    `duplicates` were joined when they were read, or removed by a person (`removed` ones). `undecided` are the papers
    that are not decided yet; `waiting` ones need a second reviewer, on `conflicts` reviewers disagree.
    """

    records: int
    duplicates: int
    removed: int
    screened: int
    excluded_by_person: int
    excluded_by_machine: int
    reasons: Reasons
    sought: int
    """Included, for the full text to be read; the unclear ones that a person decided are among them."""
    undecided: int
    waiting: int
    conflicts: int
    full_texts: FullTexts


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
    machine where it was clear; `reviewers` and `on_full_texts` are those of each two reviewers at a stage.
    """

    prisma: Prisma
    stopping: Stopping
    rechecked: Agreement | None
    with_machine: Agreement | None
    reviewers: Pairs
    on_full_texts: Pairs
    labels: tuple[tuple[Label, int, int], ...]
    """Each label with how many papers have it by a person's decision (or as seeds), and by the machine alone."""


def report(screening: Screening) -> Report:
    """Report on a screening: on the decisions of all, and when the reviewer of its task may stop."""
    every, log = screening.unblinded_papers(), screening.log
    current = log.current
    twice = [(current[paper].keeps, again.keeps) for paper, again in log.rechecked.items() if paper in current]
    clear = [
        (s.decision.keeps, s.judgement.label is not Label.EXCLUDE)
        for s in every
        if s.decision and s.judgement.label is not Label.UNCLEAR
    ]
    labels = Counter((s.label, s.decided_by == MACHINE) for s in every)
    return Report(
        prisma(every, screening.removed()),
        stopping(list(inclusions_in_order(log, screening.task.reviewer)), sum(s.decided_by != SEED for s in every)),
        agreement(twice),
        agreement(clear),
        _pairs(log, Stage.ABSTRACT),
        _pairs(log, Stage.FULL_TEXT),
        tuple((label, labels[label, False], labels[label, True]) for label in LABELS[Stage.ABSTRACT]),
    )


def prisma(every: Sequence[ScreenedPaper], removed: Sequence[ScreenedPaper]) -> Prisma:
    """The counts; what the machine alone excludes counts as excluded by an automation tool, as PRISMA asks for."""
    records = sum(max(1, len(s.paper.sources)) for s in (*every, *removed))
    undecided = [s for s in every if s.is_undecided]
    excluded = [s for s in every if s.label is Label.EXCLUDE]
    by_person = sum(s.decided_by == PERSON for s in excluded)
    status = Counter(s.outcome.status for s in undecided)
    return Prisma(
        records=records,
        duplicates=records - len(every),
        removed=len(removed),
        screened=len(every),
        excluded_by_person=by_person,
        excluded_by_machine=len(excluded) - by_person,
        reasons=_reasons(s.reason for s in excluded),
        sought=sum(s.is_sought for s in every),
        undecided=len(undecided),
        waiting=status[Status.WAITING],
        conflicts=status[Status.CONFLICT],
        full_texts=full_texts([s.full_text for s in every if s.is_sought]),
    )


def full_texts(sought: Sequence[Outcome]) -> FullTexts:
    """The counts of the second stage."""
    decisions = [outcome.decision for outcome in sought if outcome.decision]
    counts = Counter(decision.label for decision in decisions)
    return FullTexts(
        not_retrieved=counts[Label.NOT_RETRIEVED],
        assessed=counts[Label.INCLUDE] + counts[Label.EXCLUDE],
        excluded=counts[Label.EXCLUDE],
        reasons=_reasons((one.number, one.reason) for one in decisions if one.label is Label.EXCLUDE),
        included=counts[Label.INCLUDE],
        undecided=len(sought) - len(decisions),
        conflicts=sum(outcome.status is Status.CONFLICT for outcome in sought),
    )


def stopping(kept: Sequence[bool], total: int) -> Stopping:
    """How far a screening is whose decisions, in order, kept papers or not."""
    since = next((n for n, was_kept in enumerate(reversed(kept)) if was_kept), len(kept))
    return Stopping(len(kept), total, sum(kept), since, chance_of_less(kept, total))


def _reasons(given: Iterable[tuple[int | None, str]]) -> Reasons:
    counts = Counter(given)
    in_order = sorted(counts, key=lambda reason: (reason[0] is None, reason[0] or 0, not reason[1], reason[1]))
    return tuple((text, counts[number, text]) for number, text in in_order)


def _pairs(log: DecisionLog, stage: Stage) -> Pairs:
    votes = [one.votes for one in log.outcomes(stage).values()]
    return agreements([{name: vote.keeps for name, vote in paper.items()} for paper in votes])
