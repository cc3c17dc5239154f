"""What of a corpus is no paper: files and records that are left out, and why."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from askpapers.counts import counted


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that is left out, by the line (from 1) on which it begins, or with line 0 a whole file; and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOutCount:
    """How many files and how many records of other files are left out."""

    files: int = 0
    records: int = 0

    def __bool__(self) -> bool:
        return bool(self.files or self.records)

    def __str__(self) -> str:
        parts = [counted(self.files, "file")] if self.files else []
        return " and ".join([*parts, counted(self.records, "record")] if self.records or not parts else parts)

    @property
    def note(self) -> str:
        """What is said of it beside an answer that it might change."""
        verb = "is" if self.files + self.records == 1 else "are"
        return f"{self} of the corpus {verb} left out: ask papers --left-out"


class LeftOutList:
    """What is left out, in the order in which it was met within each file; a line number takes four bytes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lines: dict[tuple[str, str], array[int]] = {}

    def add(self, file: str, line: int, reason: str) -> None:
        """Note one more; line 0 for a whole file."""
        self._lines.setdefault((file, reason), array("I")).append(line)

    def __iter__(self) -> Iterator[LeftOut]:
        for (file, reason), lines in self._lines.items():
            yield from (LeftOut(file, line, reason) for line in lines)

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def groups(self) -> Iterator[tuple[str, str, list[int]]]:
        """The lines by file and reason."""
        for (file, reason), lines in self._lines.items():
            yield file, reason, lines.tolist()

    def renamed(self, name: Callable[[str], str]) -> LeftOutList:
        """The same with other names of the files."""
        other = LeftOutList()
        other._lines = {(name(file), reason): lines for (file, reason), lines in self._lines.items()}
        return other

    @property
    def count(self) -> LeftOutCount:
        """How many files and records there are."""
        files = sum(lines.count(0) for lines in self._lines.values())
        return LeftOutCount(files, len(self) - files)

    def by_reason(self) -> list[tuple[str, LeftOutCount]]:
        """How many files and records each reason leaves out, the one with the most first."""
        files, records = Counter[str](), Counter[str]()
        for (_, reason), lines in self._lines.items():
            files[reason] += (whole := lines.count(0))
            records[reason] += len(lines) - whole
        in_order = sorted(files, key=lambda reason: -files[reason] - records[reason])
        return [(reason, LeftOutCount(files[reason], records[reason])) for reason in in_order]

    def by_file(self) -> list[str]:
        """A line for each file and reason."""
        lines = []
        for (file, reason), numbers in self._lines.items():
            if whole := numbers.count(0):
                lines.append(f"{file}: left out, {reason}")
            if records := len(numbers) - whole:
                verb = "is" if records == 1 else "are"
                lines.append(f"{file}: {counted(records, 'record')} {verb} left out, {reason}")
        return lines
