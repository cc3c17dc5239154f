"""What the exceptions of providers mean: one table, by status, else by the name of the class. Pure.

The packages are not installed here, so their classes are known by their names only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from askpapers.errors import (
    ContextOverflowError,
    ModelBrokenError,
    ModelBusyError,
    ModelDeniedError,
    ModelError,
    ModelRequestError,
    ModelSilentError,
    ModelUnknownError,
    ModelUnreachableError,
)
from askpapers.llm.spec import Spec
from askpapers.llm.wording import context_size, is_overflow, message_of, quoted

_LATER = "Ask again later, or use another model (--llm)."
_KEY = "Set the key that it reads from the environment; docs/models.md names it."
_TABLE: tuple[tuple[type[ModelError], str, str, frozenset[int], tuple[str, ...]], ...] = (
    (
        ModelDeniedError,
        "does not accept the key, or finds none",
        _KEY,
        frozenset({401}),
        ("authentication", "unauthorized", "unauthenticated", "credential", "unrecognizedclient", "expiredtoken"),
    ),
    (
        ModelDeniedError,
        "does not permit this, or has no credit left",
        "Ask its owner for access, or top the account up.",
        frozenset({402, 403}),
        ("permission", "accessdenied", "forbidden", "insufficientquota", "billing"),
    ),
    (
        ModelUnknownError,
        "is not known there",
        "Check the name of the model, and its region.",
        frozenset({404}),
        ("notfound",),
    ),
    (
        ModelBusyError,
        "limits how often it is asked",
        _LATER,
        frozenset({429}),
        ("ratelimit", "throttl", "toomanyrequests", "resourceexhausted", "quota"),
    ),
    (
        ModelSilentError,
        "did not answer in time",
        _LATER,
        frozenset({408, 504}),
        ("timeout", "timedout", "deadlineexceeded"),
    ),
    (
        ModelUnreachableError,
        "cannot be reached",
        "Check the network, and the address or region that is set.",
        frozenset(),
        ("connect", "gaierror", "sslerror"),
    ),
    (
        ModelBusyError,
        "fails or is overloaded",
        _LATER,
        frozenset({500, 502, 503, 529}),
        ("overloaded", "internalserver", "serviceunavailable", "servererror", "modelnotready"),
    ),
    (
        ModelRequestError,
        "does not take the request",
        "Use another model (--llm); `ask --debug` shows all that it says.",
        frozenset({400, 409, 422}),
        ("badrequest", "validation", "invalidargument", "invalidrequest", "unprocessable", "clienterror"),
    ),
)


def provider_error(error: Exception, spec: Spec) -> ModelError:
    """The ModelError that an exception of a provider's package means."""
    text, codes = str(error), {name.casefold() for name in _names(error)}
    if is_overflow(text):
        return ContextOverflowError(
            f"The sources do not fit into the context of {spec}.",
            hint="Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
            size=context_size(text),
        )
    said = f": {words}" if (words := quoted(text)) else ""
    status = _status(error)
    for kind, what, hint, statuses, signs in _TABLE:
        if status in statuses or (status is None and any(sign in code for sign in signs for code in codes)):
            return kind(f"{spec} {what}{said}.", hint=hint)
    if any(sign in text.casefold() for sign in ("api_key", "api key", "auth_token", "credentials")):
        return ModelDeniedError(f"{spec} finds no key{said}.", hint=_KEY)
    return ModelBrokenError(f"{spec} failed: {type(error).__name__}: {message_of(text)[:200]}.", hint=_LATER)


def _names(error: BaseException | None) -> Iterator[str]:
    """The names of an exception's class and of those above it, of its cause, and the code in a reply of AWS."""
    while error is not None:
        yield from (
            made.__name__ for made in type(error).__mro__ if made.__module__ != "builtins" or made is type(error)
        )
        reply = getattr(error, "response", None)
        if isinstance(reply, dict):
            yield str(reply.get("Error", {}).get("Code", ""))
        error = error.__cause__


def _status(error: Exception) -> int | None:
    """The HTTP status that an exception holds, under any of the names that packages have for it."""
    reply: Any = getattr(error, "response", None)
    code = reply.get("Error", {}).get("Code") if isinstance(reply, dict) else None
    if isinstance(code, str) and code.endswith(("Exception", "Error")):
        return None  # of AWS, whose codes say more than its status
    for holder in (error, reply):
        for name in ("status_code", "http_status", "code", "status"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 400 <= value < 600:
                return value
    return None
