"""Makes a record of the cells of a row, by what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from askpapers.corpus.cleaning import clean, clean_line, placeholder
from askpapers.corpus.columns import EXTRA
from askpapers.corpus.dates import read_date, year_of
from askpapers.corpus.delimited import Row
from askpapers.corpus.notices import notice_of_types
from askpapers.corpus.people import people
from askpapers.corpus.records import Record
from askpapers.corpus.source_types import type_of_source
from askpapers.identifiers import arxiv_of, doi_of
from askpapers.metadata import Metadata

_LINE_END = re.compile(r"\r\n|\n|\r")
_LISTED = re.compile(r"(?:(?<!\s)\s+)?[;|\r\n]+\s*")
_NUMBER = re.compile(r"(\d+)\.0")  # an integer in a column with gaps, as pandas writes it
# What has no field in Zotero stands in its "Extra", a line each.
_NOTED = re.compile(r"^[^\S\n]*+(PMID|arXiv|Citation Key):\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_PMC = re.compile(r"PMC\d+", re.IGNORECASE)


def record_of_row(row: Row, columns: Mapping[str, Sequence[int]]) -> Record | None:
    """The record in a row, `columns` being the places of the cells by meaning; None for one without an abstract."""
    cells = _Cells(row.cells, columns)
    place, text = next(((place, text) for place, cell in cells.all("abstract") if (text := clean(cell))), (0, ""))
    if not text or placeholder(text):
        return None
    date = _date(cells)
    authors = next(filter(None, (people(cell) for _, cell in cells.all("authors"))), ())
    metadata = _metadata(cells, date, authors)
    return Record(
        text=text,
        line=row.line + sum(len(_LINE_END.findall(cell)) for cell in row.cells[:place]),
        id=cells.line("id") or cells.line("key") or None,
        title=cells.line("title") or None,
        year=year_of(date),
        authors=tuple(map(str, authors)),
        url=_url(cells) or (f"https://arxiv.org/abs/{metadata.arxiv}" if metadata.arxiv else None),
        metadata=metadata,
    )


class _Cells:
    """The cells of one row by what they mean; a placeholder is an empty cell."""

    def __init__(self, cells: Sequence[str], columns: Mapping[str, Sequence[int]]) -> None:
        self._held = {
            meaning: [
                (place, cell)
                for place in places
                if place < len(cells) and (cell := cells[place].strip()) and not placeholder(cell)
            ]
            for meaning, places in columns.items()
        }

    def all(self, meaning: str) -> Sequence[tuple[int, str]]:
        """The cells with that meaning that hold something, each with its place, in order of preference."""
        return self._held.get(meaning, ())

    def line(self, meaning: str) -> str:
        """The first such cell as one line of text; "" for none."""
        for _, cell in self.all(meaning):
            if text := clean_line(cell):
                whole = _NUMBER.fullmatch(text)
                return whole[1] if whole else text
        return ""

    def text(self, meaning: str) -> str:
        """The first such cell as it is; "" for none."""
        return next((cell for _, cell in self.all(meaning)), "")

    def listed(self, meaning: str) -> tuple[str, ...]:
        """What all such cells list, each once."""
        found = (part for _, cell in self.all(meaning) for part in _parts(cell))
        return tuple(dict.fromkeys(filter(None, map(clean_line, found))))


def _metadata(cells: _Cells, date: str, authors: tuple[object, ...]) -> Metadata:
    types = [cell for _, cell in cells.all("type")]
    doi = next(filter(None, (doi_of(cell) for meaning in ("doi", "url", "id") for _, cell in cells.all(meaning))), "")
    places = [cell for meaning in ("arxiv", "doi", "id", "url") for _, cell in cells.all(meaning)]
    noted = {name.lower().replace(" ", ""): value for name, value in _NOTED.findall(cells.text("note"))}
    arxiv = next(filter(None, map(arxiv_of, places)), "") or arxiv_of(noted.get("arxiv", ""))
    pmid = re.sub(r"\D", "", cells.line("pmid") or noted.get("pmid", ""))
    extra = [(f"table:{name}", value) for name in EXTRA if (value := cells.line(name))]
    if pmc := _PMC.search(cells.line("pmcid")):
        extra.append(("table:pmcid", pmc.group().upper()))
    return Metadata(
        type=type_of_source(types, preprint=bool(arxiv) and not cells.line("venue")),
        venue=cells.line("venue"),
        publisher=cells.line("publisher"),
        volume=cells.line("volume"),
        issue=cells.line("issue"),
        pages=_pages(cells),
        date=date,
        doi=doi,
        arxiv=arxiv,
        pmid=pmid.lstrip("0"),
        key=noted.get("citationkey", "") or cells.line("key"),
        language=cells.line("language"),
        people=tuple(authors),  # type: ignore[arg-type]
        editors=next(filter(None, (people(cell) for _, cell in cells.all("editors"))), ()),
        categories=cells.listed("categories"),
        tags=cells.listed("keywords"),
        notice=notice_of_types(part for cell in types for part in _parts(cell)),
        extra=tuple(extra),
    )


def _date(cells: _Cells) -> str:
    """The most exact date of the year that the row gives."""
    year = next(filter(None, (read_date(cell) for _, cell in cells.all("year"))), "")
    dates = [date for _, cell in cells.all("date") if (date := read_date(cell))]
    if year and (month := cells.line("month")):
        dates.insert(0, read_date({"year": year[:4], "month": month, "day": cells.line("day")}))
    of_year = [date for date in dates if not year or date[:4] == year[:4]]
    return max([*of_year[:1], year], key=len)


def _pages(cells: _Cells) -> str:
    if pages := cells.line("pages"):
        return pages.replace("--", "-")
    first, last = cells.line("first page"), cells.line("last page")
    return f"{first}-{last}" if first and last and first != last else first or cells.line("article number")


def _url(cells: _Cells) -> str:
    addresses = (cell.split()[0].rstrip(";,") for meaning in ("url", "doi") for _, cell in cells.all(meaning))
    return next((address for address in addresses if address.startswith(("https://", "http://"))), "")


def _parts(cell: str) -> list[str]:
    """What a cell lists: between semicolons, bars or lines; between commas where there is none of these."""
    cell = cell.strip("[]'\" ") if cell.startswith("[") else cell
    parts = _LISTED.split(cell)
    parts = re.split(r"\s*,\s*", cell) if len(parts) == 1 else parts
    return [part.strip(" '\"") for part in parts]
