"""Writing an index: one writer at a time, errors in one line, and the vectors of builds that did not end."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from askpapers.errors import IndexWriteError
from askpapers.index import manifest
from askpapers.index.layout import PARTIAL, generations
from askpapers.index.leases import guarded, is_leased, writer_lock
from askpapers.progress import Progress


@contextmanager
def writing(folder: Path, progress: Progress, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the folder's lock, and say in one line why the index could not be written.

    While another process has it, `waiting` is called now and then, besides `progress`; it may raise.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "lock").exists() and any(folder.iterdir()):
            raise IndexWriteError(
                f"{folder} is no index, and other files are in it.",
                hint="Name a new or an empty folder for the index: ask --index FOLDER ... (or ASK_INDEX).",
            )

        def wait() -> None:
            progress("Waiting for another process that is building this index", 0, None)
            waiting()

        with writer_lock(folder, wait):
            yield
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


def gather_interrupted(folder: Path) -> None:
    """Keep the vectors of builds that were killed for the next one; one that is read stays where it is."""
    for killed in generations(folder):
        with guarded(folder):
            is_read = is_leased(killed)
        if not (killed / manifest.NAME).exists() and not is_read:
            keep_vectors(killed, folder)


def keep_vectors(staging: Path, folder: Path) -> None:
    """After a failed build keep its vectors, if there are any, for the next one, or an earlier one's that has more."""
    partial = folder / PARTIAL
    if _size(staging) and (_embedder(partial) != _embedder(staging) or _size(staging) > _size(partial)):
        (staging / manifest.GROWING).unlink(missing_ok=True)
        for waste in ("chroma", "words"):
            shutil.rmtree(staging / waste, ignore_errors=True)
        (staging / "papers.db").unlink(missing_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        staging.replace(partial)
    else:
        shutil.rmtree(staging, ignore_errors=True)


def _embedder(folder: Path) -> str | None:
    with suppress(OSError, UnicodeDecodeError):
        return (folder / "embedder").read_text(encoding="utf-8")
    return None


def _size(folder: Path) -> int:
    vectors = folder / "vectors.f16"
    return vectors.stat().st_size if vectors.exists() else 0
