"""Reads the sample files of bibliographic formats, and text as if it were such a file."""

from __future__ import annotations

import io
from pathlib import Path

from askpapers.corpus.documents import Document
from askpapers.corpus.recognition import Format, recognise
from askpapers.corpus.records import Omitted, Record

FORMATS = Path(__file__).parent / "formats"


def document(text: str | bytes, name: str = "a.txt") -> Document:
    data = text.encode() if isinstance(text, str) else text
    return Document(name, name, lambda: io.BufferedReader(io.BytesIO(data)))


def read(text: str | bytes, format_name: str) -> list[Record | Omitted]:
    """What the reader yields that the beginning of the text asks for, which must be the one of that name."""
    found = recognise(document(text))
    assert isinstance(found, Format), found
    assert found.name == format_name
    return list(found.read(document(text)))


def papers(text: str | bytes, format_name: str) -> list[Record]:
    return [found for found in read(text, format_name) if isinstance(found, Record)]


def sample(name: str) -> bytes:
    return (FORMATS / name).read_bytes()
