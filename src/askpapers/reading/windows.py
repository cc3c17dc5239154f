"""Texts that are longer than a model's input: cut into windows of whole sentences, and one row made of all of theirs.

A text supports a statement as far as its best window does. It contradicts one only by the window that is most about it:
some sentence of a long text can be taken for a contradiction of nearly anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from askpapers.reading.protocol import Pair, Probabilities, RelevanceLabel, SupportLabel
from askpapers.text import sentences

Length = Callable[[str], int]
Span = tuple[int, int]
Piece = tuple[int, int, int]  # start, end, length
_WORD = re.compile(r"\S+")


def windows(text: str, budget: int, length: Length) -> list[Span]:
    """Cut a text into runs of whole sentences: (start, end) offsets in order, none for a blank text.

    The lengths of a window's sentences add up to `budget` at most. Neighbours share a sentence that fits into both.
    A sentence that is longer than the budget is cut between words, and a word that is longer is a window by itself.
    """
    pieces = list(_pieces(text, budget, length))
    spans: list[Span] = []
    first = 0
    while first < len(pieces):
        last, used = first, pieces[first][2]
        while last + 1 < len(pieces) and used + pieces[last + 1][2] <= budget:
            last += 1
            used += pieces[last][2]
        spans.append((pieces[first][0], pieces[last][1]))
        shares = last + 1 < len(pieces) and pieces[last][2] + pieces[last + 1][2] <= budget
        first = last if shares else last + 1
    return spans


def _pieces(text: str, budget: int, length: Length) -> Iterator[Piece]:
    """The sentences of a text with their lengths; of one that is too long, runs of its words."""
    for start, end in sentences(text):
        size = length(text[start:end])
        if size <= budget:
            yield start, end, size
            continue
        begin, stop, used = start, start, 0
        for word in _WORD.finditer(text, start, end):
            size = length(word.group())
            if used and used + size > budget:
                yield begin, stop, used
                begin, used = word.start(), 0
            stop, used = word.end(), used + size
        yield begin, stop, used


def aggregate_relevance(rows: Probabilities) -> Probabilities:
    """One row for a text from those of its windows: it answers as far as any does, and is neither as far as all are."""
    answers = rows[:, RelevanceLabel.ANSWERS].max(initial=0)
    neither = rows[:, RelevanceLabel.NEITHER].min(initial=1)
    return _row(neither, 1 - answers - neither, answers)


def aggregate_support(rows: Probabilities) -> Probabilities:
    """One row for a source from those of its windows: supported as far as any says, contradicted by the nearest alone.

    The nearest is the window with the lowest probability of `NOT_SAID`. Where another supports the statement, that
    leaves the contradiction the rest.
    """
    supported = rows[:, SupportLabel.SUPPORTED].max(initial=0)
    contradicted = 0.0
    if len(rows):
        nearest = np.lexsort((-rows[:, SupportLabel.SUPPORTED], rows[:, SupportLabel.NOT_SAID]))[0]
        contradicted = min(rows[nearest, SupportLabel.CONTRADICTED], 1 - supported)
    return _row(supported, 1 - supported - contradicted, contradicted)


def read_in_windows(
    pairs: Sequence[Pair],
    room: int,
    length: Length,
    read: Callable[[Sequence[Pair]], Probabilities],
    aggregate: Callable[[Probabilities], Probabilities],
    *,
    longest: int | None = None,
) -> Probabilities:
    """Read pairs whose second text may be longer than the model's input, one row a pair.

    `room` is what the two texts of a pair may have together, counted by `length`; what the first one takes is taken
    from the windows, but leaves them a quarter. `longest` bounds a window further. `read` reads pairs that fit, and
    `aggregate` makes one row of those of a text.
    """
    parts: list[Pair] = []
    places: list[slice] = []
    for first, text in pairs:
        begin = len(parts)
        if first.strip():
            budget = min(longest or room, max(room - length(first), room // 4))
            parts += [(first, text[start:end]) for start, end in windows(text, budget, length)]
        places.append(slice(begin, len(parts)))
    rows = read(parts) if parts else np.empty((0, 3), dtype=np.float32)
    return np.array([aggregate(rows[place]) for place in places], dtype=np.float32).reshape(-1, 3)


def _row(*columns: float) -> Probabilities:
    """In the order of the labels; without what rounding leaves below zero."""
    return np.array(columns, dtype=np.float32).clip(min=0)
