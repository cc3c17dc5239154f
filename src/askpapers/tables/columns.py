"""What the columns of an evidence table ask for, read from their names: a field of the record, a number, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from askpapers.errors import UsageError
from askpapers.tables.measures import NumberColumn, measure_of
from askpapers.text import printable

MOST_COLUMNS = 40
_LONGEST_NAME = 200  # characters


class ColumnKind(StrEnum):
    """How the cells of a column are found."""

    RECORD = "record"
    NUMBER = "number"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name as it was given, how its cells are found, and what is looked for.

    `field` is a name of `FIELDS` for a column of the record; `number` is what a column of numbers asks for.
    """

    name: str
    kind: ColumnKind
    field: str = ""
    number: NumberColumn | None = None


def read_columns(given: tuple[str, ...] | list[str]) -> tuple[Column, ...]:
    """Read the columns that are named, in order; a name that comes twice counts once.

    Each text may name several, parted by commas, semicolons or line ends, but not within brackets or quotation marks.
    Raises UsageError where there is none, for too many and for a name without a letter or digit.
    """
    names = [name for text in given for name in _parted(text)]
    by_name = {_key(name): name for name in reversed(names)}
    names = [name for name in dict.fromkeys(names) if by_name[_key(name)] == name]
    if not names:
        raise UsageError("No column is named.", hint='Name some: --columns "task, method, dataset, best result"')
    if len(names) > MOST_COLUMNS:
        raise UsageError(
            f"{len(names)} columns are named, and a table has {MOST_COLUMNS} at most.", hint="Make two tables."
        )
    return tuple(map(read_column, names))


def read_column(name: str) -> Column:
    """What a column asks for. Raises UsageError for a name that says nothing or is too long."""
    if not re.search(r"\w", name) or len(name) > _LONGEST_NAME:
        raise UsageError(
            f"“{name[:60]}” is no name of a column.", hint=f"Use a few words, {_LONGEST_NAME} characters at most."
        )
    key = _key(name)
    if found := _FIELD_OF.get(key):
        return Column(name, ColumnKind.RECORD, field=found)
    if asked := measure_of(key):
        return Column(name, ColumnKind.NUMBER, number=asked)
    return Column(name, ColumnKind.WORDS)


def _parted(text: str) -> list[str]:
    """The names in a text, without the white space and quotation marks around them."""
    parts = re.findall(r'(?:"[^"]*"|“[^”]*”|\([^()]*\)|\[[^][]*\]|[^,;\n])+', text)
    return [name for part in parts if (name := " ".join(printable(part).split()).strip("\"“”' "))]


def _key(name: str) -> str:
    """A name as it is compared: in lower case, with spaces for hyphens, without "the" and a sign at its end."""
    key = re.sub(r"[\s_-]+", " ", name.casefold()).strip(" ?.:#")
    return re.sub(r"^(?:the|a|an) ", "", key)


_SYNONYMS = {
    "title": "title|paper title|paper name|name of the paper|article title",
    "authors": "authors|author|author s|author(s)|authors names|author names|written by",
    "first_author": "first author|lead author",
    "last_author": "last author|senior author",
    "year": "year|publication year|year of publication|pub year|publication date (year)",
    "date": "date|publication date|date of publication|published|month",
    "venue": "venue|journal|conference|journal/conference|venue/journal|publication title|booktitle"
    "|proceedings|container title|where published|published where|journal name|publication venue",
    "publisher": "publisher",
    "volume": "volume|vol",
    "issue": "issue|journal issue|issue number",
    "pages": "pages|page numbers|page range|pp",
    "doi": "doi|dois|digital object identifier",
    "arxiv": "arxiv|arxiv id|arxiv number|arxiv identifier",
    "pmid": "pmid|pubmed id|pubmed|pubmed number",
    "url": "url|link|web address|address|web link|weblink",
    "type": "type|publication type|document type|paper type|type of publication|item type|reference type",
    "key": "key|cite key|citation key|citekey|bibtex key|bibkey",
    "id": "id|paper id|identifier",
    "language": "language of publication|publication language|paper language|article language",
    "categories": "categories|category|subject category|subject categories|arxiv category|arxiv categories",
    "tags": "tags|tag|keywords|keyword|key words|labels",
    "editors": "editors|editor|editor(s)",
    "notice": "notice|retracted|retraction|withdrawn|retraction status|is retracted",
    "abstract": "abstract",
    "file": "file|source file|place|location of the record",
    "citation": "citation|reference|study|paper|author year|authors and year|author (year)|study (author, year)"
    "|author, year|authors (year)|study id|article",
}
FIELDS = tuple(_SYNONYMS)
"""The fields of a record that a column may ask for."""
_FIELD_OF = {synonym: name for name, synonyms in _SYNONYMS.items() for synonym in synonyms.split("|")}
