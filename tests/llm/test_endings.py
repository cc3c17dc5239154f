"""Why a text ends, as servers and LlamaIndex's packages for other providers tell it."""

from __future__ import annotations

from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from askpapers.llm.endings import ending_of


class Finish(Enum):
    """As Gemini's client has it."""

    STOP = 1
    MAX_TOKENS = 2
    SAFETY = 3


def anything(**fields: Any) -> Any:
    """An object of a client."""
    return SimpleNamespace(**fields)


@pytest.mark.parametrize(
    ("raw", "ending"),
    [
        ({"choices": [{"finish_reason": "length"}]}, "length"),
        ({"choices": [{"finish_reason": None}]}, None),
        ({"choices": []}, None),
        (anything(choices=[anything(delta=anything(refusal="No."), finish_reason=None)]), "refusal"),
        (anything(choices=[anything(delta=anything(refusal=None), finish_reason="stop")]), "stop"),
        ({"stop_reason": "max_tokens"}, "length"),
        (anything(type="message_delta", delta=anything(stop_reason="max_tokens")), "length"),
        (anything(type="message_delta", delta=anything(stop_reason="end_turn")), "stop"),
        ({"messageStop": {"stopReason": "max_tokens"}}, "length"),
        ({"stopReason": "guardrail_intervened"}, "content_filter"),
        ({"candidates": [{"finish_reason": Finish.MAX_TOKENS}]}, "length"),
        (anything(candidates=[anything(finish_reason=Finish.SAFETY)]), "content_filter"),
        ({"message": {"content": "x"}, "done": True, "done_reason": "length"}, "length"),
        (None, None),
        ("text", None),
    ],
)
def test_why_a_text_ends(raw: Any, ending: str | None) -> None:
    assert ending_of(raw) == ending
