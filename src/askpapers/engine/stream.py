"""An answer under way, as events and as the kinds of response that LlamaIndex has."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from llama_index.core.base.response.schema import AsyncStreamingResponse, Response, StreamingResponse
from llama_index.core.schema import NodeWithScore

from askpapers.contract import answer_dict
from askpapers.datatypes import Answer, Citation, Statement
from askpapers.engine.events import statement_events
from askpapers.events import Delta, Event, Finished, SentenceChecked, Withdrawn
from askpapers.grounding.ground import prose

NOT_IN_CORPUS = "Not in this corpus."
_WITHDRAWN = "What was written so far does not hold."

Sources = Callable[[Answer], list[NodeWithScore]]
"""The nodes that an answer names as its sources."""


@dataclass
class AnswerResponse(Response):
    """A response that holds the answer that it was made of."""

    answer: Answer | None = None


def text_of(answer: Answer) -> str:
    """The text of a response."""
    return answer.text or NOT_IN_CORPUS


def metadata_of(answer: Answer) -> dict[str, Any]:
    """The metadata of a response: the answer as in `--json`, and of it the statements, the quotes and the coverage."""
    whole = answer_dict(answer)
    return {
        "answer": whole,
        "statements": whole["statements"],
        "quotes": whole["citations"],
        "coverage": whole["coverage"],
    }


def response_of(answer: Answer, sources: Sources) -> AnswerResponse:
    """An answer as a LlamaIndex response."""
    return AnswerResponse(text_of(answer), sources(answer), metadata_of(answer), answer)


class AnswerStream:
    """An answer that comes about while it is asked for: by its `events`, or by the text of a streaming response.

    The work is run in a copy of the context that this was made in, whoever asks for more: its spans belong to the query
    that began it. It is to be asked for in one of the ways, once.
    """

    def __init__(self, work: Generator[Event, None, Answer], sources: Sources) -> None:
        """Do the work that gives events and returns the answer."""
        self._work = work
        self._sources = sources
        self._context = copy_context()
        self._ahead: deque[Event] = deque()
        self._answer: Answer | None = None
        self._nodes: list[NodeWithScore] = []
        self._metadata: dict[str, Any] = {}

    def events(self) -> Iterator[Event]:
        """What happens, `Finished` last. Close the iterator to stop the work."""
        try:
            while self._ahead or self._answer is None:
                if not self._ahead:
                    self._context.run(self._advance)
                yield self._ahead.popleft()
        finally:
            self._context.run(self._work.close)

    def answer(self) -> Answer:
        """The answer, once it is done."""
        finished = deque(self.events(), maxlen=1).pop()
        assert isinstance(finished, Finished)
        return finished.answer

    def response(self) -> AnswerResponse:
        """The response, once it is done."""
        return response_of(self.answer(), self._sources)

    def streaming(self) -> StreamingResponse:
        """A response whose text comes sentence by sentence; its nodes and metadata are complete at its end.

        The work is done up to the first sentence: an answer without a model is complete then.
        """
        self._begin()
        return StreamingResponse(self._text(), self._nodes, self._metadata)

    def async_streaming(self) -> AsyncStreamingResponse:
        """`streaming` for a coroutine; the work is done on threads."""
        self._begin()

        async def text() -> AsyncGenerator[str, None]:
            pieces = self._text()
            while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
                yield piece

        return AsyncStreamingResponse(text(), self._nodes, self._metadata)

    def _advance(self) -> None:
        """Do the next step of the work."""
        try:
            self._ahead.append(next(self._work))
        except StopIteration as end:
            answer: Answer = end.value
            if not answer.engine.llm or answer.coverage:  # a model's sentences were given when they ended
                self._ahead += statement_events(answer)
            self._ahead.append(Finished(answer))
            self._nodes[:] = self._sources(answer)
            self._metadata |= metadata_of(answer)
            self._answer = answer

    def _begin(self) -> None:
        while self._answer is None and not any(isinstance(event, Delta | SentenceChecked) for event in self._ahead):
            self._context.run(self._advance)

    def _text(self) -> Generator[str, None, None]:
        """The text of the answer in pieces; what was withdrawn is followed by why, and by what replaces it."""
        given = ""
        statements, citations = list[Statement](), dict[int, Citation]()
        for event in self.events():
            match event:
                case SentenceChecked() if self._answer is None and event.statement not in statements:
                    statements.append(event.statement)
                    citations |= {citation.number: citation for citation in event.citations}
                    text = prose("", statements, list(citations.values()))
                    yield text[len(given) :]
                    given = text
                case Withdrawn() if given:
                    yield f"\n\n({event.why})\n\n"
                    given = ""
                    statements.clear()
                    citations.clear()
                case Finished():
                    text = text_of(event.answer)
                    if not text.startswith(given):
                        yield f"\n\n({_WITHDRAWN})\n\n"
                        given = ""
                    yield from re.findall(r"\s*\S+\s*", text[len(given) :])
