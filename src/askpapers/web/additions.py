"""What the page shows while papers are added, and what became of each file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from askpapers.errors import AskPapersError
from askpapers.web.adding import AddedFile, add_papers, pasted_name
from askpapers.web.desk import Desk
from askpapers.web.markup import Html, element, joined
from askpapers.web.work import Progressed


def add_papers_call(desk: Desk) -> Callable[[Sequence[str] | None, str], Iterator[Html]]:
    """Add uploaded files and a pasted text; gives what is being done, then what became of each file."""

    def add(uploaded: Sequence[str] | None, pasted: str) -> Iterator[Html]:
        with tempfile.TemporaryDirectory() as aside:
            files = [(Path(path).name, Path(path)) for path in uploaded or ()]
            if pasted and pasted.strip():
                place = Path(aside) / "pasted"
                place.write_text(pasted, encoding="utf-8", errors="replace")
                files.append((pasted_name(pasted), place))
            if not files:
                yield element("p", "Choose a file or paste some abstracts first.", class_="note", role="status")
                return
            work = desk.adding.start(lambda progress: add_papers(files, desk.corpus, desk.settings, progress), "page")
            results: list[AddedFile] = []
            try:
                for happened in work:
                    for one in happened:
                        if isinstance(one, AddedFile):
                            results.append(one)
                    last = happened[-1]
                    if isinstance(last, Progressed):
                        count = f": {last.done:,} of {last.total:,}" if last.total else ""
                        yield element("p", f"{last.stage}{count} …", class_="doing", role="status")
            except AskPapersError as error:
                what, hint = desk.told(error)
                body = joined(element("p", what, class_="what"), element("p", f"{hint} Nothing was added."))
                yield element("div", body, class_="failed", role="alert")
                return
            yield element("ul", *(_added(one) for one in results), class_="results", role="status")

    return add


def _added(one: AddedFile) -> Html:
    if one.failed:
        return element("li", element("b", one.name), f": {one.failed} {one.hint} Nothing of it was added.", class_="no")
    there = f", {one.there:,} already there" if one.there else ""
    return element("li", element("b", one.name), f": {one.new:,} new{there}.", class_="yes")
