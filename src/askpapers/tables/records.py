"""Cells from the record of a paper: exact, as the file gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from askpapers.datatypes import Paper
from askpapers.metadata import Person
from askpapers.tables.table import Cell, Origin
from askpapers.text import plain

NOT_IN_RECORD = Cell(reason="not in the record")


def record_cell(paper: Paper, field: str) -> Cell:
    """The cell of a field of `columns.FIELDS`; blank where the record does not give it."""
    text = " ".join(_VALUES[field](paper).split())
    return Cell(text, Origin.RECORD, None, paper.sources[0] if paper.sources else None) if text else NOT_IN_RECORD


def _people(people: tuple[Person, ...], names: tuple[str, ...] = ()) -> tuple[str, ...]:
    return names or tuple(str(person) for person in people)


def _authors(paper: Paper) -> tuple[str, ...]:
    return _people(paper.metadata.people, paper.authors)


def _citation(paper: Paper) -> str:
    """Author and year as they are cited: "Moss et al., 2021"; the title where no author is known."""
    data = paper.metadata
    names = [person.family for person in data.people] or list(paper.authors)
    name = f"{names[0]} et al." if len(names) > 2 else " and ".join(names) or plain(paper.title)
    return f"{name}, {paper.year}" if paper.year else name


def _address(paper: Paper) -> str:
    """The address of the record, else the one that its DOI or arXiv id has."""
    data = paper.metadata
    if paper.url:
        return paper.url
    return f"https://doi.org/{data.doi}" if data.doi else f"https://arxiv.org/abs/{data.arxiv}" if data.arxiv else ""


_VALUES: Mapping[str, Callable[[Paper], str]] = {
    "title": lambda paper: plain(paper.title),
    "authors": lambda paper: "; ".join(_authors(paper)),
    "first_author": lambda paper: (*_authors(paper), "")[0],
    "last_author": lambda paper: ("", *_authors(paper))[-1],
    "year": lambda paper: str(paper.year or ""),
    "date": lambda paper: paper.metadata.date or str(paper.year or ""),
    "venue": lambda paper: paper.metadata.venue,
    "publisher": lambda paper: paper.metadata.publisher,
    "volume": lambda paper: paper.metadata.volume,
    "issue": lambda paper: paper.metadata.issue,
    "pages": lambda paper: paper.metadata.pages,
    "doi": lambda paper: paper.metadata.doi,
    "arxiv": lambda paper: paper.metadata.arxiv,
    "pmid": lambda paper: paper.metadata.pmid,
    "url": _address,
    "type": lambda paper: paper.metadata.type,
    "key": lambda paper: paper.metadata.key,
    "id": lambda paper: paper.id,
    "language": lambda paper: paper.metadata.language,
    "categories": lambda paper: "; ".join(paper.metadata.categories),
    "tags": lambda paper: "; ".join(paper.metadata.tags),
    "editors": lambda paper: "; ".join(_people(paper.metadata.editors)),
    "notice": lambda paper: paper.mark,
    "abstract": lambda paper: paper.abstract,
    "file": lambda paper: f"{paper.sources[0].file}:{paper.sources[0].line}" if paper.sources else "",
    "citation": _citation,
}
