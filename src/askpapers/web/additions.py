"""What the page shows while papers are added, what became of each file, and what was added before.

An addition can be looked at first, cancelled, and taken back.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from askpapers.engine.adding import FOLDER, added_files
from askpapers.errors import AskPapersError
from askpapers.text import plain
from askpapers.web.adding import AddedFile, add_papers, pasted_name, remove_added
from askpapers.web.citing import verbatim
from askpapers.web.desk import Desk
from askpapers.web.markup import Html, element, joined
from askpapers.web.uploads import Uploads
from askpapers.web.work import ProgressCall, Progressed, Work

_FRAME = 0.1  # seconds between two pictures
_CANCELLED = "Cancelled. Nothing was added."


class Additions:
    """Adds what a session of the page has uploaded and pasted, and removes the uploads afterwards."""

    def __init__(self, desk: Desk, uploads: Uploads) -> None:
        """Add to the corpus of a desk."""
        self._desk = desk
        self._uploads = uploads
        self._under_way: dict[str, Work[Any]] = {}

    async def add(
        self, session: str, uploaded: Sequence[str], pasted: str, *, only_look: bool = False
    ) -> AsyncGenerator[Html, None]:
        """Add uploaded files and a pasted text; gives what is being done, then what became of each file.

        With `only_look` what would become of them: they stay where they are.
        """
        files = [(Path(path).name, Path(path)) for path in uploaded]
        with tempfile.TemporaryDirectory() as aside:
            if pasted.strip():
                place = Path(aside) / "pasted"
                place.write_text(pasted, encoding="utf-8", errors="replace")
                files.append((pasted_name(pasted), place))
            if not files:
                yield element("p", "Choose a file or paste some abstracts first.", class_="note", role="status")
                return
            try:
                async for shown in self._added(session, files, only_look):
                    yield shown
            except AskPapersError as error:
                what, hint = self._desk.told(error)
                body = joined(element("p", what, class_="what"), element("p", f"{hint} Nothing was added."))
                yield element("div", body, class_="failed", role="alert")
            finally:
                self._under_way.pop(session, None)
                if not only_look:
                    self._uploads.drop(session)

    async def _added(
        self, session: str, files: Sequence[tuple[str, Path]], only_look: bool
    ) -> AsyncGenerator[Html, None]:
        desk = self._desk

        def add(progress: ProgressCall) -> Iterator[tuple[AddedFile, ...]]:
            return add_papers(files, desk.corpus, desk.settings, progress, only_look=only_look)

        with closing(desk.adding.start(add, "page")) as work:
            self._under_way[session] = work
            async for happened in work:
                last = happened[-1]
                if isinstance(last, Progressed):
                    count = f": {last.done:,}" + (f" of {last.total:,}" if last.total else "") if last.done else ""
                    yield element("p", f"{last.stage}{count} …", class_="doing", role="status")
                    await asyncio.sleep(_FRAME)
                else:
                    list_of = "results looked-at" if only_look else "results"
                    yield element("ul", *(_shown(one, only_look) for one in last), class_=list_of, role="status")
                    return
        yield element("p", _CANCELLED, class_="note", role="status")

    def cancel(self, session: str) -> None:
        """Stop what a session adds. What it shows then is what came of it: it may have been done already."""
        if work := self._under_way.get(session):
            work.close()

    def forget(self, session: str) -> None:
        """Remove what a session has uploaded and not added."""
        if session not in self._under_way:
            self._uploads.drop(session)


def added_before(desk: Desk) -> Html:
    """The files that were added, each with a button that takes it out."""
    names = added_files(desk.settings.corpus[0] / FOLDER)
    rows = [element("li", element("span", name, dir="auto"), _remover(name, "Remove")) for name in names]
    return joined(element("h3", "Added before"), element("ul", *rows, class_="added-files")) if rows else joined()


def take_out(desk: Desk, names: Sequence[str]) -> None:
    """Take files that were added out of the corpus. Raises UsageError, BusyError, and what `refresh` raises."""
    for _ in desk.adding.start(lambda told: remove_added(names, desk.corpus, desk.settings, told), "page"):
        pass


def _remover(name: str, label: str) -> Html:
    return element("button", label, type="button", class_="remove", data_act="remove-added", data_file=verbatim(name))


def _shown(one: AddedFile, only_looked_at: bool) -> Html:
    if one.failed:
        return element("li", element("b", one.name), f": {one.failed} {one.hint} Nothing of it was added.", class_="no")
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
