"""The files of a corpus, in reading order, and what tells that one has changed."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from askpapers.corpus.left_out import LeftOut
from askpapers.errors import CorpusError

BEIR_FILES = {"corpus.jsonl", "queries.jsonl"}


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
    """Stamp every file of the corpus, in reading order, without opening one; see `find_files`."""
    return find_files(roots)[0]


def find_files(roots: Sequence[Path]) -> tuple[tuple[FileStamp, ...], tuple[LeftOut, ...]]:
    """The stamps of every file of the corpus, in reading order, and the folders that are left out.

    Linked folders are walked where they are not walked anyway. Hidden files and folders, `ask.toml` and an index that
    lies inside the corpus are passed over, and in BEIR's layout the questions beside the corpus. Raises CorpusError
    for a root that is not there and a file that cannot be looked at.
    """
    places: dict[Path, tuple[int, str]] = {}
    left_out: list[LeftOut] = []
    try:
        for number, root in enumerate(roots):
            for path in sorted(_files(root, left_out)):
                places.setdefault(path, (number, "" if path == root else path.relative_to(root).as_posix()))
        infos = [(place, path.stat()) for path, place in places.items()]
    except OSError as error:
        raise CorpusError(
            f"{error.filename} cannot be read: {error.strerror}.",
            hint="Check that it is there and may be read, or move it out of the corpus.",
        ) from error
    stamps = tuple(FileStamp(*place, info.st_size, info.st_mtime_ns) for place, info in infos)
    return stamps, tuple(dict.fromkeys(left_out))


def is_paper_name(name: str, beside: Collection[str]) -> bool:
    """Whether a file of this name is looked at, with these names beside it in its folder."""
    if set(beside) >= BEIR_FILES:
        return name == "corpus.jsonl"
    return not name.startswith(".") and name != "ask.toml"


def _files(root: Path, left_out: list[LeftOut]) -> list[Path]:
    if root.is_file():
        return [root]
    if not root.is_dir():
        raise CorpusError(
            f"There is no corpus at {root}.",
            hint="Name a folder of abstracts: ask --corpus FOLDER ..., or set ASK_CORPUS.",
        )

    def leave_out(error: OSError) -> None:
        if error.filename == str(root):
            raise error
        left_out.append(LeftOut(error.filename, 0, f"the folder cannot be read: {error.strerror}"))

    files: list[Path] = []
    walked: set[tuple[int, int] | None] = set()
    waiting = [root]  # and links to folders, which are walked when all that is no link was
    while waiting:
        top = waiting.pop(0)
        if _is_in(walked, top):
            continue
        for name, subfolders, names in os.walk(top, onerror=leave_out):
            folder = Path(name)
            walked.add(_identity(folder))
            inner = [folder / n for n in sorted(subfolders) if not n.startswith(".") and not _is_index(folder / n)]
            waiting += [path for path in inner if path.is_symlink()]
            subfolders[:] = [p.name for p in inner if not (p.is_symlink() or _is_in(walked, p))]
            wanted = (folder / n for n in names if is_paper_name(n, names))
            files += [path for path in wanted if path.is_file() or path.is_symlink()]
    return files


def _is_in(walked: Collection[tuple[int, int] | None], folder: Path) -> bool:
    identity = _identity(folder)
    return identity is not None and identity in walked


def _identity(folder: Path) -> tuple[int, int] | None:
    """What a folder is, by whichever path it is reached; None where that cannot be found out."""
    try:
        info = folder.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _is_index(folder: Path) -> bool:
    """Whether a folder is an index that lies inside the corpus: it changes with each build and is no corpus."""
    try:
        return (folder / "current").is_file() and (folder / "lock").exists()
    except OSError:
        return False  # walking into it will say why it cannot be read
