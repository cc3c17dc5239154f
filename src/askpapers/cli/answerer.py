"""What the process in the background answers with: the command line, and corpora that stay open between questions."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askpapers.cli import main
from askpapers.cli.session import Session, open_once
from askpapers.engine import Corpus, open_settings
from askpapers.errors import AskPapersError
from askpapers.index.build import is_fresh
from askpapers.index.layout import newest_growing, pointer
from askpapers.index.leases import has_writer
from askpapers.progress import Progress, no_progress
from askpapers.prompts import load_prompts
from askpapers.settings import LIVE, Settings, load_settings, server_is_wanted

_MOST = 2  # corpora that are open at once; each has its models in memory
_FITTED = "fitted"  # the support check that reads no file of the user's
_FIRST_QUESTIONS = ("which papers are about models?", "how many models are there?")


@dataclass(frozen=True, slots=True)
class _Key:
    """What an open corpus was opened for; another answer is possible where one of them differs."""

    folder: str
    settings: Settings
    prompts: str
    model_file: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Open:
    key: _Key
    corpus: Corpus

    def close(self) -> None:
        # Its paths may be relative; where the folder is gone there is nothing that they could lead to.
        with suppress(OSError, AskPapersError), chdir(self.key.folder):
            self.corpus.close()


class OpenCorpora:
    """The corpora that were asked last, open. Used by one thread."""

    def __init__(self, most: int = _MOST) -> None:
        """Keep so many open."""
        self._most = most
        self._open: list[_Open] = []

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    @contextmanager
    def open(self, settings: Settings, progress: Progress) -> Iterator[Corpus]:
        """The corpus of the settings, as if it was opened now. It is closed where what uses it does not end well."""
        if not _can_stay(settings):
            with open_once(settings, progress) as opened:
                yield opened
            return
        key = _key(settings)
        found = next((one for one in self._open if one.key == key), None)
        if found:
            self._open.remove(found)
            if not found.corpus.is_current():
                found.close()
                found = None
        found = found or _Open(key, open_settings(settings, progress))
        try:
            yield found.corpus
        except AskPapersError:
            self._keep(found)
            raise
        except BaseException:
            found.close()
            raise
        self._keep(found)

    def _keep(self, one: _Open) -> None:
        self._open.append(one)
        while len(self._open) > self._most:
            self._open.pop(0).close()

    def drop_outdated(self) -> bool:
        """Close those whose index was made anew or removed; returns whether one is left, or none was open."""
        outdated = [one for one in self._open if not _is_current(one)]
        for one in outdated:
            self._open.remove(one)
            one.close()
        return bool(self._open) or all(_exists(one) for one in outdated)

    def close(self) -> None:
        """Close all."""
        while self._open:
            self._open.pop().close()


def _can_stay(settings: Settings) -> bool:
    """Whether the corpus can be kept open: it is in step with its files, and reads nothing that may change unseen."""
    if settings.model.traffic != LIVE or settings.check != _FITTED:
        return False
    try:
        return is_fresh(settings.index, settings.corpus) or _is_being_built(settings)
    except AskPapersError:  # opening it says what is wrong
        return False


def _is_being_built(settings: Settings) -> bool:
    """Whether another process is making the first index, and it can be asked so far."""
    folder = settings.index
    return pointer(folder) is None and newest_growing(folder) is not None and has_writer(folder)


def _key(settings: Settings) -> _Key:
    spec = settings.model.spec
    model_file = None
    if spec.startswith("gguf:"):
        with suppress(OSError):
            found = Path(spec.removeprefix("gguf:")).expanduser().stat()
            model_file = found.st_size, found.st_mtime_ns
    return _Key(os.getcwd(), settings, load_prompts(settings.model.prompts).sha256, model_file)  # noqa: PTH109


def _is_current(one: _Open) -> bool:
    with suppress(OSError, AskPapersError), chdir(one.key.folder):
        return one.corpus.is_current()
    return False


def _exists(one: _Open) -> bool:
    with suppress(OSError), chdir(one.key.folder):
        return one.key.settings.index.exists()
    return False


class CommandLine:
    """Answers by the command line."""

    def __init__(self) -> None:
        """With no corpus open."""
        self._corpora = OpenCorpora()
        self._session = Session(self._corpora.open)

    def warm(self, corpus: Sequence[str], index: str | None) -> None:
        """Open a corpus and all that its questions need. What is wrong with it is said to who asks."""
        with suppress(AskPapersError), self._corpora.open(load_settings(corpus, index), no_progress) as opened:
            opened.index.open_all()
            for question in _FIRST_QUESTIONS:
                opened.ask(question, llm="none")

    def refusal(self) -> str:
        """See `Answerer`."""
        return "" if server_is_wanted() else "server = false"

    def run(self) -> int:
        """See `Answerer`."""
        try:
            main(self._session)
            return 0
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else 0
        except Exception:
            traceback.print_exc()
            return 1
        finally:
            sys.stderr.flush()

    def tidy(self) -> bool:
        """See `Answerer`."""
        return self._corpora.drop_outdated()

    def close(self) -> None:
        """See `Answerer`."""
        self._corpora.close()

    def describe(self) -> Mapping[str, Any]:
        """See `Answerer`."""
        return {"corpora": len(self._corpora)}
