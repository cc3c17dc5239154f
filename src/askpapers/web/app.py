"""Puts page, API and MCP tools into one app behind one gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp

from askpapers.web.api import json_api
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


def make_app(desk: Desk, served: Served, version: str) -> ASGIApp:
    """The app."""
    from askpapers.web.tools import mount_tools  # mcp takes a second to import

    app = json_api(desk, version)
    mount_tools(app, desk, version)
    full: Callable[[], bool] = lambda: False  # noqa: E731
    if served.page:
        from askpapers.web.page import mount_page  # gradio takes seconds to import

        full = mount_page(
            app,
            desk,
            writable=served.writable,
            root_path=served.root_path,
            port=served.port,
            protocols=served.protocols,
        ).full
    return Gate(
        app,
        login=served.login,
        this_machine_only=not served.reachable,
        writable=served.writable,
        uploads_full=full,
        root_path=served.root_path,
    )
