"""The lexical side: BM25 over whole papers (the only bm25s import)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from askpapers.errors import IndexDamagedError
from askpapers.index.manifest import MEND_HINT
from askpapers.index.numbered_terms import NumberedTerms, join_terms

Scores = npt.NDArray[np.float32]


class WordIndex:
    """BM25 (Lucene's variant) over the stemmed terms of each paper; k1 and b as bm25s has them."""

    def __init__(self, model: bm25s.BM25) -> None:
        self._model = model

    @classmethod
    def build(cls, documents: Iterable[Sequence[str]]) -> WordIndex:
        """Index documents given as their terms; a document's row is its position."""
        return cls.join([NumberedTerms.of(documents)])

    @classmethod
    def join(cls, parts: Iterable[NumberedTerms]) -> WordIndex:
        """Index the documents of several parts, one part after the other.

        Of a document no more is kept in memory meanwhile than four bytes a term.
        """
        listed, numbers = join_terms(parts)
        if not numbers:
            listed[0].append(numbers.setdefault("", 0))  # bm25s refuses a corpus without a term; no question has this
        model = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        model.index((listed, numbers), show_progress=False)
        return cls(model)

    @classmethod
    def load(cls, folder: Path) -> WordIndex:
        """Open a saved index, memory-mapped. Raises IndexDamagedError."""
        try:
            return cls(bm25s.BM25.load(folder, mmap=True))
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(f"The words in {folder} cannot be read: {error}.", hint=MEND_HINT) from error

    def save(self, folder: Path) -> None:
        """Write the index to a folder."""
        self._model.save(folder, show_progress=False)

    def __contains__(self, term: str) -> bool:
        return term in self._model.vocab_dict

    def __len__(self) -> int:
        return int(self._model.scores["num_docs"])

    def weight(self, term: str) -> float:
        """The inverse document frequency of a term; a term that no document has weighs the most."""
        df = len(self.documents_with(term))
        return math.log(1 + (len(self) - df + 0.5) / (df + 0.5))

    def documents_with(self, term: str) -> npt.NDArray[np.int32]:
        """The rows of all documents that have a term."""
        row = self._model.vocab_dict.get(term)
        if row is None:
            return np.zeros(0, dtype=np.int32)
        starts = self._model.scores["indptr"]
        return np.asarray(self._model.scores["indices"][starts[row] : starts[row + 1]])

    def scores(self, terms: Sequence[str]) -> Scores:
        """The BM25 score of every document, float32 of shape (documents,). A repeated term counts again."""
        known = [term for term in terms if term in self._model.vocab_dict]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        return np.asarray(self._model.get_scores(known), dtype=np.float32)
