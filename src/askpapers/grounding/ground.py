"""Turns a draft into an answer: numbers the citations, cuts the quotes, gives every statement its verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from askpapers.answering.draft import Comparison, Draft, Miss
from askpapers.datatypes import (
    Citation,
    CitedPaper,
    Compared,
    ComparedRow,
    NearMiss,
    Paper,
    Passage,
    Relevance,
    Statement,
    quote_of,
)
from askpapers.grounding.support import check_support


@dataclass(frozen=True, slots=True)
class Grounded:
    """The checked parts of an answer."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    papers: tuple[CitedPaper, ...]
    closest: tuple[NearMiss, ...]
    comparison: Compared | None


def ground(draft: Draft, paper_of: Callable[[str], Paper]) -> Grounded:
    """Check a draft against the papers. Citations are numbered from 1 in the order of their first use."""
    numbers: dict[Passage, int] = {}
    statements = []
    for statement in draft.statements:
        for passage in statement.cites:
            numbers.setdefault(passage, len(numbers) + 1)
        source = " ".join(_cut(paper_of(p.paper), p) for p in statement.cites)
        support = check_support(statement.text, source)
        cited = tuple(numbers[p] for p in statement.cites)
        statements.append(Statement(statement.text, cited, support.verdict, support.score))
    citations = tuple(Citation(number, quote_of(paper_of(p.paper), p.start, p.end)) for p, number in numbers.items())
    return Grounded(
        text=_text(draft.lead, statements, citations),
        statements=tuple(statements),
        citations=citations,
        papers=_papers(draft, citations, paper_of),
        closest=tuple(_near(miss, paper_of) for miss in draft.closest),
        comparison=_compared(draft.comparison, numbers) if draft.comparison else None,
    )


def _compared(comparison: Comparison, numbers: Mapping[Passage, int]) -> Compared:
    rows: dict[str, list[int | None]] = {}
    for cell in comparison.cells:
        rows.setdefault(cell.tells, [None, None])[cell.side] = numbers[cell.passage]
    return Compared(
        comparison.sides,
        comparison.missing,
        tuple(ComparedRow(tells, (pair[0], pair[1])) for tells, pair in rows.items()),
        comparison.shared,
    )


def _cut(paper: Paper, passage: Passage) -> str:
    return paper.abstract[passage.start : passage.end]


def _text(lead: str, statements: Sequence[Statement], citations: Sequence[Citation]) -> str:
    """Prose with [1] markers: a paragraph for each run of statements that cite the same paper."""
    paper_of = {c.number: c.quote.paper for c in citations}
    paragraphs: list[tuple[set[str], list[str]]] = []
    for statement in statements:
        papers = {paper_of[n] for n in statement.citations}
        marked = f"{statement.text} {''.join(f'[{n}]' for n in statement.citations)}".strip()
        if paragraphs and paragraphs[-1][0] & papers:
            paragraphs[-1][1].append(marked)
        else:
            paragraphs.append((papers, [marked]))
    return "\n\n".join(part for part in (lead, *(" ".join(lines) for _, lines in paragraphs)) if part)


def _papers(draft: Draft, citations: Sequence[Citation], paper_of: Callable[[str], Paper]) -> tuple[CitedPaper, ...]:
    numbers: dict[str, list[int]] = {}
    for citation in citations:
        numbers.setdefault(citation.quote.paper, []).append(citation.number)
    relevance: dict[str, Relevance] = {j.passage.paper: j.relevance for j in draft.judged}
    return tuple(CitedPaper(paper_of(p), tuple(ns), relevance.get(p)) for p, ns in numbers.items())


def _near(miss: Miss, paper_of: Callable[[str], Paper]) -> NearMiss:
    return NearMiss(quote_of(paper_of(miss.passage.paper), miss.passage.start, miss.passage.end), miss.why)
