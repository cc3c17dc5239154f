"""Reads a corpus: folders or files of abstracts, to papers.

One abstract in five places is one paper with five sources. A file that cannot be read as what it claims to
be stops the reading with its name and line: a silent gap would make every "no paper says so" a lie.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from askpapers.corpus.merge import Found, merge
from askpapers.corpus.records import Omitted, Reader
from askpapers.corpus.tables import TEXT_FIELDS, csv_columns, read_csv, read_json_lines
from askpapers.corpus.text_files import read_text
from askpapers.corpus.titles import FACTS_COLUMN, Facts, read_facts
from askpapers.datatypes import Paper
from askpapers.errors import CorpusError
from askpapers.metadata import NO_METADATA

READERS: dict[str, Reader] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
}
KINDS = "text (.txt, .md), JSON lines (.jsonl, .jsonl.gz) and CSV"


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells that a file is the one that was read: place, size in bytes, time of change.

    The place is the number of the corpus root and the path below it ("" for a root that is a file), so that
    it is the same wherever the corpus is asked from.
    """

    root: int
    path: str
    size: int
    mtime_ns: int

    def under(self, roots: Sequence[Path]) -> Path:
        """The file, as the given roots name it."""
        return roots[self.root] / self.path if self.path else roots[self.root]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The papers of a corpus in reading order, with what was read and what was left out."""

    papers: tuple[Paper, ...]
    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...]


def read_corpus(roots: Sequence[Path], progress: Callable[[int], None] | None = None) -> Corpus:
    """Read every file of the corpus.

    `progress` is told the number of abstracts read so far. Raises CorpusError when a root is missing, when
    a file cannot be read, and when no abstract is found.
    """
    stamps = stamp_files(roots)
    found: list[Found] = []
    facts: list[Facts] = []
    warnings: list[str] = []
    for stamp in stamps:
        path = stamp.under(roots)
        reader = READERS.get(_kind(path))
        if reader is None:
            warnings.append(f"{path}: left out, not one of {KINDS}")
        elif _kind(path) == ".csv" and FACTS_COLUMN in (columns := csv_columns(path)):
            facts += read_facts(path)
        elif _kind(path) == ".csv" and not columns & set(TEXT_FIELDS):
            warnings.append(f"{path}: left out, it has no column 'abstract' or 'text'")
        else:
            before, empty = len(found), 0
            for record in reader(path):
                if isinstance(record, Omitted) or not record.text:
                    empty += 1
                    continue
                found.append(Found(str(path.absolute()), record))
                if progress and len(found) % 1000 == 0:
                    progress(len(found))
            if len(found) == before:
                warnings.append(f"{path}: no abstract found in it")
            elif empty:
                warnings.append(f"{path}: {empty:,} records without an abstract are left out")
    if not found:
        raise CorpusError(
            f"No abstract found in {', '.join(map(str, roots))}.",
            hint=f"Put abstracts there as {KINDS}; in text, one a paragraph or behind 'Abstract:'.",
        )
    papers, more = merge(found, facts)
    return Corpus(tuple(papers), stamps, tuple(warnings + more))


def stamp_files(roots: Sequence[Path]) -> tuple[FileStamp, ...]:
    """Stamp every file of the corpus, in reading order, without opening one."""
    try:
        places: dict[Path, tuple[int, str]] = {}
        for number, root in enumerate(roots):
            for path in sorted(_files(root)):
                places.setdefault(path, (number, "" if path == root else path.relative_to(root).as_posix()))
        infos = [(place, path.stat()) for path, place in places.items()]
    except OSError as error:
        raise CorpusError(
            f"{error.filename} cannot be read: {error.strerror}.",
            hint="Check that it is there and may be read, or move it out of the corpus.",
        ) from error
    return tuple(FileStamp(*place, info.st_size, info.st_mtime_ns) for place, info in infos)


def places(papers: Iterable[Paper]) -> str:
    """A sha256 over where the papers were read from, in order."""
    digest = hashlib.sha256()
    for paper in papers:
        digest.update(repr(paper.sources).encode())
    return digest.hexdigest()


def fingerprint(papers: Iterable[Paper]) -> str:
    """A sha256 over everything in the papers that an answer can show, in order."""
    digest = hashlib.sha256()
    for paper in papers:
        facts = (paper.id, paper.title, paper.year, paper.authors, paper.url, paper.abstract)
        digest.update(repr(facts if paper.metadata == NO_METADATA else (*facts, paper.metadata)).encode())
    return digest.hexdigest()


def _kind(path: Path) -> str:
    name = Path(path.stem) if path.suffix.lower() == ".gz" else path
    return name.suffix.lower()


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    if not root.is_dir():
        raise CorpusError(
            f"There is no corpus at {root}.",
            hint="Name a folder of abstracts: ask --corpus FOLDER ..., or set ASK_CORPUS.",
        )

    def refuse(error: OSError) -> None:
        raise error

    files: list[Path] = []
    for folder, subfolders, names in os.walk(root, onerror=refuse):
        subfolders[:] = [n for n in subfolders if not n.startswith(".") and not _is_index(Path(folder) / n)]
        # In BEIR's layout the questions lie beside the corpus; they are no papers.
        beir = "corpus.jsonl" in names and "queries.jsonl" in names
        wanted = ["corpus.jsonl"] if beir else [n for n in names if not n.startswith(".")]
        files += [path for name in wanted if (path := Path(folder) / name).is_file() or path.is_symlink()]
    return files


def _is_index(folder: Path) -> bool:
    """Whether a folder is an index that lies inside the corpus: it changes with each build and is no corpus."""
    try:
        return (folder / "current").is_file() and (folder / "lock").exists()
    except OSError:
        return False  # walking into it will say why it cannot be read
