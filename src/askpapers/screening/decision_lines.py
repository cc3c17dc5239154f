"""A decision of a person, one taken back, another name of a reviewer, and the line of JSON that each is. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from askpapers.screening.verdicts import Label, Stage

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a paper, when (UTC, ISO 8601), and what the machine had said.

    `number` and `reason` are the criterion that it fails and its words, or a person's own words without a number.
    `recheck`: it was decided once more, blind, to measure agreement; the first decision stays. `reviewer` is who
    decided, "" without a name. `consensus`: it settles a disagreement. `of` is the paper that this one is a duplicate
    of, or different from. `id` names the decision; those of older files have none.
    """

    paper: str
    label: Label
    number: int | None = None
    reason: str = ""
    at: str = ""
    title: str = ""
    machine: Label | None = None
    machine_reason: str = ""
    recheck: bool = False
    reviewer: str = ""
    stage: Stage = Stage.ABSTRACT
    consensus: bool = False
    of: str = ""
    id: str = ""

    @property
    def is_vote(self) -> bool:
        """Whether it is one reviewer's decision: no re-check, and no consensus."""
        return not self.recheck and not self.consensus

    @property
    def keeps(self) -> bool:
        """Whether it keeps the paper: at the first stage also what is unclear is read on."""
        return self.label is Label.INCLUDE or self.label is Label.UNCLEAR

    @property
    def in_words(self) -> str:
        """What was decided, without the paper: "exclude (about kilns), full text", "a duplicate of k2"."""
        if self.stage is Stage.DUPLICATES:
            return f"{'a duplicate of' if self.label is Label.DUPLICATE else 'another paper than'} {self.of}"
        reason = f" ({self.reason})" if self.reason else ""
        again = ", in the re-check" if self.recheck else ""
        stage = ", full text" if self.stage is Stage.FULL_TEXT else ""
        return f"{self.label}{reason}{again}{stage}{', consensus' if self.consensus else ''}"


@dataclass(frozen=True, slots=True)
class Undo:
    """A decision taken back: by its id, or the last one on a paper."""

    paper: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Rename:
    """A reviewer's other name: the decisions before it are by `name`."""

    reviewer: str
    name: str


def decision_line(decision: Decision) -> bytes:
    """A decision as a line; what it does not have is left out, as older files have it."""
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "at": decision.at,
        "paper": decision.paper,
        "title": decision.title,
        "label": str(decision.label),
        "reason": {"number": decision.number, "text": decision.reason} if decision.reason else None,
        "machine": {"label": str(decision.machine), "reason": decision.machine_reason} if decision.machine else None,
    }
    further = {
        "recheck": decision.recheck,
        "reviewer": decision.reviewer,
        "stage": "" if decision.stage is Stage.ABSTRACT else str(decision.stage),
        "consensus": decision.consensus,
        "of": decision.of,
        "id": decision.id,
    }
    return _line(fields | {name: value for name, value in further.items() if value})


def undo_line(decision: Decision, at: str) -> bytes:
    """The line that takes a decision back."""
    named = {"id": decision.id} if decision.id else {}
    return _line({"schema": SCHEMA, "at": at, "undo": decision.paper, **named})


def rename_line(rename: Rename, at: str) -> bytes:
    """The line that gives a reviewer another name."""
    return _line({"schema": SCHEMA, "at": at, "rename": rename.reviewer, "to": rename.name})


def read_line(line: bytes) -> Decision | Undo | Rename:
    """What a line says. Raises ValueError, TypeError, KeyError, AttributeError or RecursionError for another line."""
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise TypeError
    if "undo" in fields:
        return Undo(str(fields["undo"]), str(fields.get("id") or ""))
    if "rename" in fields:
        return Rename(str(fields["rename"]), str(fields["to"]))
    reason, machine = fields.get("reason") or {}, fields.get("machine") or {}
    number = reason.get("number")
    return Decision(
        paper=str(fields["paper"]),
        label=Label(fields["label"]),
        number=number if isinstance(number, int) else None,
        reason=str(reason.get("text", "")),
        at=str(fields.get("at", "")),
        title=str(fields.get("title", "")),
        machine=Label(machine["label"]) if machine else None,
        machine_reason=str(machine.get("reason") or ""),
        recheck=fields.get("recheck") is True,
        reviewer=str(fields.get("reviewer") or ""),
        stage=Stage(fields.get("stage") or Stage.ABSTRACT),
        consensus=fields.get("consensus") is True,
        of=str(fields.get("of") or ""),
        id=str(fields.get("id") or ""),
    )


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode(errors="replace") + b"\n"
