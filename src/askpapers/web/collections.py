"""Several collections served together: the first at the root, each further one at /c/NAME/, whole.

The API names one by a parameter, `/api/...?collection=NAME`. Each collection has an app, and a gate, of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/c/"
_ADDRESS = re.compile(rf"{PREFIX}([A-Za-z0-9_-]+)(/.*)?")


def place_of(names: Sequence[str], name: str) -> str:
    """Where a collection is served, without a slash at the end: "" for the first."""
    return "" if name == names[0] else f"{PREFIX}{name}"


class Collections:
    """Passes each request on to the app of the collection that it is for; without a name, to the first."""

    def __init__(self, apps: Mapping[str, ASGIApp], root_path: str) -> None:
        """Serve apps by the names of their collections; `root_path` is that of a proxy, see `Gate`."""
        self._apps = apps
        self._first = next(iter(apps))
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "lifespan":
            await self._apps[self._first](scope, receive, send)
            return
        path = scope["path"]
        if self._root_path and path.startswith(f"{self._root_path}/"):
            path = path.removeprefix(self._root_path)
        name, inner = self._first, path
        if (found := _ADDRESS.fullmatch(path)) and found[1] in self._apps:
            name, inner = found[1], found[2] or "/"
        if inner.startswith("/api/") or inner == "/api":
            asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("collection")
            if asked:  # the first refuses a name that is none
                name = asked[0] if asked[0] in self._apps else self._first
        await self._apps[name]({**scope, "path": inner}, receive, send)


def begin_together(first: FastAPI, others: Sequence[FastAPI]) -> None:
    """Let apps begin and end with the first."""
    before = first.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with AsyncExitStack() as begun:
            for other in others:
                await begun.enter_async_context(other.router.lifespan_context(other))
            yield await begun.enter_async_context(before(app))

    first.router.lifespan_context = lifespan
