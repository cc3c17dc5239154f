"""What a question asks of papers' records: which field, of one paper or of all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """A field of a record, by the word that a reader uses."""

    AUTHORS = "authors"
    YEAR = "a year"
    VENUE = "a venue"
    DOI = "a DOI"
    ARXIV = "an arXiv id"
    PMID = "a PMID"
    LINK = "a link"
    KEY = "a cite key"
    TAGS = "tags"
    TITLE = "a title"
    ID = "an id"
    NOTICE = "a notice"


class RecordIntent(StrEnum):
    """What is asked of records."""

    FIELD = "field"
    IS_AUTHOR = "is author"
    HOW_MANY_AUTHORS = "how many authors"
    PAPERS = "papers"
    LACKING = "lacking"
    HAVING = "having"
    SPAN = "span"
    TALLY = "tally"
    DISTINCT = "distinct"


@dataclass(frozen=True, slots=True)
class MetadataQuestion:
    """A question about records.

    `subject` names a paper or, with `topical`, papers by what they are about; "" for all papers. `name` is that of a
    person. `place` is 0 for all authors, 1 for the first and -1 for the last; `most` how many values are asked for;
    `ranked`: the most frequent ones are. `counted`: a number is asked for.
    """

    intent: RecordIntent
    field: Field = Field.AUTHORS
    subject: str = ""
    topical: bool = False
    name: str = ""
    place: int = 0
    most: int | None = None
    ranked: bool = False
    counted: bool = False
