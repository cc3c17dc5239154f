"""What the server keeps for pages that were opened and closed, and for MCP clients: counted, not weighed."""

from __future__ import annotations

import asyncio
import gc
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from askpapers.mcp.tools import mount_tools
from askpapers.service.corpus_service import CorpusService
from askpapers.web.page import mount_page
from web.asgi import HOST, request, running

JSON = (HOST, (b"content-type", b"application/json"), (b"accept", b"application/json, text/event-stream"))


@pytest.fixture
def page(service: CorpusService) -> FastAPI:
    app = FastAPI()
    mount_page(app, service, writable=True)
    return app


def server_of(app: FastAPI) -> Any:
    return next(route.app for route in app.routes if isinstance(route, Mount))


async def ask(app: FastAPI, question: str = "what is GSM8K?") -> str:
    """Begin a question as the page does; the address that its answer is read from."""
    sent = {"data": [{"question": question, "name": "a"}]}
    path = "/gradio_api/call/ask"
    status, _, body = await request(app, "POST", path, headers=JSON, body=json.dumps(sent).encode())
    assert status == 200, body
    return f"{path}/{json.loads(body)['event_id']}"


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


async def read(app: FastAPI, address: str) -> str:
    """Read an answer to its end."""
    sent: list[bytes] = []

    async def receive() -> Any:
        await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": address,
    }
    scope |= {"raw_path": b"/", "query_string": b"", "headers": [HOST], "scheme": "http", "root_path": "", "state": {}}
    await app({**scope, "server": ("127.0.0.1", 7860), "client": ("127.0.0.1", 2)}, receive, send)
    return b"".join(sent).decode()


def test_of_questions_that_were_answered_or_left_nothing_is_kept(page: FastAPI) -> None:
    server = server_of(page)
    queue, gradio = server._queue, server.server

    async def one(number: int) -> None:
        address = await ask(page)
        if number % 3 == 1:
            assert "8.5K" in await read(page, address)
        if number % 3 == 2:
            await request(page, "GET", address)  # it leaves at once

    async def work() -> None:
        async with running(page):
            await asyncio.gather(*map(one, range(6)))
            await until(lambda: not queue.event_ids_to_events and not any(queue.active_jobs))
            assert len(queue.pending_event_ids_session) == 2  # no one came for these yet
            await server.forget_unread()
            assert len(queue.pending_event_ids_session) == 2
            await server.forget_unread()

    asyncio.run(work())
    assert not queue.pending_event_ids_session
    assert not queue.pending_messages_per_session
    assert not any(gradio.iterators.values())
    assert not gradio.state_holder.session_data


INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def of_mcp() -> Counter[str]:
    """The objects of the mcp library that there are, by type."""
    gc.collect()
    return Counter(type(one).__qualname__ for one in gc.get_objects() if str(type(one).__module__).startswith("mcp."))


def test_of_mcp_clients_that_began_and_left_nothing_is_kept(service: CorpusService) -> None:
    app = FastAPI()
    mount_tools(app, [service], "0.0.test")

    async def initialise(times: int) -> None:
        for _ in range(times):
            status, headers, _ = await request(app, "POST", "/mcp", headers=JSON, body=json.dumps(INITIALIZE).encode())
            assert status == 200
            assert "mcp-session-id" not in headers
        await asyncio.sleep(0)

    async def work() -> tuple[Counter[str], Counter[str]]:
        async with running(app):
            await initialise(2)  # what is made once
            before = of_mcp()
            await initialise(50)
            return before, of_mcp()

    before, after = asyncio.run(work())
    assert after - before == Counter()


class Endless:
    """A corpus that never comes to an answer: it counts its steps, and the questions that were stopped."""

    def __init__(self, corpus: Any) -> None:
        self._corpus = corpus
        self.steps = 0
        self.stopped = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)

    def stream(self, question: str, way: str | None, progress: Any, **_: Any) -> Iterator[Any]:
        try:
            while True:
                progress("Thinking", 0, None)
                self.steps += 1
                time.sleep(0.005)
            yield
        finally:
            self.stopped += 1


def test_a_question_on_the_page_ends_when_its_reader_leaves_and_its_worker_is_free(service: CorpusService) -> None:
    corpus = Endless(service.corpus)
    beside = CorpusService(corpus, service.settings)  # type: ignore[arg-type]
    app = FastAPI()
    mount_page(app, beside, writable=True)

    async def work() -> None:
        async with running(app):
            address = await ask(app)
            await until(lambda: corpus.steps > 3)
            assert beside.answering.counts() == (1, 0)
            await request(app, "GET", address)
            await until(lambda: beside.answering.counts() == (0, 0))

    asyncio.run(work())
    assert corpus.stopped == 1
