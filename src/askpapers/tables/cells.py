"""Finds the cells of a row without a model: in the record, among the numbers of the abstract, in its words.

What an abstract does not say stays blank. A cell is the shortest run of words that a rule can cut out, the clause or
the sentence where none can; it is always words of the abstract as they stand there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from askpapers.answering.relevance import answer_odds, titled
from askpapers.datatypes import Paper, quote_of
from askpapers.reading.protocol import RelevanceReader
from askpapers.tables.columns import Column, ColumnKind
from askpapers.tables.figures import find_figures
from askpapers.tables.kinds import kind_of
from askpapers.tables.phrases import clauses
from askpapers.tables.records import record_cell
from askpapers.tables.table import BLANK, Cell, Row, quoted
from askpapers.tables.words import Sentence, Span, read_abstract
from askpapers.text import terms

# Fitted on benchmarks/cells/development.jsonl, where each was flat around its value. Log odds are cut to a range.
_ODDS = 0.3  # the weight of the log odds that a sentence answers
_FARTHEST = (-8.0, 3.0)
_SURE = -0.6  # of a rule's weight and the odds together
_NAMED = -4.0  # log odds that a sentence must have which says the words of the column
_UNNAMED = -1.0  # and one that does not
_WITHOUT_CONTEXT = -2.5  # of a number near which the other words of the column do not stand
_LABELLED = 2.0  # what the label of its section adds to a rule's weight
_READ = 5  # sentences that are read for a cell


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be the cell: how well they fit before their sentence is read, and the odds that it must reach."""

    sentence: Sentence
    span: Span
    fit: float
    least_odds: float = -math.inf

    def score(self, odds: float) -> float:
        """How well they fit once their sentence was read."""
        return self.fit + _ODDS * min(max(odds, _FARTHEST[0]), _FARTHEST[1])


class CellFinder:
    """Fills rows by rules and with a reader that reads the question of a column and a sentence together."""

    def __init__(self, reader: RelevanceReader) -> None:
        """Read with a reader."""
        self._reader = reader
        self.notes: tuple[str, ...] = ()

    def row(self, paper: Paper, columns: Sequence[Column]) -> Row:
        """The row of a paper: a cell for each column."""
        abstract = read_abstract(paper.abstract)
        return Row(paper, tuple(self._cell(paper, column, abstract) for column in columns))

    def _cell(self, paper: Paper, column: Column, abstract: list[Sentence]) -> Cell:
        if column.kind is ColumnKind.RECORD:
            return record_cell(paper, column.field)
        candidates = _best_of_sentences(_candidates(column, abstract))
        if not candidates:
            return BLANK
        texts = [titled(paper.title, candidate.sentence.text) for candidate in candidates]
        odds = answer_odds(self._reader, question_of(column), texts).tolist()
        scored = [
            (candidate.score(mine), -place, candidate)
            for place, (candidate, mine) in enumerate(zip(candidates, odds, strict=True))
            if mine >= candidate.least_odds and candidate.score(mine) >= _SURE
        ]
        if not scored:
            return BLANK
        _, _, best = max(scored, key=lambda each: each[:2])
        start, end = best.sentence.span(best.span)
        return quoted(quote_of(paper, start, end))


def question_of(column: Column) -> str:
    """What a reader is asked for a column: its name where that is a question already."""
    if column.name.endswith("?") or _ASKS.match(column.name):
        return column.name
    return f"what {column.name} does the paper report?"


def _candidates(column: Column, abstract: list[Sentence]) -> Iterator[Candidate]:
    if column.number:
        for figure in find_figures(column.number, abstract):
            least = -math.inf if figure.in_context else _WITHOUT_CONTEXT
            yield Candidate(figure.sentence, figure.span, figure.fit + 1, least)
        return
    kind = kind_of(column.name)
    if kind is None:
        yield from _by_words(column, abstract)
        return
    section = re.compile(kind.sections) if kind.sections else None
    for sentence in abstract:
        labelled = bool(section and sentence.section and section.search(sentence.section))
        for rule in kind.rules:
            if sentence.own or not rule.own:
                for span in rule.find(sentence):
                    yield Candidate(sentence, span, rule.weight + _LABELLED * labelled)
        if labelled and not any(rule.own and any(True for _ in rule.find(sentence)) for rule in kind.rules):
            yield Candidate(sentence, clauses(sentence)[0], _LABELLED)


def _by_words(column: Column, abstract: list[Sentence]) -> Iterator[Candidate]:
    """For a column of no kind that is known: the clauses with its words, and whole sentences without them."""
    wanted = frozenset(terms(column.name)) - _ASKING
    for sentence in abstract:
        shared = len(wanted & set(sentence.stems)) / len(wanted) if wanted else 0.0
        if shared >= 0.5:
            stems = sentence.stems
            span = max(clauses(sentence), key=lambda c: len(wanted & set(stems[c[0] : c[1] + 1])))
            yield Candidate(sentence, span, 1.0 + shared, _NAMED)
        else:
            yield Candidate(sentence, (0, len(sentence.words) - 1), 1.0, _UNNAMED)


def _best_of_sentences(candidates: Iterator[Candidate]) -> list[Candidate]:
    """The best candidate of each sentence, the shortest of equals; of the best sentences so many as are read."""
    best: dict[int, Candidate] = {}
    for candidate in candidates:
        place = candidate.sentence.start
        other = best.get(place)
        if other is None or (candidate.fit, -_length(candidate)) > (other.fit, -_length(other)):
            best[place] = candidate
    by_fit = sorted(best.values(), key=lambda c: -c.fit)[:_READ]
    return sorted(by_fit, key=lambda c: c.sentence.start)


def _length(candidate: Candidate) -> int:
    return candidate.span[1] - candidate.span[0]


_ASKS = re.compile(r"(?:what|which|how|who|where|when|why|does|do|is|are|was|were|did|can)\b", re.IGNORECASE)
_ASKING = frozenset(terms("what which how who where when why does do did much many used use reported paper study"))
