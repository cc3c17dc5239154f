"""How much may be added at once, and the reading of an uploaded file that stops where it is more."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from gzip import GzipFile
from pathlib import Path

from askpapers.corpus.documents import document_of
from askpapers.corpus.recognition import KINDS_READ, recognise
from askpapers.corpus.records import Omitted
from askpapers.errors import UsageError
from askpapers.progress import Progress

LARGEST_FILE = 20_000_000
"""Bytes of an uploaded file as it comes."""
_BLOCK = 1 << 20
_BESIDE = "Add less at once, or put the file into the folder of the corpus yourself and run: ask index"


class TooLongError(UsageError):
    """An addition took more time than it may: all of it is given up, not one file."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one addition may hold, all its files together: bytes unpacked, lines, abstracts; and how long it may take.

    `abstract` is the longest one in characters, `seconds` the whole addition with its indexing.
    """

    size: int = 30_000_000
    lines: int = 1_000_000
    abstracts: int = 5_000
    abstract: int = 20_000
    seconds: float = 600.0


class Allowance:
    """What is left of the limits of one addition. It is used up by the files that are taken."""

    def __init__(self, limits: Limits) -> None:
        """Begin with all of it."""
        self._limits = limits
        self._ends = time.monotonic() + limits.seconds
        self._size = limits.size
        self._lines = limits.lines
        self._abstracts = limits.abstracts

    def within_time(self, progress: Progress) -> Progress:
        """A progress call that raises TooLongError when the time is over."""

        def checked(stage: str, done: int, total: int | None) -> None:
            if time.monotonic() > self._ends:
                minutes = self._limits.seconds / 60
                raise TooLongError(f"Adding took longer than {minutes:,.0f} minutes and was stopped.", hint=_BESIDE)
            progress(stage, done, total)

        return checked

    def take(self, name: str, path: Path, place: Path, progress: Progress) -> Path:
        """Unpack a file beside `place` and read it once, as far as the limits allow; where it is now.

        Raises UsageError for a file that is none of papers and at the first line over a limit, CorpusError where it
        cannot be read.
        """
        readable, size, lines = self._unpack(name, path, place, progress)
        abstracts = self._count(name, readable, progress)
        self._size -= size
        self._lines -= lines
        self._abstracts -= abstracts
        return readable

    def _unpack(self, name: str, path: Path, place: Path, progress: Progress) -> tuple[Path, int, int]:
        if path.stat().st_size > LARGEST_FILE:
            raise UsageError(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB.", hint=_BESIDE)
        packed_kind = name.endswith(".gz")
        place = place.with_suffix("") if packed_kind else place
        size = lines = 0
        try:
            with GzipFile(path) if packed_kind else path.open("rb") as packed, place.open("wb") as plain:
                while block := packed.read(_BLOCK):
                    size += len(block)
                    lines += max(block.count(b"\n"), block.count(b"\r"))
                    progress(f"Unpacking {name}", size, None)
                    if size > self._size:
                        verb = "unpacks to" if packed_kind else "has"
                        limit = self._limits.size // 1_000_000
                        raise UsageError(
                            f"{name} {verb} more than the {limit} MB that are added at once.", hint=_BESIDE
                        )
                    if lines > self._lines:
                        limit = self._limits.lines
                        raise UsageError(
                            f"{name} has more than the {limit:,} lines that are added at once.", hint=_BESIDE
                        )
                    plain.write(block)
        except (OSError, EOFError, zlib.error) as error:
            raise UsageError(f"{name} cannot be unpacked.", hint="Pack it again with gzip.") from error
        return place, size, lines

    def _count(self, name: str, file: Path, progress: Progress) -> int:
        """Read the file record by record, keeping none."""
        number, document = 0, document_of(file)
        known = recognise(document)
        if isinstance(known, str):
            raise UsageError(f"{name} is not read: {known}.", hint=f"What is read: {KINDS_READ}.")
        for record in known.read(document):
            number += 1
            if number % 100 == 0:
                progress(f"Reading {name}", number, None)
            if number > self._abstracts:
                limit = self._limits.abstracts
                raise UsageError(
                    f"{name}, line {record.line:,}: more than the {limit:,} abstracts that are added at once.",
                    hint=_BESIDE,
                )
            if not isinstance(record, Omitted) and len(record.text) > self._limits.abstract:
                raise UsageError(
                    f"{name}, line {record.line:,}: {len(record.text):,} characters, more than an abstract's"
                    f" {self._limits.abstract:,}.",
                    hint="Put each abstract on a line of its own, or after “Abstract:”.",
                )
        return number
