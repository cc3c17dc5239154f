"""The rows of papers in the database of an index, and how they are written."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from askpapers.datatypes import Paper
from askpapers.identifiers import identifiers_in
from askpapers.index.facets import TABLE, facets_of
from askpapers.metadata import NO_METADATA, Metadata

METADATA = TypeAdapter(Metadata)
"""How the metadata of a paper is written as JSON."""

_TABLES = """
create table papers (
    row integer primary key, id text unique not null, title text not null, year integer,
    authors text not null, url text, abstract text not null, sources text not null, metadata text not null
);
create table names (name text not null, row integer not null, primary key (name, row)) without rowid;
create table acronyms (short text not null, long text not null, primary key (short, long)) without rowid;
create index acronyms_long on acronyms (long);
create index papers_year on papers (year);
"""
# Until the generation is finished nobody takes its files for whole, and a build that was killed checks them.
_UNFINISHED = "pragma journal_mode=off; pragma synchronous=off; pragma cache_size=-64000;"


@dataclass(frozen=True, slots=True)
class PaperRows:
    """The rows of some papers, of each table."""

    papers: list[tuple[int | str | bytes | None, ...]]
    facets: list[tuple[str, str, int]]
    names: list[tuple[str, int]]
    acronyms: list[tuple[str, str]]


def rows_of(first: int, papers: Sequence[Paper], acronyms: Iterable[tuple[str, str]]) -> PaperRows:
    """The rows of papers in a row, the first of which is at a row."""
    numbered = list(enumerate(papers, start=first))
    return PaperRows(
        papers=[(row, *_written(paper)) for row, paper in numbered],
        facets=[(str(kind), value, row) for row, paper in numbered for kind, value, _ in facets_of(paper)],
        names=[(name, row) for row, paper in numbered for name in sorted(_names(paper))],
        acronyms=list(acronyms),
    )


def write_rows(file: Path, parts: Iterable[PaperRows]) -> None:
    """Write a new database of the rows of all parts. Raises OSError."""
    try:
        with closing(sqlite3.connect(file)) as db:
            db.executescript(_UNFINISHED + _TABLES + TABLE)
            with db:
                for part in parts:
                    db.executemany("insert into papers values (?, ?, ?, ?, ?, ?, ?, ?, ?)", part.papers)
                    db.executemany("insert into facets values (?, ?, ?)", part.facets)
                    db.executemany("insert or ignore into names values (?, ?)", part.names)
                    db.executemany("insert or ignore into acronyms values (?, ?)", part.acronyms)
    except sqlite3.OperationalError as error:
        # A quota or a limit on the size of files is a failed write to SQLite, which does not say which.
        full = error.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error


def _written(paper: Paper) -> tuple[str | int | bytes | None, ...]:
    metadata = paper.metadata
    return (
        paper.id,
        paper.title,
        paper.year,
        json.dumps(paper.authors),
        paper.url,
        paper.abstract,
        json.dumps([(source.file, source.line) for source in paper.sources]),
        "" if metadata == NO_METADATA else METADATA.dump_json(metadata, exclude_defaults=True),
    )


def _names(paper: Paper) -> set[str]:
    """What a paper is found under: its ids, as they are and in the one form in which they are compared."""
    data = paper.metadata
    own = [name for name in (paper.id, data.key, data.doi, data.arxiv, *data.aliases) if name]
    kinds = {f"pmid:{data.pmid}"} if data.pmid else set()
    return kinds | {known for name in own for known in (name.casefold(), *identifiers_in(name))}
