"""The works in the bibliography files that a draft names or that lie beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from askpapers.corpus.bibtex import looks_like_bibtex
from askpapers.corpus.bibtex_entries import Entry as BibtexEntry
from askpapers.corpus.bibtex_entries import read_entries
from askpapers.corpus.dates import read_date, year_of
from askpapers.corpus.documents import Document, document_of
from askpapers.corpus.latex_fields import in_one_line
from askpapers.corpus.people import people
from askpapers.corpus.records import Omitted
from askpapers.drafts.compiled import read_compiled
from askpapers.drafts.draft import Entry
from askpapers.errors import UsageError
from askpapers.identifiers import identifiers_in, identifiers_within, pmid_of

_YEAR = re.compile(r"\b(?:19|20)\d\d")


def read_bibliography(file: Path) -> tuple[list[Entry], list[str]]:
    """The entries of a bibliography file (BibTeX, .bbl, CSL JSON), and what is to be said of it.

    Raises UsageError where it is not there or is none, CorpusError where it cannot be read.
    """
    if not file.is_file():
        raise UsageError(f"There is no bibliography {file}.", hint="Check the name, or name another: --bib FILE")
    document = document_of(file)
    if file.suffix == ".bbl":
        return read_compiled(document.text()), []
    if document.head.lstrip().startswith(("[", "{")):
        return _of_json(document), []
    if document.suffix == ".bib" or looks_like_bibtex(document.head):
        return _of_bibtex(document)
    raise UsageError(f"{file} is no bibliography.", hint="Give BibTeX (.bib), a .bbl file or CSL JSON.")


def _of_bibtex(document: Document) -> tuple[list[Entry], list[str]]:
    """Entries need no abstract here, which the reader of a corpus asks for."""
    entries, notes = list[Entry](), list[str]()
    for found in read_entries(document.lines()):
        if isinstance(found, Omitted):
            notes.append(f"{document.place}, line {found.line}: {found.reason}")
            continue
        entry = _of_fields(found)
        also = next((field.value for field in found.fields if field.name == "ids"), "").split(",")
        entries += [entry, *(replace(entry, key=key.strip()) for key in also if key.strip())]
        if found.damage:
            notes.append(f"{document.place}, line {found.line}: the entry {found.key} is damaged: {found.damage}")
    return entries, notes


def _of_fields(found: BibtexEntry) -> Entry:
    fields = {field.name: field.value for field in reversed(found.fields)}
    names = (fields.get("doi"), fields.get("eprint"), fields.get("url"), fields.get("howpublished"))
    values = [in_one_line(value) for value in names if value]
    others = " ".join(in_one_line(fields.get(name, "")) for name in ("journal", "note", "volume", "howpublished"))
    pmid = pmid_of(f"pmid:{fields.get('pmid', '')}")
    return Entry(
        key=found.key,
        title=": ".join(in_one_line(fields[name]) for name in ("title", "subtitle") if fields.get(name)),
        families=tuple(person.family for person in people(" ".join(fields.get("author", "").split()))),
        year=year_of(read_date(in_one_line(fields.get("date", "") or fields.get("year", "")))),
        ids=identifiers_in(*values, f"pmid:{pmid}" if pmid else None) | identifiers_within(others),
    )


def _of_json(document: Document) -> list[Entry]:
    try:
        items = json.loads(document.text())
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{document.place} is damaged JSON: {error}.", hint="Export the bibliography again."
        ) from error
    items = items.get("items", []) if isinstance(items, dict) else items
    return [entry_of_csl(item) for item in items if isinstance(item, dict)]


def entry_of_csl(item: Mapping[str, Any]) -> Entry:
    """The entry of an item of CSL JSON, as Zotero, Mendeley and Pandoc write it."""
    year = _YEAR.search(json.dumps(item.get("issued") or ""))
    pmid = pmid_of(f"pmid:{item.get('PMID') or ''}")
    names = [str(item.get(name) or "") for name in ("DOI", "URL", "id", "number")]
    return Entry(
        key=str(item.get("citation-key") or item.get("id") or ""),
        title=in_one_line(str(item.get("title") or "")),
        families=tuple(person.family for person in people(item.get("author"))),
        year=int(year.group()) if year else None,
        ids=identifiers_in(*names, f"pmid:{pmid}" if pmid else None),
    )
