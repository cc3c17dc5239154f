"""What papers can be chosen by, as a table of an index: authors, venues, tags, dates, identifiers, notices.

A paper has a row for each of its values, and one with the value "" where it gives none of a kind, so that both are
found without reading a paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from askpapers.datatypes import Paper
from askpapers.index.names import Name, agree, name_of, read_name, readings
from askpapers.text import folded

TABLE = """
create table facets (kind text not null, value text not null, row integer not null, primary key (kind, value, row))
    without rowid;
"""
_NEAREST = 3
_PARTS = re.compile(r"[\s_-]+")


class Facet(StrEnum):
    """A kind of value."""

    AUTHOR = "author"
    VENUE = "venue"
    TAG = "tag"
    DATE = "date"
    DOI = "doi"
    NOTICE = "notice"


def facets_of(paper: Paper) -> Iterator[tuple[Facet, str, str]]:
    """The values of a paper: the kind, the value as it is compared, and as it is shown; "" for what it lacks."""
    metadata = paper.metadata
    found: dict[Facet, list[tuple[str, str]]] = {
        Facet.AUTHOR: [(_author(name), shown) for name, shown in _authors(paper)],
        Facet.VENUE: [(_folded(metadata.venue), metadata.venue)],
        Facet.TAG: [(_folded(tag), tag) for tag in (*metadata.categories, *metadata.tags)],
        Facet.DATE: [(date, date) for date in [metadata.date or str(paper.year or "")]],
        Facet.DOI: [(metadata.doi, metadata.doi)],
        Facet.NOTICE: [(str(metadata.notice or ""),) * 2],
    }
    for kind, values in found.items():
        given = {value: shown for value, shown in values if value}
        yield from ((kind, value, shown) for value, shown in (given or {"": ""}).items())


class Facets:
    """The values of the papers of an index."""

    def __init__(self, query: Callable[..., Iterator[Any]], shown: Callable[[int], Paper]) -> None:
        """Read them by an SQL query; `shown` gives the paper of a row."""
        self._query = query
        self._paper = shown

    def rows(self, kind: Facet, values: Collection[str]) -> set[int]:
        """The rows of the papers that have one of these values."""
        sql = "select row from facets where kind = ? and value = ?"
        return {row for value in values for (row,) in self._query(sql, kind, value)}

    def without(self, kind: Facet) -> set[int]:
        """The rows of the papers that give no value of a kind."""
        return self.rows(kind, ("",))

    def find(self, kind: Facet, name: str) -> tuple[str, ...]:
        """The values that a name means, as people write it: those of an author, a venue or a tag."""
        if kind is Facet.AUTHOR:
            return self._find_author(name)
        wanted = _folded(name)
        if not wanted:
            return ()
        if kind is Facet.TAG:  # "cs" is "cs.CL" and its like
            below = self._values(
                "kind = ? and (value = ? or value >= ? and value < ?)", kind, wanted, f"{wanted}.", f"{wanted}/"
            )
            return tuple(below)
        exact = self._values("kind = ? and value = ?", kind, wanted)
        return tuple(exact or self._values("kind = ? and ' ' || value || ' ' like ?", kind, f"% {wanted} %"))

    def has(self, kind: Facet, name: str) -> bool:
        """Whether a paper has exactly this venue or tag."""
        return bool(self._values("kind = ? and value = ?", kind, _folded(name) or " "))

    def nearest(self, kind: Facet, name: str) -> list[str]:
        """The names most like one that nobody has, as they are shown."""
        values = {value.partition("\t")[0]: value for value in self._values("kind = ? and value != ''", kind)}
        names = [read.family for read in readings(name)] if kind is Facet.AUTHOR else [_folded(name)]
        near = [values[close] for wanted in names for close in get_close_matches(wanted, values, _NEAREST, 0.5)]
        return [self.shown(kind, value) for value in dict.fromkeys(near)][:_NEAREST]

    def counts(self, kind: Facet, among: Collection[int] | None = None) -> list[tuple[str, int]]:
        """The values of a kind and how many papers have each, most first; `among` these rows, or (None) all."""
        if among is None:
            sql = "select value, count(*) from facets where kind = ? and value != '' group by value"
            found = Counter(dict(self._query(sql, kind)))
        else:
            sql = "select value, row from facets where kind = ? and value != ''"
            found = Counter(value for value, row in self._query(sql, kind) if row in among)
        return sorted(found.items(), key=lambda item: (-item[1], item[0]))

    def dates(self) -> Iterator[tuple[str, int]]:
        """The dates, as exact as they are known, and the row of each."""
        return self._query("select value, row from facets where kind = ? and value != ''", Facet.DATE)

    def shown(self, kind: Facet, value: str) -> str:
        """A value as the first paper that has it writes it."""
        row = next(self._query("select min(row) from facets where kind = ? and value = ?", kind, value))[0]
        return next(shown for k, v, shown in facets_of(self._paper(row)) if (k, v) == (kind, value))

    def _find_author(self, name: str) -> tuple[str, ...]:
        for wanted in readings(name):
            begin = f"{wanted.family}\t"
            found = self._values("kind = ? and value >= ? and value < ?", Facet.AUTHOR, begin, f"{wanted.family}\n")
            if fitting := [value for value in found if agree(wanted.given, value.partition("\t")[2].split())]:
                return tuple(fitting)
        # One of two family names: "Márquez" is "García Márquez".
        wanted = read_name(name)
        several = self._values("kind = ? and value like ?", Facet.AUTHOR, f"%{wanted.family}%") if wanted.family else []
        return tuple(value for value in several if _is_part(wanted, value))

    def _values(self, condition: str, *values: str) -> list[str]:
        return [value for (value,) in self._query(f"select distinct value from facets where {condition}", *values)]


def authors_named(paper: Paper, name: str) -> list[str]:
    """The authors of a paper whom a name, as people write it, can mean; as the paper writes them."""
    wanted = list(readings(name))
    return [
        shown
        for known, shown in _authors(paper)
        if any(known.family == read.family and agree(read.given, known.given) for read in wanted)
    ]


def _is_part(wanted: Name, value: str) -> bool:
    family, _, given = value.partition("\t")
    return f" {wanted.family} " in f" {family} " and agree(wanted.given, given.split())


def _authors(paper: Paper) -> Iterator[tuple[Name, str]]:
    people = paper.metadata.people
    if people:
        yield from ((name_of(person), str(person)) for person in people)
    else:
        yield from ((read_name(name), name) for name in paper.authors)


def _author(name: Name) -> str:
    return f"{name.family}\t{' '.join(name.given)}" if name.family else ""


def _folded(text: str) -> str:
    return _PARTS.sub(" ", folded(text).casefold()).strip()
