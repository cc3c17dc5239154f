"""What the query engine is asked: a question, with all that can be said with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from llama_index.core.base.response.schema import Response
from llama_index.core.schema import QueryBundle

from askpapers.datatypes import NO_FILTER, Filter, Turn
from askpapers.engine.stream import AnswerStream
from askpapers.errors import UsageError
from askpapers.progress import Progress, no_progress

LONGEST_QUESTION = 4_000
"""Characters. The embedder reads about 1,000 of them."""


class Way(StrEnum):
    """The ways of answering a question."""

    ANSWER = "answer"
    SURVEY = "survey"
    COMPARE = "compare"


@dataclass
class CorpusQuery(QueryBundle):
    """A question with all that can be said with it; see `Corpus.stream`.

    `events`: the answer is wanted as an `EventResponse`, while it comes about.
    """

    way: Way | None = None
    progress: Progress = no_progress
    history: Sequence[Turn] = ()
    within: Filter = NO_FILTER
    llm: str | None = None
    strict: bool = False
    events: bool = False


@dataclass
class EventResponse(Response):
    """A response that is under way: the answer comes by the events of its stream."""

    stream: AnswerStream | None = None


def checked(question: str) -> str:
    """A question on one line. Raises UsageError for an empty or an endless one."""
    question = " ".join(question.split())
    if not question:
        raise UsageError("The question is empty.", hint='Ask one: ask "which papers use RLHF?"')
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(question):,} characters, more than {LONGEST_QUESTION:,}.",
            hint="Ask a shorter one; a document to search in goes into the corpus (--corpus).",
        )
    return question
