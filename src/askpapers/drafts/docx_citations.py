"""The works that fields and controls of Word documents cite: those of Zotero, Mendeley and EndNote. Pure."""

from __future__ import annotations

import base64
import json
import re

from askpapers.corpus.people import people
from askpapers.drafts.bibliography import entry_of_csl
from askpapers.drafts.draft import Entry
from askpapers.identifiers import identifiers_in

_MENDELEY = "MENDELEY_CITATION_v3_"
_ENDNOTE = re.compile(r"<Cite\b.*?</Cite>", re.DOTALL)


def works_of_field(code: str) -> tuple[Entry, ...]:
    """The works that a field cites: of Zotero and Mendeley CSL's JSON, of EndNote its XML."""
    if "CSL_CITATION" in code and "{" in code:
        return _of_json(code[code.index("{") :])
    return tuple(_of_endnote(cite) for cite in _ENDNOTE.findall(code)) if "EN.CITE" in code else ()


def works_of_control(tag: str) -> tuple[Entry, ...]:
    """The works that a content control of Mendeley Cite cites, by its tag."""
    if not tag.startswith(_MENDELEY):
        return ()
    try:
        return _of_json(base64.b64decode(tag.removeprefix(_MENDELEY)).decode())
    except ValueError:
        return ()


def _of_json(text: str) -> tuple[Entry, ...]:
    try:
        citation, _ = json.JSONDecoder().raw_decode(text)
        items = [item["itemData"] for item in citation["citationItems"] if isinstance(item["itemData"], dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    return tuple(map(entry_of_csl, items))


def _of_endnote(cite: str) -> Entry:
    def first(name: str) -> str:
        match = re.search(rf"<{name}\b[^>]*>(.*?)</{name}>", cite, re.DOTALL)
        return re.sub(r"<[^>]+>", "", match[1]).strip() if match else ""

    author, year = first("Author") or first("author"), first("Year") or first("year")
    return Entry(
        title=first("title"),
        families=tuple(person.family for person in people(author)),
        year=int(year) if re.fullmatch(r"\d{4}", year) else None,
        ids=identifiers_in(first("electronic-resource-num"), first("url")),
    )
