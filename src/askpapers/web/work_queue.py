"""Work that takes a while, as the page shows it, and Gradio's queue, through which it goes.

The page begins an event by POST /gradio_api/call/NAME and reads its updates as server-sent events: how far the work
is, then what came of it, or why nothing did. `gradio.Server` with its queue is mounted behind the guard; this is the
only module that makes one.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, closing
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.types import Receive, Scope, Send

from askpapers.errors import AskPapersError
from askpapers.service.corpus_service import BROKEN, WAITING, CorpusService
from askpapers.service.uploads import Uploads
from askpapers.service.work import Progressed, Work
from askpapers.web.messages import NOT_READ
from askpapers.web.rendering import Html, render

if TYPE_CHECKING:
    import gradio as gr

UPDATE_SECONDS = 0.05
"""Seconds between two updates of what is shown."""
_AT_ONCE = 4 * WAITING  # more than our lines of work take: they, not Gradio's queue, say when they are full
_LOOKS_EVERY = 0.02  # seconds; by itself Gradio's queue looks every millisecond whether there is something to do
_SWEEP_SECONDS = 300
_EVENT = re.compile(r"/gradio_api/call/\w+/([0-9a-f]{32})")
_log = logging.getLogger(__name__)

T = TypeVar("T")
Sent = TypeVar("Sent", bound=BaseModel)
Update = dict[str, Any]
"""What is shown of the work now: its markup under "html", and of an answer that is done its "record"."""

Stream = Callable[[dict[str, Any]], AsyncGenerator[Update, None]]


def failed(what: str, hint: str) -> Html:
    """Why something could not be done, and what to do."""
    return render("failed.html", what=what, hint=hint)


def progress_line(progress: Progressed) -> Html:
    """How far some work has come."""
    total = f" of {progress.total:,}" if progress.total else ""
    count = f": {progress.done:,}{total}" if progress.done else ""
    return render("status.html", kind="doing", text=f"{progress.stage}{count} …")


async def updates(
    service: CorpusService,
    begin: Callable[[], Work[T]],
    show: Callable[[T], Html],
    fail: Callable[[str, str], Html] = failed,
) -> AsyncGenerator[Html, None]:
    """Begin some work, and give how far it is, then what `show` makes of what it gives; or why it failed."""
    try:
        with closing(begin()) as work:
            async for happened in work:
                last = happened[-1]
                yield progress_line(last) if isinstance(last, Progressed) else show(last)
                await asyncio.sleep(UPDATE_SECONDS)  # what happens meanwhile comes with the next update
    except AskPapersError as error:
        yield fail(*service.error_lines(error))


def stream(model: type[Sent], work: Callable[[Sent], AsyncGenerator[Html | Update, None]]) -> Stream:
    """Make a function of Gradio's queue of some work: it takes JSON that fits a model, and gives updates."""
    reader = TypeAdapter(model)

    async def streamed(sent: dict[str, Any]) -> AsyncGenerator[Update, None]:
        try:
            async with aclosing(work(reader.validate_python(sent))) as coming:
                async for shown in coming:
                    yield {"html": shown} if isinstance(shown, str) else shown
        except ValidationError:
            yield {"html": failed(*NOT_READ)}
        except Exception:  # a fault of ours: the page says so instead of waiting for ever
            _log.exception("Work of the page failed.")
            yield {"html": failed(*BROKEN)}

    streamed.__annotations__ = {"sent": dict, "return": dict}  # Gradio reads them, and knows no names in text
    return streamed


def mount_gradio_server(
    app: FastAPI, add_routes: Callable[[FastAPI], None], streams: Mapping[str, Stream], uploads: Uploads
) -> None:
    """Serve routes of ours and work that goes through Gradio's queue at / of an app, until that ends."""
    # Read when gradio is imported and when a Blocks is made.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    # After every event gradio sums up all events in pandas, for a dashboard that is closed here: not before a million.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    import gradio as gr

    server = gr.Server(docs_url=None, redoc_url=None, openapi_url=None)
    add_routes(server)  # before gradio's, of which there is one for /, too
    blocks = _with_queue(server, streams)
    queue_server = _QueueServer(server, blocks)
    _extend_lifespan(app, queue_server, blocks, uploads)
    app.mount("/", queue_server)


def _with_queue(server: gr.Server, streams: Mapping[str, Stream]) -> gr.Blocks:
    """Give a server Gradio's queue, and functions that are called through it.

    `Server.launch` does the same and then serves by itself; here the guard and other apps stand before the server.
    """
    import gradio as gr
    from gradio.events import api

    blocks: gr.Blocks
    with gr.Blocks(mode="server", analytics_enabled=False) as blocks:
        for name, work in streams.items():
            api(work, api_name=name, concurrency_limit=_AT_ONCE, api_visibility="undocumented")
    blocks.queue(default_concurrency_limit=_AT_ONCE, max_size=_AT_ONCE, api_open=False)
    blocks._queue.sleep_when_free = _LOOKS_EVERY
    blocks._queue.max_thread_count = _AT_ONCE
    blocks.state_session_capacity = _AT_ONCE
    blocks.run_history = blocks.show_error = False
    blocks.max_file_size = 0
    blocks.config = blocks.get_config_file()
    blocks.validate_queue_settings()  # type: ignore[no-untyped-call]
    gr.routes.App.create_app(blocks, app=server, mcp_server=False)
    return blocks


class _QueueServer:
    """A server with Gradio's queue; work ends when its reader leaves, and nothing is kept of what was read."""

    def __init__(self, server: gr.Server, blocks: gr.Blocks) -> None:
        self.server = server
        self._queue = blocks._queue
        self._done: set[str] = set()  # events that were over when it was last looked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.server(scope, receive, send)
        finally:
            if event := _EVENT.fullmatch(scope.get("path", "")):
                await self._end(event[1])

    async def forget_unread(self) -> None:
        """Forget the events that no one came to read since this was last called."""
        queue = self._queue
        done = {event for event in queue.pending_event_ids_session if event not in queue.event_ids_to_events}
        for event in done & self._done:
            await self._end(event)
        self._done = done

    async def _end(self, event: str) -> None:
        from gradio.utils import cancel_tasks

        queue = self._queue
        begun = queue.event_ids_to_events.get(event)
        unread = event in queue.pending_event_ids_session.get(event, ())
        await queue.clean_events(session_hash=event)  # each event is a session of its own
        if begun and unread:
            await cancel_tasks({f"{event}_{begun.fn._id}"})
        for by_event in (
            queue.event_ids_to_events,
            queue.pending_event_ids_session,
            queue.pending_messages_per_session,
        ):
            by_event.pop(event, None)
        self.server.state_holder.session_data.pop(event, None)


def _extend_lifespan(app: FastAPI, queue_server: _QueueServer, blocks: gr.Blocks, uploads: Uploads) -> None:
    """Let a server and its queue begin and end with an app; what no one came for is removed now and then."""
    before = app.router.lifespan_context

    async def sweep() -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            await asyncio.to_thread(uploads.sweep)
            await queue_server.forget_unread()

    @asynccontextmanager
    async def lifespan(of: FastAPI) -> AsyncIterator[Any]:
        async with before(of) as state, queue_server.server.router.lifespan_context(queue_server.server):
            blocks.run_startup_events()  # type: ignore[no-untyped-call]
            await blocks.run_extra_startup_events()  # type: ignore[no-untyped-call]
            sweeping = asyncio.create_task(sweep())
            try:
                yield state
            finally:
                sweeping.cancel()
                uploads.close()

    app.router.lifespan_context = lifespan
