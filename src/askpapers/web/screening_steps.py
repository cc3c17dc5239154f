"""What a press on the page does to a screening.

Nothing is done that another window or a terminal did meanwhile.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from askpapers.errors import UsageError
from askpapers.screening.decision_lines import Decision
from askpapers.screening.outcomes import NOTHING
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import Label, Stage
from askpapers.text import plain, printable
from askpapers.web.page_requests import ScreeningStep

_ELSEWHERE = "in another window or a terminal"


def described(decision: Decision) -> str:
    """A decision in words, with the paper's title."""
    return printable(f"“{plain(decision.title) or decision.paper}”: {decision.in_words}")


def decision_name(decision: Decision | None) -> str:
    """What a page calls the decision that it would take back."""
    return f"{decision.paper} {decision.label} {decision.at} {decision.id}" if decision else ""


def take_step(screening: Screening, sent: ScreeningStep) -> tuple[Screening, ScreenedPaper | None, str]:
    """Do what a page sent: the screening to go on with, a paper to show first, and what is to be said.

    Raises UsageError for what cannot be decided.
    """
    match sent.act:
        case "show":
            return screening, None, ""
        case "undo":
            return _undone(screening, sent.last)
        case label if screening.task.stage is Stage.DUPLICATES:
            return screening, None, _decided_pair(screening, sent, Label(label))
        case label:
            return screening, None, _decided(screening, sent, Label(label))


def _undone(screening: Screening, name: str) -> tuple[Screening, ScreenedPaper | None, str]:
    """Take the decision of a name back, where it is the reviewer's last; go on where it was made."""
    last = screening.log.last_of(screening.task.reviewer)
    if last is None or decision_name(last) != name:
        return screening, None, f"Nothing was taken back: the last decision was made {_ELSEWHERE}."
    screening.undo()
    task = replace(screening.task, stage=last.stage, consensus=last.consensus, recheck=last.recheck)
    screening, first = screening.doing(task), None
    if last.is_vote and last.stage is not Stage.DUPLICATES:
        with suppress(UsageError):  # it may be in the corpus no more
            first = screening.find(last.paper)
    return screening, first, f"Taken back: {described(last)}."


def _decided(screening: Screening, sent: ScreeningStep, label: Label) -> str:
    """Decide on a paper, unless that was done meanwhile; what is to be said of it, or ""."""
    screened = screening.find(sent.paper)
    if before := _decided_before(screening, screened.paper.id):
        return f"Nothing was decided: {described(before)}, {_ELSEWHERE}."
    screening.decide(screened, label, sent.reason)
    return ""


def _decided_before(screening: Screening, paper: str) -> Decision | None:
    """The decision for which a paper is no more the reviewer's to decide."""
    task, log = screening.task, screening.log
    if task.recheck:
        return log.rechecked.get(paper)
    outcome = log.outcomes(task.stage).get(paper, NOTHING)
    if task.consensus or outcome.is_open_to(task.reviewer):
        return outcome.consensus
    return outcome.consensus or outcome.votes.get(task.reviewer) or next(iter(outcome.votes.values()))


def _decided_pair(screening: Screening, sent: ScreeningStep, label: Label) -> str:
    wanted = {sent.paper, sent.of}
    if not any(wanted == {pair.paper.id, pair.other.id} for pair in screening.possible_duplicates()):
        return f"Nothing was decided: the two papers were decided on {_ELSEWHERE}."
    screening.decide_duplicate(sent.paper, sent.of, label)
    return ""
