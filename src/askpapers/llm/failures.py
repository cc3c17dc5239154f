"""What goes wrong between here and a model, translated once, at the edge: each failure to its ModelError."""

from __future__ import annotations

import json
import math
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import openai

from askpapers.errors import (
    AskPapersError,
    ContextOverflowError,
    ModelBrokenError,
    ModelBusyError,
    ModelDeniedError,
    ModelError,
    ModelRefusedError,
    ModelRequestError,
    ModelSilentError,
    ModelUnknownError,
    ModelUnreachableError,
)
from askpapers.llm.provider_failures import provider_error
from askpapers.llm.spec import Kind, Spec
from askpapers.llm.wording import context_size, is_filtered, is_overflow, quoted, signs_of

CHECK = "See what `ask doctor` finds."
_OTHER = "Use another model (--llm); `ask --debug` shows all that the server says."
_LATER = "Ask again later, or use another model (--llm)."


@contextmanager
def translated(spec: Spec, timeout: float) -> Iterator[None]:
    """Turn what the libraries raise into the ModelError that it means; programming errors pass."""
    try:
        yield
    except AskPapersError:
        raise
    except Exception as error:
        if (meant := _translation(error, spec, timeout)) is None:
            raise
        raise meant from error


def _translation(error: Exception, spec: Spec, timeout: float) -> AskPapersError | None:
    """What an exception means; None for a programming error."""
    if spec.kind in (Kind.LLAMA_INDEX, Kind.GIVEN):  # all of it comes from a library
        return _own_error(error) or provider_error(error, spec)
    if isinstance(error, openai.OpenAIError | httpx.HTTPError | json.JSONDecodeError | UnicodeError):
        return _meaning(error, spec, timeout)
    if isinstance(error, ValueError) and spec.kind is Kind.GGUF and is_overflow(str(error)):
        return _overflow(spec, str(error))
    return None


@contextmanager
def usable_network() -> Iterator[None]:
    """Turn what a client cannot be made with into a ModelError: proxies and certificates of the environment."""
    try:
        yield
    except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ModelUnreachableError(
            f"The proxy or the certificates that are set cannot be used: {reason}.",
            hint="See HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from error


def _meaning(error: Exception, spec: Spec, timeout: float) -> AskPapersError:
    where = spec.address or "OpenAI"
    own = _own_error(error)
    if own is not None:  # raised below the client, by the replay
        return own
    if isinstance(error, UnicodeEncodeError) or any(isinstance(e, httpx.LocalProtocolError) for e in _chain(error)):
        return ModelDeniedError(
            f"What identifies you to {where} holds a character that cannot be sent.",
            hint="See OPENAI_ORG_ID and OPENAI_PROJECT_ID.",
        )
    if isinstance(error, openai.APIStatusError):
        return _status(error, spec, where)
    if isinstance(error, openai.APITimeoutError | httpx.TimeoutException):
        if isinstance(error, httpx.ConnectTimeout) or isinstance(error.__cause__, httpx.ConnectTimeout):
            return ModelUnreachableError(f"{where} does not answer the call.", hint=CHECK)
        return ModelSilentError(f"{where} accepted the question and then sent nothing for {timeout:g} s.", hint=_LATER)
    if isinstance(error, openai.APIConnectionError | httpx.ConnectError):
        return _connection(error, where)
    if isinstance(error, openai.APIError) and is_overflow(signs := signs_of(error.body or error.message)):
        return _overflow(spec, signs)
    if isinstance(error, httpx.TransportError):
        return ModelBrokenError(f"{where} stopped in the middle of its answer.", hint=_LATER)
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIResponseValidationError):
        said = _error_text(error.body or error.message, error.request)
        if is_filtered(signs):
            return _filtered(spec, said)
        return ModelBusyError(f"{where} reported an error in the middle of its answer{said}.", hint=_LATER)
    if isinstance(error, openai.OpenAIError) and "api_key" in str(error):
        return ModelDeniedError("No OpenAI key is set.", hint="Set OPENAI_API_KEY, or choose another model (--llm).")
    return ModelBrokenError(f"{where} sent what is no answer of a model.", hint=CHECK)


