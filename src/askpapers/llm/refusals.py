"""Parameters that a server refuses: which one its error names, and how the request is written without it. Pure.

Each rewrite is tried once; those that were needed are remembered, so that the next request does not fail again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from askpapers.llm.wording import fields_of, is_filtered, is_overflow, message_of, signs_of

Body = dict[str, Any]

_NEVER = frozenset({401, 402, 403, 408, 429})  # what is refused here is the caller, not the request
_SYSTEM, _SCHEMA = "the system role", "response_format"
_LIMITS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_TINY = 0.01  # a temperature for those that want it above zero
_NO_PARAMETERS = frozenset({"model", "messages", "stream"})
_SIGNS = {
    _SYSTEM: r"\b(?:system|developer)\b['\"`’]?.{0,20}\b(?:role|message|prompt|instruction)s?\b"
    r"|\brole\b.{0,40}\b(?:system|developer)\b|does not support ['\"`]?(?:system|developer)\b"
    r"|roles? must alternate|only user\b.{0,20}\bassistant|unexpected (?:message )?role",
    "stream_options": r"\bstream_options\b|\binclude_usage\b",
    "stream": r"(?<!input )\bstream(?:ing)?\b['\"`’]?.{0,60}\b(?:not|unsupported|verified|disabled|unavailable|false)\b"
    r"|\b(?:not|unsupported|verified|cannot|unable|disabled?)\b.{0,60}\bstream(?:ing)?\b",
    _SCHEMA: r"response_?format|json[ _-]?(?:schema|mode|object)|structured[ _-]outputs?|\b(?:grammar|guided|schema)\b",
    "temperature": r"\btemperature\b",
    "max_tokens": r"\bmax_tokens\b|max_new_tokens|max_?output_?tokens|num_predict|completion tokens",
    "max_completion_tokens": r"\bmax_completion_tokens\b|max_?output_?tokens|completion tokens",
    "reasoning_effort": r"\breasoning\b|\breasoning_effort\b|\bthinking\b",
    "chat_template_kwargs": r"\bchat_template|\benable_thinking\b",
}
_POSITIVE = re.compile(r"positive|greater than|above|> ?0|nonzero|non-zero|at least 0?\.\d|minimum", re.IGNORECASE)
_MOST = re.compile(
    r"(?:at most|less than or equal to|<=|maximum(?: value)?(?: is| of|:)?|up to|\[\d+, ?)\D{0,20}(\d{2,7})"
)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A request written otherwise. `how` completes “it was asked ...”; `is_guess`: the error did not name it."""

    parameter: str
    how: str
    apply: Callable[[Body], Body]
    is_guess: bool = False


@dataclass(slots=True)
class Refusals:
    """What one model of one server refuses, as far as it was found out."""

    known: list[Rewrite] = field(default_factory=list)

    def adapted(self, body: Body) -> Body:
        """A request without what is known to be refused."""
        for rewrite in self.known:
            body = rewrite.apply(body)
        return body

    def remember(self, rewrite: Rewrite) -> None:
        """Write further requests so from the beginning."""
        if not any((known.parameter, known.how) == (rewrite.parameter, rewrite.how) for known in self.known):
            self.known.append(rewrite)


def rewrite_for(body: Body, status: int, error: Any, tried: list[Rewrite], *, guess: bool = True) -> Rewrite | None:
    """How a request that was answered with an error may be written otherwise; None: it may not.

    A parameter that the error names is left out or rewritten. Where it names none, and there is to be a `guess`, a
    JSON schema is left out.
    """
    text, signs = message_of(error), signs_of(error)
    if status in _NEVER or is_overflow(signs) or is_filtered(signs):
        return None
    done = {(rewrite.parameter, rewrite.how) for rewrite in tried}
    seen = {rewrite.parameter for rewrite in tried}
    ways = [
        way
        for parameter in _named(body, text, list(fields_of(error)))
        for way in _rewrites(parameter, body, text, tried)
        if (way.parameter, way.how) not in done
    ]
    if ways:
        return min(ways, key=lambda way: way.parameter in seen)  # the first of what was not written otherwise yet
    if guess and _SCHEMA in body and not any(rewrite.parameter == _SCHEMA for rewrite in tried):
        return Rewrite(_SCHEMA, "without it", _without(_SCHEMA), is_guess=True)
    return None


def _named(body: Body, text: str, fields: list[str]) -> Iterator[str]:
    """The parameters of a request that an error names: first those in its fields, then in the order of its words."""
    names = [name for name in body if name not in _NO_PARAMETERS]
    if any(message.get("role") in ("system", "developer") for message in body.get("messages", ())):
        names.append(_SYSTEM)
    if body.get("stream"):
        names.append("stream")
    for name in names:
        if any(part == name or part.startswith((f"{name}.", f"{name}[")) for part in fields):
            yield name
    if _SYSTEM in names and any(part.startswith("messages") and "role" in part for part in fields):
        yield _SYSTEM
    if any(part.rpartition(".")[2] == "extra_forbidden" for part in fields):
        return
    found = []
    for name in names:
        sign = _SIGNS.get(name) or rf"\b{re.escape(name)}\b"
        if match := re.search(sign, text, re.IGNORECASE):
            found.append((match.start(), name))
    yield from (name for _, name in sorted(found))


def _rewrites(parameter: str, body: Body, text: str, tried: list[Rewrite]) -> Iterator[Rewrite]:
    """The ways to do without a parameter, the best one first."""
    match parameter:
        case "the system role":
            yield Rewrite(parameter, "with its text in the question's message", _with_one_role)
            return
        case "stream":
            yield Rewrite(parameter, "without streaming", _unstreamed)
            return
        case "temperature" if body[parameter] == 0 and _POSITIVE.search(text):
            yield Rewrite(parameter, f"with {_TINY}", _with(parameter, _TINY))
        case "max_tokens" | "max_completion_tokens":
            other = _LIMITS[parameter]
            most = [int(number) for number in _MOST.findall(text) if int(number) < body[parameter]]
            if most:
                yield Rewrite(parameter, f"with {max(most)}", _at_most(parameter, max(most)))
                return
            if not any(rewrite.parameter == other for rewrite in tried):
                yield Rewrite(parameter, f"with {other}", _renamed(parameter, other))
    yield Rewrite(parameter, "without it", _without(parameter))


def _without(name: str) -> Callable[[Body], Body]:
    return lambda body: {key: value for key, value in body.items() if key != name}


def _with(name: str, value: Any) -> Callable[[Body], Body]:
    return lambda body: {**body, name: value} if name in body else body


def _at_most(name: str, most: int) -> Callable[[Body], Body]:
    return lambda body: {**body, name: min(body[name], most)} if name in body else body


def _renamed(name: str, other: str) -> Callable[[Body], Body]:
    return lambda body: {(other if key == name else key): value for key, value in body.items()}


def _unstreamed(body: Body) -> Body:
    return {**_without("stream_options")(body), "stream": False}


def _with_one_role(body: Body) -> Body:
    """The instructions put before the first message of the user."""
    instructions, messages = list[str](), list[dict[str, Any]]()
    for message in body["messages"]:
        if message.get("role") in ("system", "developer"):
            instructions.append(str(message.get("content") or ""))
        else:
            before = "".join(f"{text}\n\n" for text in instructions)
            messages.append({**message, "content": before + str(message.get("content") or "")} if before else message)
            instructions = []
    if instructions:
        messages.append({"role": "user", "content": "\n\n".join(instructions)})
    return {**body, "messages": messages}
