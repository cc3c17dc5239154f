"""A question on the page: its answer as it comes about, then as it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import dataclass, replace

from askpapers.datatypes import Answer
from askpapers.errors import AskPapersError
from askpapers.events import Condensed, Delta, Event, Finished, SentenceChecked, Undone, Withdrawn
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.questions import Question
from askpapers.service.work import Progressed
from askpapers.web.answers import near_miss_titles, paragraphs, turn, turn_values
from askpapers.web.messages import QuestionRequest
from askpapers.web.rendering import Html, render
from askpapers.web.stored_turns import StoredTurn, serialize_turn
from askpapers.web.work_queue import UPDATE_SECONDS, Update

_log = logging.getLogger(__name__)
_LINE = "page"


@dataclass(frozen=True, slots=True)
class Underway:
    """What is known of an answer that is still coming about."""

    question: str
    searched: str | None = None
    said: tuple[SentenceChecked, ...] = ()
    words: str = ""
    doing: str = "Looking through the papers"
    finished: Answer | None = None

    def after(self, event: Event | Progressed) -> Underway:
        """What is known after one more event."""
        match event:
            case Condensed(question):
                return replace(self, searched=question)
            case Delta(text):
                return replace(self, words=self.words + text)
            case SentenceChecked():
                return replace(self, said=(*self.said, event), words="")
            case Undone():
                return replace(self, words="")
            case Withdrawn(why):
                return replace(self, said=(), words="", doing=why)
            case Finished(answer):
                return replace(self, finished=answer)
            case Progressed(stage, done, total):
                return replace(self, doing=f"{stage}: {done:,} of {total:,}" if total else stage)


def underway(name: str, state: Underway) -> Html:
    """An answer that is coming about."""
    shown = state.said[:50]  # more is a survey, which becomes a table when it is done
    return render(
        "underway.html",
        **turn_values(name, state.question, state.searched, busy=True),
        statements=paragraphs(
            [said.statement for said in shown],
            [citation for said in shown for citation in said.citations],
            [paper for said in shown for paper in said.papers],
        ),
        words=state.words,
        doing=state.doing,
    )


def failure(name: str, question: str, what: str, hint: str) -> Html:
    """A question that could not be answered because something is wrong."""
    return render("failed_turn.html", **turn_values(name, question, None), what=what, hint=hint)


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
