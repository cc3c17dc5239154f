"""Stores files of papers in the folder of a corpus and brings its index in step, or changes nothing."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from askpapers.corpus import read_corpus
from askpapers.corpus.left_out import LeftOutList
from askpapers.errors import UsageError
from askpapers.index.build import refresh
from askpapers.index.embedder import Embedder
from askpapers.index.shards import are_shards
from askpapers.index.stores import remote_store
from askpapers.progress import Progress
from askpapers.settings import Settings
from askpapers.text import printable, same_text_key

FOLDER = "added"
"""The folder of a corpus that files are added to."""
_SHOWN = 5  # titles of new papers


@dataclass(frozen=True, slots=True)
class Compared:
    """How many papers of a file are new and how many are there already, and what of it is no paper.

    `titles` are those of the first new ones.
    """

    new: int
    there: int
    left_out: LeftOutList
    titles: tuple[str, ...] = ()


def compared(file: Path, known: set[str]) -> Compared:
    """Compare a file with the texts that are known, by their keys, to which its own are added. Raises CorpusError."""
    read = read_corpus([file])
    title_of = {same_text_key(paper.abstract): paper.title for paper in read.papers}
    new = [key for key in title_of if key not in known]
    known.update(new)
    titles = tuple(title_of[key] for key in new[:_SHOWN])
    return Compared(len(new), len(title_of) - len(new), read.left_out, titles)


def store(
    files: Sequence[tuple[str, Path]], folder: Path, settings: Settings, embedder: Embedder, progress: Progress
) -> list[Path]:
    """Copy files into a folder of the corpus, each under a name like the one given, and refresh the index.

    Raises UsageError where they cannot be stored, and what `refresh` raises; nothing is stored then.
    """
    if are_shards(settings.corpus):
        raise UsageError(
            "This corpus is one of shards, which takes no papers.",
            hint="Add them where a shard is made, and copy it here.",
        )
    stored: list[Path] = []
    made: list[Path] = []
    hidden: list[Path] = []
    try:
        made = [place for place in (folder, *folder.parents) if not place.exists()]
        folder.mkdir(exist_ok=True, parents=True)
        for name, file in files:
            place = _free(folder, name)
            hidden.append(place.with_name(f".{place.name}.part"))
            stored.append(place)
            shutil.copyfile(file, hidden[-1])
            hidden[-1].replace(place)
        refresh(settings.index, settings.corpus, embedder, progress, remote=remote_store(settings, embedder))
    except BaseException as error:
        for place in (*hidden, *stored):
            place.unlink(missing_ok=True)
        for place in made:
            place.rmdir()
        if isinstance(error, OSError):
            raise UsageError(
                f"The papers cannot be stored: {error.strerror}.", hint="Check the space and the folder's permissions."
            ) from error
        raise
    return stored


def remove(names: Sequence[str], folder: Path, settings: Settings, embedder: Embedder, progress: Progress) -> None:
    """Take files that were added out of the folder and the index again; where that fails they stay.

    Raises UsageError where one is not there or cannot be removed, and what `refresh` raises.
    """
    there = added_files(folder)
    if missing := [name for name in names if name not in there]:
        raise UsageError(f"“{missing[0]}” was not added here.", hint="Reload the page.")
    aside = [(folder / name, folder / f".{name}.part") for name in names]
    try:
        for place, hidden in aside:
            place.replace(hidden)
        refresh(settings.index, settings.corpus, embedder, progress)
    except BaseException as error:
        for place, hidden in aside:
            if hidden.exists():
                hidden.replace(place)
        if isinstance(error, OSError):
            raise UsageError(
                f"It cannot be removed: {error.strerror}.", hint="Check the folder's permissions."
            ) from error
        raise
    for _, hidden in aside:
        hidden.unlink(missing_ok=True)


def added_files(folder: Path) -> list[str]:
    """The names of the files that were added, the latest first."""
    if not folder.is_dir():
        return []
    files = [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]
    return [path.name for path in sorted(files, key=lambda path: (-path.stat().st_mtime_ns, path.name))]


def safe_name(name: str) -> str:
    """A file name of letters, digits, dots and hyphens, without any folder in it."""
    last = printable(unicodedata.normalize("NFC", name)).replace("\\", "/").rpartition("/")[2]
    stem, dot, kind = last.rpartition(".")
    if kind.lower() == "gz" and "." in stem:
        stem, dot, inner = stem.rpartition(".")
        kind = f"{inner}.gz"
    stem = re.sub(r"[^\w-]+", "-", stem if dot else kind).strip("-_")[:60] or "papers"
    return f"{stem}.{re.sub(r'[^a-z0-9.]', '', kind.lower())}" if dot else stem


def _free(folder: Path, name: str) -> Path:
    stem, kind = Path(name).stem, Path(name).suffix
    places = (folder / (f"added-{stem}{kind}" if not n else f"added-{stem}-{n}{kind}") for n in range(10_000))
    return next(place for place in places if not place.exists())
