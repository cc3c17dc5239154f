"""Checksums of the files of a generation: taken when it is made, checked before anything reads the files.

Native code that reads a damaged file may end the process instead of raising an error, so the check comes first.
Small files are read whole each time. A large one is read whole when its size or times are not those of the last
check, which `checked.json` holds: a copied or restored index is checked once, and a large one opens quickly.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SMALL = 4_000_000
"""Bytes up to which a file is read whole at each check."""

CHUNK_DIGEST = 16
"""Bytes of the checksum of one chunk of vectors."""

_CHECKED = "checked.json"
# The manifests have a checksum of their own.
_NOT_CHECKED = {"manifest.json", "manifest.tmp", "growing.json", _CHECKED, "checked.tmp"}
_BLOCK = 1 << 20

Stamp = tuple[int, int, int]
"""Size in bytes, time of change and time of change of the inode, both in ns."""


@dataclass(frozen=True, slots=True)
class FileSum:
    """The size of a file in bytes and its sha256."""

    size: int
    sha256: str


def sum_files(generation: Path) -> dict[str, FileSum]:
    """The checksums of all files of a new generation by name. Raises OSError."""
    files = sorted(path for path in generation.rglob("*") if path.is_file() and path.name not in _NOT_CHECKED)
    sums, stamps = {}, {}
    for path in files:
        name = path.relative_to(generation).as_posix()
        stamps[name] = _stamp(path)
        sums[name] = FileSum(stamps[name][0], _digest(path, lambda count: None))
    _write_checked(generation, stamps)
    return sums


def sum_file(file: Path) -> FileSum:
    """The checksum of one file. Raises OSError."""
    return FileSum(_stamp(file)[0], _digest(file, lambda count: None))


def find_damage(
    generation: Path,
    sums: Mapping[str, FileSum],
    *,
    whole: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[str]:
    """What is wrong with the files of a generation, a phrase for each; nothing where all are as they were made.

    `whole` reads every file. `progress` is told the bytes that were checked, and of how many, where that takes long.
    """
    checked, now, damage = _read_checked(generation), dict[str, Stamp](), list[str]()
    wrong = set[str]()
    total, done = sum(s.size for s in sums.values()), 0
    for name, expected in sums.items():
        try:
            stamp = _stamp(generation / name)
            if stamp[0] != expected.size:
                damage.append(f"{name} has {stamp[0]:,} bytes instead of {expected.size:,}")
            elif whole or expected.size <= SMALL or checked.get(name) != stamp:
                before, is_long = done, whole or expected.size > SMALL

                def on_read(count: int, before: int = before, is_long: bool = is_long) -> None:
                    if is_long:
                        progress(before + count, total)

                if _digest(generation / name, on_read) != expected.sha256:
                    damage.append(f"{name} has changed")
                    wrong.add(name)
                else:
                    now[name] = stamp
        except OSError as error:
            damage.append(f"{name}: {error.strerror}")
        done += expected.size
    # What is damaged is checked again the next time, whatever its times say.
    found = {name: stamp for name, stamp in checked.items() if name not in wrong} | now
    if found != checked:
        _write_checked(generation, found)
    return damage


def stamps_of(generation: Path, names: Iterable[str]) -> dict[str, Stamp]:
    """The sizes and times of the files, to see later whether one was touched; without those that are not there."""

    def found() -> Iterator[tuple[str, Stamp]]:
        for name in names:
            try:
                yield name, _stamp(generation / name)
            except OSError:
                continue

    return dict(found())


def chunk_digest(*parts: bytes) -> bytes:
    """The checksum of one chunk of vectors with their keys."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()[:CHUNK_DIGEST]


def _stamp(file: Path) -> Stamp:
    info = file.stat()
    if not stat.S_ISREG(info.st_mode):
        raise OSError(0, "no regular file")
    return info.st_size, info.st_mtime_ns, info.st_ctime_ns


def _digest(file: Path, progress: Callable[[int], None]) -> str:
    digest, count = hashlib.sha256(), 0
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            count += len(block)
            progress(count)
    return digest.hexdigest()


def _read_checked(generation: Path) -> dict[str, Stamp]:
    """The sizes and times at the last check; nothing where that cannot be read, so that all is checked."""
    try:
        read = json.loads((generation / _CHECKED).read_text(encoding="utf-8"))
        return {str(name): (int(size), int(mtime), int(ctime)) for name, (size, mtime, ctime) in read.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write_checked(generation: Path, stamps: Mapping[str, Stamp]) -> None:
    """Remember what was checked, where that can be written."""
    try:
        temporary = generation / "checked.tmp"
        temporary.write_text(json.dumps(stamps), encoding="utf-8")
        temporary.replace(generation / _CHECKED)
    except OSError:
        return
