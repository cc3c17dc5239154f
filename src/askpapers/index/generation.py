"""One finished index on disk, opened for reading.

    FOLDER/current              the name of the generation in use, replaced in one step
    FOLDER/lock                 held by the one process that writes
    FOLDER/0001-3fa2/           a generation; never changed once it is named in `current`
        manifest.json           what it was made of, and by which embedder
        papers.db               papers and acronyms (SQLite)
        passages.npy            paper row, start, end and key of every passage
        vectors.f16             the passages' vectors, float16, in the same order
        chroma/                 the same vectors under the passages' keys, for nearest neighbours
        words/                  BM25
        lexicon.npz             the words' own vectors

Writers make a new generation beside the old one, so a reader never sees half an index, and a Chroma client
never meets rows that another process wrote after it was opened (which it would not find).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askpapers.corpus import FileStamp
from askpapers.errors import IndexDamagedError, IndexMismatchError
from askpapers.index.lexicon import Lexicon
from askpapers.index.papers import PaperStore
from askpapers.index.vectors import REBUILD_HINT, VectorStore
from askpapers.index.words import WordIndex

FORMAT = 2
"""The version of the layout above; another one is refused."""

PASSAGE = np.dtype([("paper", "<i4"), ("start", "<i4"), ("end", "<i4"), ("key", "S16")])
VECTOR = np.dtype("<f2")

_PARTS = ("papers", "words", "lexicon", "dense", "passages", "vectors")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of. `index` is the fingerprint that answers carry."""

    format: int
    embedder: str
    dimension: int
    papers: int
    passages: int
    index: str
    corpus: str
    places: str
    roots: tuple[str, ...]
    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...]

    def write(self, file: Path) -> None:
        """Write it as JSON, in one step."""
        temporary = file.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")
        temporary.replace(file)

    @classmethod
    def read(cls, file: Path) -> Manifest:
        """Read it. Raises IndexDamagedError, or IndexMismatchError for another format."""
        try:
            fields: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if fields["format"] != FORMAT:
                raise IndexMismatchError(
                    f"The index in {file.parent.parent} has format {fields['format']}, this version reads {FORMAT}.",
                    hint=REBUILD_HINT,
                )
            fields["stamps"] = tuple(FileStamp(**stamp) for stamp in fields["stamps"])
            fields["roots"], fields["warnings"] = tuple(fields["roots"]), tuple(fields["warnings"])
            return cls(**fields)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamagedError(f"{file} cannot be read: {error}.", hint=REBUILD_HINT) from error


def current_generation(folder: Path) -> Path | None:
    """The generation in use, or None where no index was made yet."""
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"{folder / 'current'} cannot be read: {error}.", hint=REBUILD_HINT) from error
    return folder / name


class Index:
    """A generation, opened. Rows of papers and passages are their positions in corpus order."""

    def __init__(self, generation: Path) -> None:
        """Open a generation; the parts are opened when they are first used.

        Raises IndexMismatchError or IndexDamagedError.
        """
        self.generation = generation
        self.manifest = Manifest.read(generation / "manifest.json")

    @cached_property
    def papers(self) -> PaperStore:
        """The papers and their acronyms."""
        return PaperStore(self.generation / "papers.db")

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
        """Nearest neighbours among passage keys."""
        store = VectorStore(self.generation / "chroma")
        if store.metadata.get("embedder") != self.manifest.embedder or len(store) != self.manifest.passages:
            raise IndexDamagedError(
                f"The vectors in {self.generation} are not those of its passages.", hint=REBUILD_HINT
            )
        return store

    @cached_property
    def passages(self) -> npt.NDArray[np.void]:
        """All passages, of dtype `PASSAGE`, memory-mapped."""
        try:
            passages: npt.NDArray[np.void] = np.load(self.generation / "passages.npy", mmap_mode="r")
        except (OSError, EOFError, ValueError) as error:
            raise IndexDamagedError(f"The passages cannot be read: {error}.", hint=REBUILD_HINT) from error
        if passages.dtype != PASSAGE or len(passages) != self.manifest.passages:
            raise IndexDamagedError(f"The passages in {self.generation} are incomplete.", hint=REBUILD_HINT)
        return passages

    @cached_property
    def vectors(self) -> npt.NDArray[np.float16]:
        """All vectors, shape (passages, dimension), memory-mapped: for exact scores."""
        shape = (self.manifest.passages, self.manifest.dimension)
        try:
            return np.memmap(self.generation / "vectors.f16", dtype=VECTOR, mode="r", shape=shape)
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"The vectors cannot be read: {error}.", hint=REBUILD_HINT) from error

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
            raise IndexDamagedError(
                f"The vectors in {self.generation} are not those of its passages.", hint=REBUILD_HINT
            )
        return order[place]

    def open_all(self) -> None:
        """Open every part, to see whether it can be. Raises IndexDamagedError."""
        for part in _PARTS:
            getattr(self, part)

    def close(self) -> None:
        """Let go of the files."""
        for part in ("papers", "dense"):
            if part in self.__dict__:
                getattr(self, part).close()
