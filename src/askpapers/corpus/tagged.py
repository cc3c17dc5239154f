"""Splits files of tagged lines into records: a tag at the beginning of a line, its value, lines that go on.

RIS, EndNote, MEDLINE and Web of Science differ in how a tag looks and in what begins and ends a record. The libraries
for them (rispy, nbib) read whole files, know no lines and drop what they do not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from askpapers.corpus.documents import Document
from askpapers.corpus.fields import Field, at_least_one
from askpapers.corpus.records import Omitted, Record

LONGEST = 5_000_000
"""Characters of a record; more is another kind of file."""

_OUTSIDE = 300  # characters between records that may be an abstract, and no header of an export


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format writes its records.

    `tag` matches a line with a tag: the tag and its value are its groups. A record begins with one of `begins`, or
    after a blank line where `by_blank_lines`, and ends with `ends`; tags in `of_file` are of no record.
    """

    tag: re.Pattern[str]
    begins: frozenset[str]
    ends: str = ""
    of_file: frozenset[str] = frozenset()
    by_blank_lines: bool = False


@dataclass(frozen=True, slots=True)
class Tagged:
    """A record: the line on which it begins, and its fields in the order of the file."""

    line: int
    fields: tuple[Field, ...]


def read_records(
    document: Document, dialect: Dialect, made: Callable[[Tagged], Record | Omitted], name: str
) -> Iterator[Record | Omitted]:
    """Yield what `made` makes of each record of a document of the format `name`."""
    found = split_records(document.lines(), dialect)
    return at_least_one((made(record) if isinstance(record, Tagged) else record for record in found), f"{name} record")


def split_records(lines: Iterable[tuple[int, str]], dialect: Dialect) -> Iterator[Tagged | Omitted]:
    """Yield the records of numbered lines, and what is left out: long text outside of records, endless records."""
    record = _Record()
    outside = _Outside()
    match_tag, begins, ends = dialect.tag.match, dialect.begins, dialect.ends
    for number, line in lines:
        match = match_tag(line)
        if match is None:
            if not record.fields:
                yield from outside.add(number, line)
            elif dialect.by_blank_lines and not line.strip():
                yield record.made()
                record = _Record()
            else:
                record.go_on(number, line)
            continue
        tag = match[1]
        if tag in dialect.of_file:
            continue
        if record.fields and (tag in begins or tag == ends):
            yield record.made()
            record = _Record()
        if tag != ends:
            yield from outside.end()
            record.add(number, tag, match[2] or "")
    if record.fields:
        yield record.made()
    yield from outside.end()


class _Record:
    """A record that is being read."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, list[str], int]] = []
        self._size = 0

    def add(self, number: int, tag: str, value: str) -> None:
        self._size += len(value)
        if self._size <= LONGEST:
            self.fields.append((tag, [value.strip()], number))

    def go_on(self, number: int, line: str) -> None:
        """Add a line to the last field."""
        self._size += len(line)
        if self._size <= LONGEST:
            self.fields[-1][1].append(line.strip())

    def made(self) -> Tagged | Omitted:
        line = self.fields[0][2]
        if self._size > LONGEST:
            return Omitted(line, f"a record of more than {LONGEST:,} characters")
        return Tagged(line, tuple(_made_field(*field) for field in self.fields))


def _made_field(tag: str, lines: list[str], number: int) -> Field:
    if len(lines) == 1:
        return Field(tag, lines[0], number)
    blank = next((count for count, line in enumerate(lines) if line), 0)
    return Field(tag, "\n".join(lines).strip(), number + blank)


class _Outside:
    """Text between records: the header of an export, numbers, rules; long text is left out with its line."""

    def __init__(self) -> None:
        self._line = 0
        self._size = 0

    def add(self, number: int, line: str) -> Iterator[Omitted]:
        size = len(line.strip())
        if not size:
            yield from self.end()
        else:
            self._line = self._line or number
            self._size += size

    def end(self) -> Iterator[Omitted]:
        if self._size > _OUTSIDE:
            yield Omitted(self._line, "text outside of a record")
        self._line = self._size = 0
