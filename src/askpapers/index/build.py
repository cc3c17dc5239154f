"""Makes and refreshes the index: one writer, a new generation beside the last good one, then a swap.

Only text that the last generation (or a build that was interrupted) has no vector for is embedded.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from askpapers.corpus import Corpus, fingerprint, places
from askpapers.errors import IndexDamagedError
from askpapers.index.checksums import sum_file
from askpapers.index.embedder import Embedder
from askpapers.index.generation import VECTOR, Index
from askpapers.index.graph import fill_beside
from askpapers.index.layout import PARTIAL, clear_away, current_generation, generations, use
from askpapers.index.left_out import write_left_out
from askpapers.index.manifest import GROWING, Manifest, OlderFormatError
from askpapers.index.opening import check_files
from askpapers.index.parts import PartsRead
from askpapers.index.places import relocate
from askpapers.index.sending import remove_others, send
from askpapers.index.shards import are_shards, read_papers, stamps_of_corpus
from askpapers.index.staging import fill, finish, interrupted, lay_out
from askpapers.index.stores import RemoteStore
from askpapers.index.writing import gather_interrupted, keep_vectors, writing
from askpapers.progress import Progress

_OTHER_CONTENT = (
    "The index was made by another version of askpapers, which read or cut papers otherwise. It is made anew; only"
    " sentences that changed are embedded."
)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did, in passages: those embedded anew, those taken over, those no longer there.

    `mended` says what was damaged and is made anew, `remade` why a sound index of these papers was.
    """

    added: int
    kept: int
    removed: int
    mended: tuple[str, ...] = ()
    remade: str = ""


def is_fresh(folder: Path, roots: Sequence[Path]) -> bool:
    """Whether the index in use was made of the files as they are now (by path, size and time of change).

    One of an older format, or by a version that takes something else of the files, is not.
    Raises CorpusError, IndexDamagedError, and IndexMismatchError for a newer format.
    """
    generation = current_generation(folder)
    if generation is None:
        return False
    try:
        manifest = Manifest.read(generation)
    except OlderFormatError:
        return False
    return _is_of(manifest, roots) and manifest.stamps == stamps_of_corpus(roots)


def _is_of(manifest: Manifest, roots: Sequence[Path]) -> bool:
    return manifest.roots == _resolved(roots) and manifest.has_this_content


def _resolved(roots: Sequence[Path]) -> tuple[str, ...]:
    return tuple(str(root.resolve()) for root in roots)


def refresh(
    folder: Path,
    roots: Sequence[Path],
    embedder: Embedder,
    progress: Progress,
    *,
    rebuild: bool = False,
    replace_embedder: bool = False,
    unless_fresh: bool = False,
    remote: RemoteStore | None = None,
    waiting: Callable[[], None] = lambda: None,
) -> Refreshed:
    """Bring the index in step with the corpus, and mend it where it is damaged.

    With `rebuild` nothing of what is there is used; with `replace_embedder` an index of another embedder is made
    anew; `unless_fresh` does nothing where another process has done it meanwhile. With a `remote` store the vectors are
    brought in step there, too, instead of in Chroma's folder. The last good index stays until the new one is complete.
    `waiting` is called now and then while another process is writing, and may raise.
    Raises CorpusError, IndexWriteError, EmbedderError, VectorStoreError, and IndexMismatchError where the index was
    made by another embedder or a newer version.
    """
    with writing(folder, progress, waiting):
        if unless_fresh and _is_fresh_and_readable(folder, roots):
            return Refreshed(0, 0, 0)
        if rebuild:
            shutil.rmtree(folder / PARTIAL, ignore_errors=True)
        with _last(folder, embedder, progress, rebuild, replace_embedder) as (old, damage, remade):
            staging, shards = None if rebuild else _resumable(folder, roots, embedder, old), list[Path]()
            if staging is None:
                if not rebuild:
                    gather_interrupted(folder)
                parts = PartsRead(folder, roots, embedder, progress) if _is_first(folder) else None
                read, shards = read_papers(roots, progress, parts)
                corpus = relocate(read, roots)
                if old and _holds(old, corpus) and old.has_graph == (remote is None):
                    if remote:
                        send(folder, remote.open(create=True), old.passages["key"], old.vectors, progress)
                        remove_others(folder, remote.open(), old.passages["key"])
                    _restamp(old, roots, corpus)
                    clear_away(folder)
                    return Refreshed(0, old.manifest.passages, 0)
                contents = parts.contents if parts else None
                staging = lay_out(folder, _resolved(roots), corpus, embedder, progress, contents)
                if parts:
                    clear_away(folder, being_made=staging)
                del read, corpus  # they are in the folder, and not small
            sources = shards if rebuild else [*generations(folder), folder / PARTIAL, *shards]
            done = _complete(folder, staging, sources, embedder, old, progress, damage, remote)
            return replace(done, mended=tuple(damage.values()), remade=remade)


