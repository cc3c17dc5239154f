"""What LlamaIndex's instrumentation sees of an answer besides its own events: surveys, and syntheses that stream.

Handlers are registered as for any program of LlamaIndex's, see docs/library.md.
"""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from llama_index.core.base.response.schema import Response
from llama_index.core.instrumentation.events import BaseEvent
from llama_index.core.instrumentation.events.synthesis import SynthesizeEndEvent, SynthesizeStartEvent
from llama_index.core.instrumentation.span import active_span_id
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.dispatcher import active_instrument_tags
from llama_index_instrumentation.events.span import SpanDropEvent


class SurveyStartEvent(BaseEvent):
    """A survey of the papers begins."""

    query: str

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex lists it by."""
        return "SurveyStartEvent"


class SurveyEndEvent(BaseEvent):
    """A survey is done: how many papers it looked at, of how many, and the ids of those that match."""

    query: str
    checked: int
    total: int
    matches: list[str]

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex lists it by."""
        return "SurveyEndEvent"


def send(event: BaseEvent) -> None:
    """Give an event to the handlers."""
    get_dispatcher(__name__).event(event)


@contextmanager
def span(instance: object, name: str) -> Iterator[None]:
    """A span around a step. Unlike that of LlamaIndex's decorator a generator can hold it, from its start to its end.

    The generator has to be run in one context (see `AnswerStream`).
    """
    dispatcher, nothing = get_dispatcher(__name__), inspect.signature(lambda: None).bind()
    parent, span_id = active_span_id.get(), f"{type(instance).__name__}.{name}-{uuid.uuid4()}"
    token = active_span_id.set(span_id)
    tags = active_instrument_tags.get()
    dispatcher.span_enter(id_=span_id, bound_args=nothing, instance=instance, parent_id=parent, tags=tags)
    try:
        yield
    except BaseException as error:
        dispatcher.event(SpanDropEvent(span_id=span_id, err_str=str(error)))
        dispatcher.span_drop(id_=span_id, bound_args=nothing, instance=instance, err=error)
        raise
    else:
        dispatcher.span_exit(id_=span_id, bound_args=nothing, instance=instance)
    finally:
        with suppress(ValueError):  # a generator that was dropped is ended in whatever context collects it
            active_span_id.reset(token)


@contextmanager
def synthesis(instance: object, query: str) -> Iterator[Callable[[Response], None]]:
    """The span and the events of a synthesis, which is to call what is given with its response."""
    responses: list[Response] = []
    with span(instance, "write"):
        send(SynthesizeStartEvent(query=query))
        yield responses.append
        send(SynthesizeEndEvent(query=query, response=responses[-1]))
