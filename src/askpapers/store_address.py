"""The address of a vector store on a server, as --index takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from askpapers.errors import UsageError

_BEGINS = re.compile(r"(?:qdrant\+)?https?://", re.IGNORECASE)
_QDRANT = "qdrant+"
_CHROMA_CLOUD = "trychroma.com"
_FORMS = "Write http://HOST:PORT/COLLECTION for a Chroma server, qdrant+http://HOST:PORT/COLLECTION for Qdrant."
_CHROMA_OPTIONS = ("tenant", "database")


class Engine(Enum):
    """What serves the vectors."""

    CHROMA = "Chroma"
    QDRANT = "Qdrant"


class StoreAddress(NamedTuple):
    """Where a collection is: the server's base address without a slash at its end, and the collection's name.

    `tenant` and `database` are those of Chroma, "" for its defaults.
    """

    engine: Engine
    server: str
    collection: str
    tenant: str = ""
    database: str = ""

    def __str__(self) -> str:
        """The address as it is given."""
        options = urlencode({name: value for name in _CHROMA_OPTIONS if (value := getattr(self, name))})
        scheme = _QDRANT if self.engine is Engine.QDRANT else ""
        return f"{scheme}{self.server}/{quote(self.collection, safe='')}{'?' if options else ''}{options}"

    @property
    def is_chroma_cloud(self) -> bool:
        """Whether it is Chroma's own service, whose limits are lower than those of a server."""
        host = urlsplit(self.server).hostname or ""
        return self.engine is Engine.CHROMA and (host == _CHROMA_CLOUD or host.endswith(f".{_CHROMA_CLOUD}"))


def is_store_address(name: str) -> bool:
    """Whether a name of an index is the address of a server, not a folder."""
    return bool(_BEGINS.match(name))


def read_store_address(name: str) -> StoreAddress:
    """Read an address. Without a port it is 8000 for Chroma over HTTP, 6333 for Qdrant, else that of the scheme.

    Raises UsageError for what is no address, and for one with a password in it, which lists of processes would show.
    """
    engine = Engine.QDRANT if name.lower().startswith(_QDRANT) else Engine.CHROMA
    try:
        parts = urlsplit(name[len(_QDRANT) :] if engine is Engine.QDRANT else name)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError as error:
        raise UsageError(f"“{name}” is no address of a vector store: {error}.", hint=_FORMS) from error
    if parts.username or parts.password:
        raise UsageError(
            "The address of the vector store has a name or a password in it.",
            hint="Give a token by the variable ASK_INDEX_KEY instead.",
        )
    prefix, _, collection = parts.path.rstrip("/").rpartition("/")
    if not parts.hostname or not collection or parts.fragment:
        raise UsageError(f"“{name}” names no collection of a server.", hint=_FORMS)
    allowed = _CHROMA_OPTIONS if engine is Engine.CHROMA else ()
    if unknown := sorted(set(options) - set(allowed)):
        raise UsageError(f"“{name}” has the option {unknown[0]}, which is not known.", hint=_known(allowed))
    server = f"{parts.scheme.lower()}://{_host(parts)}:{port or _port(engine, parts.scheme.lower())}{prefix}"
    return StoreAddress(engine, server, unquote(collection), options.get("tenant", ""), options.get("database", ""))


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def _port(engine: Engine, scheme: str) -> int:
    if engine is Engine.QDRANT:
        return 6333
    return 443 if scheme == "https" else 8000


def _known(allowed: Sequence[str]) -> str:
    return f"Known: {', '.join(allowed)}." if allowed else _FORMS
