"""Decisions as the page says them."""

from __future__ import annotations

from askpapers.screening.decision_lines import Decision
from askpapers.screening.verdicts import Label, Stage
from askpapers.text import plain, printable


def described(decision: Decision) -> str:
    """A decision in words."""
    title = plain(decision.title) or decision.paper
    if decision.stage is Stage.DUPLICATES:
        what = "a duplicate of" if decision.label is Label.DUPLICATE else "another paper than"
        return printable(f"“{title}” is {what} {decision.of}")
    reason = f" ({decision.reason})" if decision.reason else ""
    again = ", in the re-check" if decision.recheck else ""
    stage = ", full text" if decision.stage is Stage.FULL_TEXT else ""
    consensus = ", by consensus" if decision.consensus else ""
    return printable(f"“{title}”: {decision.label}{reason}{again}{stage}{consensus}")


def decision_name(decision: Decision | None) -> str:
    """What a page calls the decision that it would take back."""
    return f"{decision.paper} {decision.label} {decision.at} {decision.id}" if decision else ""
