"""The folder of an index: which generations there are, which one is in use, and what is cleared away.

FOLDER/current              the name of the generation in use, replaced in one step
FOLDER/lock                 held by the one process that writes
FOLDER/leases/              a locked file of each reader, by the generation that it reads
FOLDER/0001-3fa2/           a generation, see `generation.py`; one without a manifest was never finished: it is being
                            made, or gone on with, see `staging.py`
FOLDER/partial/             the vectors of a build that was interrupted, used by the next one
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from askpapers.errors import IndexDamagedError, IndexUnusableError
from askpapers.index import manifest
from askpapers.index.leases import guarded, is_leased
from askpapers.index.manifest import MEND_HINT, Manifest

PARTIAL = "partial"
_GENERATION = re.compile(r"\d{4,}-[0-9a-f]{4}")
_REMOVED = re.compile(r"removed-\d{4,}-[0-9a-f]{4}")


def pointer(folder: Path) -> str | None:
    """What `current` says, or None where no index was made yet."""
    try:
        return (folder / "current").read_bytes()[:100].decode(errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise IndexDamagedError(f"{folder / 'current'} cannot be read: {error.strerror}.", hint=MEND_HINT) from error


def current_generation(folder: Path) -> Path | None:
    """The generation in use, or None where no index was made yet. Raises IndexDamagedError."""
    name = pointer(folder)
    if name is None:
        return None
    if not is_generation_name(name):
        raise IndexDamagedError(f"{folder / 'current'} names no generation.", hint=MEND_HINT)
    return folder / name


def is_generation_name(name: str) -> bool:
    """Whether a generation can have this name."""
    return bool(_GENERATION.fullmatch(name))


def generations(folder: Path) -> list[Path]:
    """The generations in a folder, the newest first, and nothing that a user may keep beside them."""
    found = [p for p in folder.iterdir() if _GENERATION.fullmatch(p.name) and (p / "embedder").is_file()]
    return sorted(found, key=_number, reverse=True)


def finished_generations(folder: Path) -> list[Path]:
    """Those of the generations that were once in use, the newest first."""
    return [generation for generation in generations(folder) if (generation / manifest.NAME).exists()]


def newest_growing(folder: Path) -> Path | None:
    """The generation that is being made, or was to be made by a process that was killed; None where there is none."""
    if not folder.is_dir():
        return None
    return next((found for found in generations(folder) if (found / manifest.GROWING).is_file()), None)


def new_generation(folder: Path) -> Path:
    """A place for the next generation."""
    last = max((_number(generation) for generation in generations(folder)), default=0)
    return folder / f"{last + 1:04d}-{uuid4().hex[:4]}"


def _number(generation: Path) -> int:
    return int(generation.name.split("-")[0])


def use(folder: Path, generation: Path, damaged: Collection[Path] = ()) -> None:
    """Name a finished generation in `current`, then clear away. Hold the writer's lock."""
    temporary = folder / "current.tmp"
    temporary.write_text(generation.name, encoding="utf-8")
    temporary.replace(folder / "current")
    shutil.rmtree(folder / PARTIAL, ignore_errors=True)
    clear_away(folder, damaged)


def clear_away(
    folder: Path, damaged: Collection[Path] = (), *, unfinished: bool = True, being_made: Path | None = None
) -> None:
    """Remove the generations that are neither in use, nor the last good one before it, nor read by anyone.

    Those that were never finished stay unless `unfinished` is set; of them only the one that is `being_made` does.
    Hold the writer's lock: one may be being made otherwise.
    """
    current = current_generation(folder)
    others = [generation for generation in generations(folder) if generation not in (current, being_made)]
    before = next((g for g in others if g not in damaged and _has_manifest(g)), None)
    with guarded(folder):
        for other in others:
            is_finished = (other / manifest.NAME).exists()
            if other != before and (is_finished or unfinished) and not is_leased(other):
                with suppress(OSError):  # on Windows it is in use
                    other.replace(folder / f"removed-{other.name}")
    for removed in folder.iterdir():
        if _REMOVED.fullmatch(removed.name):
            shutil.rmtree(removed, ignore_errors=True)


def _has_manifest(generation: Path) -> bool:
    with suppress(IndexUnusableError):
        Manifest.read(generation)
        return True
    return False
