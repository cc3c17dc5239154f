"""The types of records: CSL's names, which `Metadata.type` has, and those of BibTeX, BibLaTeX, RIS and EndNote.

One table, read in both directions: a type that is read and written again in its own format is the same, and of several
names for one type the first is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordType:
    """A type of CSL, and what it is called elsewhere; the first of several names is the one to write.

    Names of BibTeX and RIS are separated by spaces, those of EndNote by commas.
    """

    csl: str
    bibtex: str
    ris: str
    endnote: str


# The first row of a name decides what it is read as; a row without a name of its own borrows the nearest one.
TYPES: tuple[RecordType, ...] = (
    RecordType("article-journal", "article periodical", "JOUR EJOUR JFULL", "Journal Article, Electronic Article"),
    RecordType(
        "paper-conference", "inproceedings conference", "CONF CPAPER", "Conference Proceedings, Conference Paper"
    ),
    RecordType("article", "unpublished preprint", "UNPB UNPD INPR", "Unpublished Work"),
    RecordType(
        "book",
        "book mvbook proceedings mvproceedings collection mvcollection reference",
        "BOOK EBOOK EDBOOK SER",
        "Book, Edited Book, Electronic Book",
    ),
    RecordType("chapter", "incollection inbook suppbook", "CHAP ECHAP", "Book Section, Electronic Book Section"),
    RecordType("thesis", "phdthesis mastersthesis thesis bachelorthesis", "THES", "Thesis"),
    RecordType("report", "techreport report", "RPRT GOVDOC", "Report, Government Document"),
    RecordType("dataset", "dataset", "DATA AGGR DBASE", "Dataset, Online Database"),
    RecordType("software", "software", "COMP", "Computer Program"),
    RecordType("patent", "patent", "PAT", "Patent"),
    RecordType("webpage", "online www electronic", "ELEC WEB", "Web Page, Electronic Source"),
    RecordType("post-weblog", "misc", "BLOG", "Blog"),
    RecordType("article-magazine", "article", "MGZN", "Magazine Article"),
    RecordType("article-newspaper", "article", "NEWS", "Newspaper Article"),
    RecordType("entry-encyclopedia", "inreference", "ENCYC", "Encyclopedia"),
    RecordType("entry-dictionary", "inreference", "DICT", "Dictionary"),
    RecordType("manuscript", "unpublished", "MANSCPT", "Manuscript"),
    RecordType("speech", "misc", "SLIDE", "Presentation"),
    RecordType("standard", "standard", "STAND", "Standard"),
    RecordType("pamphlet", "booklet manual", "PAMP", "Pamphlet"),
    RecordType("document", "misc", "GEN ABST UNBILL GRNT", "Generic"),
)


def _by_name(names_of: Callable[[RecordType], list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in TYPES:
        for name in names_of(row):
            found.setdefault(name.casefold(), row.csl)
    return found


_BIBTEX = _by_name(lambda row: row.bibtex.split()) | {"misc": "document"}
_RIS = _by_name(lambda row: row.ris.split())
_ENDNOTE = _by_name(lambda row: row.endnote.split(", "))
_ROWS = {row.csl: row for row in TYPES}


def type_of_bibtex(name: str) -> str:
    """The CSL type of an entry of BibTeX or BibLaTeX ("InProceedings"); "document" for one that is not known."""
    return _BIBTEX.get(name.casefold(), "document")


def type_of_ris(name: str) -> str:
    """The CSL type of a RIS reference type ("JOUR"); "document" for one that is not known."""
    return _RIS.get(name.strip().casefold(), "document")


def type_of_endnote(name: str) -> str:
    """The CSL type of an EndNote reference type ("Journal Article"); "document" for one that is not known."""
    return _ENDNOTE.get(" ".join(name.split()).casefold(), "document")


def bibtex_type(csl: str) -> str:
    """The BibTeX entry for a CSL type ("article"); "misc" for one that is not known."""
    return _ROWS[csl].bibtex.split()[0] if csl in _ROWS else "misc"


def ris_type(csl: str) -> str:
    """The RIS reference type for a CSL type ("JOUR"); "GEN" for one that is not known."""
    return _ROWS[csl].ris.split()[0] if csl in _ROWS else "GEN"
