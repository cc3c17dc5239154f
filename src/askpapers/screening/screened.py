"""A paper of a screening: what the machine makes of it, what reviewers decided, and what that comes to."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.datatypes import Paper
from askpapers.screening.decision_lines import Decision
from askpapers.screening.outcomes import NOTHING, Outcome
from askpapers.screening.verdicts import Label, PaperJudgement, Stage

PERSON, SEED, MACHINE = "person", "seed", "machine"


@dataclass(frozen=True, slots=True)
class ScreenedPaper:
    """A paper with what the machine makes of it and what reviewers decided, which counts.

    `outcome` is of the title and abstract. `duplicate_of` is the paper that it was removed for, or "".
    """

    row: int
    paper: Paper
    judgement: PaperJudgement
    outcome: Outcome = NOTHING
    full_text: Outcome = NOTHING
    is_seed: bool = False
    duplicate_of: str = ""

    @property
    def decision(self) -> Decision | None:
        """The decision on title and abstract that counts; None while there is none, or reviewers disagree."""
        return self.outcome.decision

    @property
    def label(self) -> Label:
        """What is to become of it: what people decided, else included for a seed, else what the machine says.

        It is unclear while a second reviewer is waited for, or reviewers disagree.
        """
        if self.duplicate_of:
            return Label.DUPLICATE
        if self.outcome.votes or self.decision:
            return self.decision.label if self.decision else Label.UNCLEAR
        return Label.INCLUDE if self.is_seed else self.judgement.label

    @property
    def decided_by(self) -> str:
        """Who says so."""
        if self.outcome.votes or self.decision or self.duplicate_of:
            return PERSON
        return SEED if self.is_seed else MACHINE

    @property
    def is_undecided(self) -> bool:
        """Whether a person is still to decide on title and abstract; what the machine excludes needs none."""
        if self.outcome.votes:
            return self.decision is None
        return self.decided_by == MACHINE and self.judgement.label is not Label.EXCLUDE

    @property
    def is_sought(self) -> bool:
        """Whether its full text is sought: by a person's decision, or as a known paper."""
        return not self.is_undecided and self.label in (Label.INCLUDE, Label.UNCLEAR)

    @property
    def reason(self) -> tuple[int | None, str]:
        """The number and the words of the criterion by which it is excluded; (None, "") where no one gave any."""
        if self.label is not Label.EXCLUDE:
            return None, ""
        if self.decision:
            return self.decision.number, self.decision.reason
        failed = self.judgement.failed
        return (failed.criterion.number, failed.criterion.text) if failed else (None, "")

    def at_stage(self, stage: Stage) -> Outcome:
        """What was decided at a stage."""
        return self.full_text if stage is Stage.FULL_TEXT else self.outcome
