"""Word-F1 of quoted spans, as ACL-Verbatim measures it: over the words of all texts together. Pure.

A word is a run of characters that are no white space. It counts as quoted, or as gold, where a span has a character of
it. What is quoted of a text without gold lowers precision; a text of which rightly nothing is quoted adds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Span = tuple[int, int]
Quotes = Sequence[Sequence[Span]]
Table = npt.NDArray[np.int64]

_RESAMPLES = 1_000
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Row:
    """A question with a text and the spans of it that answer; none where it does not answer."""

    question: str
    title: str
    text: str
    gold: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Words that are quoted, that are gold, and that are both."""

    both: int = 0
    quoted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """The share of quoted words that are gold; 0 where none is quoted."""
        return self.both / self.quoted if self.quoted else 0.0

    @property
    def recall(self) -> float:
        """The share of gold words that are quoted; 0 where none is gold."""
        return self.both / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall over all words, which is 0 where neither is above it."""
        return 2 * self.both / (self.quoted + self.gold) if self.both else 0.0


def words_in(text: str, spans: Sequence[Span]) -> set[int]:
    """The places, among the words parted by white space, of those that share a character with a span."""
    words = [match.span() for match in _WORD.finditer(text)]
    return {i for i, (start, end) in enumerate(words) if any(max(start, a) < min(end, b) for a, b in spans)}


def count_words(row: Row, spans: Sequence[Span]) -> Counts:
    """Count the words of a row: those of the quoted spans beside the gold ones."""
    quoted, gold = words_in(row.text, spans), words_in(row.text, row.gold)
    return Counts(len(quoted & gold), len(quoted), len(gold))


def find_span(text: str, quote: str) -> Span | None:
    """Where a quote stands in a text, letter case and white space aside; None where it does not."""
    pattern = r"\s+".join(map(re.escape, quote.split()))
    found = re.search(pattern, text, re.IGNORECASE) if pattern else None
    return found.span() if found else None


def count_questions(rows: Sequence[Row], quotes: Quotes) -> Table:
    """The words of each question that are both, quoted and gold: int64 of shape (questions, 3)."""
    counts: dict[str, list[Counts]] = {}
    for row, mine in zip(rows, quotes, strict=True):
        counts.setdefault(row.question, []).append(count_words(row, mine))
    return np.array(
        [[sum(getattr(c, f) for c in mine) for f in ("both", "quoted", "gold")] for mine in counts.values()]
    )


def resampled_f1(table: Table) -> npt.NDArray[np.float64]:
    """Word-F1 of 1,000 resamples of the questions, the same ones for each way."""
    sums = table[np.random.default_rng(1).integers(0, len(table), (_RESAMPLES, len(table)))].sum(axis=1)
    f1: npt.NDArray[np.float64] = 2 * sums[:, 0] / np.maximum(sums[:, 1] + sums[:, 2], 1)
    return f1


def total(table: Table) -> Counts:
    """The words of all questions."""
    return Counts(*table.sum(axis=0).tolist())
