"""Puts page, API and MCP tools into one app behind one guard, for one collection or several.

Of several the first is at the root, each further one at /c/NAME/, whole; the API names one by a parameter,
`/api/...?collection=NAME`. Each has an app, and a guard, of its own.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from askpapers.server.api import json_api
from askpapers.server.guard import Login, RequestGuard
from askpapers.service.corpus_service import CorpusService

_PREFIX = "/c/"
_ADDRESS = re.compile(rf"{_PREFIX}([A-Za-z0-9_-]+)(/.*)?")


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and to whom. `reachable`: from other machines too; `protocols`: files that can be screened by."""

    page: bool = True
    login: Login | None = None
    reachable: bool = False
    root_path: str = ""
    protocols: tuple[Path, ...] = ()

    @property
    def writable(self) -> bool:
        """Whether papers and feedback are taken: never from strangers."""
        return self.page and (self.login is not None or not self.reachable)


def make_app(service: CorpusService | Sequence[CorpusService], served: Served, version: str) -> ASGIApp:
    """The app over a service, or over those of several collections, which have names."""
    if isinstance(service, CorpusService):
        return _guarded(*_parts([service], served, version, {}), served)
    names = [one.collection for one in service]
    addresses = {name: f"{served.root_path}{_place_of(names, name)}/" for name in names}
    apps: dict[str, ASGIApp] = {}
    inner: list[FastAPI] = []
    for one in service:
        own = replace(served, root_path=addresses[one.collection].rstrip("/"))
        app, full = _parts(service if one is service[0] else [one], own, version, addresses)
        inner.append(app)
        apps[one.collection] = _guarded(app, full, own)
    _begin_together(inner[0], inner[1:])
    return Collections(apps, served.root_path)


def _parts(
    services: Sequence[CorpusService], served: Served, version: str, addresses: Mapping[str, str]
) -> tuple[FastAPI, Callable[[], bool]]:
    """The API, the MCP tools and the page over the first service, and whether too much was uploaded.

    The tools know the other services, too, and the page their `addresses`.
    """
    from askpapers.mcp.tools import mount_tools  # mcp takes a second to import

    service = services[0]
    app = json_api(service, version, [one.collection for one in services[1:]])
    mount_tools(app, services, version)
    if not served.page:
        return app, lambda: False
    from askpapers.web.page import mount_page  # gradio takes seconds to import

    uploads = mount_page(app, service, writable=served.writable, protocols=served.protocols, addresses=addresses)
    return app, uploads.full


def _guarded(app: FastAPI, full: Callable[[], bool], served: Served) -> ASGIApp:
    not_found = ""
    if served.page:
        from askpapers.web.page import not_found_html

        not_found = not_found_html(f"{served.root_path}/")
    return RequestGuard(
        app,
        login=served.login,
        this_machine_only=not served.reachable,
        writable=served.writable,
        uploads_full=full,
        not_found=not_found,
        root_path=served.root_path,
    )


def _place_of(names: Sequence[str], name: str) -> str:
    """Where a collection is served, without a slash at the end: "" for the first."""
    return "" if name == names[0] else f"{_PREFIX}{name}"


class Collections:
    """Passes each request on to the app of the collection that it is for; without a name, to the first."""

    def __init__(self, apps: Mapping[str, ASGIApp], root_path: str) -> None:
        """Serve apps by the names of their collections; `root_path` is that of a proxy, see `RequestGuard`."""
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
            name, inner = found[1], found[2] or f"{self._root_path}{path}"
        if inner.startswith("/api/") or inner == "/api":
            asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("collection")
            if asked:  # the first refuses a name that is none
                name = asked[0] if asked[0] in self._apps else self._first
        await self._apps[name]({**scope, "path": inner}, receive, send)


def _begin_together(first: FastAPI, others: Sequence[FastAPI]) -> None:
    """Let apps begin and end with the first."""
    before = first.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[Any]:
        async with AsyncExitStack() as begun:
            for other in others:
                await begun.enter_async_context(other.router.lifespan_context(other))
            yield await begun.enter_async_context(before(app))

    first.router.lifespan_context = lifespan
