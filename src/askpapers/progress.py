"""How far work that takes long has come: what everything that takes long is given, and calls now and then."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much of it is done, and how much there is; None where that is not known."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""
