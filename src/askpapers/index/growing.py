"""An index that another process is making, opened for reading: all words, and the vectors that there are so far.

A generation that is being made has its papers, passages and words before the first vector (`staging.py`). From then on
it can be asked: papers with vectors as in a finished index, the others by their words. A reader sees the vectors as
they were when it looked; `grown` looks again. Of a large corpus a part is laid out before all is read (`parts.py`).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askpapers.errors import IndexDamagedError, IndexUnusableError
from askpapers.index.checksums import stamps_of
from askpapers.index.contents import PassageTexts
from askpapers.index.embedder import Embedder, Vectors
from askpapers.index.filling import written_rows
from askpapers.index.generation import VECTOR, Index
from askpapers.index.layout import PARTIAL, current_generation, generations, newest_growing
from askpapers.index.leases import Lease, guarded, has_writer, take_lease
from askpapers.index.lexicon import Lexicon
from askpapers.index.manifest import GROWING, Manifest
from askpapers.index.opening import check_files
from askpapers.progress import Progress

MANY = 5_000
"""Passages without a vector from which on an index that is being made is asked, instead of waited for: some twenty
seconds' work."""
_REMEMBERED = 2_000  # papers whose vectors were made for a question


class GrowingIndex(Index):
    """A generation that is being made. Its first papers have vectors, as many as there were when it was looked at."""

    def __init__(
        self, generation: Path, manifest: Manifest, embedder: Embedder, lease: Lease | None, roots: Sequence[Path]
    ) -> None:
        """Open it; the vectors of single papers that have none yet are made by the embedder when they are needed."""
        super().__init__(generation, manifest, lease, roots)
        self._embedder = embedder
        self._made: dict[int, Vectors] = {}
        self._look()

    def _look(self) -> None:
        """See which vectors there are now."""
        rows = written_rows(self.generation / "vectors.f16", self.manifest.dimension, self.manifest.passages)
        self._embedded = int(np.searchsorted(self.first_passage, rows, side="right")) - 1
        self._lexicon_stamp = stamps_of(self.generation, ["lexicon.npz"])
        by_meaning, papers = self._embedded, self.manifest.papers
        if self.manifest.is_part:
            self.notes = (
                f"The index is being built: {papers:,} papers have been read so far, and reading goes on. They are"
                " found by their words; what they do not say, papers that follow may.",
            )
            return
        self.notes = (
            f"The index is being built: {by_meaning:,} of {papers:,} papers ({100 * by_meaning // papers}%) can be"
            " found by their meaning so far, the others by their words.",
        )

    def grown(self) -> GrowingIndex:
        """The same with the vectors that there are now; itself where there are no more."""
        now = copy.copy(self)
        now._look()
        if (now._embedded, now._lexicon_stamp) == (self._embedded, self._lexicon_stamp):
            return self
        for part in ("vectors", "lexicon"):
            now.__dict__.pop(part, None)
        now._given = None
        return now

    @property
    def missing(self) -> int:
        """How many passages have no vector yet."""
        return self.manifest.passages - int(self.first_passage[self._embedded])

    @property
    def embedded_papers(self) -> int:
        """See `Index`."""
        return self._embedded

    @cached_property
    def vectors(self) -> npt.NDArray[np.float16]:
        """See `Index`."""
        shape = (int(self.first_passage[self._embedded]), self.manifest.dimension)
        if not shape[0]:  # an empty file cannot be mapped
            return np.zeros(shape, dtype=VECTOR)
        return np.memmap(self.generation / "vectors.f16", dtype=VECTOR, mode="r", shape=shape)

    @cached_property
    def lexicon(self) -> Lexicon:
        """See `Index`; the words may have no vectors yet, and there may be none yet."""
        try:
            return Lexicon.load(self.generation / "lexicon.npz")
        except IndexDamagedError:
            return Lexicon.collect((), self.manifest.dimension)

    def vectors_of(self, row: int) -> npt.NDArray[np.float32]:
        """See `Index`."""
        if row < self._embedded:
            return super().vectors_of(row)
        if row not in self._made:
            while len(self._made) >= _REMEMBERED:
                self._made.pop(next(iter(self._made)), None)
            texts = PassageTexts(self.papers, self.passages)
            rows = range(int(self.first_passage[row]), int(self.first_passage[row + 1]))
            made = self._embedder.embed([texts.at(passage) for passage in rows])
            self._made[row] = made.astype(VECTOR).astype(np.float32)  # as they will be read from the file
        return self._made[row]


def open_growing(folder: Path, embedder: Embedder, roots: Sequence[Path], progress: Progress) -> GrowingIndex | None:
    """Open the generation that is being made of these roots by this embedder; None where there is none to be asked."""
    with guarded(folder):
        generation = newest_growing(folder)
        lease = take_lease(generation) if generation else None
    if generation is None or lease is None:
        return None
    try:
        manifest = Manifest.read(generation, GROWING)
        if manifest.embedder == embedder.name and manifest.roots == tuple(str(root.resolve()) for root in roots):
            check_files(generation, manifest, progress, whole=False)
            return GrowingIndex(generation, manifest, embedder, lease, roots)
    except IndexUnusableError:  # it was finished or removed meanwhile, or is of another format
        pass
    lease.release()
    return None


def build_progress(folder: Path) -> str | None:
    """How far the first build of an index is, or was when it was interrupted, in words; None where none was begun.

    Raises IndexDamagedError.
    """
    if not folder.is_dir() or current_generation(folder) is not None:
        return None
    generation = newest_growing(folder)
    if generation is None:
        begun = (folder / PARTIAL).is_dir() or generations(folder) or has_writer(folder)
        return "not all papers have been read yet" if begun else None
    manifest = Manifest.read(generation, GROWING)
    if manifest.is_part:
        return f"the first {manifest.papers:,} papers can be found by their words, the others have not been read yet"
    rows = written_rows(generation / "vectors.f16", manifest.dimension, manifest.passages)
    share = 100 * rows // max(1, manifest.passages)
    return f"{rows:,} of {manifest.passages:,} passages ({share}%) have vectors, all can be found by their words"
