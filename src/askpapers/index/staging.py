"""A generation on its way: laid out with papers, passages and words; then filled with vectors; then finished.

    growing.json                what it is made of, with checksums of papers, passages and words
    lexicon.f16, lexicon.sums   the vectors of the words so far

From the first step on it can be asked (`growing.py`), and a build that is killed goes on in the same folder, where it
was: no file of papers is read again. All that the later steps need is in the folder.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from askpapers.corpus import Corpus, FileStamp, fingerprint, places
from askpapers.errors import IndexDamagedError, IndexUnusableError
from askpapers.index.checksums import find_damage, sum_files
from askpapers.index.contents import Content, Contents, PassageTexts
from askpapers.index.embedder import Embedder
from askpapers.index.filling import Known, known_of, known_vectors, write_vectors
from askpapers.index.growing import MANY
from askpapers.index.layout import new_generation, newest_growing
from askpapers.index.left_out import write_left_out
from askpapers.index.lexicon import Lexicon
from askpapers.index.manifest import FORMAT, GROWING, Manifest, index_fingerprint
from askpapers.index.numbered_terms import NumberedTerms
from askpapers.index.paper_rows import PaperRows, write_rows
from askpapers.index.papers import PaperStore
from askpapers.index.words import WordIndex
from askpapers.progress import Progress

_WORDS = ("lexicon.f16", "lexicon.sums")


def lay_out(
    folder: Path,
    roots: Sequence[str],
    corpus: Corpus,
    embedder: Embedder,
    progress: Progress,
    contents: Contents | None = None,
    *,
    is_part: bool = False,
) -> Path:
    """Begin a generation: write all but vectors. Raises OSError; nothing is left then.

    `contents` has what was made for the parts of the corpus so far, and takes what is made where this `is_part`.
    """
    staging = new_generation(folder)
    papers = corpus.papers
    try:
        staging.mkdir()
        (staging / "embedder").write_text(embedder.name, encoding="utf-8")
        passages, numbered = list[npt.NDArray[np.void]](), list[NumberedTerms]()

        def rows(parts: Iterable[Content]) -> Iterator[PaperRows]:
            done = 0
            for part in parts:
                progress("Cutting abstracts into sentences", done, len(papers))
                passages.append(part.passages)
                numbered.append(part.terms)
                done += len(part.rows.papers)
                yield part.rows

        with closing((contents or Contents()).of(papers, keep=is_part)) as parts:
            write_rows(staging / "papers.db", rows(parts))
        np.save(staging / "passages.npy", np.concatenate(passages))
        progress("Indexing words", 0, None)
        WordIndex.join(numbered).save(staging / "words")
        content = fingerprint(papers)
        Manifest(
            format=FORMAT,
            embedder=embedder.name,
            dimension=embedder.dimension,
            papers=len(papers),
            passages=sum(map(len, passages)),
            index=index_fingerprint(embedder.name, content),
            corpus=content,
            places=places(papers),
            roots=tuple(roots),
            stamps=corpus.stamps,
            warnings=corpus.warnings,
            left_out=write_left_out(staging, corpus.left_out),
            left_out_count=corpus.left_out.count,
            files=sum_files(staging),
        ).write(staging, GROWING)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return staging


def interrupted(folder: Path, roots: Sequence[str], stamps: Sequence[FileStamp], embedder: Embedder) -> Path | None:
    """The generation that a build of the same files by the same embedder has begun, if it is as it was laid out."""
    staging = newest_growing(folder)
    if staging is None:
        return None
    with suppress(IndexUnusableError):
        manifest = Manifest.read(staging, GROWING)
        same = (manifest.roots, manifest.stamps, manifest.embedder) == (tuple(roots), tuple(stamps), embedder.name)
        if same and manifest.has_this_content and not find_damage(staging, manifest.files, whole=True):
            return staging
    return None


def fill(
    staging: Path,
    sources: Sequence[Path],
    embedder: Embedder,
    progress: Progress,
    on_written: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write the vectors of words and passages, and give how many passages were embedded.

    Those that the folders `sources` have are taken over; `on_written` is told of how many are written.
    Raises OSError, EmbedderError.
    """
    passages = np.load(staging / "passages.npy", mmap_mode="r")
    roots = tuple(map(Path, Manifest.read(staging, GROWING).roots))
    with closing(PaperStore(staging / "papers.db", roots)) as papers:
        _write_lexicon(staging, papers, sources, embedder, progress)
        stage = "Embedding sentences"

        def on_embedded(done: int, total: int) -> None:
            meanwhile = " (questions can be asked from another terminal)" if total >= MANY else ""
            progress(stage + meanwhile, done, total)

        texts = PassageTexts(papers, passages)
        known = known_vectors([source for source in sources if source != staging], embedder)
        return write_vectors(
            staging / "vectors.f16", passages["key"], texts.at, known, embedder, on_embedded, on_written
        )


def finish(staging: Path) -> Manifest:
    """Write the manifest of a generation that has all its parts. Raises OSError."""
    for name in _WORDS:
        (staging / name).unlink(missing_ok=True)
    manifest = replace(Manifest.read(staging, GROWING), files=sum_files(staging))
    manifest.write(staging)
    return manifest


def _write_lexicon(
    staging: Path, papers: PaperStore, sources: Sequence[Path], embedder: Embedder, progress: Progress
) -> None:
    """Collect the words of the papers, then embed them."""
    file = staging / "lexicon.npz"
    try:
        lexicon = Lexicon.load(file)
    except IndexDamagedError:  # it is not there yet
        progress("Collecting words", 0, None)
        lexicon = Lexicon.collect(papers, embedder.dimension)
        lexicon.save(file)
    if lexicon.has_vectors:
        return
    surface, vectors = lexicon.surface.tolist(), staging / "lexicon.f16"
    known = list(_known_words([source for source in sources if source != staging], embedder))
    write_vectors(
        vectors,
        lexicon.keys,
        surface.__getitem__,
        known,
        embedder,
        lambda done, total: progress("Embedding words", done, total),
    )
    written = np.fromfile(vectors, dtype=lexicon.vectors.dtype).reshape(len(surface), embedder.dimension)
    replace(lexicon, vectors=written).save(file)


def _known_words(sources: Sequence[Path], embedder: Embedder) -> Iterator[Known]:
    """The words' vectors of folders by the same embedder."""
    for source in sources:
        with suppress(OSError, UnicodeDecodeError, IndexDamagedError):
            if (source / "embedder").read_text(encoding="utf-8") == embedder.name:
                lexicon = Lexicon.load(source / "lexicon.npz")
                if lexicon.has_vectors:
                    yield known_of(lexicon.keys, np.arange(len(lexicon.surface)), lexicon.vectors)
