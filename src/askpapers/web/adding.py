"""Adding papers: files from a reader's machine are checked aside, then stored beside the corpus, then indexed.

Nothing of the corpus is touched before every check of a file has passed, and where the index cannot be brought
in step the stored files are taken away again.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from askpapers.corpus import read_corpus
from askpapers.engine import Corpus
from askpapers.errors import AskPapersError, UsageError
from askpapers.index.build import refresh
from askpapers.settings import Settings
from askpapers.text import printable, same_text_key
from askpapers.web.upload_limits import Allowance, Limits, TooLongError
from askpapers.web.work import ProgressCall

MOST_FILES = 50
_FOLDER = "added"


@dataclass(frozen=True, slots=True)
class AddedFile:
    """What became of one file: how many papers are new, how many were there, or why it was refused."""

    name: str
    new: int = 0
    there: int = 0
    failed: str = ""
    hint: str = ""


def why_not(settings: Settings) -> str:
    """Why papers cannot be added to this corpus, or ""."""
    root = settings.corpus[0]
    if settings.is_example:
        return "This is the example corpus that comes with the program. Open a folder of your own to add papers."
    if not root.is_dir():
        return "The corpus is a single file. Open a folder to add papers."
    if not os.access(root, os.W_OK) or ((root / _FOLDER).exists() and not os.access(root / _FOLDER, os.W_OK)):
        return "The folder of the corpus cannot be written."
    if not (root / _FOLDER).resolve().is_relative_to(root.resolve()):
        return f"The folder “{_FOLDER}” of the corpus leads out of it."
    return ""


def add_papers(
    files: Sequence[tuple[str, Path]],
    corpus: Corpus,
    settings: Settings,
    progress: ProgressCall,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
) -> Iterator[tuple[AddedFile, ...]]:
    """Add files, each given by the name it came under and where it lies; gives what became of each, once, in order.

    One addition at a time: see `Desk.adding`. Raises UsageError where papers cannot be added at all or it
    takes too long, and what `refresh` raises; nothing is stored then.
    """
    if reason := why_not(settings):
        raise UsageError(reason, hint="Start it with --corpus FOLDER.")
    if len(files) > MOST_FILES:
        raise UsageError(f"These are {len(files)} files.", hint=f"Add at most {MOST_FILES} at once.")
    allowance = Allowance(limits)
    progress = allowance.within_time(progress)
    with tempfile.TemporaryDirectory() as aside:
        progress("Comparing with the papers that are there", 0, None)
        known = {same_text_key(paper.abstract) for paper in corpus.index.papers}
        checked: list[AddedFile] = []
        good: list[tuple[str, Path]] = []
        for number, (name, path) in enumerate(files):
            progress("Reading files", number, len(files))
            shown = _safe_name(name)
            try:
                place = Path(aside) / str(number) / shown
                place.parent.mkdir()
                readable = allowance.take(shown, path, place, progress)
                result = _compared(shown, readable, known)
            except TooLongError:
                raise
            except AskPapersError as error:
                result = AddedFile(shown, failed=_without(aside, str(error)), hint=_without(aside, error.hint))
            else:
                if result.new:
                    good.append((shown.removesuffix(".gz"), readable))
            checked.append(result)
        if good:
            _store(good, settings, corpus, progress)
        yield tuple(checked)


def pasted_name(text: str) -> str:
    """What a pasted text would be called as a file: its kind is told by how it begins."""
    begins = text.lstrip()[:2_000]
    header = begins.partition("\n")[0].lower()
    if begins.startswith("{"):
        return "pasted.jsonl"
    return "pasted.csv" if re.search(r"(^|,)\s*\"?(abstract|text)\"?\s*(,|$)", header) else "pasted.txt"


def _without(aside: str, message: str) -> str:
    """A message without the folders that files are read in."""
    return re.sub(rf"{re.escape(aside + os.sep)}\d+{re.escape(os.sep)}", "", message)


def _compared(name: str, file: Path, known: set[str]) -> AddedFile:
    keys = {same_text_key(paper.abstract) for paper in read_corpus([file]).papers}
    new = keys - known
    known |= new
    return AddedFile(name, new=len(new), there=len(keys) - len(new))


def _store(good: Sequence[tuple[str, Path]], settings: Settings, corpus: Corpus, progress: ProgressCall) -> None:
    folder = settings.corpus[0] / _FOLDER
    stored: list[Path] = []
    try:
        folder.mkdir(exist_ok=True)
        for name, file in good:
            place = _free(folder, name)
            hidden = place.with_name(f".{place.name}.part")
            stored += [hidden, place]
            shutil.copyfile(file, hidden)
            hidden.replace(place)
        refresh(settings.index, settings.corpus, corpus.embedder, progress)
    except BaseException as error:
        for place in stored:
            place.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageError(
                f"The papers cannot be stored: {error.strerror}.", hint="Check the space and the folder's permissions."
            ) from error
        raise


def _free(folder: Path, name: str) -> Path:
    stem, kind = Path(name).stem, Path(name).suffix
    places = (folder / (f"added-{stem}{kind}" if not n else f"added-{stem}-{n}{kind}") for n in range(10_000))
    return next(place for place in places if not place.exists())


def _safe_name(name: str) -> str:
    """A file name of letters, digits, dots and hyphens, without any folder in it."""
    last = printable(unicodedata.normalize("NFC", name)).replace("\\", "/").rpartition("/")[2]
    stem, dot, kind = last.rpartition(".")
    if kind.lower() == "gz" and "." in stem:
        stem, dot, inner = stem.rpartition(".")
        kind = f"{inner}.gz"
    stem = re.sub(r"[^\w-]+", "-", stem if dot else kind).strip("-_")[:60] or "papers"
    return f"{stem}.{re.sub(r'[^a-z0-9.]', '', kind.lower())}" if dot else stem
