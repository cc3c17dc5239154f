"""What every reader gives: one record for each abstract that stands in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from askpapers.corpus.documents import Document
from askpapers.metadata import NO_METADATA, Metadata


@dataclass(frozen=True, slots=True)
class Record:
    """One abstract as it stands in a file, at the line (from 1) on which it begins; "" where it has none."""

    text: str
    line: int
    id: str | None = None
    title: str | None = None
    year: int | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    metadata: Metadata = NO_METADATA


@dataclass(frozen=True, slots=True)
class Omitted:
    """A record of a file that is no paper, the line (from 1) on which it begins, and why ("no abstract").

    Line 0 stands for the whole file ("it has no column 'abstract'").
    """

    line: int
    reason: str


Reader = Callable[[Document], Iterator[Record | Omitted]]
"""Reads a document, yields its records in order, raises CorpusError with file and line."""
