"""A question on the page, and the list of its papers: from what stands in its boxes to markup."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from typing import Any

from pydantic import ValidationError

from askpapers.errors import AskPapersError, UsageError
from askpapers.web.answers import Underway, failure, turn, underway
from askpapers.web.api import chosen_model
from askpapers.web.calls import NOT_READ
from askpapers.web.desk import Desk, Question, within
from askpapers.web.markup import Html, element, joined
from askpapers.web.page_requests import QuestionRequest
from askpapers.web.papers import listed
from askpapers.web.stored_turns import StoredTurn, serialize_turn

_log = logging.getLogger(__name__)
_SEE_TERMINAL = "The terminal that it was started in shows what."
_LINE = "page"
_FRAME = 0.05  # seconds between two pictures of an answer that is being written
_PAGE = 50
_NEAREST = 20

Update = tuple[Html, dict[str, Any] | None, str | None]


def answer_question(desk: Desk) -> Callable[..., AsyncGenerator[Update, None]]:
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
    ) -> AsyncGenerator[Update, None]:
        try:
            request = QuestionRequest.model_validate(sent)
        except ValidationError:
            yield failure("turn", question, *NOT_READ), None, question
            return
        name, state = request.name, Underway(" ".join(question.split()))
        yield underway(name, state), None, ""
        try:
            only = within(request.papers, _year(since), _year(until), _listed(author), _listed(venue), _listed(tag))
            llm = None if model == desk.models()[0] else chosen_model(desk, model)
            asked = Question(question, request.way or way or None, llm, only, request.history)
            with closing(desk.ask(asked, _LINE)) as work:
                async for happened in work:
                    for event in happened:
                        state = state.after(event)
                    if state.finished:
                        stored = StoredTurn(name, state.finished)
                        yield turn(stored, titles=desk.titles(state.finished)), serialize_turn(stored), None
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
    """The list of papers by words, years and names, so many pages long, and whether there are more.

    Where no paper has the words, those nearest in meaning.
    """

    def found(
        words: str,
        since: str | None,
        until: str | None,
        author: str | None,
        venue: str | None,
        tag: str | None,
        pages: int,
    ) -> tuple[Html, bool]:
        try:
            only = within((), _year(since), _year(until), _listed(author), _listed(venue), _listed(tag))
            papers = desk.browse(words or "", only, 0, pages * _PAGE + 1)
            near = desk.nearest(words, _NEAREST, only) if words and not papers else []
        except AskPapersError as error:
            return element("p", desk.told(error)[0], class_="note"), False
        more = len(papers) > pages * _PAGE
        left_out = desk.corpus.index.manifest.left_out_count
        note = element("p", left_out.note, class_="note") if left_out and not words else None
        if near:
            note = element("p", "No paper has all these words. The nearest in meaning:", class_="note")
        return joined(note, listed(near or papers[: pages * _PAGE], more=more)), more

    return found


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
