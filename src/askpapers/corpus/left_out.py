"""What of a corpus is no paper: files and records that are left out, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is left out, by the line (from 1) on which it begins, or with line 0 a whole file; and why."""

    file: str
    line: int
    reason: str
