"""Says that a model is still reading, until the first of its words comes: on a small machine that takes a minute."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TypeVar

from askpapers.progress import Progress

T = TypeVar("T")

_EVERY = 1.0  # seconds


def awaited(pieces: Iterator[T], progress: Progress, tokens: int) -> Iterator[T]:
    """Pass on the pieces that a model writes; until the first one comes it is reported how long it has read its tokens.

    `progress` is called each second, from another thread, and no more when the first piece has come.
    """
    stage = f"The model is reading {tokens:,} tokens"
    has_come = threading.Event()
    begin = time.monotonic()

    def report() -> None:
        while not has_come.wait(_EVERY):
            # Whoever listens may raise to end the work; that has to happen on the thread that works, as soon as it can.
            with suppress(BaseException):
                progress(f"{stage} ({time.monotonic() - begin:.0f} s)", 0, None)

    progress(stage, 0, None)
    reporting = threading.Thread(target=report, daemon=True)
    reporting.start()
    try:
        first = next(pieces, None)
    finally:
        has_come.set()
        # Ctrl-C may have come in the middle of a write to the terminal, whose lock the other thread then never gets.
        reporting.join(_EVERY)
    if first is not None:
        progress("The model is writing", 0, None)
        yield first
        yield from pieces
