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

TAG = "askpapers.meter"


class Meter:
    """Counts what one question costs. Its `tags` mark the calls that it counts."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.tags = {TAG: self}
        self._prompt = 0
        self._completion = 0
        self._estimated = False

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
        return Usage(self._prompt, self._completion, cost, self._estimated)


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
        raw = getattr(event.response, "raw", None)
        usage = raw.get("usage") if isinstance(raw, dict) else getattr(raw, "usage", None)
        counted = usage if isinstance(usage, dict) else vars(usage) if usage else {}
        prompt, completion = counted.get("prompt_tokens"), counted.get("completion_tokens")
        if prompt:
            meter.count(prompt, completion or 0, estimated=False)
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
