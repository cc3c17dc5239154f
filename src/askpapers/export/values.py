"""How values are written into every format: without control characters, on one line where a format has lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.datatypes import Paper
from askpapers.metadata import Person
from askpapers.text import printable

_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")  # halves of characters, and what XML cannot hold


def value(text: str) -> str:
    """The text without control characters and halves of characters; tabs and line feeds stay."""
    return _NO_CHARACTERS.sub("", printable(text))


def one_line(text: str) -> str:
    """The same on one line, with single blanks."""
    return " ".join(value(text).split())


def authors_of(paper: Paper) -> Sequence[Person]:
    """The authors taken apart where the record does so, else their names as they are shown."""
    return paper.metadata.people or tuple(Person(name) for name in paper.authors)


def date_of(paper: Paper) -> tuple[str, ...]:
    """Year, month and day of publication, as many of them as are known, each in digits."""
    match = re.fullmatch(r"(\d{1,4})(?:-(\d\d))?(?:-(\d\d))?", paper.metadata.date)
    parts = tuple(part for part in match.groups() if part) if match else ()
    if parts and (paper.year is None or int(parts[0]) == paper.year):
        return parts
    return (str(paper.year),) if paper.year is not None else ()
