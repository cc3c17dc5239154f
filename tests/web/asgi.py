"""An app called in process, with requests that no client would write."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.types import ASGIApp

HOST = (b"host", b"127.0.0.1:7860")
Header = tuple[bytes, bytes]


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """An app between its startup and its shutdown."""
    begins: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    happened: asyncio.Queue[Any] = asyncio.Queue()
    begins.put_nowait({"type": "lifespan.startup"})
    task = asyncio.ensure_future(app({"type": "lifespan", "asgi": {}, "state": {}}, begins.get, happened.put))
    assert (await happened.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        begins.put_nowait({"type": "lifespan.shutdown"})
        await task


async def request(
    app: ASGIApp, method: str, path: str, query: bytes = b"", headers: Sequence[Header] = (HOST,), body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """The status, headers and body of an answer. Whatever the app raises is raised."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": b"/",
        "query_string": query,
        "headers": list(headers),
        "scheme": "http",
        "server": ("127.0.0.1", 7860),
        "client": ("127.0.0.1", 2),
        "root_path": "",
        "state": {},
    }
    left = [{"type": "http.request", "body": body, "more_body": False}]
    sent: list[Any] = []

    async def receive() -> Any:
        if left:
            return left.pop()
        await asyncio.sleep(0.05)  # then the client is gone
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answered = {name.decode("latin-1"): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:])
