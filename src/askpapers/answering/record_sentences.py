"""What the record of one paper says, in a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.answering.record_question import Field, MetadataQuestion, RecordIntent
from askpapers.counts import counted
from askpapers.datatypes import Paper
from askpapers.index.facets import authors_named
from askpapers.text import plain

_MOST_NAMED = 50  # authors of one paper
_ARXIV = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7}")
_PLURAL = {Field.AUTHORS: "authors", Field.YEAR: "years", Field.VENUE: "venues", Field.TAGS: "tags or categories"}
_PLACES = {1: "first author", -1: "last author"}


def describe(question: MetadataQuestion, paper: Paper) -> tuple[str, bool]:
    """A sentence on the record of a paper, and whether the record gives what is asked for."""
    title, values = titled(paper), values_of(paper, question.field)
    if not values:
        return f"The record of {title} does not give {question.field}.", question.field is Field.NOTICE
    match question.intent, question.field:
        case RecordIntent.IS_AUTHOR, _:
            same = authors_named(paper, question.name)
            return f"{'Yes' if same else 'No'}: {title} is by {joined(values)}.", True
        case RecordIntent.HOW_MANY_AUTHORS, _:
            return f"{title} has {counted(len(values), 'author')}: {joined(values)}.", True
        case _, Field.AUTHORS if question.place:
            one = values[0 if question.place == 1 else -1]
            return f"The {_PLACES[question.place]} of {title} is {one}.", True
        case _, Field.AUTHORS:
            return f"{title} is by {joined(values)}.", True
        case _, Field.YEAR:
            return f"“{plain(paper.title)}” ({paper.id}) is from {values[0]}.", True
        case _, Field.VENUE:
            return f"{title} was published in {values[0]}.", True
        case _, Field.NOTICE:
            return f"{title} is {values[0]}.", True
        case _, Field.TITLE:
            return f"The title of {paper.id} is {values[0]}.", True
        case _, field:
            is_, name = ("are", "tags") if field is Field.TAGS else ("is", field.removeprefix("an ").removeprefix("a "))
            return f"The {name} of {title} {is_} {joined(values)}.", True


def values_of(paper: Paper, field: Field) -> list[str]:
    """What the record of a paper gives of a field; [] where it gives nothing."""
    metadata = paper.metadata
    arxiv = metadata.arxiv or (paper.id if _ARXIV.fullmatch(paper.id) else "")
    link = (metadata.doi and f"https://doi.org/{metadata.doi}") or (arxiv and f"https://arxiv.org/abs/{arxiv}")
    values: dict[Field, Sequence[str]] = {
        Field.AUTHORS: paper.authors,
        Field.YEAR: [metadata.date or str(paper.year or "")],
        Field.VENUE: [metadata.venue],
        Field.DOI: [metadata.doi],
        Field.ARXIV: [arxiv],
        Field.PMID: [metadata.pmid],
        Field.LINK: [paper.url or link],
        Field.KEY: [metadata.key],
        Field.TAGS: [*metadata.categories, *metadata.tags],
        Field.TITLE: [f"“{plain(paper.title)}”"],
        Field.ID: [paper.id],
        Field.NOTICE: [f"marked as {metadata.notice}" if metadata.notice else "not marked as retracted or withdrawn"],
    }
    return [value for value in values[field] if value]


def titled(paper: Paper) -> str:
    """The title of a paper in quotation marks, with its year."""
    return f"“{plain(paper.title)}”" + (f" ({paper.year})" if paper.year else "")


def joined(values: Sequence[str]) -> str:
    """Values in a sentence: "A, B and C"; of very many the first."""
    if len(values) > _MOST_NAMED:
        return f"{', '.join(values[:_MOST_NAMED])} and {len(values) - _MOST_NAMED:,} more"
    return " and ".join(part for part in (", ".join(values[:-1]), values[-1]) if part)


def field_name(field: Field) -> str:
    """What a field is called of several papers."""
    return _PLURAL.get(field, str(field))
