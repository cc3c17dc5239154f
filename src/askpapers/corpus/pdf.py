"""Reads the title and the abstract of a paper from the first page of its PDF; needs the extra `[pdf]`."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from typing import Any

from askpapers.corpus.documents import Document
from askpapers.corpus.records import Omitted, Record

_LARGEST = 200_000_000
"""Bytes that are read into memory."""
_HEADING = re.compile(r"^(?:[^\w\n]|[\d_])*+abstract[\s.:—–-]*", re.IGNORECASE | re.MULTILINE)
_ENDS = re.compile(
    r"^[^\w\n]*+(?:(?:(?:1|i)[\s.]*+)?introduction\b|key\s?words\b|index terms\b|ccs concepts\b|acm reference"
    r"|categories and subject|general terms\b|(?:1|i)[\s.]++[A-Z][a-z]++[^\S\n]*+$|jel\b|pacs\b|contents[^\S\n]*+$)",
    re.IGNORECASE | re.MULTILINE,
)
_NO_TITLE = re.compile(r"untitled|microsoft word|\.(?:docx?|tex|dvi|pdf)$|^\W*$", re.IGNORECASE)
_WORD = re.compile(r"\w")
_HYPHENATED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st"})
_SHORTEST = 100
"""Characters of an abstract."""


def read_pdf(document: Document) -> Iterator[Record | Omitted]:
    """Yield the title and abstract of the first page, or why there is none."""
    try:
        from pypdf import PdfReader
    except ImportError:
        yield Omitted(0, "a PDF, whose title and abstract are read with: pip install 'askpapers[pdf]'")
        return
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # that a file is damaged is told below
    with document.binary() as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        yield Omitted(0, f"a PDF of more than {_LARGEST // 1_000_000} MB")
        return
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            yield Omitted(0, "an encrypted PDF")
            return
        given = str(reader.metadata.title or "").strip() if reader.metadata else ""
        page, largest = _first_page(reader.pages[0])
    except Exception as error:  # on a damaged file the library raises whatever its own code meets
        yield Omitted(0, f"a damaged PDF ({type(error).__name__})")
        return
    if not page.strip():
        yield Omitted(0, "a PDF without text, perhaps a scan")
    elif not (abstract := _abstract(page)):
        yield Omitted(0, "a PDF with no abstract on its first page")
    else:
        title = largest if _NO_TITLE.search(given) or not given else given
        yield Record(abstract, 1, title=_joined(title) or None)


def _first_page(page: Any) -> tuple[str, str]:
    """The text of a page, and what of it is set in the largest type."""
    by_size: dict[float, list[str]] = {}

    def visit(text: str, _: Any, matrix: Any, __: Any, size: float) -> None:
        if text.strip():
            by_size.setdefault(round(abs(size * (matrix[3] or matrix[1] or 1)), 1), []).append(text)

    text = page.extract_text(visitor_text=visit)
    # A large initial or a mark of the publisher is no title.
    sizes = sorted((size for size, parts in by_size.items() if len("".join(parts).split()) > 2), reverse=True)
    return text.translate(_LIGATURES), "".join(by_size[sizes[0]]).translate(_LIGATURES) if len(sizes) > 1 else ""


def _abstract(page: str) -> str | None:
    heading = _HEADING.search(page)
    if not heading:
        return None
    rest = page[heading.end() :]
    end = _ENDS.search(rest)
    lines = (rest[: end.start()] if end else rest).split("\n")
    while end and lines and not _WORD.search(lines[-1]):  # rules and numbers of pages before what ends it
        lines.pop()
    text = _joined("\n".join(lines))
    return text if len(text) >= _SHORTEST else None


def _joined(text: str) -> str:
    """Lines as one, with words that were divided at their ends put together."""
    return " ".join(_HYPHENATED.sub("", text).split())
