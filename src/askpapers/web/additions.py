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
from askpapers.text import plain
from askpapers.web.citing import verbatim
from askpapers.web.markup import Html, button, element, joined
from askpapers.web.page_requests import AdditionRequest
from askpapers.web.streams import failed, updates

ADDING_OFF = "Adding papers is off: this page is served to a network without a login."
_CANCELLED = "Cancelled. Nothing was added."


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
        service, files, shown = self._service, [(path.name, path) for path in uploaded], joined()
        if not self._writable:
            yield failed(ADDING_OFF, "Start it with --auth USER.")
            return
        with tempfile.TemporaryDirectory() as aside:
            if sent.pasted.strip():
                place = Path(aside) / "pasted"
                place.write_text(sent.pasted, encoding="utf-8", errors="replace")
                files.append((pasted_name(sent.pasted), place))
            if not files:
                yield element("p", "Choose a file or paste some abstracts first.", class_="note", role="status")
                return

            def add(progress: Progress) -> Iterator[tuple[AddedFile, ...]]:
                return add_papers(files, service.corpus, service.settings, progress, only_look=sent.look)

            def begin() -> Work[tuple[AddedFile, ...]]:
                self._under_way[sent.name] = work = service.adding.start(add, "page")
                return work

            def nothing_added(what: str, hint: str) -> Html:
                return failed(what, f"{hint} Nothing was added.")

            adding = updates(service, begin, lambda each: _results(each, looked=sent.look), nothing_added)
            try:
                async with aclosing(adding) as coming:
                    async for shown in coming:
                        yield shown
            finally:
                self._under_way.pop(sent.name, None)
        if not shown or 'class="doing"' in shown:
            yield element("p", _CANCELLED, class_="note", role="status")

    def cancel(self, name: str) -> None:
        """Stop an addition. What it shows then is what came of it: it may have been done already."""
        if work := self._under_way.get(name):
            work.close()


def added_before(service: CorpusService) -> Html:
    """The files that were added, each with a button that takes it out."""
    names = added_files(service.settings.corpus[0] / FOLDER)
    rows = [element("li", element("span", name, dir="auto"), _remover(name, "Remove")) for name in names]
    return joined(element("h3", "Added before"), element("ul", *rows, class_="added-files")) if rows else joined()


def take_out(service: CorpusService, names: Sequence[str]) -> None:
    """Take files that were added out of the corpus. Raises UsageError, BusyError, and what `refresh` raises."""
    for _ in service.adding.start(
        lambda progress: remove_added(names, service.corpus, service.settings, progress), "page"
    ):
        pass


def _remover(name: str, label: str) -> Html:
    return button(label, class_="remove", data_act="remove-added", data_file=verbatim(name))


def _results(each: Sequence[AddedFile], *, looked: bool) -> Html:
    shown = (_shown(one, looked) for one in each)
    return element("ul", *shown, class_="results looked-at" if looked else "results", role="status")


def _shown(one: AddedFile, only_looked_at: bool) -> Html:
    if one.failed:
        why = one.failed.removeprefix(one.name) if one.failed.startswith(one.name) else f": {one.failed}"
        return element("li", element("b", one.name), f"{why} {one.hint} Nothing of it was added.", class_="no")
    there = f", {one.there:,} already there" if one.there else ""
    more = one.new - len(one.titles)
    titles = [element("li", plain(title), dir="auto") for title in one.titles]
    titles += [element("li", f"and {more:,} more")] if more > 0 and titles else []
    return element(
        "li",
        element("b", one.name),
        f": {one.new:,} {'to add' if only_looked_at else 'new'}{there}. ",
        _remover(one.stored, "Undo") if one.stored else None,
        element("ul", *titles, class_="titles") if titles else None,
        class_="yes",
    )
