"""What the decisions of one reviewer, or of several, come to on a paper. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from askpapers.screening.decision_lines import Decision
from askpapers.screening.verdicts import Label, Stage

NEEDED = 2
"""So many reviewers decide on a paper, once there is more than one."""


class Status(StrEnum):
    """How far a paper is at a stage.

    `DECIDED` by the only reviewer; `WAITING` for the second one; `AGREED`, or in `CONFLICT` until a `CONSENSUS`.
    """

    OPEN = "open"
    DECIDED = "decided"
    WAITING = "waiting"
    AGREED = "agreed"
    CONFLICT = "conflict"
    CONSENSUS = "consensus"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Each reviewer's last decision on a paper at a stage, and the consensus where there is one.

    `needed` is how many reviewers have to agree.
    """

    votes: Mapping[str, Decision] = field(default_factory=dict)
    consensus: Decision | None = None
    needed: int = 1

    @property
    def status(self) -> Status:
        """How far the paper is."""
        if self.consensus:
            return Status.CONSENSUS
        if not self.votes:
            return Status.OPEN
        if len({_side(vote) for vote in self.votes.values()}) > 1:
            return Status.CONFLICT
        if len(self.votes) < self.needed:
            return Status.WAITING
        return Status.DECIDED if self.needed == 1 else Status.AGREED

    @property
    def decision(self) -> Decision | None:
        """The decision that counts: the consensus, or one on which all agree; None while there is none."""
        if self.consensus or self.status not in (Status.DECIDED, Status.AGREED):
            return self.consensus
        votes = self.votes.values()
        sure = (vote for vote in votes if vote.label is Label.INCLUDE or vote.reason)
        return next(sure, next(iter(votes)))

    def is_open_to(self, reviewer: str) -> bool:
        """Whether a reviewer is still to decide: they did not, and not enough others did."""
        return not self.consensus and reviewer not in self.votes and len(self.votes) < NEEDED


NOTHING = Outcome()
"""The outcome of a paper on which no one decided."""


def _side(vote: Decision) -> tuple[object, ...]:
    """What two decisions have to share to agree: at first whether the paper is kept, of full texts the reason, too."""
    if vote.stage is Stage.ABSTRACT:
        return (vote.keeps,)
    reason = vote.number or " ".join(vote.reason.casefold().split())
    return (vote.label, reason if vote.label is Label.EXCLUDE else "")


def outcomes(made: Iterable[Decision], stage: Stage) -> dict[str, Outcome]:
    """The outcome of each paper that was decided on at a stage, in the order in which they were first decided."""
    of_stage = [decision for decision in made if decision.stage is stage and not decision.recheck]
    needed = min(NEEDED, max(1, len({decision.reviewer for decision in of_stage if decision.is_vote})))
    votes: dict[str, dict[str, Decision]] = {}
    settled: dict[str, Decision] = {}
    for decision in of_stage:
        papers = votes.setdefault(decision.paper, {})
        if decision.consensus:
            settled[decision.paper] = decision
        else:
            papers[decision.reviewer] = decision
    return {paper: Outcome(found, settled.get(paper), needed) for paper, found in votes.items()}


def removed_duplicates(made: Iterable[Decision]) -> dict[str, str]:
    """Each paper that was removed as a duplicate, with the paper that stands for it, which is never removed itself.

    Of two papers that were decided twice the last decision counts, and of decisions that contradict each other (each
    is a duplicate of the other) the first.
    """
    last: dict[frozenset[str], Decision] = {}
    for decision in made:
        if decision.stage is Stage.DUPLICATES:
            last.pop(pair := frozenset((decision.paper, decision.of)), None)
            last[pair] = decision
    parents: dict[str, str] = {}
    for decision in last.values():
        if decision.label is Label.DUPLICATE and _root(decision.of, parents) != decision.paper:
            parents.setdefault(decision.paper, decision.of)
    return {paper: _root(paper, parents) for paper in parents}


def _root(paper: str, parents: Mapping[str, str]) -> str:
    while paper in parents:
        paper = parents[paper]
    return paper
