"""A language model to write with: LlamaIndex's classes behind one small interface, with retries and counting."""

from __future__ import annotations

import contextvars
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Any

from llama_index.core.llms import LLM, ChatMessage, ChatResponse, ChatResponseGen
from llama_index_instrumentation.dispatcher import active_instrument_tags

from askpapers.errors import (
    ContextOverflowError,
    ModelBrokenError,
    ModelBusyError,
    ModelCutShortError,
    ModelError,
    ModelRefusedError,
)
from askpapers.llm.client import NOTED
from askpapers.llm.endings import ending_of
from askpapers.llm.failures import CHECK, translated
from askpapers.llm.room import LONGEST_ANSWER, AnswerRoom, is_cut, is_unfinished_thought
from askpapers.llm.spec import Spec
from askpapers.llm.traffic import UNDER_WAY
from askpapers.llm.usage import Meter, completion_tokens, count_tokens, listen, prompt_tokens, tokens
from askpapers.llm.waiting import awaited
from askpapers.progress import Progress
from askpapers.text.repetition import goes_round

_LONGEST_WAIT = 60.0  # seconds; a server that asks for more is given up
_FIRST_WAIT = 0.5
_UNREADABLE = (AttributeError, IndexError, KeyError, TypeError)  # of LlamaIndex, where it expects a completion
_LONGEST_TEXT = 10  # characters for a token, for a server that does not keep to the tokens
_SENTENCE_ENDS = tuple(".!?…。！？)]}\"'”’»`*>|")

Messages = Sequence[tuple[str, str]]
Schema = Mapping[str, Any]


class Mark(Enum):
    """What a model's text is interrupted by."""

    RESTART = "what was written so far is void: the model begins again"
    CUT = "the text ends here because it reached its longest, not because it is done"
    REPEATS = "the text ends here because the model went round in a circle and was stopped"


