"""Puts page, API and MCP tools into one app behind one gate."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from askpapers.web.api import json_api
from askpapers.web.collections import Collections, begin_together, place_of
from askpapers.web.desk import Desk
from askpapers.web.gate import Gate, Login


@dataclass(frozen=True, slots=True)
class Served:
    """What is served, and to whom. `reachable`: from other machines too; `protocols`: files that can be screened by."""

    page: bool = True
    login: Login | None = None
    reachable: bool = False
    root_path: str = ""
    port: int = 7860
    protocols: tuple[Path, ...] = ()

    @property
    def writable(self) -> bool:
        """Whether papers and feedback are taken: never from strangers."""
        return self.page and (self.login is not None or not self.reachable)


def make_app(desk: Desk | Sequence[Desk], served: Served, version: str) -> ASGIApp:
    """The app over a desk, or over those of several collections, which have names."""
    if isinstance(desk, Desk):
        return _guarded(*_parts([desk], served, version, {}), served)
    names = [one.collection for one in desk]
    addresses = {name: f"{served.root_path}{place_of(names, name)}/" for name in names}
    apps: dict[str, ASGIApp] = {}
    inner: list[FastAPI] = []
    for one in desk:
        own = replace(served, root_path=addresses[one.collection].rstrip("/"))
        app, full = _parts(desk if one is desk[0] else [one], own, version, addresses)
        inner.append(app)
        apps[one.collection] = _guarded(app, full, own)
    begin_together(inner[0], inner[1:])
    return Collections(apps, served.root_path)


def _parts(
    desks: Sequence[Desk], served: Served, version: str, addresses: Mapping[str, str]
) -> tuple[FastAPI, Callable[[], bool]]:
    """The API, the MCP tools and the page over the first desk, and whether too much was uploaded.

    The tools know the other desks, too, and the page their `addresses`.
    """
    from askpapers.web.tools import mount_tools  # mcp takes a second to import

    desk = desks[0]
    app = json_api(desk, version, [one.collection for one in desks[1:]])
    mount_tools(app, desks, version)
    if not served.page:
        return app, lambda: False
    from askpapers.web.page import mount_page  # gradio takes seconds to import

    uploads = mount_page(
        app,
        desk,
        writable=served.writable,
        root_path=served.root_path,
        port=served.port,
        protocols=served.protocols,
        addresses=addresses,
    )
    return app, uploads.full


def _guarded(app: FastAPI, full: Callable[[], bool], served: Served) -> ASGIApp:
    return Gate(
        app,
        login=served.login,
        this_machine_only=not served.reachable,
        writable=served.writable,
        uploads_full=full,
        root_path=served.root_path,
    )
