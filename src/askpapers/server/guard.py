"""The guard in front of page, API and MCP: who may come in, from where, to which paths, and what leaves with them.

One guard for all of them, so that no surface can forget to ask. HTTP Basic, because the page, `curl` and an MCP
client all speak it.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ipaddress
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from askpapers.server.request_checks import (
    TOO_LARGE,
    BodyTooLargeError,
    Refusal,
    check_request,
    host_name,
    largest_body,
    limited,
    origin_host,
    refused,
)
from askpapers.service.uploads import UPLOAD_PATH

_log = logging.getLogger(__name__)

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PAUSE = 0.5  # seconds after wrong credentials, against guessing

# Should text of a stranger ever become markup, no script and no style in it does anything, and nothing is fetched.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_FILES = re.compile(r"/(?:papers|table|check|screen|add|page\.js|page\.css)?")
_CALLS = re.compile(rf"/page/\w+|{UPLOAD_PATH}")
# Of Gradio's routes those of its queue by which an event is begun and read. Others serve files, proxy addresses ...
_PAGE_PATHS = re.compile(r"/page/\w+|/gradio_api/call/\w+(?:/[0-9a-f]{32})?")
_NOT_OF_THE_PAGE = Refusal(400, "This request is none that the page sends.", "Programs use the API: see docs/chat.md.")
_OWN_PATHS = re.compile(r"/(?:api|mcp)(?:/.*)?")


@dataclass(frozen=True, slots=True)
class Login:
    """The one user who may come in."""

    user: str
    password: str

    def admits(self, header: str | None) -> bool:
        """Whether an Authorization header has these credentials, compared in constant time."""
        scheme, _, encoded = (header or "").partition(" ")
        try:
            given = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        wanted = f"{self.user}:{self.password}".encode()
        same = hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(wanted).digest())
        return same and scheme.lower() == "basic"


class RequestGuard:
    """ASGI middleware around everything that is served.

    Without a login only this machine is meant: then the Host must be a name of this machine, so that no web
    site can reach the corpus by pointing a name of its own at it. What changes something must come from the
    page itself or from no page.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        login: Login | None = None,
        this_machine_only: bool = True,
        writable: bool = False,
        uploads_full: Callable[[], bool] = lambda: False,
        not_found: str = "",
        root_path: str = "",
    ) -> None:
        """Stand before an app. A proxy may send what it serves below `root_path` with it or without.

        Files are taken where it is `writable`, unless `uploads_full` says that too many wait to be added. `not_found`
        is the HTML that a browser is shown where there is nothing.
        """
        self._app = app
        self._login = login
        self._this_machine_only = this_machine_only and login is None
        self._writable = writable
        self._uploads_full = uploads_full
        self._not_found = not_found
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if self._root_path and scope["path"].startswith(f"{self._root_path}/"):
            scope = {**scope, "path": scope["path"].removeprefix(self._root_path)}
        wrong = check_request(scope)
        refusal = wrong.response() if wrong else await self._refusal(scope)
        if refusal is None:
            await self._pass_on(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, _with_headers(send))

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer. Gradio fails on requests that its own page never sends: that is no fault of ours."""
        own = bool(_OWN_PATHS.fullmatch(scope["path"])) or scope["type"] != "http"
        answer = _Answer(_with_headers(send), replace_faults=not own)
        try:
            await self._app(scope, limited(receive, largest_body(scope)), answer)
        except BodyTooLargeError:
            answer.refused = TOO_LARGE
        except Exception as error:
            if own or answer.passed_on:
                raise
            _log.warning("A request to %s failed in Gradio: %s", scope["path"], type(error).__name__)
            answer.refused = _NOT_OF_THE_PAGE
        if answer.refused and not answer.passed_on:
            await answer.refused.response()(scope, receive, _with_headers(send))

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if self._this_machine_only and not is_this_machine(host_name(headers.get("host", ""))):
            return refused(403, "This server answers on this machine only.", "Open it as http://127.0.0.1.")
        if self._login and not self._login.admits(headers.get("authorization")):
            if "authorization" in headers:
                await asyncio.sleep(_PAUSE)
            response = refused(401, "A user and a password are needed.", "Send them by HTTP Basic authentication.")
            response.headers["www-authenticate"] = 'Basic realm="askpapers", charset="UTF-8"'
            return response
        if scope.get("method", "POST") not in _SAFE_METHODS and not _is_own(headers):
            return refused(403, "Another site may not do this.", "Ask from the page, or without an Origin header.")
        if not self._is_open(scope):
            if scope["path"] == self._root_path and scope.get("method") in ("GET", "HEAD"):
                query = scope.get("query_string", b"").decode("ascii")
                return RedirectResponse(f"{self._root_path}/?{query}".rstrip("?"))  # its links are relative
            if self._not_found and "text/html" in headers.get("accept", "") and scope.get("method") in ("GET", "HEAD"):
                return HTMLResponse(self._not_found, 404)
            return refused(404, "There is nothing here.", "What there is: /, /api, /mcp.")
        if _FILES.fullmatch(scope["path"]) and scope.get("method") not in ("GET", "HEAD"):
            return refused(405, f"This address does not take {scope.get('method')}.", "Use GET.")
        if _CALLS.fullmatch(scope["path"]) and scope.get("method") != "POST":
            return refused(405, f"This address does not take {scope.get('method')}.", "Use POST.")
        if scope["path"] == UPLOAD_PATH and self._uploads_full():
            return refused(429, "Too many uploads wait to be added.", "Add or remove some, or come again in an hour.")
        return None

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        if path == UPLOAD_PATH:
            return self._writable
        return any(known.fullmatch(path) for known in (_FILES, _PAGE_PATHS, _OWN_PATHS))


def is_this_machine(host: str) -> bool:
    """Whether a host name or address is this machine's own loopback."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_own(headers: Headers) -> bool:
    """Whether a request comes from this server's own page, or from no page at all."""
    if site := headers.get("sec-fetch-site"):
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return True
    names = {headers.get("host", ""), *headers.get("x-forwarded-host", "").split(",")}
    return origin_host(origin) in {name.strip() for name in names if name.strip()}


class _Answer:
    """Passes an answer on; with `replace_faults` one that begins with a server error is refused instead."""

    def __init__(self, send: Send, *, replace_faults: bool) -> None:
        self._send = send
        self._replace_faults = replace_faults
        self.refused: Refusal | None = None
        self.passed_on = False

    async def __call__(self, message: Message) -> None:
        if self._replace_faults and message["type"] == "http.response.start" and message["status"] == 500:
            self.refused = _NOT_OF_THE_PAGE
        if self.refused is None:
            self.passed_on = True
            await self._send(message)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
