"""The view of the page where papers are added, and the removal of what was uploaded. Gradio is imported here too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from askpapers.web.adding import why_not
from askpapers.web.additions import Additions, added_before
from askpapers.web.desk import WAITING, Desk
from askpapers.web.frame import HOW_TO_ADD, NOT_WRITABLE
from askpapers.web.markup import Html, element, joined
from askpapers.web.page_views import html, session_of
from askpapers.web.uploads import Uploads

if TYPE_CHECKING:
    from fastapi import FastAPI

_SWEEP_SECONDS = 300


def add_view(desk: Desk, uploads: Uploads, writable: bool) -> None:
    """Files and pasted text, a button to add them and one to cancel."""
    import gradio as gr

    if reason := why_not(desk.settings) if writable else NOT_WRITABLE:
        html(element("div", element("h2", "Add papers"), element("p", reason, class_="note"), class_="adding"))
        return
    html(joined(element("h2", "Add papers"), element("p", HOW_TO_ADD)), elem_classes="adding")
    files = gr.File(
        label="Files",
        file_count="multiple",
        height=140,
        elem_id="upload",
    )
    pasted = gr.Textbox(
        label="Or paste abstracts",
        lines=5,
        max_lines=15,
        elem_id="paste",
        placeholder="Abstract: … or one abstract a paragraph, its title on the line above",
    )
    with gr.Row(elem_id="adding"):
        add = gr.Button("Add to the corpus", variant="primary", elem_id="add", scale=0, min_width=170)
        look = gr.Button("Look first", elem_id="look", scale=0, min_width=110)
        cancel = gr.Button("Cancel", elem_id="cancel", scale=0, min_width=90)
    forget = gr.Button("Forget the uploads", elem_id="forget")  # pressed by the page's script for a new conversation
    result = html("", elem_id="added")
    before = html("", elem_id="added-before")
    additions = Additions(desk, uploads)

    async def adding(uploaded: list[str] | None, pasted: str | None, request: Any) -> AsyncIterator[Html]:
        async with aclosing(additions.add(session_of(request), uploaded or (), pasted or "")) as coming:
            async for markup in coming:
                yield markup

    async def looking(uploaded: list[str] | None, pasted: str | None, request: Any) -> AsyncIterator[Html]:
        look = additions.add(session_of(request), uploaded or (), pasted or "", only_look=True)
        async with aclosing(look) as coming:
            async for markup in coming:
                yield markup

    def held(uploaded: list[str] | None, request: Any) -> None:
        uploads.hold(session_of(request), uploaded or ())

    def cancelled(request: Any) -> None:
        additions.cancel(session_of(request))

    def forgotten(request: Any) -> tuple[Any, ...]:
        additions.forget(session_of(request))
        return None, ""

    def left(request: Any) -> None:
        additions.cancel(session_of(request))
        uploads.end(session_of(request))

    def emptied(shown: str, pasted: str) -> tuple[Any, ...]:
        added = "results" in shown and 'class="no"' not in shown
        return None, "" if added else pasted  # what was not added can be mended

    for function in (adding, looking, held, cancelled, forgotten, left):
        function.__annotations__["request"] = gr.Request  # gradio gives it to what asks for it so
    blocks = gr.context.Context.root_block
    assert blocks is not None
    options: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    done = add.click(adding, [files, pasted], [result], concurrency_limit=WAITING, trigger_mode="once", **options)
    done.then(emptied, [result, pasted], [files, pasted], **options)
    relist = gr.Button("List what was added", elem_id="relist")  # pressed by the page's script
    listing: dict[str, Any] = {"fn": lambda: added_before(desk), "inputs": None, "outputs": [before]}
    done.then(**listing, **options)
    gr.on([relist.click, blocks.load], **listing, queue=False, **options)
    look.click(looking, [files, pasted], [result], concurrency_limit=WAITING, trigger_mode="once", **options)
    files.change(held, [files], None, queue=False, **options)
    cancel.click(cancelled, None, None, queue=False, **options)
    forget.click(forgotten, None, [files, pasted], queue=False, **options)
    blocks.unload(left)


def remove_uploads(app: FastAPI, uploads: Uploads) -> None:
    """Remove old uploads again and again while the app runs, and all of them at its end."""
    before = app.router.lifespan_context

    async def sweep() -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            await asyncio.to_thread(uploads.sweep)

    @asynccontextmanager
    async def lifespan(of: FastAPI) -> AsyncIterator[Any]:
        async with before(of) as state:
            sweeping = asyncio.create_task(sweep())
            try:
                yield state
            finally:
                sweeping.cancel()
                uploads.close()

    app.router.lifespan_context = lifespan
