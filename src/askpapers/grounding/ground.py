"""Turns a draft into an answer: numbers the citations, cuts the quotes, gives every statement its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    Statement,
    quote_of,
)
from askpapers.grounding.support import Support, SupportCheck
from askpapers.text import plain


@dataclass(frozen=True, slots=True)
class Grounded:
    """The checked parts of an answer."""

    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    papers: tuple[CitedPaper, ...]
    closest: tuple[NearMiss, ...]
    comparison: Compared | None


class Grounder:
    """Puts an answer together statement by statement; citations are numbered from 1 in the order of first use."""

    def __init__(self, paper_of: Callable[[str], Paper]) -> None:
        """Cut quotes out of the papers that `paper_of` gives by id."""
        self._paper_of = paper_of
        self._numbers: dict[Passage, int] = {}
        self._statements: list[Statement] = []

    def state(
        self, text: str, passages: Sequence[Passage], support: Support, *, repaired: bool = False
    ) -> tuple[Statement, tuple[Citation, ...]]:
        """Add a statement that was checked; returns it with its citations."""
        for passage in passages:
            self._numbers.setdefault(passage, len(self._numbers) + 1)
        cited = tuple(self._numbers[p] for p in passages)
        statement = Statement(text, cited, support.verdict, support.score, support.missing, repaired)
        self._statements.append(statement)
        return statement, tuple(c for c in self._citations() if c.number in cited)

    def _citations(self) -> Iterator[Citation]:
        for passage, number in self._numbers.items():
            yield Citation(number, quote_of(self._paper_of(passage.paper), passage.start, passage.end))

    def grounded(self, draft: Draft) -> Grounded:
        """The answer, with what else a draft holds: its lead, what it judged, near misses, a comparison."""
        citations = tuple(self._citations())
        return Grounded(
            text=prose(draft.lead, self._statements, citations),
            statements=tuple(self._statements),
            citations=citations,
            papers=_papers(draft, citations, self._paper_of),
            closest=tuple(_near(miss, self._paper_of) for miss in draft.closest),
            comparison=_compared(draft.comparison, self._numbers) if draft.comparison else None,
        )


def ground(draft: Draft, paper_of: Callable[[str], Paper], check: SupportCheck) -> Grounded:
    """Check a draft whose statements name their passages against the papers."""
    grounder = Grounder(paper_of)
    for statement in draft.statements:
        source = " ".join(_cut(paper_of(p.paper), p) for p in statement.cites)
        grounder.state(statement.text, statement.cites, check(statement.text, source))
    return grounder.grounded(draft)


def _compared(comparison: Comparison, numbers: Mapping[Passage, int]) -> Compared:
    rows = ((row.tells, [numbers[passage] if passage else None for passage in row.passages]) for row in comparison.rows)
    compared = tuple(ComparedRow(tells, tuple(row)) for tells, row in rows)
    return Compared(comparison.sides, comparison.missing, compared, comparison.shared)


def _cut(paper: Paper, passage: Passage) -> str:
    return paper.abstract[passage.start : passage.end]


def prose(lead: str, statements: Sequence[Statement], citations: Sequence[Citation]) -> str:
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
    if draft.comparison:  # in the order of its sides, so that "the second one" of a follow-up is the second side
        sides = zip(*(row.passages for row in draft.comparison.rows), strict=True)
        numbers = {passage.paper: [] for side in sides for passage in side if passage}
    for citation in citations:
        numbers.setdefault(citation.quote.paper, []).append(citation.number)
    judged = {j.passage.paper: (j.relevance, j.stance, j.confidence) for j in draft.judged}
    return tuple(CitedPaper(paper_of(p), tuple(ns), *judged.get(p, ())) for p, ns in numbers.items())


def _near(miss: Miss, paper_of: Callable[[str], Paper]) -> NearMiss:
    paper = paper_of(miss.passage.paper)
    return NearMiss(quote_of(paper, miss.passage.start, miss.passage.end), miss.why, plain(paper.title))
