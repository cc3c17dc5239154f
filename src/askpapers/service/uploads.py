"""Files that a page has sent for what it does next: they are removed once that is done, or after a time."""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from askpapers.errors import UsageError
from askpapers.service.upload_limits import LARGEST_FILE
from askpapers.text import printable

UPLOAD_PATH = "/upload"
MOST_SECONDS = 30 * 60
"""Seconds after which a file that was not used is removed."""
LARGEST_FOLDER = 500_000_000
"""Bytes of uploads that wait to be used, of all readers; beyond it no more are taken."""
_NAME = "askpapers-uploads-"
_LEFT_BEHIND = 24 * 3600  # seconds: older folders are of servers that were killed
_LONGEST_NAME = 60  # characters: at most 240 bytes, which every file system takes


def upload_folder() -> Path:
    """A folder for the uploads of this process, of Gradio's too; those that killed servers left are removed."""
    parent = Path(os.environ.get("GRADIO_TEMP_DIR") or tempfile.gettempdir())
    if parent.name.startswith(_NAME):
        return parent  # another page of this process has it
    for folder in parent.glob(f"{_NAME}*"):
        if folder.is_dir() and _age(folder, time.time()) > _LEFT_BEHIND:
            shutil.rmtree(folder, ignore_errors=True)
    made = tempfile.mkdtemp(prefix=_NAME, dir=parent)
    os.environ["GRADIO_TEMP_DIR"] = made
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return Path(made)


class Uploads:
    """The files of pages in a folder, each in a folder of its own whose name, which no one can guess, is its key."""

    def __init__(self, folder: Path) -> None:
        """Keep files in a folder."""
        self._folder = folder
        self._keys: set[str] = set()

    async def store(self, name: str, content: AsyncIterator[bytes]) -> str:
        """Store a file under the name that it had; gives its key. Raises UsageError for one that is too large."""
        key, size = secrets.token_hex(16), 0
        place = self._folder / key / _file_name(name)
        place.parent.mkdir()
        self._keys.add(key)
        try:
            with place.open("wb") as file:
                async for block in content:
                    size += len(block)
                    if size > LARGEST_FILE:
                        limit = LARGEST_FILE // 1_000_000
                        raise UsageError(f"{place.name} is larger than {limit} MB.", hint="Add less at once.")
                    await asyncio.to_thread(file.write, block)
        except BaseException:  # the reader may have left
            self._remove(key)
            raise
        return key

    @contextmanager
    def used(self, keys: Sequence[str]) -> Iterator[list[Path]]:
        """The files of some keys, which are removed in the end. Raises UsageError where one is not there any more."""
        try:
            places = [place for key in keys for place in self._place(key)]
            if len(places) != len(keys):
                raise UsageError("A file that was sent is not there any more.", hint="Choose it again.")
            yield places
        finally:
            for key in keys:
                self._remove(key)

    def sweep(self, now: float | None = None) -> None:
        """Remove what has been there for long."""
        now = time.time() if now is None else now
        for key in [*self._keys]:
            if any(_age(place, now) > MOST_SECONDS for place in self._place(key)):
                self._remove(key)

    def full(self) -> bool:
        """Whether there is room for no more."""
        sizes = (_size(path) for path in self._folder.rglob("*"))
        return sum(sizes) > LARGEST_FOLDER

    def close(self) -> None:
        """Remove all files."""
        for key in [*self._keys]:
            self._remove(key)

    def _place(self, key: str) -> list[Path]:
        return [*(self._folder / key).iterdir()] if key in self._keys else []

    def _remove(self, key: str) -> None:
        if key in self._keys:
            self._keys.discard(key)
            shutil.rmtree(self._folder / key, ignore_errors=True)


def _file_name(name: str) -> str:
    """The name of a file without a folder in it, and without characters that some systems do not take."""
    last = re.sub(r'[<>:"|?*]', "-", printable(name).replace("\\", "/")).rpartition("/")[2]
    return last[-_LONGEST_NAME:].strip(". ") or "file"


def _age(path: Path, now: float) -> float:
    try:
        return now - path.stat().st_mtime
    except OSError:
        return 0.0


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0
