"""What every reader gives: one record for each abstract that stands in a file."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from askpapers.errors import CorpusError
from askpapers.metadata import NO_METADATA, Metadata

MAX_LINE = 1_000_000
"""Bytes. An abstract has a few thousand: a longer line is another kind of file."""

_CHUNK = 65_536


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
    """A record of a file that is no paper, the line (from 1) on which it begins, and why ("no abstract")."""

    line: int
    reason: str


Reader = Callable[[Path], Iterator[Record | Omitted]]
"""Reads a file, yields its records in order, raises CorpusError with file and line."""


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file (gzip when it ends so), each with its number and its line end: LF, CR LF or CR.

    Raises CorpusError where the file cannot be opened, is not UTF-8, or has a line over `MAX_LINE`.
    """
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(_lines(stream.read), start=1):
                if len(line) > MAX_LINE:
                    raise CorpusError(
                        f"{path}, line {number}, is longer than {MAX_LINE:,} bytes: no abstract is.",
                        hint="Move the file out of the corpus, or put each abstract on a line of its own.",
                    )
                yield number, _decoded(line, path, number)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CorpusError(
            f"{path} cannot be read: {reason}.",
            hint="Check the file and its permissions, or move it out of the corpus.",
        ) from error


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Lines with their ends; one over `MAX_LINE` is given as far as it was read."""
    begun = b""
    while chunk := read(_CHUNK):
        lines = (begun + chunk).splitlines(keepends=True)
        # A line without its end goes on, and a CR may be half of a CR LF.
        begun = lines.pop() if not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(begun) > MAX_LINE:
            break
    if begun:
        yield begun


def _decoded(line: bytes, path: Path, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{path}, line {number}, is not UTF-8 (byte 0x{error.object[error.start]:02x} at {error.start + 1}).",
            hint=f"Convert it, for example: iconv -f latin1 -t utf-8 {path.name} > converted.txt",
        ) from error
