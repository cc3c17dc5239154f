"""The bibliographic fields of a record of JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from askpapers.corpus.cleaning import clean_line
from askpapers.corpus.dates import read_date
from askpapers.corpus.json_flavours import EXTRA, Flavour, Names
from askpapers.corpus.json_values import all_at, at, items, line_of_text, normalised, scalar
from askpapers.corpus.notices import gravest, notice_of_types, update_field
from askpapers.corpus.people import people
from askpapers.corpus.source_types import type_of_source
from askpapers.identifiers import arxiv_of, doi_of, pmid_of
from askpapers.metadata import Metadata, Notice, Person


def read_metadata(fields: Mapping[str, Any], names: Names, flavour: Flavour | None) -> Metadata:
    """What the fields of a record say; `names` are those that its flavour gives them."""
    authors, editors = _people(fields, names)
    doi = next(filter(None, (doi_of(_first(fields, [name])) for name in names["doi"])), "")
    arxiv = next(filter(None, (_arxiv(fields, name) for name in names["arxiv"])), "") or arxiv_of(doi)
    pmid = next(filter(None, (_pmid(_first(fields, [name])) for name in names["pmid"])), "")
    is_csl = "issued" in fields
    types = [kind for name in names["type"] for value in items(at(fields, name)) if (kind := line_of_text(value))]
    begin, end = _first(fields, names["firstpage"]), _first(fields, names["lastpage"])
    metadata = Metadata(
        type=_type(fields, types, flavour),
        venue=_first(fields, names["venue"]),
        publisher=_first(fields, names["publisher"]),
        volume=_first(fields, names["volume"]),
        issue=_first(fields, names["issue"]) or ("" if is_csl else _first(fields, ["number"])),
        pages=_first(fields, names["pages"])
        or "-".join(dict.fromkeys(filter(None, (begin, end))))
        or _first(fields, names["article"]),
        date=_date(fields, names["date"]) or _date(fields, names["year"]),
        doi=doi,
        arxiv=arxiv,
        pmid=pmid,
        key=_first(fields, ["citationkey", "citekey"]),
        language=_first(fields, names["language"]),
        people=authors,
        editors=editors,
        categories=_terms(fields, names["categories"]),
        tags=_terms(fields, names["tags"]),
        notice=_notice(fields, types),
        extra=tuple(_extra(fields, names, flavour)),
    )
    return _with_note(metadata, scalar(fields.get("note")) or scalar(fields.get("extra")))


def _type(fields: Mapping[str, Any], types: list[str], flavour: Flavour | None) -> str:
    csl = types == ["article"] and ("issued" in fields or "people" in fields)  # CSL's name of a preprint
    return type_of_source(types, preprint=csl or (flavour is not None and flavour.preprints))


def _date(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    return next(filter(None, (read_date(at(fields, name)) for name in names)), "")


def _people(fields: Mapping[str, Any], names: Names) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    for name in names["people"]:
        given = fields.get(name)
        others = []
        if isinstance(given, list) and any(_role(item) not in ("", "author") for item in given):
            others = [item for item in given if _role(item) == "editor"]
            given = [item for item in given if _role(item) in _AUTHOR_ROLES] or [i for i in given if i not in others]
        if found := people([_author(item) for item in given] if isinstance(given, list) else given):
            return found, people(others) or people(_first_list(fields, names["editors"]))
    return (), people(_first_list(fields, names["editors"]))


_AUTHOR_ROLES = (
    "", "author", "inventor", "presenter", "programmer", "artist", "first", "middle", "last", "creator", "podcaster",
    "director", "interviewee", "contributor",
)  # fmt: skip


def _role(item: Any) -> str:
    fields = normalised(item) if isinstance(item, dict) else {}
    return scalar(fields.get("creatortype") or fields.get("contributortype") or fields.get("role")).lower()


def _author(item: Any) -> Any:
    """An author without what is no part of the name: the number of a namesake (DBLP), an authorship around it."""
    if isinstance(item, dict) and isinstance(inner := item.get("author"), dict) and any(map(scalar, inner.values())):
        return inner
    return item


def _first_list(fields: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((value for name in names if (value := fields.get(name))), None)


def _arxiv(fields: Mapping[str, Any], name: str) -> str:
    archive = _first(fields, ["archiveprefix", "eprinttype", "archive"]).lower()
    if name == "eprint" and archive not in ("", "arxiv"):
        return ""
    return next(filter(None, (arxiv_of(line_of_text(value)) for value in items(at(fields, name)))), "")


def _pmid(text: str) -> str:
    return text.lstrip("0") if text.isdecimal() else pmid_of(text)


_ARXIV_CATEGORIES = re.compile(
    r"(?:[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]+)?[,\s]+)*[a-z]+(?:-[a-z]+)*\.[A-Za-z-]+(?:[,\s]+[a-z.A-Z-]+)*"
)
_TERM = (
    "term",
    "tag",
    "displayname",
    "name",
    "category",
    "keyword",
    "descriptorname",
    "value",
    "text",
    "subject",
    "title",
)


def _terms(fields: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """The terms of the first of the fields that has any."""
    for name in names:
        found = dict.fromkeys(term for value in items(at(fields, name)) for term in _terms_of(value))
        if found:
            return tuple(found)
    return ()


def _terms_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        inner = normalised(value)
        yield from next(filter(None, (list(_terms_of(inner.get(name))) for name in _TERM)), [])
    elif isinstance(value, list):
        for item in value:
            yield from _terms_of(item)
    elif text := scalar(value):
        parts = re.split(r"[,\s]+", text) if _ARXIV_CATEGORIES.fullmatch(text) else re.split(r"\s*[;|\n]\s*", text)
        if len(parts) == 1 and text.count(",") and not re.search(r",\S", text):
            parts = text.split(",")
        yield from (term for part in parts if (term := clean_line(part)))


def _notice(fields: Mapping[str, Any], types: Iterable[str]) -> Notice | None:
    updates = [
        *all_at(fields.get("updatedby"), "type"),
        *all_at(fields.get("commentcorrectionlist"), "commentcorrection.type"),
        *items(fields.get("corrections")),
    ]
    kinds = [kind for kind in (*types, *map(scalar, updates), scalar(fields.get("notice"))) if kind]
    found = [notice_of_types([*kinds, *(kind.replace(" ", "") for kind in kinds)])]
    if fields.get("isretracted") is True or scalar(fields.get("isretracted")).lower() in ("true", "1"):
        found.append(Notice.RETRACTED)
    found += [notice for notice in Notice if notice in kinds]
    if re.match(
        r"\W*(?:this (?:paper|article|submission|manuscript) )?(?:has been |is )?withdrawn\b",
        scalar(fields.get("comments")),
        re.I,
    ):
        found.append(Notice.WITHDRAWN)
    return gravest(found)


def _extra(fields: Mapping[str, Any], names: Names, flavour: Flavour | None) -> Iterator[tuple[str, str]]:
    for label in EXTRA:
        paths = names[label]
        if value := _first(fields, (*paths, "number") if label == "csl:number" and "issued" in fields else paths):
            yield label, value
    if note := next(filter(None, (scalar(fields.get(name)) for name in ("note", "extra", "comments"))), ""):
        yield "csl:note", note
    for update in items(fields.get("updateto")):
        if isinstance(update, dict):
            yield update_field(scalar(update.get("type")), scalar(update.get("DOI")))
    if flavour and flavour.name == "Zotero":
        yield from (("zotero:collection", key) for key in items(fields.get("collections")) if isinstance(key, str))
    for pair in items(fields.get("extra")):  # of an export of this program
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
            yield pair[0], pair[1]


_NOTE_LINE = re.compile(r"^(doi|pmid|pmcid|arxiv|citation key)\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def _with_note(metadata: Metadata, note: str) -> Metadata:
    """The metadata with the identifiers that Zotero keeps on lines of its field Extra, which is CSL's note."""
    found = {name.lower(): value for name, value in _NOTE_LINE.findall(note)}
    return replace(
        metadata,
        doi=metadata.doi or doi_of(found.get("doi", "")),
        arxiv=metadata.arxiv or arxiv_of(found.get("arxiv", "")),
        pmid=metadata.pmid or _pmid(found.get("pmid", "")),
        key=metadata.key or found.get("citation key", ""),
    )


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str:
    for name in names:
        if (value := at(fields, name)) and (text := line_of_text(value)) and (line := clean_line(text)):
            return line
    return ""
