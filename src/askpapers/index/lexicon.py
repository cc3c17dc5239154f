"""The words of the corpus with a vector each, so that "picture" finds "image" and "math" "mathematical"."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from askpapers.datatypes import Paper
from askpapers.errors import IndexDamagedError
from askpapers.index.manifest import MEND_HINT
from askpapers.processes import in_chunks
from askpapers.text import plain, stem, words

_LIKE_A_NAME = re.compile(r".*[A-Z].*[A-Z]|.*\d")
_NAME_SHARE = 0.6
_LARGE = 2000
_CHUNK = 500  # papers that a process is given at once
# Below this cosine two words are related (French, German: 0.69), not interchangeable (picture, image: 0.80).
_SAME_SENSE = 0.72


@dataclass(frozen=True)
class Lexicon:
    """The stems of a corpus by row, the surface form that was embedded, and which stems are names.

    `names` are stems that the corpus writes as names: with a digit, two capitals, or a capital inside a
    sentence (BLEU, GSM8K, Wikipedia). While an index is being made there may be no `vectors` yet.
    """

    stems: npt.NDArray[np.str_]
    surface: npt.NDArray[np.str_]
    vectors: npt.NDArray[np.float16]
    names: frozenset[str]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the corpus in small letters: of each the commonest form."""
        return frozenset(map(str, self.surface)) | {name for name in self.names if name.isalpha()}

    @classmethod
    def collect(cls, papers: Iterable[Paper], dimension: int) -> Lexicon:
        """The words of papers, without vectors yet.

        In a corpus of thousands a word must occur in three papers to be worth a vector.
        """
        surface_of, names = _collect(papers)
        stems, surface = (np.array(list(part), dtype=np.str_) for part in (surface_of, surface_of.values()))
        return cls(stems, surface, np.zeros((0, dimension), dtype=np.float16), frozenset(names))

    @property
    def keys(self) -> npt.NDArray[np.bytes_]:
        """A key for each word that is embedded, of 16 bytes."""
        digests = [hashlib.sha256(word.encode()).hexdigest()[:16].encode() for word in self.surface.tolist()]
        return np.array(digests, dtype="S16")

    @property
    def has_vectors(self) -> bool:
        """Whether its words have vectors, as those of a finished index have."""
        return len(self.vectors) == len(self.surface)

    def save(self, file: Path) -> None:
        """Write the lexicon to a .npz file, in one step."""
        names = np.array(sorted(self.names), dtype=np.str_)
        temporary = file.with_suffix(".tmp")
        with temporary.open("wb") as stream:
            np.savez(stream, stems=self.stems, surface=self.surface, vectors=self.vectors, names=names)
        temporary.replace(file)

    @classmethod
    def load(cls, file: Path) -> Lexicon:
        """Open a saved lexicon. Raises IndexDamagedError."""
        try:
            with np.load(file) as parts:
                return cls(parts["stems"], parts["surface"], parts["vectors"], frozenset(parts["names"].tolist()))
        except (OSError, EOFError, BadZipFile, ValueError, KeyError) as error:
            raise IndexDamagedError(f"{file} cannot be read: {error}.", hint=MEND_HINT) from error

    def alike(self, vector: npt.NDArray[np.float32]) -> list[tuple[str, float]]:
        """Stems that can stand for a word of this vector, each with a weight from 0.4 to 1.0."""
        if not len(self.vectors):
            return []
        cosine = self.vectors.astype(np.float32) @ vector
        rows = np.flatnonzero(cosine >= _SAME_SENSE)
        return [(str(self.stems[row]), min(1.0, (float(cosine[row]) - 0.5) / 0.5)) for row in rows]


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each word is met, in how many papers, and how often written as a name; in the order of the texts."""

    forms: Counter[str] = field(default_factory=Counter)
    papers_with: Counter[str] = field(default_factory=Counter)
    as_name: Counter[str] = field(default_factory=Counter)


def _count(papers: Iterable[Paper]) -> tuple[int, _Counts]:
    counts, count = _Counts(), 0
    for count, paper in enumerate(papers, start=1):  # noqa: B007 - the count is used after the loop
        text = plain(paper.abstract)
        # No set: of two forms that are as common the first counts, and sets differ from process to process.
        seen = {word.casefold(): None for word, _, _ in words(plain(paper.title))}  # its capitals tell nothing
        forms = list(seen)
        for word, start, _ in words(text):
            lower = word.casefold()
            forms.append(lower)
            if word.islower() and word.isalpha():  # most are, and no names
                continue
            inside = start > 1 and text[start - 2] not in ".!?:"
            if _LIKE_A_NAME.match(word) or (inside and word[0].isupper()):
                counts.as_name[lower] += 1
        counts.forms.update(forms)
        counts.papers_with.update(dict.fromkeys(forms).keys())
    return count, counts


def _collect(papers: Iterable[Paper]) -> tuple[dict[str, str], set[str]]:
    """The commonest surface form of every stem, and the stems that are names."""
    count, all_counts = 0, _Counts()
    for some, counts in in_chunks(_count, papers, _CHUNK):
        count += some
        all_counts.forms.update(counts.forms)
        all_counts.papers_with.update(counts.papers_with)
        all_counts.as_name.update(counts.as_name)
    forms, papers_with, as_name = all_counts.forms, all_counts.papers_with, all_counts.as_name
    least = 3 if count > _LARGE else 1
    names = {stem(w) for w, n in as_name.items() if n > _NAME_SHARE * forms[w] and papers_with[w] >= least}
    surface_of: dict[str, str] = {}
    for word, _ in forms.most_common():
        if len(word) > 2 and word.isalpha() and papers_with[word] >= least:
            surface_of.setdefault(stem(word), word)
    return {s: w for s, w in surface_of.items() if s not in names}, names