class Model:
    """A model that is asked with messages and writes text, piece by piece."""

    def __init__(
        self,
        spec: Spec,
        llm: LLM,
        room: AnswerRoom,
        timeout: float,
        *,
        takes_schema: bool,
        reports_endings: bool = True,
        name: str | None = None,
    ) -> None:
        """Write with a LlamaIndex `llm`, `timeout` seconds without a word.

        `takes_schema`: whether a JSON schema may be asked for; `reports_endings`: whether it says why a text ends;
        `name`: what its server calls it, where that is not the name in `spec`.
        """
        self.spec = spec
        self.name = name or spec.name
        self._llm = llm
        self._room = room
        self._timeout = timeout
        self._takes_schema = takes_schema
        self._reports_endings = reports_endings
        listen()

    @property
    def context(self) -> int:
        """The tokens that it reads, as far as that is known."""
        return self._room.context

    def write(
        self, messages: Messages, meter: Meter, progress: Progress, schema: Schema | None = None
    ) -> Iterator[str | Mark]:
        """Have the model write; `schema` is a JSON schema that its text is to fit, where the server offers that.

        A failure that may pass is tried again, as often as its kind allows, waiting longer each time or as long
        as the server asks; text that was given before is then revoked by `Mark.RESTART`. `progress` is called then,
        and each second, from another thread, while the first word is waited for. A model that has no room left for its
        answer when it has thought is asked once more with more. Raises ModelError. Close the iterator to stop.
        """
        tried = 0
        count = count_tokens(_chat(messages))
        while True:
            tried += 1
            given = False
            try:
                pieces = self._write_once(messages, meter, schema if self._takes_schema else None)
                for piece in awaited(pieces, progress, count):
                    given = True
                    yield piece
                return
            except ContextOverflowError as error:
                self._room.learn(error.size, count_tokens(_chat(messages)))
                raise
            except ModelCutShortError:
                if not (note := self._room.widen()):
                    raise
                meter.note(f"{self.name} {note}")
                tried -= 1
                if given:
                    yield Mark.RESTART
            except ModelError as error:
                if tried >= error.attempts or (error.wait or 0) > _LONGEST_WAIT:
                    raise
                if given:
                    yield Mark.RESTART
                _wait(error, tried, progress)

    def say(self, messages: Messages, meter: Meter, progress: Progress, schema: Schema | None = None) -> str:
        """The whole text that the model writes; see `write`."""
        text = ""
        for piece in self.write(messages, meter, progress, schema):
            text = "" if piece is Mark.RESTART else text + (piece if isinstance(piece, str) else "")
        return text

    def _write_once(self, messages: Messages, meter: Meter, schema: Schema | None) -> Iterator[str | Mark]:
        options = self._room.options()
        if schema is not None:
            named = {"name": "answer", "strict": True, "schema": dict(schema)}
            options["response_format"] = {"type": "json_schema", "json_schema": named}
        chat = _chat(messages)
        # Whoever iterates may do so from one thread after another, each with variables of its own; what
        # LlamaIndex tags its events by has to stay the same for the whole stream.
        context = contextvars.copy_context()
        context.run(active_instrument_tags.set, meter.tags)
        context.run(NOTED.set, meter.note)
        chunks, written, ending, read, count = 0, "", None, 0, 0
        with translated(self.spec, self._timeout):
            stream = _streamed(self._llm, chat, options)
            try:
                while (response := context.run(self._next, stream)) is not None:
                    chunks += 1
                    ending = ending if ending == "refusal" else ending_of(response.raw) or ending
                    read = prompt_tokens(response) or read
                    count = completion_tokens(response) or count
                    if response.delta:
                        written += response.delta
                        if goes_round(written):  # also where nobody sees it: in a thought, in JSON
                            ending = "repeats"
                            _count_stopped(meter, chat, written)
                            break
                        yield response.delta
                    if len(written) > _LONGEST_TEXT * max(LONGEST_ANSWER, self._room.longest):
                        ending = "length"
                        _count_stopped(meter, chat, written)
                        break
            except GeneratorExit:
                _count_stopped(meter, chat, written)
                raise
            finally:
                context.run(stream.close)
                if under_way := context.get(UNDER_WAY):
                    under_way.close()
        if not chunks:
            self._learn_why(chat)
        if is_cut(read, count_tokens(chat)):
            raise ContextOverflowError(
                f"{self.name} read only the {read:,} tokens that it has room for.",
                hint="Give the server a larger context (Ollama: OLLAMA_CONTEXT_LENGTH), or use another model.",
                size=read,
            )
        if ending in (None, "stop") and count >= self._room.longest and not written.rstrip().endswith(_SENTENCE_ENDS):
            ending = "length"  # a server that says "stop" wherever it stops
        self._check_ending(ending, written)
        if ending in ("length", "repeats"):
            yield Mark.CUT if ending == "length" else Mark.REPEATS

    def _next(self, stream: Iterator[ChatResponse]) -> ChatResponse | None:
        try:
            return next(stream, None)
        except _UNREADABLE as error:
            raise ModelBrokenError(f"{self.name} sent what is no completion.", hint=CHECK) from error

    def _learn_why(self, chat: Sequence[ChatMessage]) -> None:
        """Raise what a stream without a single chunk hides: llama-cpp-python's server does so with an overflow."""
        for _ in range(2):
            try:
                with translated(self.spec, self._timeout):
                    self._llm.chat(chat, max_tokens=1)
            except ModelBrokenError:  # the connection of that stream may just have been closing
                continue
            except _UNREADABLE:
                pass
            return

    def _check_ending(self, ending: str | None, written: str) -> None:
        name = self.name
        if ending in ("content_filter", "refusal"):
            raise ModelRefusedError(f"{name} declined to answer.", hint="Ask in other words, or use another model.")
        if ending == "length" and (not written.strip() or is_unfinished_thought(written)):
            raise ModelCutShortError(
                f"{name} thought until it reached the longest answer ({self._room.longest:,} tokens).",
                hint="Give it more: `answer = TOKENS` in ask.toml; or use a model that does not think as long.",
            )
        if ending == "repeats" and (not written.strip() or is_unfinished_thought(written)):
            raise ModelBrokenError(f"{name} repeated itself and was stopped.", hint="Use another model (--llm).")
        if not written:
            raise ModelBrokenError(f"{name} wrote nothing.", hint="Ask again, or use another model (--llm).")
        if ending is None and self._reports_endings and not written.rstrip().endswith(_SENTENCE_ENDS):
            raise ModelBrokenError(f"{name} stopped half-way through its answer.", hint="Ask again later.")

    def room(self, messages: Messages) -> int:
        """Tokens that are left for sources beside these messages and an answer. An estimate, on the safe side."""
        taken = count_tokens(_chat(messages))
        return int((self.context - self._room.reserved - taken) / 1.15)


def _chat(messages: Messages) -> list[ChatMessage]:
    return [ChatMessage(role=role, content=text) for role, text in messages]


def _streamed(llm: LLM, chat: Sequence[ChatMessage], options: Mapping[str, Any]) -> ChatResponseGen:
    """What a model writes, piece by piece; in one piece where its class cannot stream."""
    try:
        yield from llm.stream_chat(chat, **options)
    except NotImplementedError:
        response = llm.chat(chat, **options)
        yield ChatResponse(message=response.message, delta=response.message.content, raw=response.raw)


def _count_stopped(meter: Meter, chat: Sequence[ChatMessage], written: str) -> None:
    """Count a stream that is closed before its end: LlamaIndex reports only whole ones."""
    meter.count(count_tokens(chat), tokens(written), estimated=True)


def _wait(error: ModelError, tried: int, progress: Progress) -> None:
    # tenacity, which would do this, cannot hold a generator: it swallows the GeneratorExit of one that is closed.
    seconds = error.wait if error.wait is not None else _FIRST_WAIT * 2 ** (tried - 1) * random.uniform(0.75, 1.25)
    busy = "is busy" if isinstance(error, ModelBusyError) else "did not answer"
    progress(f"The model {busy}; trying again in {max(1, round(seconds))} s", 0, None)
    time.sleep(seconds)
