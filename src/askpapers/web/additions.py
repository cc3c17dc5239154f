"""What the page shows while papers are added, and what became of each file; an addition can be cancelled."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from askpapers.errors import AskPapersError
from askpapers.web.adding import AddedFile, add_papers, pasted_name
from askpapers.web.desk import Desk
from askpapers.web.markup import Html, element, joined
from askpapers.web.uploads import Uploads
from askpapers.web.work import Progressed, Work

_FRAME = 0.1  # seconds between two pictures
_CANCELLED = "Cancelled. Nothing was added."


class Additions:
    """Adds what a session of the page has uploaded and pasted, and removes the uploads afterwards."""

    def __init__(self, desk: Desk, uploads: Uploads) -> None:
        """Add to the corpus of a desk."""
        self._desk = desk
        self._uploads = uploads
        self._under_way: dict[str, Work[Any]] = {}

    async def add(self, session: str, uploaded: Sequence[str], pasted: str) -> AsyncGenerator[Html, None]:
        """Add uploaded files and a pasted text; gives what is being done, then what became of each file."""
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
                async for shown in self._added(session, files):
                    yield shown
            except AskPapersError as error:
                what, hint = self._desk.told(error)
                body = joined(element("p", what, class_="what"), element("p", f"{hint} Nothing was added."))
                yield element("div", body, class_="failed", role="alert")
            finally:
                self._under_way.pop(session, None)
                self._uploads.drop(session)

    async def _added(self, session: str, files: Sequence[tuple[str, Path]]) -> AsyncGenerator[Html, None]:
        desk = self._desk
        with closing(
            desk.adding.start(lambda told: add_papers(files, desk.corpus, desk.settings, told), "page")
        ) as work:
            self._under_way[session] = work
            async for happened in work:
                last = happened[-1]
                if isinstance(last, Progressed):
                    count = f": {last.done:,}" + (f" of {last.total:,}" if last.total else "") if last.done else ""
                    yield element("p", f"{last.stage}{count} …", class_="doing", role="status")
                    await asyncio.sleep(_FRAME)
                else:
                    yield element("ul", *(_shown(one) for one in last), class_="results", role="status")
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


def _shown(one: AddedFile) -> Html:
    if one.failed:
        return element("li", element("b", one.name), f": {one.failed} {one.hint} Nothing of it was added.", class_="no")
    there = f", {one.there:,} already there" if one.there else ""
    return element("li", element("b", one.name), f": {one.new:,} new{there}.", class_="yes")
