"""The papers of an index in SQLite: read one by one, so that a large corpus need not be in memory."""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askpapers.datatypes import Paper, Source
from askpapers.errors import IndexDamagedError
from askpapers.identifiers import lookups
from askpapers.index.facets import Facets
from askpapers.index.leases import Lease
from askpapers.index.manifest import MEND_HINT
from askpapers.index.paper_rows import METADATA, rows_of, write_rows
from askpapers.index.places import absolute_under
from askpapers.metadata import NO_METADATA

_COLUMNS = "id, title, year, authors, url, abstract, sources, metadata"


class PaperStore:
    """Papers by row (their order in the corpus) and by every name they have, and the acronyms that they spell out."""

    def __init__(self, file: Path, roots: Sequence[Path] = (), lease: Lease | None = None) -> None:
        """Open a store read-only, to tell places under `roots`; `lease` is held meanwhile. Raises IndexDamagedError."""
        self._file = file
        self._roots = roots
        self._lease = lease
        self._here = Path.cwd()
        self._files: dict[str, str] = {}  # as stored, and as shown
        try:
            self._db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        self.close = weakref.finalize(self, self._db.close)
        """Let go of the file; done when the store is collected, too."""
        self.close.atexit = False
        self._count = int(next(self._rows("select count(*) from papers"))[0])

    @staticmethod
    def write(file: Path, papers: Sequence[Paper], acronyms: Iterable[tuple[str, str]]) -> None:
        """Write a new store. Raises OSError, as the other parts do."""
        write_rows(file, [rows_of(0, papers, acronyms)])

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Paper]:
        for row in self._rows(f"select {_COLUMNS} from papers order by row"):
            yield self._paper(row)

    def ids_and_years(self) -> Iterator[tuple[str, int | None]]:
        """The id and year of each paper, by row: in a fraction of the time that the papers take."""
        return self._rows("select id, year from papers order by row")

    @cached_property
    def years(self) -> npt.NDArray[np.int32]:
        """The year of each paper, by row; 0 where it has none."""
        years = np.zeros(len(self), dtype=np.int32)
        for row, year in self._rows("select row, year from papers where year is not null"):
            years[row] = year
        return years

    @property
    def facets(self) -> Facets:
        """What papers can be chosen by."""
        return Facets(self._rows, self.at)

    def rows_of(self, papers: Iterable[str]) -> list[int]:
        """The rows of the papers of these ids; of what no paper has, none."""
        return [row for paper in papers for (row,) in self._rows("select row from papers where id = ?", paper)]

    def at(self, row: int) -> Paper:
        """The paper at a row."""
        return self._paper(next(self._rows(f"select {_COLUMNS} from papers where row = ?", row)))

    def by_id(self, paper: str) -> Paper:
        """The paper of an id that the index gave."""
        return self._paper(next(self._rows(f"select {_COLUMNS} from papers where id = ?", paper)))

    def get(self, paper: str) -> Paper | None:
        """The paper of an id, or None."""
        return next(map(self._paper, self._rows(f"select {_COLUMNS} from papers where id = ?", paper)), None)

    def named(self, name: str) -> list[Paper]:
        """The papers with an id, cite key, DOI, arXiv or PubMed id, however it is written; mostly one."""
        if paper := self.get(name):
            return [paper]
        for known in lookups(name):
            rows = self._rows(
                f"select {_COLUMNS} from papers where row in (select row from names where name = ?) order by row", known
            )
            if papers := [self._paper(row) for row in rows]:
                return papers
        return []

    def find(self, name: str) -> list[Paper]:
        """The papers that a person can mean: by any of their ids, else by the beginning of an id, else by title."""
        if papers := self.named(name):
            return papers
        for condition, value in (
            ("id like ? escape '\\'", _like(name) + "%"),
            ("title like ? escape '\\'", "%" + _like(name) + "%"),
        ):
            rows = self._rows(f"select {_COLUMNS} from papers where {condition} order by row", value)
            if papers := [self._paper(row) for row in rows]:
                return papers
        return []

    def long_forms(self, short: str) -> list[str]:
        """The long forms that the corpus gives for an acronym, as stemmed terms joined by spaces."""
        return [row[0] for row in self._rows("select long from acronyms where short = ?", short)]

    def short_forms(self, long: str) -> list[str]:
        """The acronyms that the corpus gives for a phrase of stemmed terms."""
        return [row[0] for row in self._rows("select short from acronyms where long = ?", long)]

    def _paper(self, row: tuple[str, str, int | None, str, str | None, str, str, str]) -> Paper:
        paper_id, title, year, authors, url, abstract, sources, metadata = row
        return Paper(
            id=paper_id,
            title=title,
            abstract=abstract,
            sources=tuple(Source(self._shown(file), line) for file, line in json.loads(sources)),
            year=year,
            authors=tuple(json.loads(authors)),
            url=url,
            metadata=METADATA.validate_json(metadata) if metadata else NO_METADATA,
        )

    def _shown(self, stored: str) -> str:
        """A file as a person here would open it: relative where it lies below the folder they are in."""
        if stored not in self._files:
            file = absolute_under(self._roots, stored)
            path = Path(file)
            self._files[stored] = str(path.relative_to(self._here)) if path.is_relative_to(self._here) else file
        return self._files[stored]

    def _rows(self, query: str, *values: str | int) -> Iterator[Any]:
        try:
            for row in self._db.execute(query, values):  # noqa: UP028 - `yield from` would close the cursor, late
                yield row
        except sqlite3.Error as error:
            raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.Error) -> IndexDamagedError:
        return IndexDamagedError(f"{self._file} cannot be read: {error}.", hint=MEND_HINT)


def _like(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
