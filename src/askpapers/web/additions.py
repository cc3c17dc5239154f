"""What the page shows while papers are added, what became of each file, and what was added before.

An addition can be looked at first, cancelled, and taken back.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from askpapers.engine.adding import FOLDER, added_files
from askpapers.progress import Progress
from askpapers.service.adding import AddedFile, add_papers, pasted_name, remove_added
from askpapers.service.corpus_service import CorpusService
from askpapers.service.work import Work
from askpapers.web.messages import AdditionRequest
from askpapers.web.rendering import Html, render
from askpapers.web.work_queue import failed, updates

ADDING_OFF = "Adding papers is off: this page is served to a network without a login."


class Additions:
    """Adds what a page has uploaded and pasted."""

    def __init__(self, service: CorpusService, *, writable: bool) -> None:
        """Add to the corpus of a service, where it is `writable` by this page."""
        self._service = service
        self._writable = writable
        self._under_way: dict[str, Work[Any]] = {}

    async def add(self, sent: AdditionRequest, uploaded: Sequence[Path]) -> AsyncGenerator[Html, None]:
        """Add uploaded files and a pasted text; gives how far it is, then what became of each.

        Where it is only looked, what would become of them.
        """
        service, files, is_done = self._service, [(path.name, path) for path in uploaded], False
        if not self._writable:
            yield failed(ADDING_OFF, "Start it with --auth USER.")
            return
        with tempfile.TemporaryDirectory() as aside:
            if sent.pasted.strip():
                place = Path(aside) / "pasted"
                place.write_text(sent.pasted, encoding="utf-8", errors="replace")
                files.append((pasted_name(sent.pasted), place))
            if not files:
                yield render("status.html", kind="note", text="Choose a file or paste some abstracts first.")
                return

            def add(progress: Progress) -> Iterator[tuple[AddedFile, ...]]:
                return add_papers(files, service.corpus, service.settings, progress, only_look=sent.look)

            def begin() -> Work[tuple[AddedFile, ...]]:
                self._under_way[sent.name] = work = service.adding.start(add, "page")
                return work

            def results(each: Sequence[AddedFile]) -> Html:
                nonlocal is_done
                is_done = True
                return render("added.html", results=[(one, _why(one)) for one in each], looked=sent.look)

            def nothing_added(what: str, hint: str) -> Html:
                nonlocal is_done
                is_done = True
                return failed(what, f"{hint} Nothing was added.")

            try:
                async with aclosing(updates(service, begin, results, nothing_added)) as coming:
                    async for shown in coming:
                        yield shown
            finally:
                self._under_way.pop(sent.name, None)
        if not is_done:
            yield render("status.html", kind="note", text="Cancelled. Nothing was added.")

    def cancel(self, name: str) -> None:
        """Stop an addition. What it shows then is what came of it: it may have been done already."""
        if work := self._under_way.get(name):
            work.close()


def added_before(service: CorpusService) -> Html:
    """The files that were added, each with a button that takes it out."""
    return render("added_before.html", names=added_files(service.settings.corpus[0] / FOLDER))


def take_out(service: CorpusService, names: Sequence[str]) -> None:
    """Take files that were added out of the corpus. Raises UsageError, BusyError, and what `refresh` raises."""
    for _ in service.adding.start(
        lambda progress: remove_added(names, service.corpus, service.settings, progress), "page"
    ):
        pass


def _why(one: AddedFile) -> str:
    """What stands behind the name of a file that was not added."""
    return one.failed.removeprefix(one.name) if one.failed.startswith(one.name) else f": {one.failed}"
