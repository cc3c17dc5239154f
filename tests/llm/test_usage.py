"""Tokens and what they cost."""

from __future__ import annotations

import json
import re
from importlib import resources
from types import SimpleNamespace
from typing import Any

import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.instrumentation.events.llm import LLMChatEndEvent
from llama_index_instrumentation import get_dispatcher

from askpapers.datatypes import Usage
from askpapers.llm.spec import Kind, Spec, read_spec
from askpapers.llm.usage import TAG, Meter, UsageHandler, count_tokens, listen, price_of, tokens

MINI = Spec(Kind.OPENAI, "gpt-4o-mini")
PRICES = json.loads(resources.files("askpapers").joinpath("assets", "prices.json").read_text(encoding="utf-8"))


def test_the_price_table_is_dated_data() -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", PRICES["as_of"])
    assert PRICES["source"]
    assert len(PRICES["openai"]) > 5
    for price in PRICES["openai"].values():
        assert set(price) == {"prompt", "completion"}
        assert 0 < price["prompt"] <= price["completion"] < 1000


def test_a_known_price_is_multiplied_out() -> None:
    meter = Meter()
    meter.count(1_000_000, 0, estimated=False)
    meter.count(0, 2_000_000, estimated=False)
    price = PRICES["openai"]["gpt-4o-mini"]
    assert price_of(MINI) == price
    usage = meter.usage(MINI)
    assert (usage.prompt_tokens, usage.completion_tokens) == (1_000_000, 2_000_000)
    assert usage.cost_usd == pytest.approx(price["prompt"] + 2 * price["completion"])


@pytest.mark.parametrize(
    "spec",
    [
        Spec(Kind.OPENAI, "gpt-9"),
        Spec(Kind.OPENAI, "gpt-4o-mini", "http://127.0.0.1:1/v1"),
        read_spec("http://127.0.0.1:1/v1#gpt-4o-mini"),
        read_spec("ollama/gpt-4o-mini"),
        read_spec("gguf:gpt-4o-mini"),
    ],
    ids=str,
)
def test_an_unknown_price_is_none(spec: Spec) -> None:
    meter = Meter()
    meter.count(1000, 1000, estimated=False)
    assert price_of(spec) is None
    assert meter.usage(spec).cost_usd is None


def test_an_estimate_has_no_price() -> None:
    meter = Meter()
    meter.count(1000, 1000, estimated=False)
    meter.count(1, 1, estimated=True)
    assert meter.usage(MINI) == Usage(1001, 1001, None, True)


def test_nothing_asked_is_nothing_used() -> None:
    assert Meter().usage(MINI) == Usage(0, 0, 0.0)


def ended(raw: Any, tags: dict[str, Any], text: str = "two words") -> LLMChatEndEvent:
    message = ChatMessage(role="assistant", content=text)
    response = ChatResponse(message=message, raw=raw)
    event = LLMChatEndEvent(messages=[ChatMessage(role="user", content="three more words")], response=response)
    event.tags = tags
    return event


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (SimpleNamespace(usage=SimpleNamespace(prompt_tokens=5, completion_tokens=7)), (5, 7, False)),
        ({"usage": {"prompt_tokens": 5, "completion_tokens": 7}}, (5, 7, False)),
        ({"usage": {"prompt_tokens": 5, "completion_tokens": None}}, (5, 0, False)),
        ({"usage": {"prompt_tokens": 0, "completion_tokens": 0}}, (7, 2, True)),
        ({"usage": None}, (7, 2, True)),
        (SimpleNamespace(usage=None), (7, 2, True)),
        (None, (7, 2, True)),
    ],
)
def test_the_server_counts_or_we_do(raw: Any, expected: tuple[int, int, bool]) -> None:
    meter = Meter()
    UsageHandler().handle(ended(raw, meter.tags))
    usage = meter.usage(MINI)
    assert (usage.prompt_tokens, usage.completion_tokens, usage.estimated) == expected


def test_the_calls_of_others_are_not_counted() -> None:
    meter = Meter()
    handler = UsageHandler()
    handler.handle(ended({"usage": {"prompt_tokens": 5, "completion_tokens": 7}}, {}))
    handler.handle(ended({"usage": {"prompt_tokens": 5, "completion_tokens": 7}}, {TAG: "something else"}))
    assert meter.usage(MINI).prompt_tokens == 0


def test_listening_twice_counts_once() -> None:
    for _ in range(3):
        listen()
    handlers = [h for h in get_dispatcher("root").event_handlers if isinstance(h, UsageHandler)]
    assert len(handlers) == 1


def test_counting_is_near_to_openais() -> None:
    assert tokens("") == 0
    assert tokens("hello world") == 2
    assert count_tokens([ChatMessage(role="user", content="hello world"), ChatMessage(role="user", content=None)]) == 10
