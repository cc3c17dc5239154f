"""The fields of one bibliographic record as its file names them, and what becomes of those that have no place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from askpapers.corpus.cleaning import clean, clean_line, placeholder
from askpapers.corpus.records import Omitted, Record
from askpapers.identifiers import arxiv_of, doi_of, dois_in, pmid_of
from askpapers.metadata import Metadata


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the file, its value with line breaks, the line (from 1) on which the value begins."""

    name: str
    value: str
    line: int


_cleaned = lru_cache(maxsize=10_000)(clean_line)  # venues, types, years and keywords are those of many records


class Fields:
    """The fields of a record, taken one after the other; what is not taken is kept as extra fields."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._left: dict[str, list[Field]] = {}
        for field in fields:
            if field.value:
                self._left.setdefault(field.name, []).append(field)

    def first(self, *names: str) -> Field | None:
        """The first field of the first of the names that the record has; it is taken."""
        for name in names:
            if name in self._left:
                found = self._left[name].pop(0)
                if not self._left[name]:
                    del self._left[name]
                return found
        return None

    def take(self, *names: str) -> str:
        """The value of `first` on one line, without markup and LaTeX; "" for none and for what stands for none."""
        found = self.first(*names)
        return _cleaned(found.value) if found else ""

    def all(self, *names: str) -> list[Field]:
        """Every field of the names; all are taken."""
        return [field for name in names for field in self._left.pop(name, ())]

    def values(self, *names: str) -> list[str]:
        """The values of `all`."""
        return [field.value for field in self.all(*names)]

    def seen(self, *names: str) -> list[str]:
        """The values of every field of the names, none of which is taken."""
        return [field.value for name in names for field in self._left.get(name, ())]

    def extra(self, format_name: str) -> tuple[tuple[str, str], ...]:
        """What was not taken, by the name of its format and its own ("ris:M1"), in the order of the file."""
        return tuple((f"{format_name}:{name}", field.value) for name, fields in self._left.items() for field in fields)


def at_least_one(found: Iterator[Record | Omitted], what: str) -> Iterator[Record | Omitted]:
    """What a reader found; where that is nothing, that the file holds none of `what`."""
    first = next(found, None)
    yield first or Omitted(0, f"it holds no {what}")
    yield from found


def made_record(abstract: Field | None, line: int, record: Record) -> Record | Omitted:
    """The record with its abstract cleaned, or why it is left out; `line` is where it begins in the file."""
    text = clean(abstract.value) if abstract else ""
    if abstract is None or placeholder(text):
        return Omitted(line, "no abstract")
    metadata = record.metadata
    return Record(
        text=text,
        line=abstract.line,
        id=record.id or None,
        title=record.title or None,
        year=int(metadata.date[:4]) if metadata.date else None,
        authors=tuple(map(str, metadata.people)),
        url=record.url or None,
        metadata=metadata,
    )


def keywords(values: Iterable[str]) -> tuple[str, ...]:
    """Keywords, one each: a field, a line break or a semicolon parts them, and a comma where none of these does."""
    parts = [part for value in values for part in re.split(r"[;\n]", value) if part.strip()]
    if len(parts) == 1:
        parts = parts[0].split(",")
    found = filter(None, (_cleaned(part).strip(" .;,") for part in parts))
    return tuple(dict.fromkeys(found))


def pages_of(first: str, last: str = "") -> str:
    """Pages as "1-9", of a range in one field or of the first and the last page."""
    first, last = (re.sub(r"\s*[-–—]+\s*", "-", page.strip()) for page in (first, last))
    if not first or not last or first == last or "-" in first:
        return first or last
    return f"{first}-{last}"


def doi_in(*values: str) -> str:
    """The first DOI in the values, in lower case."""
    return next((doi for value in values for doi, *_ in dois_in(value)), "")


def identified(metadata: Metadata, *values: str) -> Metadata:
    """The metadata with the identifiers that it lacks and that other fields hold, such as an address or a note."""
    doi, arxiv, pmid = (next(filter(None, map(read, values)), "") for read in (doi_of, _arxiv_in, pmid_of))
    return replace(
        metadata,
        doi=metadata.doi or ("" if arxiv_of(doi) else doi),
        arxiv=metadata.arxiv or arxiv,
        pmid=metadata.pmid or pmid,
    )


_ARXIV = re.compile(r"arxiv[:\s]\s*([a-z.-]+/\d{7}|\d{4}\.\d{4,5})(?!\d)", re.IGNORECASE)


def _arxiv_in(value: str) -> str:
    """The arXiv id that a value is or names ("arXiv preprint arXiv:2203.02155")."""
    match = _ARXIV.search(value)
    return arxiv_of(value) or (arxiv_of(match[1]) if match else "")
