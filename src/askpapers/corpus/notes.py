"""Makes a record of the fields that a note gives of a paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from askpapers.corpus.cleaning import clean, clean_line, placeholder
from askpapers.corpus.dates import read_date, year_of
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.source_types import type_of_source
from askpapers.identifiers import arxiv_of, doi_of, pmid_of
from askpapers.metadata import Metadata

_LISTED = re.compile(r"(?:(?<!\s)\s+)?[;,·•|]\s*")


class Fields:
    """What is read of one paper so far: fields by meaning, and its abstract line by line."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}
        self.text: list[str] = []
        self.line = 0
        """The line on which the abstract begins."""
        self.labelled = 0
        """The line of the label of the abstract; 0 while there is none."""

    def set(self, meaning: str, value: Any) -> None:
        """Give a field its value; the first one stays."""
        if value and not self._values.get(meaning):
            self._values[meaning] = value

    def has(self, meaning: str) -> bool:
        """Whether the field has a value."""
        return bool(self._values.get(meaning))

    def add_text(self, number: int, line: str) -> None:
        """Add a line to the abstract."""
        self.line = self.line or number
        self.text.append(line)

    def any(self, meaning: str) -> Any:
        """The value of a field as it is: a text, or what YAML has; None for none."""
        return self._values.get(meaning)

    def string(self, meaning: str) -> str:
        """The value of a field as one line; "" for none."""
        value = self._values.get(meaning)
        if isinstance(value, list):
            value = "; ".join(item for item in value if isinstance(item, str))
        return clean_line(_unmarked(value)) if isinstance(value, str) else ""

    def listed(self, meaning: str) -> tuple[str, ...]:
        """What a field lists, each once."""
        value = self._values.get(meaning)
        items: Sequence[Any] = _LISTED.split(_unmarked(value)) if isinstance(value, str) else value or ()
        names = (clean_line(item.strip(" .")) for item in items if isinstance(item, str))
        return tuple(dict.fromkeys(filter(None, names)))


def made_note(fields: Fields) -> Record | Omitted:
    """The record of a note, or that it has no abstract."""
    text = clean("".join(fields.text))
    if placeholder(text):
        return Omitted(fields.labelled or fields.line or 1, "no abstract")
    date = read_date(fields.any("date"))
    year = read_date(fields.any("year"))
    date = date if date[:4] == year[:4] or not year else year
    authors = fields.any("authors")
    persons = people(_unmarked(authors) if isinstance(authors, str) else authors)
    given = [fields.string(name) for name in ("doi", "arxiv", "url", "id")]
    doi = next(filter(None, map(doi_of, given)), "")
    arxiv = next(filter(None, map(arxiv_of, given)), "")
    pmid = fields.string("pmid")
    url = fields.string("url")
    return Record(
        text=text,
        line=fields.line,
        id=fields.string("id") or None,
        title=fields.string("title") or None,
        year=year_of(date),
        authors=tuple(map(str, persons)),
        url=url if url.startswith(("https://", "http://")) else None,
        metadata=Metadata(
            type=type_of_source([fields.string("type")] if fields.has("type") else []),
            venue=fields.string("venue"),
            date=date,
            doi=doi,
            arxiv=arxiv,
            pmid=pmid.lstrip("0") if pmid.isdecimal() else pmid_of(f"PMID: {pmid}"),
            people=persons,
            categories=fields.listed("categories"),
            tags=fields.listed("keywords"),
        ),
    )


def _unmarked(value: str) -> str:
    """A value without the signs of Markdown around it and of a link."""
    value = re.sub(r"\[([^\[\]]*)\]\([^()\s]*\)", r"\1", value)
    return value.strip().strip("*_`<>").strip()
