"""Lays out what was read of a large corpus so far, so that it can be asked by its words while reading goes on.

A part is a generation like any other that is being made, but of no files as they are: it is never filled or gone on
with. The next part takes its place, and in the end the generation of all papers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from askpapers.corpus import CorpusSoFar
from askpapers.index.contents import Contents
from askpapers.index.embedder import Embedder
from askpapers.index.layout import clear_away
from askpapers.index.places import relocate
from askpapers.index.staging import lay_out
from askpapers.progress import Progress

FIRST = 10_000
"""Abstracts read, after which the first part is laid out."""

_GROWTH = 5
"""The next part has so many times as many: all parts before the last take at most a quarter of what it takes.

None is laid out where less is left of the files than was read: all can be asked nearly as soon."""


class PartsRead:
    """Is told what was read, and lays out a part now and then."""

    def __init__(self, folder: Path, roots: Sequence[Path], embedder: Embedder, progress: Progress) -> None:
        """Lay out the parts of a corpus in the folder of its index. Hold the writer's lock."""
        self._folder, self._roots, self._embedder, self._progress = folder, roots, embedder, progress
        self._next, self._count = FIRST, 0
        self._stage = "Reading abstracts"
        self.contents = Contents()
        """What was made for the last part."""

    def __call__(self, count: int, so_far: CorpusSoFar) -> None:
        """Lay out what was read, if that is enough, and not most of it. Raises OSError."""
        self._count = count
        self._progress(self._stage, count, None)
        if count < self._next or so_far.unread < so_far.characters:
            return
        self._next = _GROWTH * count
        roots = [str(root.resolve()) for root in self._roots]
        corpus = replace(relocate(so_far.corpus(), self._roots), stamps=())
        part = lay_out(self._folder, roots, corpus, self._embedder, self._tell, self.contents, is_part=True)
        clear_away(self._folder, being_made=part)
        self._stage = f"Reading abstracts (the first {count:,} can be asked from another terminal)"

    def _tell(self, stage: str, done: int, total: int | None) -> None:
        """A step within the reading of abstracts."""
        self._progress(self._stage, self._count, None)
