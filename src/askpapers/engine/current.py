"""The index in use of an opened corpus: opened anew when it was rebuilt, with what is to be said of it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from askpapers.engine.following import Follower
from askpapers.engine.node_store import NodeStore
from askpapers.errors import IndexMismatchError, IndexUnusableError, UsageError
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.growing import GrowingIndex, open_growing
from askpapers.index.layout import newest_growing, pointer
from askpapers.index.opening import open_index
from askpapers.index.scan import StoredNeighbours
from askpapers.index.stores import RemoteStore
from askpapers.progress import Progress, no_progress


class CurrentIndex:
    """The index in a folder as it is now: that of the last build, in step with the files where there are roots."""

    def __init__(
        self,
        folder: Path,
        embedder: Embedder,
        roots: Sequence[Path],
        store: NodeStore | None,
        remote: RemoteStore | None,
        *,
        notes: Sequence[str],
        just_built: bool,
        progress: Progress,
    ) -> None:
        """Open it; `Corpus` says what the arguments mean. Nearest passages are looked up in a `store`, else a `remote`.

        Raises IndexMismatchError, IndexDamagedError, VectorStoreError, and UsageError where there is none.
        """
        self._folder, self._embedder, self._roots = folder, embedder, tuple(roots)
        self._store, self._remote = store, remote
        self._corpus_notes = tuple(notes)
        self._tell_left_out = just_built
        self._swapping = threading.Lock()  # two questions may notice a new generation together
        opened = self._open(progress)
        self._pointer: str | None = opened[0]
        self._index: Index | None = opened[1]
        self._follower = Follower(folder, self._roots, embedder, remote=remote) if roots else None

    def index(self) -> Index:
        """The index, see `Corpus.index`. Raises UsageError when it was closed, and what opening it does."""
        if self._follower:
            self._follower.follow()
        with self._swapping:
            index = self._index
            if index is None:
                raise UsageError("The corpus was closed.", hint="Open it again.")
            named = pointer(self._folder)
            being_made = named is None and self._follower
            if named is None and isinstance(index, GrowingIndex):
                self._index = index = self._grown(index)
            elif not being_made and (named != self._pointer or index.was_touched()):
                try:
                    self._pointer, index = self._open(no_progress)
                except IndexMismatchError as error:  # another embedder or version made it anew
                    hint = "Open the corpus again: start this program anew."
                    raise IndexMismatchError(str(error), hint=hint) from error
                self._index = index
                self._tell_left_out = True
            return index

    def is_latest(self) -> bool:
        """Whether opening it now would give the same: no newer one, no fault, no further note."""
        index = self._index
        notes = index and index.notes and not isinstance(index, GrowingIndex)  # the notes of that one grow with it
        if index is None or notes or self._tell_left_out or (self._follower and self._follower.notes):
            return False
        return pointer(self._folder) == self._pointer and not index.was_touched()

    def notes(self) -> tuple[str, ...]:
        """What is to be said of the corpus and its index with every answer."""
        index = self._index
        return self._corpus_notes + (self._follower.notes if self._follower else ()) + (index.notes if index else ())

    def take_notes(self) -> tuple[str, ...]:
        """What is to be said with the next answer: once after a build, what is left out of the corpus."""
        first, self._tell_left_out = self._tell_left_out, False
        index = self._index
        first_notes = (index.manifest.left_out_count.note,) if first and index and index.manifest.left_out_count else ()
        return self.notes() + first_notes

    def close(self) -> None:
        """Let go of the index; who holds it keeps it open."""
        if self._follower:
            self._follower.close()
        if self._remote:
            self._remote.close()
        with self._swapping:
            self._index = None

    def _grown(self, index: GrowingIndex) -> GrowingIndex:
        """The index that is being made, as it is now."""
        if newest_growing(self._folder) not in (None, index.generation):  # it was begun anew: the files have changed
            return open_growing(self._folder, self._embedder, self._roots, no_progress) or index
        return index.grown()

    def _open(self, progress: Progress) -> tuple[str | None, Index]:
        """What `current` says, and the index that was opened."""
        named = pointer(self._folder)
        index = open_index(self._folder, progress, self._roots)
        if index is None and not self._store:
            index = open_growing(self._folder, self._embedder, self._roots, progress)
            index = index or open_index(self._folder, progress, self._roots)  # it may have been finished meanwhile
        if index is None:
            raise UsageError(f"There is no index in {self._folder}.", hint="Build it: ask index")
        try:
            index.manifest.check_embedder(self._embedder.name)
            if self._store:
                self._store.bring_in_step(index, progress)
            store = self._store or self._remote
            if store and not isinstance(index, GrowingIndex):
                index.look_up_in(StoredNeighbours(store, index.passages["key"], index.vectors))
        except IndexUnusableError:
            index.close()
            raise
        return named, index
