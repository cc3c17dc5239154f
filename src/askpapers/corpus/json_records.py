"""Reads JSON in whatever form it comes: lines, an array, the reply of a service, the export of a reference manager."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from typing import Any

from askpapers.corpus.cleaning import clean, clean_line
from askpapers.corpus.dates import read_date, year_of
from askpapers.corpus.documents import Document
from askpapers.corpus.json_flavours import COMMON, names_of
from askpapers.corpus.json_metadata import read_metadata
from askpapers.corpus.json_stream import ARRAYS, DAMAGED, NO_OBJECT, WRAPPERS, Element, elements
from askpapers.corpus.json_values import (
    ABSTRACTS,
    abstract_of,
    at,
    items,
    line_of_text,
    normal,
    normalised,
    scalar,
)
from askpapers.corpus.places_in_json import line_of
from askpapers.corpus.records import Omitted, Record
from askpapers.errors import CorpusError
from askpapers.identifiers import doi_of
from askpapers.processes import in_chunks

_INNER = (
    "data", "content", "info", "bibjson", "attributes", "paper", "citingpaper", "citedpaper", "record", "item", "work",
    "article", "document", "fields", "message", "result", "response", "hit", "publication", "entry",
)  # fmt: skip
_NO_PAPERS = {"attachment": "an attachment", "note": "a note", "annotation": "an annotation", "search": "a search"}
_NAMES_SHOWN = 8
_MOST_DAMAGED = 1000
_CHUNK = 250  # objects that a process is given at once, some 700 kB


def looks_like(head: str) -> bool:
    """Whether a file that begins so is JSON: an object, or an array of objects, of arrays or of nothing yet."""
    return bool(re.match(r'[\s\ufeff\x1e,]*(?:\{\s*["}]|\{\s*\Z|\[\s*(?:[\[{\]]|null\b|\Z))', head))


def read_json(document: Document) -> Iterator[Record | Omitted]:
    """Yield the records of a JSON file, those of a long one read by several processes.

    Memory grows with its largest records only. What is damaged is left out, and the rest is read. Raises CorpusError
    where nothing of the file is JSON.
    """
    with closing(in_chunks(_read_all, _sound(document), _CHUNK)) as chunks:
        for records in chunks:
            yield from records


def _read_all(found: Iterable[Element | Omitted]) -> list[Record | Omitted]:
    return [element if isinstance(element, Omitted) else read_element(element) for element in found]


def _sound(document: Document) -> Iterator[Element | Omitted]:
    """The objects of a file, and what of it is damaged, unless all is."""
    damaged: list[Omitted] = []
    read = False
    with document.characters() as stream:
        for element in elements(stream):
            if not read and isinstance(element, Omitted) and element.reason != NO_OBJECT:
                damaged.append(element)
                if len(damaged) < _MOST_DAMAGED:
                    continue
                break
            yield from damaged
            damaged, read = [], True
            yield element
    if damaged:
        raise CorpusError(
            f"{document.place}, line {damaged[0].line}, is not JSON: {damaged[0].reason.removeprefix(DAMAGED)}.",
            hint='Objects are read such as {"title": "...", "abstract": "..."}, each on a line or all in an array.',
        )


def read_element(element: Element) -> Record | Omitted:
    """The record that an object is, or why it is none."""
    fields = _unwrapped(element.value)
    kind = scalar(fields.get("itemtype")).lower()
    if kind in _NO_PAPERS:
        return Omitted(element.line, f"{_NO_PAPERS[kind]} of Zotero")
    flavour, names = names_of(frozenset(fields))
    title = _title(fields, names["title"])
    name, value, text = _abstract(fields, names["abstract"])
    if not text:
        return Omitted(element.line, "no abstract" if title or name else _no_paper(element.value))
    if not title and name in ABSTRACTS:
        title = clean_line(scalar(fields.get("name")))
    if flavour and flavour.title_ends:
        title = title.removesuffix(".")
    metadata = read_metadata(fields, names, flavour)
    return Record(
        text=text,
        line=line_of(element, name, value),
        id=_id(fields, names["id"]) or _id_of_name(element.name),
        title=title or None,
        year=_year(fields, names["year"]) or year_of(metadata.date),
        authors=tuple(map(str, metadata.people)),
        url=_url(fields, names["url"]),
        metadata=metadata,
    )


def _no_paper(value: Mapping[str, Any]) -> str:
    if not value:
        return "no paper: an empty object"
    names = ", ".join(list(map(str, value))[:_NAMES_SHOWN])
    return f"no paper: its fields are {names[:200]}{', …' if len(value) > _NAMES_SHOWN else ''}"


def _unwrapped(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record, with those of what it is wrapped in and of the metadata inside it."""
    source = record.get("_source")
    if isinstance(source, dict):
        record = source
    fields = normalised(record)
    for _ in range(3):
        if _abstract(fields, COMMON["abstract"])[2]:
            break
        inner = next((value for key in _INNER if isinstance(value := fields.get(key), dict)), None)
        if inner is None:
            break
        fields = {**{k: v for k, v in fields.items() if v is not inner}, **_filled(normalised(inner))}
    if isinstance(nested := fields.get("metadata"), dict):
        fields = {**normalised(nested), **_filled(fields)}
    return fields


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def _abstract(fields: Mapping[str, Any], names: Iterable[str]) -> tuple[str, Any, str]:
    """The field that holds the abstract, its value and text; the first that there is, None and "" where none does."""
    seen = ""
    for name in names:
        if name not in fields:
            continue
        seen, value = seen or name, fields[name]
        if name.endswith("s") and isinstance(
            value, list
        ):  # several abstracts, in other languages or from other sources
            value = next((v for v in value if _is_abstract(v) and abstract_of(v)), "")
        if text := clean(abstract_of(value)):
            return name, value, text
    return seen, None, ""


def _is_abstract(value: Any) -> bool:
    """False for another description of a work than its abstract."""
    kind = normalised(value).get("descriptiontype", "Abstract") if isinstance(value, dict) else "Abstract"
    return kind in ("Abstract", None, "")


def _title(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    title = next(
        (line for name in names if (value := fields.get(name)) and (line := clean_line(line_of_text(value)))), ""
    )
    subtitle = clean_line(line_of_text(fields["subtitle"])) if fields.get("subtitle") else ""
    return f"{title}: {subtitle}" if title and subtitle and subtitle.lower() not in title.lower() else title


def _id(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    for name in (*names, "key"):
        if found := scalar(fields.get(name)):
            return doi_of(found) or (re.sub(r".*/(?=[^/])", "", found).rstrip("/") if "://" in found else found)
    return None


def _id_of_name(name: str) -> str | None:
    return name if name and normal(name) not in {*_INNER, *ARRAYS, *WRAPPERS} else None


def _year(fields: Mapping[str, Any], names: Iterable[str]) -> int | None:
    return next(filter(None, (year_of(read_date(at(fields, name))) for name in names)), None)


def _url(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    for name in names:
        for value in items(at(fields, name)):
            inner = normalised(value) if isinstance(value, dict) else {"url": value}
            for key in ("url", "href", "value", "content", "resource", "primary"):
                address = inner.get(key)
                address = normalised(address).get("url") if isinstance(address, dict) else address
                if isinstance(address, str) and re.match(r"https?://\S+$", address.strip()):
                    return address.strip()
    return None