def _connection(error: Exception, where: str) -> ModelError:
    reasons = [str(e) for e in _chain(error)]
    kinds = tuple(_chain(error))
    text = " ".join(reasons)
    if any(isinstance(e, ssl.SSLError) for e in kinds) or "SSL" in text or "CERTIFICATE" in text.upper():
        return ModelUnreachableError(
            f"The secure connection to {where} failed: its certificate or TLS is not right.",
            hint="Check the address (http or https) and the server's certificate.",
        )
    if any(isinstance(e, socket.gaierror) for e in kinds):
        return ModelUnreachableError(f"The name in {where} is not known.", hint="Check the address and the network.")
    if "refused" in text:
        return ModelUnreachableError(f"Nothing listens at {where}.", hint="Start the server, or check the address.")
    if any(isinstance(e, httpx.RemoteProtocolError | httpx.ReadError) for e in kinds):
        return ModelBrokenError(f"{where} closed the connection without an answer.", hint=_LATER)
    return ModelUnreachableError(f"There is no connection to {where}.", hint=CHECK)


def _status(error: openai.APIStatusError, spec: Spec, where: str) -> ModelError:
    code, signs = error.status_code, signs_of(error.body)
    said = _error_text(error.body, error.request)
    wait = _retry_after(error.response.headers.get("retry-after"))
    if code == 401:
        key = "OPENAI_API_KEY" if spec.kind is Kind.OPENAI else "ASK_API_KEY"
        return ModelDeniedError(f"{where} does not accept the key (401).", hint=f"Set the right one in {key}.")
    if code == 413 or (code != 403 and is_overflow(signs)):
        return _overflow(spec, signs)
    if is_filtered(signs):
        return _filtered(spec, said)
    if code == 403:
        return ModelDeniedError(
            f"{where} does not permit this (403){said}.", hint=f"Ask its owner for access to {spec.model}."
        )
    if code == 404:
        return ModelUnknownError(
            f"{where} does not have {spec.model}, or is not a model server (404){said}.",
            hint="`ask doctor` lists the models that it offers; the address usually ends with /v1.",
        )
    if code == 402 or (code == 429 and "insufficient_quota" in signs):
        return ModelDeniedError(
            f"The account at {where} has no credit left ({code}).", hint="Top it up, or use another model."
        )
    if code == 429:
        return ModelBusyError(f"{where} limits how often it is asked (429).", hint=_LATER, wait=wait)
    if code >= 500 or code in (408, 409):
        return ModelBusyError(f"{where} fails or is overloaded ({code}){said}.", hint=_LATER, wait=wait)
    return ModelRequestError(f"{where} does not take the request ({code}){said}.", hint=_OTHER)


def _error_text(body: object, request: httpx.Request) -> str:
    """What a server says in its error, to be put behind a status."""
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    return f": {text}" if (text := quoted(body, key)) else ""


def _overflow(spec: Spec, signs: str) -> ContextOverflowError:
    return ContextOverflowError(
        f"The sources do not fit into the context of {spec.model}.",
        hint="Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
        size=context_size(signs),
    )


def _filtered(spec: Spec, said: str) -> ModelRefusedError:
    return ModelRefusedError(
        f"A filter in front of {spec.model} stopped the question or the sources{said}.",
        hint="Ask in other words, or use another model.",
    )


def _own_error(error: Exception) -> AskPapersError | None:
    return next((e for e in _chain(error) if isinstance(e, AskPapersError)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def _retry_after(value: str | None) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date (RFC 9110, section 10.2.3)."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (TypeError, ValueError):
            return None
    return max(0.0, seconds) if math.isfinite(seconds) else None
