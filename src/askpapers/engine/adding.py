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
from askpapers.index.filling import Progress
from askpapers.index.shards import are_shards
from askpapers.index.stores import remote_store
from askpapers.settings import Settings
from askpapers.text import printable, same_text_key

FOLDER = "added"
"""The folder of a corpus that files are added to."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many papers of a file are new and how many are there already, and what of it is no paper."""

    new: int
    there: int
    left_out: LeftOutList


def compared(file: Path, known: set[str]) -> Compared:
    """Compare a file with the texts that are known, by their keys, to which its own are added. Raises CorpusError."""
    read = read_corpus([file])
    keys = {same_text_key(paper.abstract) for paper in read.papers}
    new = keys - known
    known |= new
    return Compared(len(new), len(keys) - len(new), read.left_out)


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
