"""Adding papers: files from a reader's machine are checked aside, then stored beside the corpus, then indexed.

Nothing of the corpus is touched before every check of a file has passed, and where the index cannot be brought
in step the stored files are taken away again.
"""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from askpapers.engine import Corpus
from askpapers.engine.adding import FOLDER, compared, remove, safe_name, store
from askpapers.errors import AskPapersError, UsageError
from askpapers.progress import Progress
from askpapers.service.upload_limits import Allowance, Limits, TooLongError
from askpapers.settings import Settings
from askpapers.text import same_text_key

MOST_FILES = 50
_BLOCK = 1 << 20
_REPACK = "Unpack it and give the files in it."


@dataclass(frozen=True, slots=True)
class AddedFile:
    """What became of one file: how many papers are new, how many were there, or why it was refused.

    `left_out` has the reasons why records of it are no papers, each with how many. `titles` are those of the first new
    ones, `stored` is what it is called in the corpus ("" where it is not there).
    """

    name: str
    new: int = 0
    there: int = 0
    failed: str = ""
    hint: str = ""
    titles: tuple[str, ...] = ()
    stored: str = ""
    left_out: tuple[tuple[str, int], ...] = ()


def why_not(settings: Settings) -> str:
    """Why papers cannot be added to this corpus, or ""."""
    root = settings.corpus[0]
    if settings.is_example:
        return "This is the example corpus that comes with the program. Open a folder of your own to add papers."
    if not root.is_dir():
        return "The corpus is a single file. Open a folder to add papers."
    if not os.access(root, os.W_OK) or ((root / FOLDER).exists() and not os.access(root / FOLDER, os.W_OK)):
        return "The folder of the corpus cannot be written."
    if not (root / FOLDER).resolve().is_relative_to(root.resolve()):
        return f"The folder “{FOLDER}” of the corpus leads out of it."
    return ""


def add_papers(
    files: Sequence[tuple[str, Path]],
    corpus: Corpus,
    settings: Settings,
    progress: Progress,
    limits: Limits = Limits(),  # noqa: B008 - it is frozen
    *,
    only_look: bool = False,
) -> Iterator[tuple[AddedFile, ...]]:
    """Add files, each given by the name it came under and where it lies; gives what became of each, once, in order.

    The files in a zip archive are added one by one. With `only_look` all is checked and nothing added. One addition at
    a time: see `CorpusService.adding`. Raises UsageError where papers cannot be added at all or it takes too long, and
    what `refresh` raises; nothing is stored then.
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
        for number, (name, path, refused) in enumerate(_unpacked(files, Path(aside), MOST_FILES, limits.size)):
            progress("Reading files", number, None)
            shown = safe_name(name)
            try:
                if refused:
                    raise refused
                place = Path(aside) / str(number) / shown
                place.parent.mkdir()
                readable = allowance.take(shown, path, place, progress)
                found = compared(readable, known)
                left_out = [(reason, count.files + count.records) for reason, count in found.left_out.by_reason()]
                result = AddedFile(shown, found.new, found.there, titles=found.titles, left_out=tuple(left_out))
            except TooLongError:
                raise
            except AskPapersError as error:
                result = AddedFile(shown, failed=_without(aside, str(error)), hint=_without(aside, error.hint))
            else:
                if result.new:
                    good.append((shown.removesuffix(".gz"), readable))
            checked.append(result)
        if good and not only_look:
            stored = store(good, settings.corpus[0] / FOLDER, settings, corpus.embedder, progress)
            places = iter(stored)
            checked = [replace(one, stored=next(places).name) if one.new else one for one in checked]
        yield tuple(checked)


def remove_added(names: Sequence[str], corpus: Corpus, settings: Settings, progress: Progress) -> Iterator[bool]:
    """Take files that were added out again; gives True once it is done.

    Raises UsageError where one was not added or cannot be removed, and what `refresh` raises; all stay then.
    """
    if reason := why_not(settings):
        raise UsageError(reason, hint="Start it with --corpus FOLDER.")
    remove(names, settings.corpus[0] / FOLDER, settings, corpus.embedder, progress)
    yield True


def pasted_name(text: str) -> str:
    """What a pasted text would be called as a file: its kind is seen from how it begins."""
    begins = text.lstrip()[:2_000]
    header = begins.partition("\n")[0].lower()
    if begins.startswith("{"):
        return "pasted.jsonl"
    return "pasted.csv" if re.search(r"(^|,)\s*\"?(abstract|text)\"?\s*(,|$)", header) else "pasted.txt"


def _unpacked(
    files: Sequence[tuple[str, Path]], aside: Path, most_files: int, most_bytes: int
) -> Iterator[tuple[str, Path, UsageError | None]]:
    """The files, each with its name and where it lies; for a zip archive those in it, written to a folder `aside`.

    With an archive that cannot be taken comes why. An archive in an archive stays one file.
    """
    for number, (name, path) in enumerate(files):
        if not (name.lower().endswith(".zip") and zipfile.is_zipfile(path)):
            yield name, path, None
            continue
        folder = aside / f"zip-{number}"
        folder.mkdir()
        try:
            yield from [(member, place, None) for member, place in _members(name, path, folder, most_files, most_bytes)]
        except UsageError as error:
            yield name, path, error


def _members(name: str, path: Path, folder: Path, most_files: int, most_bytes: int) -> Iterator[tuple[str, Path]]:
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = [one for one in archive.infolist() if _is_wanted(one)]
            if not wanted:
                raise UsageError(f"{name} has no files in it.", hint="Choose another.")
            if len(wanted) > most_files:
                raise UsageError(f"{name} has {len(wanted):,} files in it.", hint=f"Add at most {most_files} at once.")
            left = most_bytes
            for number, member in enumerate(wanted):
                place = folder / str(number)
                with archive.open(member) as packed, place.open("wb") as plain:
                    while block := packed.read(_BLOCK):
                        left -= len(block)
                        if left < 0:
                            megabytes = most_bytes // 1_000_000
                            raise UsageError(f"{name} unpacks to more than {megabytes} MB.", hint="Add less at once.")
                        plain.write(block)
                yield member.filename, place
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        what = "is locked with a password" if isinstance(error, RuntimeError) else "cannot be unpacked"
        raise UsageError(f"{name} {what}.", hint=_REPACK) from error


def _is_wanted(member: zipfile.ZipInfo) -> bool:
    """Whether it is a file of its own, and none that a system put beside it."""
    parts = member.filename.replace("\\", "/").split("/")
    return not member.is_dir() and parts[0] != "__MACOSX" and not parts[-1].startswith(".")


def _without(aside: str, message: str) -> str:
    """A message without the folders that files are read in."""
    return re.sub(rf"{re.escape(aside + os.sep)}\d+{re.escape(os.sep)}", "", message)
