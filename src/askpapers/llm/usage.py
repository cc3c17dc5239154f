"""Tokens and cost, from LlamaIndex's instrumentation: each model call reports to the meter that it is tagged with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

from llama_index.core.base.llms.types import ChatMessage
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.instrumentation.events.llm import LLMChatEndEvent
from llama_index.core.utils import get_tokenizer
from llama_index_instrumentation import get_dispatcher

from askpapers.datatypes import Usage
from askpapers.llm.spec import Kind, Spec

_USAGES = ("usage", "usage_metadata")
_READ = ("prompt_tokens", "input_tokens", "prompt_token_count", "inputTokens")
_WRITTEN = ("completion_tokens", "output_tokens", "candidates_token_count", "outputTokens")
TAG = "askpapers.meter"


class Meter:
    """Counts what one question costs, and notes how it was to be asked. Its `tags` mark the calls that it counts."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.tags = {TAG: self}
        self._prompt = 0
        self._completion = 0
        self._evidence = 0
        self._estimated = False
        self._notes: list[str] = []

    def note(self, text: str) -> None:
        """Note what had to be changed to have an answer; each text once."""
        if text not in self._notes:
            self._notes.append(text)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said with the answer."""
        return tuple(self._notes)

    def count_evidence(self, count: int) -> None:
        """Add the tokens of papers that a prompt holds: an estimate, and part of the prompt's."""
        self._evidence += count

    def count(self, prompt: int, completion: int, *, estimated: bool) -> None:
        """Add a call's tokens."""
        self._prompt += prompt
        self._completion += completion
        self._estimated |= estimated

    def usage(self, spec: Spec) -> Usage:
        """What was used so far, and its price where that is known."""
        price = price_of(spec)
        cost = None
        if price and not self._estimated:
            cost = (self._prompt * price["prompt"] + self._completion * price["completion"]) / 1_000_000
        return Usage(self._prompt, self._completion, cost, self._estimated, self._evidence)


class UsageHandler(BaseEventHandler):
    """Hears LlamaIndex's events and reports the tokens of each finished model call to its meter."""

    @classmethod
    def class_name(cls) -> str:
        """The name that LlamaIndex lists it by."""
        return "AskpapersUsageHandler"

    def handle(self, event: Any, **_: Any) -> None:
        """Count a finished chat call; where the server did not count, count here."""
        meter = event.tags.get(TAG)
        if not isinstance(event, LLMChatEndEvent) or not isinstance(meter, Meter):
            return
        prompt, completion = _counted(event.response)
        if prompt:
            meter.count(prompt, completion, estimated=False)
        else:
            text = event.response.message.content if event.response else None
            meter.count(count_tokens(event.messages), tokens(text or ""), estimated=True)


def listen() -> None:
    """Have model calls counted from now on; once for the process, as the dispatcher is LlamaIndex's one."""
    root = get_dispatcher("root")
    if not any(isinstance(handler, UsageHandler) for handler in root.event_handlers):
        root.add_event_handler(UsageHandler())


def count_tokens(messages: Sequence[ChatMessage]) -> int:
    """About how many tokens messages have: by OpenAI's tokenizer, which LlamaIndex brings along."""
    return sum(tokens(message.content or "") + 4 for message in messages)


def tokens(text: str) -> int:
    """About how many tokens a text has."""
    return len(get_tokenizer()(text))


def price_of(spec: Spec) -> dict[str, float] | None:
    """Dollars for a million tokens; None where the price is not known, as for every server but OpenAI's."""
    if spec.kind is not Kind.OPENAI or spec.address:
        return None
    table = json.loads(resources.files("askpapers").joinpath("assets", "prices.json").read_text(encoding="utf-8"))
    price: dict[str, float] | None = table["openai"].get(spec.model)
    return price


def prompt_tokens(response: Any) -> int:
    """The tokens of the prompt as the server counts them in this part of a response; 0 where it does not."""
    prompt, _ = _counted(response)
    return prompt


def completion_tokens(response: Any) -> int:
    """The tokens that were written as the server counts them in this part of a response; 0 where it does not."""
    _, completion = _counted(response)
    return completion


def _counted(response: Any) -> tuple[int, int]:
    """The tokens read and written, as servers count them, under the names that they have for them."""
    raw = getattr(response, "raw", None)
    holders = [raw, getattr(response, "additional_kwargs", None)]
    usages = [_field(holder, name) for holder in holders for name in _USAGES] + [holders[1]]
    for usage in filter(None, usages):
        if prompt := _number(usage, _READ):
            return prompt, _number(usage, _WRITTEN)
    return 0, 0


def _number(usage: Any, names: Sequence[str]) -> int:
    found = (_field(usage, name) for name in names)
    return next((number for number in found if isinstance(number, int) and number > 0), 0)


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
