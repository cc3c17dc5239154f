"""Builds the first index of a large corpus in a process of its own, so that a page can be asked while it is built."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from askpapers.settings import Settings

LARGE = 5_000_000
"""Bytes of a corpus (some 4,000 abstracts, packed more) from which on its first index is not waited for."""

_TICK = 0.1
_ENDING = 10.0  # seconds that a build may take to end; it goes on where it was with the next one


@contextmanager
def building_beside(settings: Settings, large: int = LARGE) -> Iterator[None]:
    """Build the first index of a corpus of more bytes than `large` in a process of its own, which ends with the block.

    When the block begins, that process is the one that writes the index: opening the corpus waits until it can be
    asked, as it does for a build in another terminal. Where the build fails, opening it says why. Where there is an
    index, or one is being built, nothing is done. Raises CorpusError.
    """
    if not _is_wanted(settings, large):
        yield
        return
    options = [f"--corpus={path}" for path in settings.corpus] + [f"--index={settings.store or settings.index}"]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "askpapers", "index", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None and not _is_written(settings.index):
            time.sleep(_TICK)
        yield
    finally:
        process.terminate()
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _is_wanted(settings: Settings, large: int) -> bool:
    from askpapers.index.layout import pointer
    from askpapers.index.shards import are_shards, stamps_of_corpus

    if pointer(settings.index) is not None or _is_written(settings.index) or are_shards(settings.corpus):
        return False
    return sum(stamp.size for stamp in stamps_of_corpus(settings.corpus)) > large


def _is_written(folder: Path) -> bool:
    from askpapers.index.leases import has_writer

    return folder.is_dir() and has_writer(folder)
