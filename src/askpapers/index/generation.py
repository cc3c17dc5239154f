"""One finished index on disk, opened for reading.

    FOLDER/0001-3fa2/           a generation; its files never change once it is named in `current`. One that is being
                                made has a growing.json in place of the manifest, see `growing.py`
        manifest.json           what it was made of, by which embedder, and a checksum of each file
        checked.json            sizes and times of the files at the last check
        embedder                the embedder's name, for builds that were interrupted
        papers.db               papers and acronyms (SQLite)
        passages.npy            paper row, start, end and key of every passage
        vectors.f16             the passages' vectors, float16, in the same order
        vectors.sums            a checksum of each chunk of them
        chroma/                 the same vectors under the passages' keys, for nearest neighbours, unless a server
                                has them
        words/                  BM25
        lexicon.npz             the words' own vectors
        overview-1.json         what the papers are about; made when it is first asked for, with a checksum of its own
        left_out-3fa2.jsonl     files and records of the corpus that are no papers

Writers make a new generation beside the old one, so a reader never sees half an index, and a Chroma client
never meets rows that another process wrote after it was opened (which it would not find).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askpapers.corpus.left_out import LeftOutList
from askpapers.errors import IndexDamagedError
from askpapers.index.checksums import stamps_of
from askpapers.index.contents import PASSAGE
from askpapers.index.leases import Lease
from askpapers.index.left_out import read_left_out
from askpapers.index.lexicon import Lexicon
from askpapers.index.manifest import MEND_HINT, NAME, Manifest
from askpapers.index.papers import PaperStore
from askpapers.index.places import file_under, place_under
from askpapers.index.scan import ExactScan
from askpapers.index.store import Fingerprint, NearestNeighbours
from askpapers.index.vectors import VectorStore, is_read_only
from askpapers.index.words import WordIndex

VECTOR = np.dtype("<f2")


_PARTS = ("papers", "words", "lexicon", "neighbours", "passages", "vectors")


class Index:
    """A generation, opened. Rows of papers and passages are their positions in corpus order."""

    def __init__(
        self, generation: Path, manifest: Manifest | None = None, lease: Lease | None = None, roots: Sequence[Path] = ()
    ) -> None:
        """Open a generation; the parts are opened when they are first used. See `open_index` for a checked one.

        Whoever holds one of the parts holds the lease, so that the files stay as long as anyone reads them. The
        places of papers are told under `roots`, else under the folders that the index was made from.
        Raises IndexMismatchError or IndexDamagedError.
        """
        self.generation = generation
        manifest = manifest or Manifest.read(generation)
        self._roots = tuple(roots) or tuple(Path(root) for root in manifest.roots)
        self.manifest = replace(manifest, warnings=tuple(place_under(self._roots, w) for w in manifest.warnings))
        self.notes: tuple[str, ...] = ()
        """What is to be said with each answer from this index."""
        self._lease = lease
        self._given: NearestNeighbours | None = None
        self._stamps = stamps_of(generation, [*manifest.files, NAME])

    def look_up_in(self, store: NearestNeighbours) -> None:
        """Find nearest neighbours in a store that has the passages of this index, instead of the one in its folder."""
        self._given = store

    @property
    def neighbours(self) -> NearestNeighbours:
        """Nearest neighbours among passage keys: of the store that was given, else of the one in the folder.

        Where neither is there, or may not be written as Chroma wants it, all vectors are compared.
        """
        if self._given is None:
            keys = self.passages["key"]
            by_graph = self.has_graph and not is_read_only(self.generation / "chroma")
            self._given = self.dense if by_graph else ExactScan(keys[: len(self.vectors)], self.vectors)
        return self._given

    @property
    def has_graph(self) -> bool:
        """Whether the vectors are in a Chroma folder of the index, too; else a server has them."""
        return any(file.startswith("chroma/") for file in self.manifest.files)

    def was_touched(self) -> bool:
        """Whether a file was changed since the index was opened: the manifest by a refresh, the others by a fault."""
        return stamps_of(self.generation, [*self.manifest.files, NAME]) != self._stamps

    @cached_property
    def papers(self) -> PaperStore:
        """The papers and their acronyms."""
        return PaperStore(self.generation / "papers.db", self._roots, self._lease)

    @cached_property
    def words(self) -> WordIndex:
        """BM25 by paper row."""
        return WordIndex.load(self.generation / "words")

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words of the corpus and their vectors."""
        return Lexicon.load(self.generation / "lexicon.npz")

    @cached_property
    def dense(self) -> VectorStore:
        """The vectors in Chroma, by passage key."""
        store = VectorStore(self.generation / "chroma", self._lease)
        made_for = Fingerprint(self.manifest.embedder, self.manifest.dimension)
        if store.fingerprint() != made_for or store.count() != self.manifest.passages:
            raise IndexDamagedError(f"The vectors in {self.generation} are not those of its passages.", hint=MEND_HINT)
        return store

    @cached_property
    def passages(self) -> npt.NDArray[np.void]:
        """All passages, of dtype `PASSAGE`, memory-mapped."""
        try:
            passages: npt.NDArray[np.void] = np.load(self.generation / "passages.npy", mmap_mode="r")
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamagedError(f"The passages cannot be read: {error}.", hint=MEND_HINT) from error
        if passages.dtype != PASSAGE or len(passages) != self.manifest.passages:
            raise IndexDamagedError(f"The passages in {self.generation} are incomplete.", hint=MEND_HINT)
        return passages

    @cached_property
    def vectors(self) -> npt.NDArray[np.float16]:
        """All vectors, shape (passages, dimension), memory-mapped: for exact scores.

        Of an index that is being made they are those of the first `embedded_papers` papers.
        """
        shape = (self.manifest.passages, self.manifest.dimension)
        try:
            return np.memmap(self.generation / "vectors.f16", dtype=VECTOR, mode="r", shape=shape)
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"The vectors cannot be read: {error}.", hint=MEND_HINT) from error

    @property
    def embedded_papers(self) -> int:
        """How many papers have vectors: the first ones, and all of a finished index."""
        return self.manifest.papers

    def vectors_of(self, row: int) -> npt.NDArray[np.float32]:
        """The vectors of a paper's passages, of any paper: shape (passages of the paper, dimension)."""
        return self.vectors[self.first_passage[row] : self.first_passage[row + 1]].astype(np.float32)

    @cached_property
    def first_passage(self) -> npt.NDArray[np.int64]:
        """The row of each paper's first passage, and one past the last: shape (papers + 1,)."""
        return np.searchsorted(self.passages["paper"], np.arange(self.manifest.papers + 1))

    @cached_property
    def _row_by_key(self) -> tuple[npt.NDArray[np.bytes_], npt.NDArray[np.int64]]:
        order = np.argsort(self.passages["key"])
        return self.passages["key"][order], order

    def rows_of(self, keys: list[str]) -> npt.NDArray[np.int64]:
        """The passage rows of keys that `dense` gave."""
        in_order, order = self._row_by_key
        wanted = np.array(keys, dtype="S16")
        place = np.minimum(np.searchsorted(in_order, wanted), len(in_order) - 1)
        if (in_order[place] != wanted).any():
            raise IndexDamagedError(f"The vectors in {self.generation} are not those of its passages.", hint=MEND_HINT)
        return order[place]

    @property
    def left_out(self) -> LeftOutList:
        """What of the corpus is no paper. Raises IndexDamagedError."""
        listed = read_left_out(self.generation, self.manifest.left_out)
        return listed.renamed(lambda file: file_under(self._roots, file))

    def open_all(self) -> None:
        """Open every part, to see whether it can be. Raises IndexDamagedError."""
        for part in _PARTS:
            getattr(self, part)

    def close(self) -> None:
        """Let go of the files at once. An index that is merely dropped does so when nothing of it is used any more."""
        for part in ("papers", "dense"):
            if part in self.__dict__:
                getattr(self, part).close()
        if self._lease:
            self._lease.release()
