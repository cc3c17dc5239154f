"""The terms of documents by number: four bytes a term, joined from many parts."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class NumberedTerms:
    """The terms of documents in a row: `numbers` of all of them, places in `vocabulary`, `lengths` of each document."""

    vocabulary: tuple[str, ...]
    numbers: npt.NDArray[np.int32]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]]) -> NumberedTerms:
        """Number the terms of documents in the order in which they are first met."""
        known: defaultdict[str, int] = defaultdict()
        known.default_factory = known.__len__  # a new term gets the next number
        numbers, lengths = array("i"), []
        for document in documents:
            numbers.extend(map(known.__getitem__, document))
            lengths.append(len(document))
        return cls(tuple(known), np.array(numbers, dtype=np.int32), tuple(lengths))


def join_terms(parts: Iterable[NumberedTerms]) -> tuple[list[array[int]], dict[str, int]]:
    """The numbers of each document of all parts, and the number of each term: as if all had been numbered at once."""
    known: dict[str, int] = {}
    documents: list[array[int]] = []
    for part in parts:
        place = np.array([known.setdefault(term, len(known)) for term in part.vocabulary], dtype=np.int32)
        numbers, begin = place[part.numbers], 0
        for length in part.lengths:
            documents.append(array("i", numbers[begin : begin + length].tobytes()))
            begin += length
    return documents, known
