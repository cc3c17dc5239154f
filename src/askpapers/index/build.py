"""Makes and refreshes the index: one writer, a new generation beside the last good one, then a swap.

Only text that the last generation (or a build that was interrupted) has no vector for is embedded.
"""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import filelock
import numpy as np
import numpy.typing as npt

from askpapers.corpus import Corpus, fingerprint, places, read_corpus, stamp_files
from askpapers.datatypes import Paper
from askpapers.errors import IndexMismatchError, IndexUnusableError, IndexWriteError
from askpapers.index.acronyms import spelled_out
from askpapers.index.embedder import Embedder
from askpapers.index.filling import Progress, known_vectors, write_chroma, write_vectors
from askpapers.index.generation import (
    FORMAT,
    PASSAGE,
    VECTOR,
    Index,
    Manifest,
    current_generation,
)
from askpapers.index.lexicon import Lexicon
from askpapers.index.papers import PaperStore
from askpapers.index.passages import embedded_text, passage_key, passages_of
from askpapers.index.vectors import REBUILD_HINT
from askpapers.index.words import WordIndex
from askpapers.text import terms

_PARTIAL = "partial"
_GENERATION = re.compile(r"\d{4,}-[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did, in passages: those embedded anew, those taken over, those no longer there."""

    added: int
    kept: int
    removed: int


def is_fresh(folder: Path, roots: Sequence[Path]) -> bool:
    """Whether the index in use was made of the files as they are now (by path, size and time of change)."""
    generation = current_generation(folder)
    if generation is None:
        return False
    manifest = Manifest.read(generation / "manifest.json")
    return manifest.roots == _resolved(roots) and manifest.stamps == stamp_files(roots)


def _resolved(roots: Sequence[Path]) -> tuple[str, ...]:
    return tuple(str(root.resolve()) for root in roots)


def refresh(
    folder: Path, roots: Sequence[Path], embedder: Embedder, progress: Progress, *, rebuild: bool = False
) -> Refreshed:
    """Bring the index in step with the corpus.

    With `rebuild` nothing of what is there is used. The last good index stays until the new one is
    complete. Raises CorpusError, IndexWriteError, IndexDamagedError, and IndexMismatchError where the index
    was made by another embedder.
    """
    with _writing(folder, progress), _last(folder, embedder, rebuild) as old:
        corpus = read_corpus(roots, lambda count: progress("Reading abstracts", count, None))
        if old and _holds(old, corpus):
            _restamp(old, roots, corpus)
            return Refreshed(0, old.manifest.passages, 0)
        return _build(folder, roots, corpus, embedder, old, progress)


@contextmanager
def _last(folder: Path, embedder: Embedder, rebuild: bool) -> Iterator[Index | None]:
    """The index in use, if there is one to go on from; what builds that failed have left is made ready too."""
    generation = None if rebuild else current_generation(folder)
    if generation is not None:
        index = Index(generation)
        check_embedder(index.manifest, embedder)
    if rebuild:
        shutil.rmtree(folder / _PARTIAL, ignore_errors=True)
    else:
        for killed in _generations(folder):
            if not (killed / "manifest.json").exists():
                _keep_vectors(killed, folder / _PARTIAL)
    if generation is None:
        yield None
    else:
        with closing(index):
            yield index


def _holds(index: Index, corpus: Corpus) -> bool:
    """Whether the index holds just these papers, read from the same places."""
    manifest = index.manifest
    return manifest.corpus == fingerprint(corpus.papers) and manifest.places == places(corpus.papers)


def check_embedder(manifest: Manifest, embedder: Embedder) -> None:
    """Raise IndexMismatchError unless the index was made by this embedder."""
    if manifest.embedder != embedder.name:
        raise IndexMismatchError(
            f"The index was made by the embedder {manifest.embedder}, not by {embedder.name}.",
            hint=REBUILD_HINT,
        )


def _restamp(old: Index, roots: Sequence[Path], corpus: Corpus) -> None:
    fields = {name: getattr(old.manifest, name) for name in Manifest.__slots__}
    fields |= {"stamps": corpus.stamps, "roots": _resolved(roots), "warnings": corpus.warnings}
    Manifest(**fields).write(old.generation / "manifest.json")


@contextmanager
def _writing(folder: Path, progress: Progress) -> Iterator[None]:
    """Hold the folder's lock, and say in one line why the index could not be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "lock").exists() and any(folder.iterdir()):
            raise IndexWriteError(
                f"{folder} is no index, and other files are in it.",
                hint="Name a new or an empty folder for the index: ask --index FOLDER ... (or ASK_INDEX).",
            )
        lock = filelock.FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            progress("Waiting for another process that is building this index", 0, None)
            lock.acquire()
        try:
            yield
        finally:
            lock.release()
    except OSError as error:
        # What numpy raises for a short write has no errno.
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "requested and" in str(error):
            raise IndexWriteError(
                f"No space left to write the index in {folder}. The last complete index is untouched.",
                hint="Free some space, or name another folder: ask --index FOLDER ... (or ASK_INDEX).",
            ) from error
        raise IndexWriteError(
            f"The index in {folder} cannot be written: {error.strerror or error}.",
            hint="Name a folder that you can write: ask --index FOLDER ... (or ASK_INDEX).",
        ) from error


def _build(
    folder: Path, roots: Sequence[Path], corpus: Corpus, embedder: Embedder, old: Index | None, progress: Progress
) -> Refreshed:
    passages, texts = _cut(corpus.papers)
    partial = folder / _PARTIAL
    known = known_vectors(partial, old, embedder)
    staging = folder / f"{_number(folder) + 1:04d}-{uuid4().hex[:4]}"
    try:
        staging.mkdir()
        (staging / "embedder").write_text(embedder.name, encoding="utf-8")
        np.save(staging / "passages.npy", passages)
        added = write_vectors(staging / "vectors.f16", passages["key"], texts, known, embedder, progress)
        known = []
        vectors = np.memmap(staging / "vectors.f16", dtype=VECTOR, mode="r", shape=(len(passages), embedder.dimension))
        removed = write_chroma(staging / "chroma", passages["key"], vectors, embedder, old, progress)
        progress("Indexing words", 0, None)
        WordIndex.build(_searched_terms(p) for p in corpus.papers).save(staging / "words")
        Lexicon.build(corpus.papers, embedder, old.lexicon if old else None).save(staging / "lexicon.npz")
        PaperStore.write(staging / "papers.db", corpus.papers, _acronyms(corpus.papers))
        content = fingerprint(corpus.papers)
        Manifest(
            format=FORMAT,
            embedder=embedder.name,
            dimension=embedder.dimension,
            papers=len(corpus.papers),
            passages=len(passages),
            index=hashlib.sha256(f"{FORMAT}\0{embedder.name}\0{content}".encode()).hexdigest()[:16],
            corpus=content,
            places=places(corpus.papers),
            roots=_resolved(roots),
            stamps=corpus.stamps,
            warnings=corpus.warnings,
        ).write(staging / "manifest.json")
    except BaseException:
        _keep_vectors(staging, partial)
        raise
    _use(folder, staging)
    return Refreshed(added, len(passages) - added, removed)


def _cut(papers: Sequence[Paper]) -> tuple[npt.NDArray[np.void], list[str]]:
    rows, texts = [], []
    for row, paper in enumerate(papers):
        for number, passage in enumerate(passages_of(paper)):
            text = embedded_text(paper, passage)
            rows.append((row, passage.start, passage.end, passage_key(paper, number, text)))
            texts.append(text)
    return np.array(rows, dtype=PASSAGE), texts


def _acronyms(papers: Sequence[Paper]) -> Iterator[tuple[str, str]]:
    for paper in papers:
        for short, long in spelled_out(paper.abstract):
            yield short.casefold(), " ".join(terms(long))


def _generations(folder: Path) -> list[Path]:
    """The generations in a folder, finished or not, and nothing that a user may keep beside them."""
    return [p for p in folder.iterdir() if _GENERATION.fullmatch(p.name) and (p / "embedder").is_file()]


def _number(folder: Path) -> int:
    return max((int(p.name.split("-")[0]) for p in _generations(folder)), default=0)


def _use(folder: Path, staging: Path) -> None:
    """Name the new generation, then clear away all but it and the one before, which readers may hold."""
    before = None
    with suppress(IndexUnusableError):
        before = current_generation(folder)
    pointer = folder / "current.tmp"
    pointer.write_text(staging.name, encoding="utf-8")
    pointer.replace(folder / "current")
    for other in [*_generations(folder), folder / _PARTIAL]:
        if other not in (staging, before):
            shutil.rmtree(other, ignore_errors=True)


def _keep_vectors(staging: Path, partial: Path) -> None:
    """After a failed build keep its vectors for the next one, or those of an earlier one that has more."""
    if _size(staging / "vectors.f16") > _size(partial / "vectors.f16"):
        for waste in ("chroma", "words"):
            shutil.rmtree(staging / waste, ignore_errors=True)
        shutil.rmtree(partial, ignore_errors=True)
        staging.replace(partial)
    else:
        shutil.rmtree(staging, ignore_errors=True)


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _searched_terms(paper: Paper) -> list[str]:
    # The title counts twice: +0.007 nDCG@10 on SciFact's training queries, +0.005 on Cranfield.
    return terms(paper.title) + terms(f"{paper.title}. {paper.abstract}")