def _resumable(folder: Path, roots: Sequence[Path], embedder: Embedder, old: Index | None) -> Path | None:
    """The generation of the files as they are now that an interrupted build has begun."""
    stamps = stamps_of_corpus(roots)
    is_fresh = old is not None and _is_of(old.manifest, roots) and old.manifest.stamps == stamps
    return None if is_fresh or are_shards(roots) else interrupted(folder, _resolved(roots), stamps, embedder)


def _is_first(folder: Path) -> bool:
    """Whether there is no index that is asked meanwhile."""
    with suppress(IndexDamagedError):
        return current_generation(folder) is None
    return False


def _is_fresh_and_readable(folder: Path, roots: Sequence[Path]) -> bool:
    try:
        return is_fresh(folder, roots)
    except IndexDamagedError:
        return False


@contextmanager
def _last(
    folder: Path, embedder: Embedder, progress: Progress, rebuild: bool, replace_embedder: bool
) -> Iterator[tuple[Index | None, dict[Path, str], str]]:
    """The index in use, if there is a good one to go on from, what is damaged otherwise, and why it is made anew."""
    damage: dict[Path, str] = {}
    remade = ""
    index, generation = None, None
    if not rebuild:
        try:
            generation = current_generation(folder)
            manifest = Manifest.read(generation) if generation else None
            if generation and manifest and not (replace_embedder and manifest.embedder != embedder.name):
                manifest.check_embedder(embedder.name)
                check_files(generation, manifest, progress, whole=True)
                index = Index(generation, manifest)
                index.open_all()
                remade = "" if manifest.has_this_content else _OTHER_CONTENT
        except OlderFormatError as error:
            remade = f"{error} It is made anew."
        except IndexDamagedError as error:
            damage[generation or folder] = str(error)
            index = None
    if remade:
        progress(remade.removesuffix("."), 0, None)
    if index is None:
        yield None, damage, remade
    else:
        with closing(index):
            yield index, damage, remade


def _holds(index: Index, corpus: Corpus) -> bool:
    """Whether the index holds just these papers, read from the same places, as this version would make it."""
    manifest = index.manifest
    return (
        manifest.has_this_content
        and manifest.corpus == fingerprint(corpus.papers)
        and manifest.places == places(corpus.papers)
    )


def _restamp(old: Index, roots: Sequence[Path], corpus: Corpus) -> None:
    manifest = Manifest.read(old.generation)
    name = write_left_out(old.generation, corpus.left_out)
    files = {file: of_file for file, of_file in manifest.files.items() if file != manifest.left_out}
    now = replace(
        manifest,
        stamps=corpus.stamps,
        roots=_resolved(roots),
        warnings=corpus.warnings,
        left_out=name,
        left_out_count=corpus.left_out.count,
        files={**files, name: sum_file(old.generation / name)},
    )
    if now != manifest:
        now.write(old.generation)


def _complete(
    folder: Path,
    staging: Path,
    sources: Sequence[Path],
    embedder: Embedder,
    old: Index | None,
    progress: Progress,
    damaged: Collection[Path],
    remote: RemoteStore | None,
) -> Refreshed:
    """Fill a generation that was laid out, and use it."""
    try:
        passages = np.load(staging / "passages.npy", mmap_mode="r")
        removed = len(np.setdiff1d(old.passages["key"], passages["key"])) if old else 0
        if remote:
            added = fill(staging, sources, embedder, progress)
            shape = (len(passages), embedder.dimension)
            vectors = np.memmap(staging / "vectors.f16", dtype=VECTOR, mode="r", shape=shape)
            send(folder, remote.open(create=True), passages["key"], vectors, progress)
        else:
            shutil.rmtree(staging / "chroma", ignore_errors=True)  # of a build that was interrupted
            filling = partial(fill, staging, sources, embedder, progress)
            added = fill_beside(filling, staging, passages["key"], embedder, old, progress)
        finish(staging)
    except OSError:  # most likely the disk is full: only what took long is kept
        keep_vectors(staging, folder)
        raise
    use(folder, staging, damaged)
    (staging / GROWING).unlink(missing_ok=True)
    if remote:
        remove_others(folder, remote.open(), passages["key"])
    return Refreshed(added, len(passages) - added, removed)
