"""The rows of a delimited text, well-formed or not: commas, semicolons, tabs or bars between the cells.

What is well-formed is read by the csv module. A row that it does not read, or with another number of cells than the
header has, is read again with its quotes taken by what stands beside them; nothing of a file is joined or cut silently.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
_LONGEST_ROW = 200_000  # characters; a quote that is open for longer was never closed
_HEADER_WITHIN = 20  # rows
_SEP = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)
_LINES_LOOKED_AT = 100

Scored = Callable[[list[str]], int]
"""How much a row of cells looks like a header: the number of column names that are known."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands between the cells, the header and the line on which it stands, and the first line above it (or 0)."""

    delimiter: str
    header: tuple[str, ...]
    line: int
    above: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row and the line on which it begins; `problem` says why they may not be what was meant."""

    line: int
    cells: list[str]
    problem: str = ""


def find_layout(lines: Iterable[tuple[int, str]], known: Scored) -> Layout | None:
    """The layout by which most column names of one of the first rows are `known`; None for an empty text.

    Where none is known it is the delimiter that cuts most of the first rows into the same number of cells.
    """
    first = [(number, line) for number, line in islice(lines, _LINES_LOOKED_AT) if line.strip()]
    if not first:
        return None
    given = _SEP.fullmatch(first[0][1])
    found: list[tuple[tuple[int, int, int], Layout]] = []
    for delimiter in (given[1],) if given else DELIMITERS:
        rows = list(read_rows(iter(first[bool(given) :]), delimiter, 0))
        for place, row in enumerate(rows[:_HEADER_WITHIN]):
            alike = sum(len(other.cells) == len(row.cells) for other in rows[place + 1 :])
            score = (known(row.cells), alike * (len(row.cells) > 1), -place)
            found.append((score, Layout(delimiter, tuple(row.cells), row.line, rows[0].line if place else 0)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def read_rows(lines: Iterator[tuple[int, str]], delimiter: str, width: int) -> Iterator[Row]:
    """The rows of numbered lines; `width` is the number of cells that each should have, 0 where it is not known."""
    source = _Lines(lines)
    for number, line in source:
        text = line.rstrip("\r\n")
        if not text.strip():
            continue
        cells = _strict(text, delimiter) if '"' in text else [text] if width == 1 else text.split(delimiter)
        if cells is not None and _fits(cells, width):
            yield Row(number, cells)
            continue
        taken = [(number, line), *_until_closed(source, line)]
        if len(taken) > 1:
            text = "".join(line for _, line in taken).rstrip("\r\n")
            if (whole := _strict(text, delimiter)) is not None and _fits(whole, width):
                yield Row(number, whole)
                continue
        row, lines_used = _mended(taken, text, delimiter, width)
        source.give_back(taken[lines_used:])
        yield row


class _Lines:
    """Numbered lines that can be given back."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._back: deque[tuple[int, str]] = deque()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._back.popleft() if self._back else next(self._lines)

    def give_back(self, lines: list[tuple[int, str]]) -> None:
        self._back.extendleft(reversed(lines))


def _until_closed(source: Iterator[tuple[int, str]], line: str) -> Iterator[tuple[int, str]]:
    """The lines until the number of quotes is even, as it is in a row that is well-formed."""
    quotes, size = line.count('"'), len(line)
    while quotes % 2 and size < _LONGEST_ROW and (more := next(source, None)):
        yield more
        quotes += more[1].count('"')
        size += len(more[1])


def _mended(taken: list[tuple[int, str]], text: str, delimiter: str, width: int) -> tuple[Row, int]:
    """The row that begins with the first of the lines, and how many of them it takes; `text` is all of them."""
    number = taken[0][0]
    alone, closed = _lenient(taken[0][1].rstrip("\r\n"), delimiter)
    if len(taken) == 1 or (closed and _fits(alone, width)):
        return _checked(number, alone, width, delimiter), 1
    after = _strict(taken[1][1].rstrip("\r\n"), delimiter)
    if not width or (after is not None and len(after) == width):
        # The next line is a row of its own: the quote was never closed, and what it opens ends with its line.
        return Row(number, alone, "" if _fits(alone, width) else "a quote in it is never closed"), 1
    whole, closed = _lenient(text, delimiter)
    if closed and _fits(whole, width):
        return Row(number, whole), len(taken)
    return Row(number, alone, "a quote in it is never closed"), 1


def _strict(text: str, delimiter: str) -> list[str] | None:
    """The cells where the csv module reads the text as one row; None where it does not."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _lenient(text: str, delimiter: str) -> tuple[list[str], bool]:
    r"""The cells, and whether the last one is closed if it is quoted.

    A quote opens a cell at its beginning, and closes it only before a delimiter or the end; \" and "" are quotes.
    """
    cells: list[str] = []
    ends = re.compile(rf'(?<!\\)"[ ]*(?={re.escape(delimiter)}|\Z)')
    place, may_close = 0, True
    while place <= len(text):
        start = _OPENING.match(text, place)
        last = _closing(ends, text, start.end()) if start and may_close else None
        if start and last:
            cells.append(_unquoted(text[start.end() : last.start()]))
            place = last.end() + 1
            continue
        may_close = may_close and not start
        if start and delimiter != "\t":
            return [*cells, _unquoted(text[start.end() :])], False
        stop = text.find(delimiter, place)
        stop = len(text) if stop < 0 else stop
        cells.append(text[place:stop])
        place = stop + 1
    return cells, True


def _closing(ends: re.Pattern[str], text: str, begin: int) -> re.Match[str] | None:
    """The quote before a delimiter that closes a cell: not the second of two."""
    for match in ends.finditer(text, begin):
        first = match.start()
        while first > begin and text[first - 1] == '"':
            first -= 1
        if (match.start() - first) % 2 == 0:
            return match
    return None


def _unquoted(cell: str) -> str:
    return cell.replace('""', '"').replace('\\"', '"')


def _checked(line: int, cells: list[str], width: int, delimiter: str) -> Row:
    if _fits(cells, width) or len(cells) < width:
        return Row(line, cells)
    name = {"\t": "a tab", ",": "a comma", ";": "a semicolon"}.get(delimiter, f"“{delimiter}”")
    return Row(line, cells, f"{len(cells)} cells where the header has {width}: is {name} in a text without quotes?")


def _fits(cells: list[str], width: int) -> bool:
    """Whether the cells are as many as the columns, but for empty ones at the end."""
    return not width or len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:])))


_OPENING = re.compile(r'[ ]*"')
