"""Makes papers of records: one paper for all copies of an abstract, with its facts and a stable id."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from askpapers.corpus.records import Record
from askpapers.corpus.titles import Facts, label_for, match_facts
from askpapers.datatypes import Paper, Source
from askpapers.metadata import merged
from askpapers.text import same_text_key


@dataclass(frozen=True, slots=True)
class Found:
    """A record and the file in which it was found."""

    file: str
    record: Record


def merge(found: Sequence[Found], facts: Sequence[Facts]) -> tuple[list[Paper], list[str]]:
    """Merge records whose abstracts have the same `same_text_key`; nothing else is merged.

    Records that bring different ids of their own stay apart even so: "This paper has been withdrawn" is the
    whole abstract of many papers. Returns the papers in the order in which they were first found, and
    warnings.
    """
    copies = _copies(found)
    matched, warnings = match_facts(facts, [key for key, _ in copies])
    papers: list[Paper] = []
    taken: set[str] = set()
    for position, (key, places) in enumerate(copies):
        known = matched.get(position)
        records = [place.record for place in places]
        claimed = (known.id if known else None) or next((r.id for r in records if r.id), None)
        digest = hashlib.sha256(key.encode()).hexdigest()[:12]
        paper_id = claimed or digest
        if paper_id in taken:  # two different abstracts that claim one id stay two papers
            paper_id = f"{claimed}-{digest}"
            warnings.append(f"{places[0].file}:{records[0].line}: the id {claimed} is taken, {paper_id} is used")
        taken.add(paper_id)
        title = (known.title if known else None) or next((r.title for r in records if r.title), None)
        papers.append(
            Paper(
                id=paper_id,
                title=title or label_for(records[0].text),
                abstract=records[0].text,
                sources=tuple(Source(place.file, place.record.line) for place in places),
                year=(known.year if known else None) or next((r.year for r in records if r.year), None),
                authors=(known.authors if known else ()) or next((r.authors for r in records if r.authors), ()),
                url=(known.url if known else None) or next((r.url for r in records if r.url), None),
                metadata=reduce(merged, (r.metadata for r in records)),
            )
        )
    return papers, warnings


def _copies(found: Sequence[Found]) -> list[tuple[str, list[Found]]]:
    copies: list[tuple[str, list[Found]]] = []
    by_text: dict[str, dict[str | None, list[Found]]] = {}
    for item in found:
        key, own = same_text_key(item.record.text), item.record.id
        by_id = by_text.setdefault(key, {})
        if own is None and by_id:  # a copy without an id belongs to the first paper of that text
            own = next(iter(by_id))
        elif None in by_id:  # an id claims the copies without one
            by_id[own] = by_id.pop(None)
        if own not in by_id:
            by_id[own] = []
            copies.append((key, by_id[own]))
        by_id[own].append(item)
    return copies
