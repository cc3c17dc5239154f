"""A question on the page: its answer as it comes about."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import closing

from askpapers.errors import AskPapersError
from askpapers.service.corpus_service import CorpusService
from askpapers.service.questions import Question
from askpapers.web.answers import Underway, failure, near_miss_titles, turn, underway
from askpapers.web.page_requests import QuestionRequest
from askpapers.web.stored_turns import StoredTurn, serialize_turn
from askpapers.web.streams import BROKEN, UPDATE_SECONDS, Update

_log = logging.getLogger(__name__)
_LINE = "page"


async def answer_question(service: CorpusService, sent: QuestionRequest) -> AsyncGenerator[Update, None]:
    """Updates of the answer to a question; the last one has the record that the page keeps of it."""
    name, state = sent.name, Underway(" ".join(sent.question.split()))
    yield {"html": underway(name, state)}
    try:
        llm = service.chosen_model(sent.model)
        asked = Question(sent.question, sent.way or None, llm, sent.within(), sent.history)
        with closing(service.ask(asked, _LINE)) as work:
            async for happened in work:
                for event in happened:
                    state = state.after(event)
                if state.finished:
                    stored = StoredTurn(name, state.finished)
                    markup = turn(stored, titles=near_miss_titles(state.finished, service.find))
                    yield {"html": markup, "record": serialize_turn(stored)}
                    return
                yield {"html": underway(name, state)}
                await asyncio.sleep(UPDATE_SECONDS)  # what happens meanwhile comes with the next update
    except AskPapersError as error:
        yield {"html": failure(name, sent.question, *service.error_lines(error))}
    except Exception:  # a fault of ours: the page says so instead of waiting for ever
        _log.exception("A question failed.")
        yield {"html": failure(name, sent.question, *BROKEN)}
