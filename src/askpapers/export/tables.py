"""Papers as rows, for CSV and spreadsheets: every field of the record, what an answer quotes, and its verdict."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from askpapers.answering.confidence import confidence_word
from askpapers.datatypes import Answer
from askpapers.export.entries import Entry, Evidence
from askpapers.export.values import one_line, value
from askpapers.metadata import Person
from askpapers.text import plain

Cell = str | int | float | None
_FORMULA_SIGNS = tuple("=+-@＝＋－＠")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under the names of their columns. `wide` are columns that a spreadsheet shows wide."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    wide: frozenset[str] = frozenset()


def papers_table(entries: Iterable[Entry]) -> Table:
    """A row for each paper, with its first quote; `notes` has all of them."""
    return Table("Papers", _PAPER_COLUMNS, tuple(_paper_row(entry) for entry in entries))


def quotes_table(entries: Iterable[Entry]) -> Table:
    """A row for each quote."""
    rows = [
        (
            value(evidence.question),
            value(entry.paper.id),
            value(plain(entry.paper.title)),
            value(evidence.verdict),
            value(evidence.statement),
            value(evidence.quote.text),
            value(evidence.quote.source.file),
            evidence.quote.source.line,
            evidence.quote.start,
            evidence.quote.end,
            *_confidence(evidence),
        )
        for entry in entries
        for evidence in entry.evidence
    ]
    return Table("Quotes", _QUOTE_COLUMNS, tuple(rows))


def answers_table(answers: Sequence[Answer]) -> Table:
    """A row for each answer: the question, how it was read, what was checked, and what made it."""
    rows = [
        (
            value(answer.question),
            value(answer.searched or ""),
            str(answer.status),
            value(answer.text),
            str(answer.coverage or ""),
            value("\n".join(answer.notes)),
            value(answer.engine.llm or answer.engine.synthesizer),
            value(answer.engine.index),
        )
        for answer in answers
    ]
    return Table("Answers", _ANSWER_COLUMNS, tuple(rows))


def csv_text(table: Table) -> str:
    """The table as CSV; no cell is a formula to a spreadsheet that opens it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _cell(cell: Cell) -> Cell:
    """A value as a spreadsheet shows it, never runs it: an apostrophe stands before what begins as a formula does."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip()[:1] in _FORMULA_SIGNS and cell.strip() else cell


_PAPER_COLUMNS = tuple(
    (
        "id title year authors url verdict quote file line start end statement notes type venue publisher volume issue"
        " pages date doi arxiv pmid key aliases editors language categories tags notice notice_details other abstract"
        " confidence confidence_word"
    ).split()
)
_QUOTE_COLUMNS = tuple(
    "question id title verdict statement quote file line start end confidence confidence_word".split()
)
_ANSWER_COLUMNS = tuple("question searched status answer coverage notes made_by index".split())


def _paper_row(entry: Entry) -> tuple[Cell, ...]:
    paper, metadata = entry.paper, entry.paper.metadata
    first = entry.evidence[0] if entry.evidence else None
    source = first.quote.source if first else (paper.sources[0] if paper.sources else None)
    return (
        value(paper.id),
        value(plain(paper.title)),
        paper.year,
        value("; ".join(paper.authors)),
        value(paper.url or ""),
        value(first.verdict) if first else "",
        value(first.quote.text) if first else "",
        value(source.file) if source else "",
        source.line if source else None,
        first.quote.start if first else None,
        first.quote.end if first else None,
        value(first.statement) if first else "",
        "\n".join(entry.notes),
        *(value(text) for text in (metadata.type, metadata.venue, metadata.publisher, metadata.volume)),
        *(value(text) for text in (metadata.issue, metadata.pages, metadata.date, metadata.doi)),
        *(value(text) for text in (metadata.arxiv, metadata.pmid, metadata.key)),
        value("; ".join(metadata.aliases)),
        _people(metadata.editors),
        value(metadata.language),
        value("; ".join(metadata.categories)),
        value("; ".join(metadata.tags)),
        paper.mark,
        value(metadata.notice_details),
        value("\n".join(f"{name} = {one_line(text)}" for name, text in metadata.extra)),
        value(paper.abstract),
        *_confidence(first),
    )


def _confidence(evidence: Evidence | None) -> tuple[Cell, Cell]:
    """How sure a survey is of a paper: the chance, as in JSON, and the word for it."""
    if evidence is None or evidence.confidence is None:
        return None, ""
    return round(evidence.confidence, 3), confidence_word(evidence.confidence)


def _people(people: Iterable[Person]) -> str:
    return value("; ".join(f"{p.family}, {p.given}" if p.given else p.family for p in people))
