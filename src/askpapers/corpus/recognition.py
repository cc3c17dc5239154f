"""Recognises the format of a document by how it begins. Its name decides only where more than one fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from askpapers.corpus.documents import Document
from askpapers.corpus.encodings import without_mark
from askpapers.corpus.records import Reader
from askpapers.corpus.tables import read_csv, read_json_lines
from askpapers.corpus.text_files import read_text


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what it is called, whether a document that begins so is of it, its reader, how its names end.

    `note` is what is to be said of every document of it, such as that only a part of it is read.
    """

    name: str
    looks_like: Callable[[str], bool]
    read: Reader
    endings: tuple[str, ...] = ()
    note: str = ""


TEXT = Format("text", lambda head: True, read_text, (".txt", ".text", ".md", ".markdown"))
FORMATS: tuple[Format, ...] = (
    Format("JSON lines", lambda head: head.lstrip().startswith("{"), read_json_lines, (".jsonl", ".ndjson")),
    Format("CSV", lambda head: False, read_csv, (".csv",)),
)
"""In the order in which they are tried; plain text, which fits everything, is not one of them."""


def recognise(document: Document) -> Format | str:
    """The format of a document, or why it is left out. Raises CorpusError where the document cannot be read."""
    if kind := _binary(document.beginning):
        return kind
    fitting = [known for known in FORMATS if known.looks_like(document.head)]
    named = [known for known in (*FORMATS, TEXT) if document.suffix in known.endings]
    # What is named as a format that nothing of it shows is read as such, so that its reader says what is wrong.
    both = (known for known in fitting if known in named)
    return next(chain(both, fitting, named), "none of the formats that are read")


_SIGNATURES = (
    (0, b"%PDF", "a PDF"),
    (0, b"{\\rtf", "rich text (RTF); save it as plain text"),
    (0, b"\xd0\xcf\x11\xe0", "an old office document; save it as text or CSV"),
    (0, b"SQLite format 3", "a database"),
    (0, b"PAR1", "a Parquet table; save it as CSV or JSON lines"),
    (0, b"BZh", "packed by bzip2; unpack it"),
    (0, b"\xfd7zXZ", "packed by xz; unpack it"),
    (0, b"\x28\xb5\x2f\xfd", "packed by zstandard; unpack it"),
    (0, b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (0, b"Rar!", "a rar archive; unpack it"),
    (257, b"ustar", "a tar archive; unpack it"),
)
_CONTROLS = bytes(sorted({*range(9), *range(14, 27), *range(28, 32)}))
_MOST_CONTROLS = 0.01


def _binary(beginning: bytes) -> str | None:
    """What kind of file it is where it is no text."""
    for place, signature, kind in _SIGNATURES:
        if beginning[place : place + len(signature)] == signature:
            return kind
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or without_mark(beginning):
        return None
    controls = len(beginning) - len(beginning.translate(None, _CONTROLS))
    return "no text" if controls > _MOST_CONTROLS * len(beginning) else None
