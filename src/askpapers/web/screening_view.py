"""What the page shows of a screening, before it is markup, and what it calls a decision."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.screening.decision_lines import Decision
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.protocol import Protocol
from askpapers.screening.report import Report
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Task
from askpapers.screening.verdicts import Stage
from askpapers.text import plain, printable


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """A screening as it is shown: by the protocol of a name, `paper` or a `pair` is to be decided on, or none is left.

    `version` is sent back with what is done, so that nothing is done to another state; `command` goes on in a terminal.
    `left` counts what the task has left, `pairs` what may be the same papers. `said` is what has just happened.
    """

    name: str
    version: str
    command: str
    protocol: Protocol
    task: Task
    reviewers: tuple[str, ...]
    paper: ScreenedPaper | None
    pair: PossibleDuplicate | None
    left: int
    pairs: int
    last: Decision | None
    report: Report
    said: str
    notes: tuple[str, ...] = ()

    @property
    def is_blind(self) -> bool:
        """Whether the paper is shown without what the machine makes of it."""
        return self.task.recheck or self.task.stage is Stage.FULL_TEXT


def described(decision: Decision) -> str:
    """A decision in words, with the paper's title."""
    return printable(f"“{plain(decision.title) or decision.paper}”: {decision.in_words}")


def decision_name(decision: Decision | None) -> str:
    """What a page calls the decision that it would take back."""
    return f"{decision.paper} {decision.label} {decision.at} {decision.id}" if decision else ""
