"""The decisions of a person, in a file beside the protocol to which lines are only ever added.

A line of JSON is a decision, or takes back the last one. What the machine had said stands beside each decision, so that
both can be compared later on, whatever judges then.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from askpapers.errors import ScreeningError
from askpapers.screening.verdicts import Label

SCHEMA = 1
_HINT = "Mend the line or take it out; every line is a JSON object by itself."


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a paper, when (UTC, ISO 8601), and what the machine had said.

    `number` and `reason` are the criterion that it fails and its words, or a person's own words without a number.
    `recheck`: it was decided once more, blind, to measure agreement; the first decision stays.
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


def decisions_file(protocol: Path) -> Path:
    """Where the decisions on a protocol are: review.md has review.decisions.jsonl."""
    return protocol.with_name(f"{protocol.stem}.decisions.jsonl")


def now() -> str:
    """The time as decisions have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class DecisionLog:
    """The decisions in a file, which another process may add to meanwhile."""

    def __init__(self, file: Path, clock: Callable[[], str] = now) -> None:
        """Read the file, if there is one. Raises ScreeningError for a line that is no decision."""
        self._file = file
        self._clock = clock
        self._read_to = 0
        self._lines = 0
        self._made: list[Decision] = []
        self.notes: tuple[str, ...] = ()
        """What is to be said of the file: that its last line was not written to its end."""
        self.refresh()

    @property
    def made(self) -> tuple[Decision, ...]:
        """All decisions that were not taken back, in order; of a paper that was decided twice the last one counts."""
        return tuple(self._made)

    @property
    def current(self) -> dict[str, Decision]:
        """The decision on each paper, by its id, in the order in which they were first made."""
        return {decision.paper: decision for decision in self._made if not decision.recheck}

    @property
    def rechecked(self) -> dict[str, Decision]:
        """The decision of the re-check on each paper that has one."""
        return {decision.paper: decision for decision in self._made if decision.recheck}

    def add(self, decision: Decision) -> Decision:
        """Write a decision down, with the time. Raises ScreeningError where the file cannot be written."""
        at = decision.at or self._clock()
        fields: dict[str, Any] = {
            "schema": SCHEMA,
            "at": at,
            "paper": decision.paper,
            "title": decision.title,
            "label": str(decision.label),
            "reason": {"number": decision.number, "text": decision.reason} if decision.reason else None,
            "machine": {"label": str(decision.machine), "reason": decision.machine_reason}
            if decision.machine
            else None,
        }
        self._append(fields | ({"recheck": True} if decision.recheck else {}))
        return self._made[-1]

    def undo(self) -> Decision | None:
        """Take back the last decision, and say which; None where there is none."""
        self.refresh()
        if not self._made:
            return None
        last = self._made[-1]
        self._append({"schema": SCHEMA, "at": self._clock(), "undo": last.paper})
        return last

    def refresh(self) -> None:
        """Read what was added to the file since it was last read."""
        try:
            with self._file.open("rb") as stream:
                stream.seek(self._read_to)
                new = stream.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._failed("read", error) from error
        whole, _, rest = new.rpartition(b"\n")
        if whole:
            for line in whole.split(b"\n"):
                self._lines += 1
                self._take(line)
            self._read_to += len(whole) + 1
        self.notes = ()
        if rest.strip():
            self.notes = (f"The last line of {self._file} was not written to its end: it is no decision.",)

    def _append(self, fields: dict[str, Any]) -> None:
        self.refresh()
        line = json.dumps(fields, ensure_ascii=False).encode(errors="replace") + b"\n"
        try:
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
            try:
                if os.fstat(descriptor).st_size > self._read_to:  # half a line, of a process that was ended
                    line = b"\n" + line
                written = os.write(descriptor, line)  # all at once: two that write do not mix
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise self._failed("written", error) from error
        if written < len(line):
            raise ScreeningError(f"{self._file} cannot be written: no room.", hint="Make room, and decide again.")
        self.refresh()

    def _take(self, line: bytes) -> None:
        """Count one line; half a line that a later one was written after is none."""
        if not line.strip():
            return
        try:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                raise TypeError
            if "undo" in fields:
                self._take_back(str(fields["undo"]))
                return
            self._made.append(_decision(fields))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            if not line.rstrip().endswith(b"}"):
                return
            raise ScreeningError(f"{self._file}:{self._lines}: this is no decision.", hint=_HINT) from error

    def _take_back(self, paper: str) -> None:
        places = (place for place in reversed(range(len(self._made))) if self._made[place].paper == paper)
        place = next(places, None)
        if place is not None:
            del self._made[place]

    def _failed(self, what: str, error: OSError) -> ScreeningError:
        return ScreeningError(
            f"{self._file} cannot be {what}: {error.strerror or error}.", hint="Decisions stand beside the protocol."
        )


def _decision(fields: dict[str, Any]) -> Decision:
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
    )


def in_order(log: DecisionLog) -> Iterator[bool]:
    """Whether each paper was kept (not excluded), in the order in which papers were decided first."""
    return (decision.label is not Label.EXCLUDE for decision in log.current.values())
