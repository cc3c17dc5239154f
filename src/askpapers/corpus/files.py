"""The files of a corpus, in reading order, and what tells that one has changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askpapers.errors import CorpusError


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
