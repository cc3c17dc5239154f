"""The decisions of reviewers, in a file beside the protocol to which lines are only ever added.

A line of JSON is a decision, takes one back, or gives a reviewer another name. What the machine had said stands beside
each decision, so that both can be compared later on, whatever judges then.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from askpapers.errors import ScreeningError, UsageError
from askpapers.screening.decision_lines import Decision, Rename, Undo, decision_line, read_line, rename_line, undo_line
from askpapers.screening.outcomes import Outcome, outcomes, removed_duplicates
from askpapers.screening.verdicts import Stage

_HINT = "Mend the line or take it out; every line is a JSON object by itself."
_LONGEST_NAME = 100


def decisions_file(protocol: Path) -> Path:
    """Where the decisions on a protocol are: review.md has review.decisions.jsonl."""
    return protocol.with_name(f"{protocol.stem}.decisions.jsonl")


def now() -> str:
    """The time as decisions have it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class DecisionLog:
    """The decisions in a file, which other processes may add to meanwhile: each line is written at once, at its end."""

    def __init__(self, file: Path, clock: Callable[[], str] = now) -> None:
        """Read the file, if there is one. Raises ScreeningError for a line that is no decision."""
        self._file = file
        self._clock = clock
        self._inode = 0
        self._read_to = 0
        self._lines = 0
        self._made: list[Decision] = []
        self._found: dict[object, object] = {}  # what was made of the decisions, until there is another
        self.notes: tuple[str, ...] = ()
        """What is to be said of the file: that its last line was not written to its end."""
        self.refresh()

    @property
    def made(self) -> tuple[Decision, ...]:
        """All decisions that were not taken back, in order; of two by one reviewer on a paper the last one counts."""
        return tuple(self._made)

    @property
    def reviewers(self) -> tuple[str, ...]:
        """Who decided on papers, in the order of their first decisions; "" is the one without a name."""
        found = (d.reviewer for d in self._made if d.is_vote and d.stage is not Stage.DUPLICATES)
        return tuple(dict.fromkeys(found))

    def outcomes(self, stage: Stage = Stage.ABSTRACT) -> Mapping[str, Outcome]:
        """The outcome of each paper that was decided on, by its id, in the order in which they were first decided."""
        found = self._found.get(stage)
        if not isinstance(found, dict):
            found = self._found[stage] = outcomes(self._made, stage)
        return found

    @property
    def current(self) -> dict[str, Decision]:
        """The decision that counts on each paper at the first stage, in the order of `outcomes`."""
        return {paper: one.decision for paper, one in self.outcomes().items() if one.decision}

    @property
    def rechecked(self) -> dict[str, Decision]:
        """The decision of the re-check on each paper that has one."""
        return {decision.paper: decision for decision in self._made if decision.recheck}

    @property
    def removed(self) -> Mapping[str, str]:
        """The papers that were removed as duplicates, each with the one that stands for it."""
        found = self._found.get("removed")
        if not isinstance(found, dict):
            found = self._found["removed"] = removed_duplicates(self._made)
        return found

    def reviewer(self, name: str) -> str:
        """A reviewer's name as it is in the file, where only letter case and white space differ.

        Raises UsageError for no name where those who decided have one, and for a name that is too long.
        """
        name = " ".join(name.split())
        if not name and self.reviewers and "" not in self.reviewers:
            raise UsageError(
                f"Whose decisions? {_listed(self.reviewers)} screened here by name.",
                hint="Give your name: --reviewer NAME; on the page, in the box “Your name”.",
            )
        if len(name) > _LONGEST_NAME:
            raise UsageError("The reviewer's name is too long.", hint=f"Keep it under {_LONGEST_NAME} characters.")
        return next((known for known in self.reviewers if known.casefold() == name.casefold()), name)

    def note_of_new(self, reviewer: str) -> str:
        """What is to be said to a reviewer who did not decide yet, beside others who did; else ""."""
        if not self.reviewers or reviewer in self.reviewers:
            return ""
        return f"{reviewer_name(reviewer)} is new here, beside {_listed(self.reviewers)}: two have to decide."

    def last_of(self, reviewer: str) -> Decision | None:
        """The last decision of a reviewer that was not taken back."""
        return next((decision for decision in reversed(self._made) if decision.reviewer == reviewer), None)

    def add(self, decision: Decision) -> Decision:
        """Write a decision down, with the time. Raises ScreeningError where the file cannot be written."""
        return self.add_all([decision])[0]

    def add_all(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Write decisions down, at once. Raises ScreeningError where the file cannot be written."""
        made = [replace(one, at=one.at or self._clock(), id=one.id or uuid.uuid4().hex[:12]) for one in decisions]
        if made:
            self._append(b"".join(map(decision_line, made)))
        return made

    def undo(self, reviewer: str = "") -> Decision | None:
        """Take back a reviewer's last decision, and say which; None where there is none."""
        self.refresh()
        last = self.last_of(reviewer)
        if last:
            self._append(undo_line(last, self._clock()))
        return last

    def rename(self, reviewer: str, name: str) -> Rename:
        """Give a reviewer another name. Raises UsageError where there is no such reviewer, or one of the new name."""
        name = " ".join(name.split())
        if not name:
            raise UsageError("The new name is empty.", hint="Give a name that no one here has.")
        self.refresh()
        old, new = self.reviewer(reviewer), self.reviewer(name)
        if old not in self.reviewers:
            raise UsageError(
                f"{reviewer_name(old)} decided nothing here.", hint=f"Reviewers: {_listed(self.reviewers) or 'none'}."
            )
        if new in self.reviewers and new != old:
            raise UsageError(f"{reviewer_name(new)} is another reviewer.", hint="Give a name that no one here has.")
        renamed = Rename(old, name)
        self._append(rename_line(renamed, self._clock()))
        return renamed

    def refresh(self) -> None:
        """Read what was added to the file since it was last read; all of it where it is another file."""
        try:
            with self._file.open("rb") as stream:
                state = os.fstat(stream.fileno())
                if state.st_ino != self._inode or state.st_size < self._read_to:  # synchronised, or mended in an editor
                    self._inode, self._read_to, self._lines, self._made = state.st_ino, 0, 0, []
                    self._found.clear()
                stream.seek(self._read_to)
                new = stream.read()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._failed("read", error) from error
        whole, _, rest = new.rpartition(b"\n")
        if whole:
            self._found.clear()
            for line in whole.split(b"\n"):
                self._lines += 1
                self._take(line)
            self._read_to += len(whole) + 1
        self.notes = ()
        if rest.strip():
            self.notes = (f"The last line of {self._file} was not written to its end: it is no decision.",)

    def _append(self, line: bytes) -> None:
        self.refresh()
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
            read = read_line(line)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            if not line.rstrip().endswith(b"}"):
                return
            raise ScreeningError(f"{self._file}:{self._lines}: this is no decision.", hint=_HINT) from error
        match read:
            case Decision():
                self._made.append(read)
            case Undo():
                self._take_back(read)
            case Rename(reviewer, name):
                self._made = [replace(d, reviewer=name) if d.reviewer == reviewer else d for d in self._made]

    def _take_back(self, undo: Undo) -> None:
        """Two who take back one decision at once take back one: the second line names what is gone."""
        found = (d.id == undo.id if undo.id else d.paper == undo.paper for d in reversed(self._made))
        place = next((len(self._made) - n for n, is_it in enumerate(found, start=1) if is_it), None)
        if place is not None:
            del self._made[place]

    def _failed(self, what: str, error: OSError) -> ScreeningError:
        return ScreeningError(
            f"{self._file} cannot be {what}: {error.strerror or error}.", hint="Decisions stand beside the protocol."
        )


def reviewer_name(reviewer: str) -> str:
    """A reviewer as people read it."""
    return reviewer or "the reviewer without a name"


def _listed(reviewers: tuple[str, ...]) -> str:
    names = tuple(map(reviewer_name, reviewers))
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def inclusions_in_order(log: DecisionLog, reviewer: str) -> Iterator[bool]:
    """Whether each paper was kept, in the order in which papers were first decided.

    By a reviewer's own decisions; for who has no name where the reviewers have one, by the decisions that count.
    """
    kept: dict[str, bool] = {}
    for decision in log.made:
        if decision.is_vote and decision.reviewer == reviewer and decision.stage is Stage.ABSTRACT:
            kept[decision.paper] = decision.keeps
    if not reviewer and "" not in log.reviewers:
        kept = {paper: decision.keeps for paper, decision in log.current.items()}
    return (was_kept for paper, was_kept in kept.items() if paper not in log.removed)
