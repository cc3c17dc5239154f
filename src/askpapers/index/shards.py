"""A corpus in shards: a folder of indexes, each of some of the papers, that several machines have made.

    FOLDER/north/current, FOLDER/north/0001-3fa2/ ...
    FOLDER/south/current, ...

The folder may be the copy of one at a URL, which is brought in step first (`fetching.py`).
It is read as a corpus whose papers and vectors are those of the indexes, in the order of their names, so that the index
that is made of it is that of all papers, to the bit. Nothing is embedded again, and no file that the papers were read
from is needed. A paper belongs in one shard; one that several hold with the same id and text is one paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from askpapers.corpus import Corpus, CorpusSoFar, FileStamp, read_corpus, stamp_files
from askpapers.corpus.left_out import LeftOutList
from askpapers.datatypes import Paper
from askpapers.errors import CorpusError, IndexDamagedError, IndexMismatchError
from askpapers.index.fetching import fetch_copy, joined_files, stamps_of_copy
from askpapers.index.generation import Index
from askpapers.index.layout import current_generation
from askpapers.index.manifest import NAME, Manifest
from askpapers.index.opening import check_files
from askpapers.progress import Progress
from askpapers.shard_copies import source_of

_HINT = "Copy the shard again when no index is being made there, or mend it where it was made: ask index"


def are_shards(roots: Sequence[Path]) -> bool:
    """Whether each root is a folder that holds indexes and nothing else but hidden files, or the copy of one.

    Raises CorpusError where only some are.
    """
    of_shards = [source_of(root) is not None or bool(_shards_in(root)) for root in roots]
    if any(of_shards) and not all(of_shards):
        names = [source_of(root) or str(root) for root in roots]
        shards, other = names[of_shards.index(True)], names[of_shards.index(False)]
        raise CorpusError(
            f"{shards} is one of shards, and {other} is not.", hint="Ask them one at a time: ask --shards FOLDER"
        )
    return any(of_shards)


def stamps_of_corpus(roots: Sequence[Path]) -> tuple[FileStamp, ...]:
    """What tells that a corpus has changed: stamps of its files, or of the manifests of its shards.

    Raises CorpusError or IndexDamagedError, and SourceError where a URL cannot be reached.
    """
    if not are_shards(roots):
        return stamp_files(roots)
    stamps = []
    for number, root in enumerate(roots):
        if source_of(root):
            stamps += stamps_of_copy(root, number)
            continue
        for shard in _shards_in(root):
            file = _generation(shard) / NAME
            try:
                info = file.stat()
            except OSError as error:
                raise IndexDamagedError(f"{file} cannot be read: {error.strerror}.", hint=_HINT) from error
            stamps.append(FileStamp(number, file.relative_to(root).as_posix(), info.st_size, info.st_mtime_ns))
    return tuple(stamps)


def read_papers(
    roots: Sequence[Path], progress: Progress, on_read: Callable[[int, CorpusSoFar], None] | None = None
) -> tuple[Corpus, list[Path]]:
    """The corpus, and the generations that have vectors of it where it is one of shards.

    `on_read` is told of the abstracts of files in the place of `progress`, see `read_corpus`.
    Raises CorpusError, IndexDamagedError, SourceError and OptionalDependencyError where shards cannot be fetched, and
    IndexMismatchError for shards of several embedders.
    """
    if not are_shards(roots):
        return read_corpus(roots, on_read or (lambda count, _: progress("Reading abstracts", count, None))), []
    for root in roots:
        if source_of(root):
            fetch_copy(root, progress)
    stamps = stamps_of_corpus(roots)
    joined = _Joined()
    for root in roots:
        for shard in _shards_in(root):
            joined.add(_generation(shard), progress)
            progress("Reading shards", len(joined.generations), len(stamps))
    return Corpus(tuple(joined.papers.values()), stamps, tuple(joined.warnings), joined.left_out), joined.generations


class _Joined:
    """What the shards hold, one after the other."""

    def __init__(self) -> None:
        self.papers: dict[str, Paper] = {}
        self.warnings: list[str] = []
        self.left_out = LeftOutList()
        self.generations: list[Path] = []
        self._embedder = ""

    def add(self, generation: Path, progress: Progress) -> None:
        manifest = Manifest.read(generation)
        self._embedder = self._embedder or manifest.embedder
        if manifest.embedder != self._embedder:
            raise IndexMismatchError(
                f"The shard {generation.parent} was made by {manifest.embedder}, others by {self._embedder}.",
                hint="Make all shards by one embedder: ask index --embedder NAME",
            )
        check_files(generation, replace(manifest, files=joined_files(manifest)), progress, whole=False)
        with closing(Index(generation, manifest)) as index:
            for paper in index.papers:
                self._add(paper, generation.parent)
            self.warnings += index.manifest.warnings
            for file, reason, lines in index.left_out.groups():
                for line in lines:
                    self.left_out.add(file, line, reason)
        self.generations.append(generation)

    def _add(self, paper: Paper, shard: Path) -> None:
        known = self.papers.setdefault(paper.id, paper)
        if known is paper:
            return
        if known.abstract == paper.abstract:
            self.papers[paper.id] = replace(known, sources=tuple(dict.fromkeys(known.sources + paper.sources)))
            return
        name = next(f"{paper.id}-{n}" for n in range(2, len(self.papers) + 3) if f"{paper.id}-{n}" not in self.papers)
        self.papers[name] = replace(paper, id=name)
        self.warnings.append(f"{shard}: the id {paper.id} is that of another paper of another shard, {name} is used")


def _shards_in(root: Path) -> list[Path]:
    """The indexes in a folder, by name; none where it holds anything else."""
    found = []
    try:
        for entry in root.iterdir():
            if entry.name.startswith("."):
                continue
            if not (entry / "current").is_file():
                return []
            found.append(entry)
    except OSError:  # a file, or not there: reading it says so
        return []
    return sorted(found)


def _generation(shard: Path) -> Path:
    generation = current_generation(shard)
    if generation is None:
        raise IndexDamagedError(f"{shard} is no index any more.", hint=_HINT)
    return generation
