"""Files that readers have sent to the page and not added: whose they are, and when they are removed."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

KEPT_SECONDS = 30 * 60
"""Seconds after which a file that was not added is removed."""
LARGEST_FOLDER = 500_000_000
"""Bytes of uploads that wait to be added, of all readers; beyond it no more are taken."""
_REMEMBERED = 256
"""Closed pages that a late word of chosen files is told by."""
_NAME = "askpapers-uploads-"
_LEFT_BEHIND = 24 * 3600  # seconds: older folders are of servers that were killed


def upload_folder() -> Path:
    """A folder for the uploads of this process, as gradio is told; those that killed servers left are removed."""
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
    """The files in a folder, by the session of the page that sent them.

    The same file sent by two sessions lies there once; it goes when both are done with it.
    """

    def __init__(self, folder: Path) -> None:
        """Keep watch over a folder."""
        self._folder = folder.resolve()
        self._of: dict[str, set[Path]] = {}
        self._ended: deque[str] = deque(maxlen=_REMEMBERED)
        self._changing = threading.Lock()

    def hold(self, session: str, files: Sequence[str | Path]) -> None:
        """These are the files that a session has chosen now; others that it had are removed."""
        chosen = {path for file in files if (path := Path(file).resolve()).is_relative_to(self._folder)}
        with self._changing:
            before = self._of.pop(session, set())
            if session in self._ended:  # its page was closed before this was told
                self._remove(before | chosen)
                return
            if chosen:
                self._of[session] = chosen
            self._remove(before - chosen)

    def end(self, session: str) -> None:
        """Remove the files of a session whose page was closed, and those that it is still said to have chosen."""
        with self._changing:
            self._ended.append(session)
        self.drop(session)

    def drop(self, session: str) -> None:
        """Remove the files of a session."""
        self.hold(session, ())

    def sweep(self, now: float | None = None) -> None:
        """Remove what has been there for long, whoever sent it; files that were sent without the page too."""
        now = time.time() if now is None else now
        with self._changing:
            old = {path for path in self._folder.rglob("*") if path.is_file() and _age(path, now) > KEPT_SECONDS}
            for files in self._of.values():
                files -= old
            self._remove(old)

    def full(self) -> bool:
        """Whether there is room for no more."""
        sizes = (_size(path) for path in self._folder.rglob("*"))
        return sum(sizes) > LARGEST_FOLDER

    def close(self) -> None:
        """Remove all files that sessions still hold, and the folder when it is empty."""
        with self._changing:
            held = set().union(*self._of.values()) if self._of else set()
            self._of.clear()
            self._remove(held)

    def _remove(self, files: set[Path]) -> None:
        held = set().union(*self._of.values()) if self._of else set()
        for path in files - held:
            path.unlink(missing_ok=True)
            if path.parent != self._folder and not any(path.parent.iterdir()):
                path.parent.rmdir()


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
