"""What the options of `ask screen` ask for: which of them go together, and the task that they make."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.errors import UsageError
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import Stage


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """The options that say what is to be done, by the names that the command gives them."""

    count: int | None
    decide: tuple[str, str] | None
    reason: str | None
    other: str | None
    undo: bool
    reviewer: str | None
    renamed: tuple[str, str] | None
    unblind: bool
    consensus: bool
    full_text: bool
    duplicates: bool
    recheck: int | None
    imported: str | None
    stated: str | None
    as_report: bool
    export: str | None
    as_json: bool

    def check(self) -> None:
        """Raise UsageError where some of them do not go together."""
        actions = (self.count, self.decide, self.recheck, self.imported, self.export, self.renamed)
        if sum(action is not None for action in actions) + self.undo + self.as_report > 1:
            raise UsageError(
                "--next, --decide, --undo, --recheck, --import, --report, --export and --rename-reviewer exclude each"
                " other.",
                hint="Give one of them.",
            )
        others = (self.duplicates, self.recheck is not None, self.imported is not None)
        if sum((self.consensus or self.full_text, *others)) > 1:
            raise UsageError(
                "--duplicates, --recheck and --import go with neither each other nor --consensus and --full-text.",
                hint="Give one of them.",
            )
        if self.imported is None and self.stated is not None:
            raise UsageError("--as says what to import.", hint="Give it with --import FILE.")
        label = self.decide[1] if self.decide else ""
        if self.reason is not None and label != "exclude":
            raise UsageError("--reason says why a paper is excluded.", hint="Give it with --decide PAPER exclude.")
        if (self.other is None) == (label in ("duplicate", "different")):
            raise UsageError(
                "--of names the paper that another one is a duplicate of.",
                hint="Give both: --decide PAPER duplicate --of PAPER",
            )

    @property
    def only_reads(self) -> bool:
        """Whether nothing is decided, and nobody is asked to decide."""
        every_paper = self.as_json and self.count is None and self.decide is None and not self.undo
        return bool(self.as_report or self.export or every_paper)

    @property
    def wants_report(self) -> bool:
        """Whether the report is to be shown, also behind every paper as JSON."""
        another = self.count is not None or self.recheck is not None or self.consensus or self.duplicates
        return self.as_report or (self.as_json and not another)

    def task(self, log: DecisionLog) -> Task:
        """Who does what. Raises UsageError where it is not clear who.

        Who gives no name and only reads is no reviewer, from whom something is hidden, where the reviewers have names.
        """
        is_outside = self.only_reads and self.reviewer is None and bool(log.reviewers) and "" not in log.reviewers
        name = "" if self.imported or is_outside else log.reviewer(self.reviewer or "")
        stage = Stage.FULL_TEXT if self.full_text else Stage.ABSTRACT
        if self.duplicates or self.other:
            stage = Stage.DUPLICATES
        blind = not (self.unblind or is_outside)
        return Task(name, stage, consensus=self.consensus, recheck=self.recheck is not None, blind=blind)
