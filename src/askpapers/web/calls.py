"""What the page calls: questions, papers, exports, feedback. Takes what a browser sends, gives markup and JSON."""

from __future__ import annotations

import asyncio
import base64
import logging
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from typing import Any

from askpapers.contract import read_turn
from askpapers.datatypes import Answer, Turn
from askpapers.errors import AskPapersError, UsageError
from askpapers.export import Content, Kind, content_of, file_name, kind_named, list_of
from askpapers.web.answers import Underway, failure, turn, underway
from askpapers.web.api import chosen_model
from askpapers.web.citing import read_verbatim
from askpapers.web.desk import Desk, Question, within
from askpapers.web.examples import example_questions
from askpapers.web.feedback import feedback_file, keep_feedback
from askpapers.web.kept import KeptTurn, kept, whole
from askpapers.web.markup import Html, element, joined
from askpapers.web.overview import overview_html
from askpapers.web.papers import gone, listed, similar, source

_log = logging.getLogger(__name__)
_SEE_TERMINAL = "The terminal that it was started in shows what."
_LINE = "page"
_FRAME = 0.05  # seconds between two pictures of an answer that is being written
_PAGE = 50
_MOST_TURNS = 200
_SIMILAR = 8

Picture = tuple[Html, dict[str, Any] | None, str | None]


def answer_question(desk: Desk) -> Callable[..., AsyncGenerator[Picture, None]]:
    """The page's question: gives pictures of the answer as it comes about, then the record that the page keeps.

    Each is (markup, record, what stands in the question's box); None leaves a box as it is.
    """

    async def asked(
        question: str,
        way: str,
        model: str,
        since: str | None,
        until: str | None,
        author: str | None,
        venue: str | None,
        tag: str | None,
        sent: Any,
    ) -> AsyncGenerator[Picture, None]:
        name, history, papers = _sent(sent)
        state = Underway(" ".join(question.split()))
        yield underway(name, state), None, ""
        try:
            only = within(papers, _year(since), _year(until), _listed(author), _listed(venue), _listed(tag))
            llm = None if model == desk.models()[0] else chosen_model(desk, model)
            with closing(desk.ask(Question(question, way or None, llm, only, history), _LINE)) as work:
                async for happened in work:
                    for event in happened:
                        state = state.after(event)
                    if state.finished:
                        done = turn(name, state.finished, titles=desk.titles(state.finished))
                        yield done, kept(name, state.finished), None
                        return
                    yield underway(name, state), None, None
                    await asyncio.sleep(_FRAME)  # what happens meanwhile comes with the next picture
        except AskPapersError as error:
            yield failure(name, question, *desk.told(error)), None, question
        except Exception:  # a fault of ours: the page says so instead of waiting for ever
            _log.exception("A question failed.")
            yield failure(name, question, "Something is wrong in askpapers.", _SEE_TERMINAL), None, question

    return asked


def browse(desk: Desk) -> Callable[..., tuple[Html, bool]]:
    """The list of papers by words and years, so many pages long, and whether there are more."""

    def found(words: str, since: str | None, until: str | None, pages: int) -> tuple[Html, bool]:
        try:
            papers = desk.browse(words or "", within((), _year(since), _year(until)), 0, pages * _PAGE + 1)
        except AskPapersError as error:
            return element("p", desk.told(error)[0], class_="note"), False
        more = len(papers) > pages * _PAGE
        left_out = desk.corpus.index.manifest.left_out_count
        note = element("p", left_out.note, class_="note") if left_out and not words else None
        return joined(note, listed(papers[: pages * _PAGE], more=more)), more

    return found


class PageCalls:
    """What the page's script calls, each with one JSON value; errors are {"error": ..., "hint": ...}."""

    def __init__(self, desk: Desk, *, feedback: bool) -> None:
        """Serve the calls of one page; `feedback`: whether it is taken."""
        self._desk = desk
        self._takes_feedback = feedback
        self._examples: list[str] | None = None
        self._finding = threading.Lock()
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
            self.examples,
            self.overview,
            self.similar,
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
            content = content_of([self._whole(one).answer for one in list(sent["turns"])])
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

    def feedback(self, sent: Any) -> dict[str, Any]:
        """Keep a thumb and a comment on a kept turn."""

        def stored() -> dict[str, Any]:
            if not self._takes_feedback:
                raise UsageError("Feedback is off: this page has no login.", hint="Start it with --auth USER.")
            answer: Answer = self._whole(sent["turn"]).answer
            file = feedback_file(self._desk.settings.corpus)
            keep_feedback(file, answer, str(sent["thumb"]), str(sent.get("comment") or ""))
            return {"file": file.name}

        return self._told(stored)

    def examples(self, sent: Any) -> dict[str, Any]:
        """Example questions; found once."""

        def found() -> dict[str, Any]:
            with self._finding:
                if self._examples is None:
                    self._examples = example_questions(self._desk.corpus)
            return {"questions": self._examples}

        return self._told(found)

    def overview(self, sent: Any) -> dict[str, Any]:
        """What the corpus is about; found for one page at a time, after which it is there for the others."""

        def found() -> dict[str, Any]:
            with self._overviewing:
                return {"html": overview_html(self._desk.overview())}

        return self._told(found)

    def similar(self, sent: Any) -> dict[str, Any]:
        """The papers most similar to one of them."""
        return self._told(lambda: {"html": similar(self._desk.similar(read_verbatim(str(sent["paper"])), _SIMILAR))})

    def _restored(self, one: Any) -> Html | None:
        try:
            read = self._whole(one)
        except UsageError:
            return None
        return turn(read.name, read.answer, thumb=read.thumb, titles=self._desk.titles(read.answer))

    def _whole(self, one: Any) -> KeptTurn:
        return whole(one, self._desk.find)

    def _told(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return call()
        except AskPapersError as error:
            what, hint = self._desk.told(error)
        except (KeyError, TypeError, ValueError, AttributeError):
            what, hint = "The page sent something that cannot be read.", "Reload the page."
        return {"error": what, "hint": hint}


def _sent(sent: Any) -> tuple[str, tuple[Turn, ...], tuple[str, ...]]:
    """The turn's name, the conversation so far and the chosen papers, as the page's script sends them."""
    fields = sent if isinstance(sent, dict) else {}
    name = str(fields.get("name", ""))
    history = fields.get("history") or []
    turns = tuple(read_turn(turn) for turn in history if isinstance(turn, dict))
    papers = tuple(read_verbatim(str(paper)) for paper in fields.get("papers") or [])
    return name if name.isalnum() and len(name) <= 64 else "turn", turns, papers


def _file(name: str, kind: Kind, content: Content) -> dict[str, Any]:
    """A file as the page's script saves it."""
    told = {"name": name, "media": kind.media_type}
    written = kind.bytes_of(content)
    if kind.binary:
        return {**told, "base64": base64.b64encode(written).decode("ascii")}
    return {**told, "text": written.decode()}


def _listed(text: str | None) -> list[str]:
    """The names in a box, with semicolons between them; a box that was never shown has None in it."""
    return (text or "").split(";")


def _year(text: str | None) -> int | None:
    """A year as it is written in its box; a box that was never shown has None in it."""
    text = (text or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"“{text}” is no year.", hint="Write it in digits, or leave it empty.")
    return int(text)
