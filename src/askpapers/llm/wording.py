"""What the error of a model server says, however its JSON wraps it: its sentence, its fields, overflows. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_LONGEST = 200  # characters of a server's sentence that a message repeats
_HOLDERS = ("error", "message", "detail", "msg", "errors", "error_description", "title")
_CODES = ("code", "type", "error_type", "status", "n_ctx")
_OVERFLOW = re.compile(
    r"context_length|context length|context window|context limit|context size|maximum context|exceeds? (?:the )?context"
    r"|exceed_context|too many (?:input )?tokens|(?:prompt|input|request|message)s? (?:is|are|was) too (?:long|large)"
    r"|(?:prompt|request|input|body) too (?:long|large)|input length and `?max_tokens"
    r"|input[^.]{0,30}tokens \+ `?max_new_tokens|must have less than \d+ tokens|input token count"
    r"|exceeds? (?:the )?(?:model(?:'s)? )?(?:max\w*|token limit|limit of \d+ tokens|max_model_len)"
    r"|exceeded model token limit|maximum (?:model|prompt|input|sequence) length|max_model_len|tokens_limit_reached"
    r"|reduce (?:the length|your (?:message|prompt|input))|range of input length|longer than the (?:model|context)"
    r"|input or output tokens must be reduced|string_above_max_length|string too long|number of tokens to keep"
    r"|n_ctx|cannot exceed the total tokens|max(?:imum)? input tokens|greater than max_seq_len|max context\b"
    r"|prompt_tokens_exceeded|token count of \d+ exceeds|total number of tokens|input tokens exceed",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content[_ ]filter|content management policy|ResponsibleAIPolicyViolation|data_inspection_failed"
    r"|inappropriate content|(?:input|prompt|request) (?:was|is|has been) (?:flagged|blocked)|content_policy_violation",
    re.IGNORECASE,
)
_OF_A_TEXT = re.compile(r"token|context|prompt|input|message|request|length|sequence|string", re.IGNORECASE)
_ONLY_THE_ANSWER = re.compile(r"completion tokens|max(?:imum)? (?:output|completion)|output token", re.IGNORECASE)
_MORE_THAN = re.compile(r"\d(?: tokens)? >=? (\d[\d,]{2,})")  # "5000 > 4096": the second is what there is room for
_CONTEXT_SIZE = re.compile(
    r"(?:context (?:length|size|window|limit)|max\w* prompt length|max\w* (?:\w+ )?sequence length|model length"
    r"|max_model_len"
    r"|max_seq_len|n_ctx|less than|cannot exceed(?: the total tokens limit)?|max size:?|token limit:?|limit (?:of|is))"
    r"['\"]?[^\d.]{0,40}?(\d[\d,]{2,})"
    r"|(?:allowed (?:length )?\(|length should be \[\d, ?|with (?=\d+ maximum context)|max input length "
    r"|must be at most |exceeds the (?=\d+ tokens? context)|model supports )(\d{3,})",
    re.IGNORECASE,
)


def message_of(error: Any) -> str:
    """The sentence that an error holds, on one line; "" where it has none, as a web page."""
    return " ".join(_text(error).split())


def _text(error: Any) -> str:
    match error:
        case str():
            return "" if error.lstrip().startswith("<") else error
        case list():
            return "; ".join(filter(None, map(_text, error)))
        case dict():
            found = next((text for holder in _HOLDERS if (text := _text(error.get(holder)))), "")
            if isinstance(place := error.get("loc"), list):  # pydantic's, which many servers pass on
                found = f"{'.'.join(str(part) for part in place if part != 'body')}: {found}"
            details = error.get("metadata")
            raw = details.get("raw") if isinstance(details, dict) else None  # OpenRouter's, of the provider behind it
            return f"{found}: {raw}" if isinstance(raw, str) else found
    return ""


def signs_of(error: Any) -> str:
    """All that tells what kind of error it is: its sentence, code and type, and no echo of the request."""
    inner = error.get("error") if isinstance(error, dict) and isinstance(error.get("error"), dict) else error
    fields = [f"{name} {inner[name]}" for name in _CODES if inner.get(name)] if isinstance(inner, dict) else []
    return " ".join([message_of(error), *fields])


def fields_of(error: Any) -> Iterator[str]:
    """The fields of the request that an error names in a place of its own: OpenAI's `param`, pydantic's `loc`."""
    match error:
        case list():
            for part in error:
                yield from fields_of(part)
        case dict():
            if isinstance(name := error.get("param"), str):
                yield name
            if isinstance(place := error.get("loc"), list):
                yield ".".join(str(part) for part in place if part != "body")
            for holder in ("error", "detail", "errors"):
                yield from fields_of(error.get(holder))


def quoted(error: Any, key: str = "") -> str:
    """What is repeated to the user of an error: “...”, shortened, without the key that was sent."""
    text = message_of(error)
    if key:
        text = text.replace(key, "***")
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + '…'}”" if text else ""


def is_overflow(text: str) -> bool:
    """Whether an error says that the request is longer than what the model reads."""
    if not _OVERFLOW.search(text) or not _OF_A_TEXT.search(text):
        return False
    return not _ONLY_THE_ANSWER.search(text) or "context" in text.casefold()


def is_filtered(text: str) -> bool:
    """Whether an error says that a filter of contents stopped the request."""
    return bool(_FILTERED.search(text))


def context_size(text: str) -> int | None:
    """The tokens that a model reads, where the error of an overflow tells them."""
    found = _MORE_THAN.findall(text) or [a or b for a, b in _CONTEXT_SIZE.findall(text)]
    sizes = [int(number.replace(",", "")) for number in found]
    return min(sizes, default=None)
