"""How a model is named: `none`, `openai/MODEL`, `ollama/MODEL`, `URL#MODEL`, `gguf:PATH`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from askpapers.errors import UsageError

OLLAMA = "http://localhost:11434/v1"
_FORMS = "Write none, openai/MODEL, ollama/MODEL, http://HOST:PORT/v1#MODEL or gguf:PATH."


class Kind(StrEnum):
    """How a model is reached."""

    OPENAI = "openai"
    SERVER = "server"
    GGUF = "gguf"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class Spec:
    """A model: `address` is the server's (None: OpenAI's own), `model` its name there, or a file's path.

    One that a program gave as an object has the name of its class, and its own.
    """

    kind: Kind
    model: str
    address: str | None = None

    def __str__(self) -> str:
        match self.kind:
            case Kind.GGUF:
                return f"gguf:{self.model}"
            case Kind.OPENAI:
                return f"openai/{self.model}"
            case Kind.GIVEN:
                return self.model
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
    raise UsageError(f"“{text}” names no model.", hint=_FORMS)


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
