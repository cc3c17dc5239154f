"""What one run of the command line is given by the process that it runs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from askpapers.settings import Settings

if TYPE_CHECKING:
    from askpapers.engine import Corpus
    from askpapers.progress import Progress

OpenCorpus = Callable[[Settings, "Progress"], AbstractContextManager["Corpus"]]
"""Opens the corpus that settings name, for as long as it is used."""


@contextmanager
def open_once(settings: Settings, progress: Progress, *, complete: bool = False) -> Iterator[Corpus]:
    """Open a corpus, and close it at the end. With `complete` an index that is being built is waited for."""
    from askpapers.engine import open_settings

    opened = open_settings(settings, progress, complete=complete)
    try:
        yield opened
    finally:
        opened.close()


@dataclass(frozen=True, slots=True)
class Session:
    """How corpora are opened, and whether a question at a terminal leaves a process in the background behind."""

    open: OpenCorpus = open_once
    leaves_server: bool = False


def current_session() -> Session:
    """The session of the command that runs."""
    context = click.get_current_context(silent=True)
    return (context.find_object(Session) if context else None) or Session()
