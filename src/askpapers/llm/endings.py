"""Why a text of a model ends, in OpenAI's words, as servers and LlamaIndex's packages tell it. Pure."""

from __future__ import annotations

from typing import Any

_WORDS = {
    "length": {
        "length",
        "max_tokens",
        "max_output_tokens",
        "model_length",
        "max_length",
        "token_limit",
        "max_new_tokens",
    },
    "content_filter": {
        "content_filter",
        "content_filtered",
        "safety",
        "recitation",
        "prohibited_content",
        "blocklist",
        "guardrail_intervened",
    },
    "error": {"error", "abort", "aborted", "cancelled", "canceled"},
}
_FIELDS = ("finish_reason", "stop_reason", "stopReason", "done_reason", "finishReason")
_WITHIN = ("choices", "candidates", "delta", "messageStop", "message")  # where the packages of providers have them


def in_openai_words(reason: Any) -> str | None:
    """Why an answer ends: "stop", "length", "content_filter" or "error"; None where it does not."""
    reason = getattr(reason, "name", reason)  # an enumeration
    if not isinstance(reason, str) or not reason.strip() or reason.strip().casefold() in ("null", "none"):
        return None
    word = reason.strip().casefold()
    return next((ending for ending, words in _WORDS.items() if word in words), "stop")


def ending_of(raw: Any, depth: int = 2) -> str | None:
    """Why a part of a response says that the text ends; "refusal" where the model says so in a field of its own."""
    if reason := next((word for name in _FIELDS if (word := in_openai_words(_field(raw, name)))), None):
        return "refusal" if _field(_field(raw, "delta"), "refusal") else reason
    for name in _WITHIN if depth else ():
        inner = _field(raw, name)
        inner = inner[0] if isinstance(inner, list) and inner else inner
        if inner is not None and (reason := ending_of(inner, depth - 1)):
            return reason
    return "refusal" if _field(_field(raw, "delta"), "refusal") else None


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)
