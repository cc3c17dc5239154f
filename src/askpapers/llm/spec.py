"""How a model is named: `none`, `openai/MODEL`, `ollama/MODEL`, `URL#MODEL`, `gguf:PATH`, `anthropic:MODEL`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from askpapers.errors import UsageError

OLLAMA = "http://localhost:11434/v1"
_FORMS = (
    "Write none, openai/MODEL, ollama/MODEL, http://HOST:PORT/v1#MODEL, gguf:PATH or anthropic:MODEL (docs/models.md)."
)
_LLAMA_INDEX = "llama-index:"
_PACKAGE = "llama-index-llms-"
_HOST_AND_PORT = re.compile(r"[\w.-]{1,253}:\d{1,5}(?:[/#]\S*)?\Z")
_CLASS = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")


class Kind(StrEnum):
    """How a model is reached."""

    OPENAI = "openai"
    SERVER = "server"
    GGUF = "gguf"
    GIVEN = "given"
    LLAMA_INDEX = "llama-index"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider by a short name: its class as MODULE:CLASS, and the parameter of it that takes the model's name."""

    name: str
    address: str
    parameter: str = "model"


PROVIDERS = (
    Provider("anthropic", "llama_index.llms.anthropic:Anthropic"),
    Provider("gemini", "llama_index.llms.google_genai:GoogleGenAI"),
    Provider("bedrock", "llama_index.llms.bedrock_converse:BedrockConverse"),
    Provider("azure", "llama_index.llms.azure_openai:AzureOpenAI", "engine"),
)


@dataclass(frozen=True, slots=True)
class Spec:
    """A model: `address` is the server's (None: OpenAI's own), `model` its name there, or a file's path.

    One that a program gave as an object has the name of its class, and its own.
    Of one of LlamaIndex's classes the address is MODULE:CLASS, and the model may be "".
    """

    kind: Kind
    model: str
    address: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether it runs on this machine, which reads slowly: a file, or a server at a loopback address."""
        if self.kind is Kind.GGUF:
            return True
        host = urlsplit(self.address or "").hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")

    @property
    def name(self) -> str:
        """The model's name by itself, for sentences about it: without its server's address or its file's folder."""
        if self.kind is Kind.GGUF:
            return Path(self.model).name
        return self.model or (self.address or "").rpartition(":")[2]

    def __str__(self) -> str:
        match self.kind:
            case Kind.GGUF:
                return f"gguf:{self.model}"
            case Kind.OPENAI:
                return f"openai/{self.model}"
            case Kind.GIVEN:
                return self.model
            case Kind.LLAMA_INDEX:
                short = next((provider.name for provider in PROVIDERS if provider.address == self.address), None)
                if short and self.model:
                    return f"{short}:{self.model}"
                return f"{_LLAMA_INDEX}{self.address}" + (f":{self.model}" if self.model else "")
        return f"ollama/{self.model}" if self.address == OLLAMA else f"{self.address}#{self.model}"


def read_spec(text: str, base_url: str | None = None) -> Spec | None:
    """Read a model's name; None for `none`. `base_url` stands in for OpenAI's own address.

    Raises UsageError for what names no model.
    """
    text = text.strip()
    if text == "none":
        return None
    if text.startswith(("http://", "https://")):
        return _server(text)
    for prefix, kind, address in (("openai/", Kind.OPENAI, base_url), ("ollama/", Kind.SERVER, OLLAMA)):
        if text.startswith(prefix) and (model := text.removeprefix(prefix)):
            if address and not _is_address(address):
                raise UsageError("OPENAI_BASE_URL holds no address of a model server.", hint="Write: http://HOST/v1")
            return Spec(kind, model, address)
    if text.startswith("gguf:") and (path := text.removeprefix("gguf:")):
        return Spec(Kind.GGUF, str(Path(path).expanduser()))
    for provider in PROVIDERS:
        for mark in ":/":
            if text.startswith(provider.name + mark) and (model := text[len(provider.name) + 1 :]):
                return Spec(Kind.LLAMA_INDEX, model, provider.address)
    if text.startswith(_LLAMA_INDEX):
        return _of_llama_index(text)
    hint = f"Write the address in full: http://{text}" if _HOST_AND_PORT.match(text) else _FORMS
    raise UsageError(f"“{text}” names no model.", hint=hint)


def _of_llama_index(text: str) -> Spec:
    module, _, rest = text.removeprefix(_LLAMA_INDEX).partition(":")
    name, _, model = rest.partition(":")
    if module.startswith(_PACKAGE):
        module = "llama_index.llms." + module.removeprefix(_PACKAGE).replace("-", "_")
    if not _CLASS.fullmatch(f"{module}:{name}"):
        raise UsageError(f"“{text}” names no class.", hint="Write: llama-index:PACKAGE:CLASS[:MODEL]")
    return Spec(Kind.LLAMA_INDEX, model, f"{module}:{name}")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")
    except ValueError:
        return False
    return bool(host) and parts.scheme in ("http", "https") and url.isprintable() and " " not in url


def _server(text: str) -> Spec:
    url, _, model = text.partition("#")
    if not _is_address(url) or (parts := urlsplit(url)).query:
        raise UsageError("That is no address of a model server.", hint=_FORMS)
    if parts.username or parts.password:
        raise UsageError(
            "A key or password is no part of a model's address.",
            hint="Put it into the environment as ASK_API_KEY, or into your config file.",
        )
    address = url.rstrip("/") + ("" if parts.path.strip("/") else "/v1")
    if not model:
        raise UsageError(f"{address} is given without a model.", hint=f"Write: {address}#MODEL")
    return Spec(Kind.SERVER, model, address)
