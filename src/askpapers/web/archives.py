"""Files out of a zip archive: so many and so large together as may be added at once."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from askpapers.errors import UsageError

_BLOCK = 1 << 20
_REPACK = "Unpack it and give the files in it."


def unpacked(
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
