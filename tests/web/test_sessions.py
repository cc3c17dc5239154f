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

from askpapers.web.desk import Desk
from askpapers.web.page import _SESSIONS, mount_page
from askpapers.web.tools import mount_tools
from web.asgi import HOST, request, running

JSON = (HOST, (b"content-type", b"application/json"), (b"accept", b"application/json, text/event-stream"))
PAGES = _SESSIONS + 20


@pytest.fixture
def page(desk: Desk) -> FastAPI:
    app = FastAPI()
    mount_page(app, desk, writable=True, root_path="", port=7860)
    return app


def gradio_of(app: FastAPI) -> Any:
    return next(route.app for route in app.routes if isinstance(route, Mount))


def asking(app: FastAPI) -> int:
    """The number of the function that answers a question."""
    config = gradio_of(app).get_blocks().config
    box = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "question")
    return next(int(d["id"]) for d in config["dependencies"] if [box, "submit"] in map(list, d["targets"]))


async def ask(app: FastAPI, session: str, question: str = "what is GSM8K?") -> str:
    """Begin a question as the page does; the id of its event."""
    sent = {
        "data": [question, "", "none", "", "", "", "", "", {"name": "a", "history": [], "papers": []}],
        "fn_index": asking(app),
        "session_hash": session,
    }
    status, _, body = await request(app, "POST", "/gradio_api/queue/join", headers=JSON, body=json.dumps(sent).encode())
    assert status == 200, body
    return str(json.loads(body)["event_id"])


async def open_and_close(app: FastAPI, session: str) -> None:
    """Hold the connection of a page for a moment, then close it."""
    await request(app, "GET", f"/gradio_api/heartbeat/{session}")


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0.02)


def test_of_pages_that_were_closed_no_more_than_the_capacity_is_kept(page: FastAPI) -> None:
    async def work() -> None:
        async with running(page):
            await asyncio.gather(*(open_and_close(page, f"page{n}") for n in range(PAGES)))

    asyncio.run(work())
    assert len(gradio_of(page).state_holder.session_data) <= _SESSIONS


def test_of_pages_that_asked_and_were_closed_no_events_are_kept(page: FastAPI) -> None:
    queue = gradio_of(page).get_blocks()._queue

    async def one(session: str) -> None:
        await ask(page, session)
        await until(lambda: not any(e.session_hash == session for e in queue.event_ids_to_events.values()))
        await open_and_close(page, session)

    async def work() -> None:
        async with running(page):
            await asyncio.gather(*(one(f"page{n}") for n in range(5)))
            await until(lambda: not queue.pending_event_ids_session)

    asyncio.run(work())
    assert not queue.event_ids_to_events
    assert not gradio_of(page).iterators


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


def test_of_mcp_clients_that_began_and_left_nothing_is_kept(desk: Desk) -> None:
    app = FastAPI()
    mount_tools(app, [desk], "0.0.test")

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


@pytest.mark.parametrize("how", ["the page is closed", "Stop is pressed"])
def test_a_question_on_the_page_ends_and_its_worker_is_free(desk: Desk, how: str) -> None:
    corpus = Endless(desk.corpus)
    beside = Desk(corpus, desk.settings)  # type: ignore[arg-type]
    app = FastAPI()
    mount_page(app, beside, writable=True, root_path="", port=7860)

    async def work() -> None:
        async with running(app):
            event = await ask(app, "page")
            await until(lambda: corpus.steps > 3)
            assert beside.answering.counts() == (1, 0)
            if how == "Stop is pressed":
                sent = {"session_hash": "page", "fn_index": asking(app), "event_id": event}
                status, _, _ = await request(
                    app, "POST", "/gradio_api/cancel", headers=JSON, body=json.dumps(sent).encode()
                )
                assert status == 200
            else:
                await open_and_close(app, "page")
            await until(lambda: beside.answering.counts() == (0, 0))

    asyncio.run(work())
    assert corpus.stopped == 1
