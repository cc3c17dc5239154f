"""What the page's script calls: papers, exports, feedback. Takes what a browser sends, gives markup and JSON."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any

from askpapers.errors import AskPapersError, UsageError
from askpapers.export import Content, Kind, content_of, file_name, kind_named, list_of
from askpapers.web.additions import take_out
from askpapers.web.answers import turn
from askpapers.web.citing import read_verbatim
from askpapers.web.desk import Desk
from askpapers.web.evidence_tables import EvidenceTables, Wanted
from askpapers.web.feedback import feedback_file, keep_feedback
from askpapers.web.markup import Html
from askpapers.web.overview import example_questions, overview_html
from askpapers.web.papers import gone, similar, source
from askpapers.web.stored_turns import StoredTurn, parse_turn

_MOST_TURNS = 200
_SIMILAR = 8


class PageCalls:
    """What the page's script calls, each with one JSON value; errors are {"error": ..., "hint": ...}."""

    def __init__(self, desk: Desk, *, writable: bool) -> None:
        """Serve the calls of one page; `writable`: whether papers and feedback are taken."""
        self._desk = desk
        self._writable = writable
        self.tables = EvidenceTables(desk)
        self._overviewing = threading.Lock()

    def functions(self) -> list[Callable[[Any], dict[str, Any]]]:
        """The calls as functions, each under its name: gradio marks what it serves, which a method cannot be."""

        def function(call: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
            def called(sent: Any) -> dict[str, Any]:
                return call(sent)

            called.__name__ = call.__name__
            return called

        calls = (
            self.source,
            self.restore,
            self.export,
            self.cite,
            self.feedback,
            self.overview,
            self.similar,
            self.remove_added,
            self.table_file,
        )
        return [function(call) for call in calls]

    def source(self, sent: Any) -> dict[str, Any]:
        """A paper with a quote highlighted in it."""

        def shown() -> dict[str, Any]:
            name = read_verbatim(str(sent["paper"]))
            paper = self._desk.find(name)
            if paper is None:
                return {"html": gone(name)}
            place = (
                read_verbatim(str(sent.get("quote") or "")),
                int(sent.get("start") or 0),
                int(sent.get("end") or 0),
            )
            return {"html": source(paper, *place)}

        return self._told(shown)

    def restore(self, sent: Any) -> dict[str, Any]:
        """The turns that a browser kept, as markup; one that cannot be read is None."""
        return self._told(lambda: {"turns": [self._restored(one) for one in list(sent["turns"])[:_MOST_TURNS]]})

    def export(self, sent: Any) -> dict[str, Any]:
        """Kept turns as a file: its name, its media type, and its text, or its bytes in base64."""

        def written() -> dict[str, Any]:
            kind = kind_named(str(sent["kind"]))
            content = content_of([self._parsed(one).answer for one in list(sent["turns"])])
            return _file(file_name(content.answers[0].question, kind), kind, content)

        return self._told(written)

    def cite(self, sent: Any) -> dict[str, Any]:
        """One paper as a file for a reference manager."""

        def written() -> dict[str, Any]:
            kind = kind_named(str(sent["kind"]))
            paper = self._desk.find(read_verbatim(str(sent["paper"])))
            if paper is None:
                raise UsageError("The paper is no longer in this corpus.", hint="Reload the page.")
            return _file(file_name("paper", kind), kind, list_of([paper]))

        return self._told(written)

    def table_file(self, sent: Any) -> dict[str, Any]:
        """A table as a file; what is on the page is remembered, so that nothing is read again."""

        def written() -> dict[str, Any]:
            question, columns = read_verbatim(str(sent["question"])), read_verbatim(str(sent["columns"]))
            kind = kind_named(str(sent["kind"]))
            content = self.tables.file(Wanted(question, columns, everything=not question.strip()), str(sent["kind"]))
            data = content if isinstance(content, bytes) else content.encode()
            return _saved(file_name(question or "table", kind), kind, data)

        return self._told(written)

    def feedback(self, sent: Any) -> dict[str, Any]:
        """Keep a thumb and a comment on a kept turn."""

        def stored() -> dict[str, Any]:
            if not self._writable:
                raise UsageError("Feedback is off: this page has no login.", hint="Start it with --auth USER.")
            judged = self._parsed(sent["turn"])
            file = feedback_file(self._desk.settings.corpus)
            keep_feedback(file, judged.answer, str(sent["thumb"]), str(sent.get("comment") or ""), judged.name)
            return {"file": file.name}

        return self._told(stored)

    def overview(self, sent: Any) -> dict[str, Any]:
        """What the corpus is about; found for one page at a time, after which it is there for the others."""

        def found() -> dict[str, Any]:
            with self._overviewing:
                overview = self._desk.overview()
            return {"html": overview_html(overview, example_questions(overview, self._desk.find))}

        return self._told(found)

    def similar(self, sent: Any) -> dict[str, Any]:
        """The papers most similar to one of them."""
        return self._told(lambda: {"html": similar(self._desk.similar(read_verbatim(str(sent["paper"])), _SIMILAR))})

    def remove_added(self, sent: Any) -> dict[str, Any]:
        """Take a file that was added out of the corpus."""

        def removed() -> dict[str, Any]:
            if not self._writable:
                raise UsageError("Removing papers is off: this page has no login.", hint="Start it with --auth USER.")
            take_out(self._desk, [read_verbatim(str(sent["file"]))])
            return {}

        return self._told(removed)

    def _restored(self, one: Any) -> Html | None:
        try:
            read = self._parsed(one)
        except UsageError:
            return None
        return turn(read.name, read.answer, thumb=read.thumb, titles=self._desk.titles(read.answer))

    def _parsed(self, one: Any) -> StoredTurn:
        return parse_turn(one, self._desk.find)

    def _told(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return call()
        except AskPapersError as error:
            what, hint = self._desk.told(error)
        except (KeyError, TypeError, ValueError, AttributeError):
            what, hint = "The page sent something that cannot be read.", "Reload the page."
        return {"error": what, "hint": hint}


def _file(name: str, kind: Kind, content: Content) -> dict[str, Any]:
    """What is written of answers as a file."""
    return _saved(name, kind, kind.bytes_of(content))


def _saved(name: str, kind: Kind, data: bytes) -> dict[str, Any]:
    """A file as the page's script saves it."""
    told = {"name": name, "media": kind.media_type}
    if kind.binary:
        return {**told, "base64": base64.b64encode(data).decode("ascii")}
    return {**told, "text": data.decode()}
