"""Opens an index: takes a lease on a generation, checks its files, and falls back on the last good one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from askpapers.errors import IndexDamagedError, IndexUnusableError
from askpapers.index.checksums import find_damage
from askpapers.index.generation import Index
from askpapers.index.layout import clear_away, current_generation, finished_generations, newest_growing
from askpapers.index.leases import Lease, guarded, take_lease, writer_lock
from askpapers.index.manifest import GROWING, MEND_HINT, Manifest
from askpapers.progress import Progress

_NAMED = 3  # damaged files that are named


def open_index(folder: Path, progress: Progress, roots: Sequence[Path] = ()) -> Index | None:
    """Open the generation in use, or the last good one where that is damaged; None where no index was made yet.

    Places are told under `roots`. Raises IndexMismatchError, and IndexDamagedError where no generation is good.
    """
    try:
        with guarded(folder):
            generation = current_generation(folder)
            lease = take_lease(generation) if generation else None
        if generation is None or lease is None:
            return None
        index = open_generation(generation, lease, progress, roots)
    except IndexDamagedError as error:
        return _open_last_good(folder, error, progress, roots)
    _clear_away(folder)
    return index


def made_with(folder: Path) -> Manifest | None:
    """What the index in use was made of and by, or the last good one; None where there is no such index.

    Where there is none yet it is the one that is being made.
    """
    with suppress(IndexUnusableError):
        if (current := current_generation(folder)) is None:
            growing = newest_growing(folder)
            return Manifest.read(growing, GROWING) if growing else None
        return Manifest.read(current)
    for generation in finished_generations(folder):
        with suppress(IndexUnusableError):
            return Manifest.read(generation)
    return None


def open_generation(
    generation: Path, lease: Lease, progress: Progress, roots: Sequence[Path] = (), *, whole: bool = False
) -> Index:
    """Open one generation after a check of its files, of every byte with `whole` and where a reader of it has crashed.

    Raises IndexMismatchError or IndexDamagedError.
    """
    try:
        manifest = Manifest.read(generation)
        check_files(generation, manifest, progress, whole=whole or lease.crashed)
        return Index(generation, manifest, lease, roots)
    except BaseException:
        lease.release()
        raise


def check_files(generation: Path, manifest: Manifest, progress: Progress, *, whole: bool) -> None:
    """Raise IndexDamagedError unless the files are as they were made."""
    damage = find_damage(
        generation,
        manifest.files,
        whole=whole,
        progress=lambda done, total: progress("Checking the index", done, total),
    )
    if damage:
        more = f" and {len(damage) - _NAMED} more" if len(damage) > _NAMED else ""
        raise IndexDamagedError(
            f"The index in {generation} is damaged: {'; '.join(damage[:_NAMED])}{more}.", hint=MEND_HINT
        )


def _open_last_good(folder: Path, error: IndexDamagedError, progress: Progress, roots: Sequence[Path]) -> Index:
    """The newest generation that is as it was made, with a note; else raise the error of the one in use."""
    for generation in finished_generations(folder):
        with guarded(folder):
            lease = take_lease(generation)
        try:
            index = open_generation(generation, lease, progress, roots)
        except IndexDamagedError:
            continue
        index.notes = (f"{error} This answer is from the last good one, {generation.name}. {error.hint}.",)
        return index
    raise error


def _clear_away(folder: Path) -> None:
    """Remove what a reader held when its successor was made, unless a writer is at work, who does it then."""
    if len(finished_generations(folder)) > 2:
        with suppress(OSError, _BusyError), writer_lock(folder, _busy):
            clear_away(folder, unfinished=False)


class _BusyError(Exception):
    pass


def _busy() -> None:
    raise _BusyError
