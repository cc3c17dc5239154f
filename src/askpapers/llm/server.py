"""Models behind OpenAI's protocol: OpenAI itself, Ollama, vLLM, llama.cpp, LM Studio."""

from __future__ import annotations

import functools
import os
import ssl
from typing import Any

import httpx
import openai
from llama_index.core.llms import LLM
from llama_index.llms.openai_like import OpenAILike

from askpapers.errors import ModelDeniedError, UsageError
from askpapers.llm.client import ModelClient
from askpapers.llm.failures import translated, usable_network
from askpapers.llm.spec import Kind, Spec
from askpapers.llm.traffic import UNDER_WAY
from askpapers.settings import ModelSettings

_OPENAI = "https://api.openai.com/v1"
_CONNECT_TIMEOUT = 5.0


def open_server(spec: Spec, settings: ModelSettings, transport: httpx.BaseTransport | None, context: int) -> LLM:
    """A LlamaIndex model for a server; `context` in tokens. The longest answer is given with each request.

    Raises ModelDeniedError where OpenAI is named and there is no key.
    """
    try:
        client: dict[str, Any] = {"openai_client": open_client(spec, settings, transport)}  # no field of the class
        llm: LLM = OpenAILike(
            model=spec.model,
            api_key="not shown",  # the client below holds the key: LlamaIndex puts its own fields into events
            api_base=spec.address or _OPENAI,
            context_window=context,
            is_chat_model=True,
            temperature=0.0,
            max_retries=0,  # retried in model.py: here a stream that fails half-way would not be
            timeout=settings.timeout,
            additional_kwargs={"stream_options": {"include_usage": True}},
            **client,
        )
        return llm
    except ValueError as error:  # models that have another protocol
        raise UsageError(f"{spec} cannot be used: {error}", hint="Choose another model (--llm).") from error


def offered_models(spec: Spec, settings: ModelSettings) -> list[str]:
    """The names of the models that a server offers, in its order. Raises ModelError."""
    with translated(spec, settings.timeout):
        client = open_client(spec, settings).with_options(timeout=_CONNECT_TIMEOUT)
        with client:
            return [model.id for model in client.models.list()]


def open_client(spec: Spec, settings: ModelSettings, transport: httpx.BaseTransport | None = None) -> openai.OpenAI:
    """A client of a server, with the key that is for it and no other. Raises ModelDeniedError where OpenAI has none."""
    key, set_in = _key(spec, settings)
    if key and (wrong := _no_key(key)):
        raise ModelDeniedError(
            f"The key in {set_in} holds a character that no key has.",
            hint=f"Copy the key again, from where it was made: it holds {wrong}.",
        )
    if key is None and spec.kind is Kind.OPENAI and not settings.traffic.replay:
        raise ModelDeniedError(
            "No OpenAI key is set.", hint="Set OPENAI_API_KEY, or choose another model (--llm), or --llm none."
        )
    timeout = httpx.Timeout(settings.timeout, connect=_CONNECT_TIMEOUT)
    with usable_network():
        http = ModelClient(
            spec.address or "OpenAI",
            transport=transport,
            timeout=timeout,
            verify=_certificates(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
            event_hooks={"response": [UNDER_WAY.set]},
        )
    try:
        client = openai.OpenAI(
            api_key=key or "none",
            base_url=spec.address or _OPENAI,
            max_retries=0,
            timeout=timeout,
            http_client=http,
        )
    except httpx.InvalidURL as error:
        raise UsageError(f"{spec.address} is no address.", hint="Give the right one: --llm URL#MODEL") from error
    if spec.kind is not Kind.OPENAI:  # which the client has from the environment, and are no one else's business
        client.organization = client.project = None
    return client


@functools.cache
def _certificates(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Those that servers are checked against. Reading them takes 20 ms: once for each place that is set for them.

    httpx reads both places from the environment by itself.
    """
    return httpx.create_ssl_context()


def _no_key(key: str) -> str:
    """What a key holds that cannot be sent, or that no key has; "" where there is nothing of it."""
    if not key.isascii():
        return f"U+{ord(next(sign for sign in key if not sign.isascii())):04X}, which is no ASCII"
    if not key.isprintable():
        return "a line end or another sign that is not printed"
    return "a blank" if " " in key else ""


def _key(spec: Spec, settings: ModelSettings) -> tuple[str | None, str]:
    """The key for a server, and for no other, and where it is set.

    OpenAI's goes to OpenAI or to where OPENAI_BASE_URL points.
    """
    if spec.kind is Kind.OPENAI:
        return settings.keys.get("openai"), "OPENAI_API_KEY"
    if key := settings.keys.get(spec.address or ""):
        return key, "your config file"
    return settings.keys.get("server"), "ASK_API_KEY"
