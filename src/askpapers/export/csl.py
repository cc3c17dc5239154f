"""Papers as CSL JSON: what Zotero, pandoc, citeproc and Better BibTeX read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from askpapers.export.entries import Entry
from askpapers.export.others import other_fields
from askpapers.export.values import authors_of, date_of, one_line, value
from askpapers.metadata import Person
from askpapers.text import plain

_TEXTS = frozenset(
    (
        "journalAbbreviation shortTitle annote archive archive_collection archive_location archive-place authority"
        " call-number chapter-number collection-number collection-title container-title-short dimensions division"
        " edition event-place event-title genre ISBN ISSN jurisdiction medium number number-of-pages number-of-volumes"
        " original-title original-publisher part-title PMCID publisher-place references reviewed-title scale section"
        " source status title-short version year-suffix"
    ).split()
)
"""The fields of CSL that are texts and have no place in a record: they are written back as they were read."""

_TYPES = frozenset(
    (
        "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection"
        " dataset document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case"
        " legislation manuscript map motion_picture musical_score pamphlet paper-conference patent performance"
        " periodical personal_communication post post-weblog regulation report review review-book software song speech"
        " standard thesis treaty webpage"
    ).split()
)
"""All types of CSL 1.0.2; `document` for any other."""


def csl(entries: Iterable[Entry]) -> str:
    """An array of items; what an answer quotes is in `note`, the verdict in `keyword`, the rest in `custom`."""
    return json.dumps([_item(entry) for entry in entries], ensure_ascii=False, indent=2) + "\n"


def _item(entry: Entry) -> dict[str, Any]:
    paper, metadata = entry.paper, entry.paper.metadata
    date = date_of(paper)
    others = list(other_fields(metadata, "csl"))
    kept = [value(text) for name, text in others if name == "note"]
    if metadata.arxiv and f"arxiv:{metadata.arxiv}" not in "".join(kept).lower().replace(" ", ""):
        kept.append(f"arXiv: {one_line(metadata.arxiv)}")  # where Zotero, too, keeps it
    fields: dict[str, Any] = {
        "id": entry.key,
        "type": metadata.type if metadata.type in _TYPES else "document",
        "title": one_line(plain(paper.title)),
        "author": [_name(person) for person in authors_of(paper)],
        "editor": [_name(person) for person in metadata.editors],
        "container-title": one_line(plain(metadata.venue)),
        "publisher": one_line(plain(metadata.publisher)),
        "volume": one_line(metadata.volume),
        "issue": one_line(metadata.issue),
        "page": one_line(metadata.pages),
        "issued": {"date-parts": [[int(part) for part in date]]} if date else None,
        "DOI": one_line(metadata.doi),
        "PMID": one_line(metadata.pmid),
        "number": f"arXiv:{one_line(metadata.arxiv)}" if metadata.arxiv else "",
        "URL": one_line(paper.url or ""),
        "language": one_line(metadata.language),
        "keyword": _keyword(entry.tags),
        "abstract": value(paper.abstract),
        "note": "\n".join((*kept, *entry.notes)),
        **{name: value(text) for name, text in reversed(others) if name in _TEXTS and text},
        "custom": _custom(entry),
    }
    return {name: content for name, content in fields.items() if content}


def _keyword(tags: Iterable[str]) -> str:
    tags = list(tags)
    return ("; " if any("," in tag for tag in tags) else ", ").join(tags)


def _name(person: Person) -> dict[str, str]:
    family, given = one_line(plain(person.family)), one_line(plain(person.given))
    return {"family": family, "given": given} if given else {"literal": family}


def _custom(entry: Entry) -> dict[str, Any]:
    """What CSL has no field for: the id in the corpus, the notice, other formats' fields, the quotes taken apart."""
    paper = entry.paper
    custom = {
        "askpapers-id": value(paper.id) if paper.id != entry.key else "",
        "aliases": [value(alias) for alias in paper.metadata.aliases],
        "notice": paper.mark,
        "sources": [{"file": value(source.file), "line": source.line} for source in paper.sources],
        "fields": [{"name": value(name), "value": value(text)} for name, text in paper.metadata.extra],
        "quotes": [
            {
                "question": value(evidence.question),
                "verdict": value(evidence.verdict),
                "statement": value(evidence.statement),
                "quote": value(evidence.quote.text),
                "file": value(evidence.quote.source.file),
                "line": evidence.quote.source.line,
                "start": evidence.quote.start,
                "end": evidence.quote.end,
            }
            for evidence in entry.evidence
        ],
    }
    return {name: content for name, content in custom.items() if content}
