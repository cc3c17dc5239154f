"""Whether a request can be understood at all: its host, its address, the size of its body.

What is behind the guard (Starlette, FastAPI, Gradio) fails with an exception on some of these, so none gets there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope

from askpapers.contract import error_dict
from askpapers.service.upload_limits import LARGEST_FILE
from askpapers.service.uploads import UPLOAD_PATH

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
LARGEST_BODY = 16_000_000
"""Bytes; the page sends a whole conversation when it is exported."""
_LONGEST_ADDRESS = 8_000  # characters of a path or a query
_LONGEST_NAME = 255  # bytes between two slashes: what file systems take
_HOST = re.compile(r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class BodyTooLargeError(Exception):
    """More of a body came than is taken."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is answered instead: a status, what is wrong, what to do."""

    status: int
    error: str
    hint: str

    def response(self) -> Response:
        """The refusal as JSON, like every error of the API."""
        return refused(self.status, self.error, self.hint)


def refused(status: int, error: str, hint: str) -> Response:
    """An error as JSON: what happened and what to do."""
    return Response(json.dumps(error_dict(error, hint)), status, media_type="application/json")


TOO_LARGE = Refusal(413, "The request is too large.", "Send less at once.")


def check_request(scope: Scope) -> Refusal | None:
    """What is wrong with the form of a request, if anything."""
    headers = Headers(scope=scope)
    if scope.get("method", "GET") not in METHODS:
        return Refusal(405, "This method is not known here.", "Use GET or POST.")
    for name in ("host", "x-forwarded-host"):
        for value in headers.getlist(name):
            if any(host and not _HOST.fullmatch(host) for host in map(str.strip, value.split(","))):
                return Refusal(400, f"The header {name.title()} names no host.", "Send a name or an address.")
    if len(headers.getlist("host")) > 1:
        return Refusal(400, "The header Host is there more than once.", "Send it once.")
    path, query = scope["path"], scope.get("query_string", b"")
    if len(path) > _LONGEST_ADDRESS or len(query) > _LONGEST_ADDRESS:
        return Refusal(414, "The address is too long.", f"Keep it under {_LONGEST_ADDRESS:,} characters.")
    if _CONTROL.search(path) or not _is_text(query):
        return Refusal(400, "The address has characters in it that are no text.", "Write it in percent-encoded UTF-8.")
    if any(len(name.encode()) > _LONGEST_NAME for name in path.split("/")):
        return Refusal(404, "There is nothing here.", "What there is: /, /api, /mcp.")
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        return Refusal(400, "The header Content-Length is no number.", "Send the number of bytes.")
    return TOO_LARGE if int(length[:20]) > largest_body(scope) else None


def largest_body(scope: Scope) -> int:
    """How many bytes of a body are taken at the path of a request."""
    return LARGEST_FILE if scope["path"] == UPLOAD_PATH else LARGEST_BODY


def limited(receive: Receive, most: int) -> Receive:
    """Receive a body of unknown length, but no more than so many bytes. Raises BodyTooLargeError."""
    left = most

    async def receiving() -> dict[str, object]:
        nonlocal left
        message = dict(await receive())
        left -= len(message.get("body", b""))
        if left < 0:
            raise BodyTooLargeError
        return message

    return receiving


def host_name(header: str) -> str:
    """The host in a Host header or an origin's address, without its port; "" where there is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def origin_host(origin: str) -> str:
    """The host and port of an Origin header; "" where it has none."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _is_text(query: bytes) -> bool:
    try:
        text = unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        return False
    return query.isascii() and "\0" not in text
