"""What of a record is compared with all other records: made once for each, apart from the others."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from askpapers.corpus.compare import Title, read_title
from askpapers.corpus.near import sketch_of
from askpapers.corpus.records import Record
from askpapers.identifiers import identifiers_in, is_preprint_doi
from askpapers.text import same_text_key


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a record is compared; `digest` and `sketch` stand for its text, `preprint` says whether it is one's."""

    digest: bytes
    title: Title
    ids: frozenset[str]
    preprint: bool
    sketch: array[int]


def traits_of(records: Iterable[Record]) -> list[Traits]:
    """The traits of each record."""
    return [_traits(record) for record in records]


def _traits(record: Record) -> Traits:
    ids = identifiers_of(record)
    return Traits(
        digest=blake2b(same_text_key(record.text).encode(), digest_size=16).digest(),
        title=read_title(record.title),
        ids=ids,
        preprint=is_preprint(record.metadata.type, ids),
        sketch=sketch_of(record.text),
    )


def identifiers_of(record: Record) -> frozenset[str]:
    """The identifiers of a record, from its fields, its own id and its address."""
    data = record.metadata
    pmid = f"pmid:{data.pmid}" if data.pmid else None
    return identifiers_in(record.id, record.url, data.doi, data.arxiv, pmid, *data.aliases)


def is_preprint(kind: str, ids: frozenset[str]) -> bool:
    """Whether a record is that of a preprint: by the DOIs or the arXiv id among its identifiers, or by its type."""
    dois = [name.removeprefix("doi:") for name in ids if name.startswith("doi:")]
    if dois:
        return all(map(is_preprint_doi, dois))
    return any(name.startswith("arxiv:") for name in ids) or kind in ("article", "preprint")
