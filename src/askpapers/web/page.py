"""The Gradio page: its parts, and which of them call what. The modules `page*` import gradio."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from askpapers.web.asking import answer_question
from askpapers.web.calls import PageCalls
from askpapers.web.desk import WAITING, Desk
from askpapers.web.frame import CONVERSATION, FILTERS, SOURCES, top
from askpapers.web.markup import element, joined
from askpapers.web.page_add import add_view, remove_uploads
from askpapers.web.page_views import box, check_view, html, papers_view, screen_view, table_view
from askpapers.web.upload_limits import LARGEST_FILE
from askpapers.web.uploads import Uploads, upload_folder

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_WAYS = [("as the question asks", ""), ("answer", "answer"), ("survey every paper", "survey"), ("compare", "compare")]
_SCRIPTS = ("store.js", "sources.js", "table.js", "conversation.js", "survey.js", "screen.js", "page.js")
_NEEDED = "#corpus, #panel, #paper, #turns, #question textarea, #ask, #underway, #restricted, #model, #tabled".split(
    ", "
)
NO_OTHERS: Mapping[str, str] = MappingProxyType({})
_SESSIONS = 64  # pages whose state gradio keeps, closed ones among them: 70 kB each
_AT_ONCE = 4 * WAITING  # more than the queue of questions takes: it, not gradio's, says when it is full


def mount_page(
    app: FastAPI,
    desk: Desk,
    *,
    writable: bool,
    root_path: str,
    port: int,
    protocols: Sequence[Path] = (),
    addresses: Mapping[str, str] = NO_OTHERS,
) -> Uploads:
    """Serve the page at / of an app; what is uploaded by it.

    `protocols` are files that can be screened by, `addresses` those of all collections.
    """
    # Read when gradio is imported and when a Blocks is made.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    # After every event gradio sums up all events in pandas, for a dashboard that is closed here: not before a million.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    # Where gradio puts uploads: a folder of our own, so that it can be emptied.
    uploads = Uploads(upload_folder())
    import gradio as gr

    page = _page(desk, uploads, writable, protocols, addresses)
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_AT_ONCE, api_open=False)
    page.state_session_capacity = _SESSIONS  # `launch` takes it as an argument, mounting does not
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        server_port=port,
        footer_links=[],
        run_history=False,
        root_path=root_path or None,
        max_file_size=LARGEST_FILE,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        enable_monitoring=False,
        mcp_server=False,
        # No font of gradio's: its default theme loads one, and the system's reads better.
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        head=f"<style>{_asset('page.css')}</style>",
    )
    remove_uploads(app, uploads)
    return uploads


def _page(
    desk: Desk, uploads: Uploads, writable: bool, protocols: Sequence[Path], addresses: Mapping[str, str]
) -> gr.Blocks:
    import gradio as gr

    calls = PageCalls(desk, writable=writable, protocols=protocols)
    page: gr.Blocks
    with gr.Blocks(
        title=f"{desk.name} · askpapers", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as page:
        html(top(desk, addresses), elem_id="top")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="views"):
                with gr.Column(elem_id="view-ask"):
                    _ask_view(desk, calls)
                with gr.Column(elem_id="view-papers"):
                    papers_view(desk)
                with gr.Column(elem_id="view-table"):
                    table_view(calls.tables)
                with gr.Column(elem_id="view-check"):
                    check_view(calls.drafts, uploads if writable else None)
                with gr.Column(elem_id="view-screen"):
                    screen_view(calls.screenings)
                with gr.Column(elem_id="view-add"):
                    add_view(desk, uploads, writable)
            html(SOURCES, elem_id="sources")

        async def left(request: Any) -> None:
            """End what the page asked for, also where it held no stream for it, and forget its events."""
            await page._queue.clean_events(session_hash=request.session_hash)
            page._queue.pending_event_ids_session.pop(request.session_hash, None)

        left.__annotations__["request"] = gr.Request  # gradio gives it to what asks for it so
        page.unload(left)
    return page


def _ask_view(desk: Desk, calls: PageCalls) -> None:
    import gradio as gr

    html(
        joined(*(element("p", note, class_="note") for note in desk.settings.notes), CONVERSATION),
        elem_id="conversation",
        js_on_load=_script(),
        server_functions=calls.functions(),
    )
    underway = html("", elem_id="underway")
    record = gr.JSON(visible=False)
    asked = gr.JSON(visible=False)
    with gr.Row(elem_id="bar"):
        html(FILTERS, elem_id="filters")
        question = gr.Textbox(
            label="Question",
            show_label=False,
            container=False,
            placeholder="Ask the papers …",
            max_lines=6,
            autofocus=True,
            elem_id="question",
            scale=8,
            html_attributes=gr.InputHTMLAttributes(enterkeyhint="send", autocomplete="off"),
        )
        ask = gr.Button("Ask", variant="primary", elem_id="ask", min_width=70, scale=0)
        stop = gr.Button("Stop", elem_id="stop", min_width=70, scale=0)
        reset = gr.Button("The usual way and model", elem_id="reset")  # pressed by the page's script
        with gr.Row(elem_id="options"):
            since = box("From year", "since", 4)
            until = box("To year", "until", 4)
            author = box("Author", "by-author")
            venue = box("Venue", "in-venue")
            tag = box("Tag or category", "with-tag")
            way = gr.Dropdown(_WAYS, value="", label="Way", min_width=150, filterable=False, elem_id="way")
            models = {model: _model_label(model, n == 0) for n, model in enumerate(desk.models())}
            usual = next(iter(models))
            model = gr.Dropdown(
                [(label, model) for model, label in models.items()],
                value=usual,
                label="Model",
                min_width=180,
                filterable=False,
                elem_id="model",
            )

    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private"}
    reset.click(None, None, [way, model], js=f"() => ['', {json.dumps(usual)}]", **quiet)
    words = json.dumps({"": "", **{value: label for label, value in _WAYS if value}})
    chosen = f"[({words})[way], model === {json.dumps(usual)} ? '' : model].filter(Boolean).join(', ')"
    gr.on(
        [way.change, model.change],
        None,
        [way, model],
        js=f"(way, model) => {{ window.askpapers.wayChosen({chosen}); }}",
        **quiet,
    )
    pictures = answer_question(desk)

    async def answering(*sent: Any) -> AsyncIterator[tuple[Any, ...]]:
        async with aclosing(pictures(*sent)) as coming:
            async for markup, kept, box in coming:
                yield markup, kept, gr.skip() if box is None else box

    asking = gr.on(
        [question.submit, ask.click],
        answering,
        [question, way, model, since, until, author, venue, tag, asked],
        [underway, record, question],
        js="(question, ...chosen) => [question, ...chosen.slice(0, -1), window.askpapers.asking(question)]",
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=_AT_ONCE,
        trigger_mode="once",
    )
    asking.then(
        None,
        [underway, record],
        [underway, record],
        js="(html, record) => window.askpapers.answered(html, record)",
        api_visibility="private",
    )
    stop.click(
        None,
        None,
        [underway, record, question],
        js="() => window.askpapers.stopped()",
        cancels=[asking],
        api_visibility="private",
    )


def _model_label(model: str, default: bool) -> str:
    label = "none: the papers' own sentences" if model == "none" else model
    return f"{label} (default)" if default else label


def _script() -> str:
    """The page's script. Gradio mounts its parts in no certain order: it begins when all that it needs are there."""
    there = " && ".join(f"document.querySelector('{part}')" for part in _NEEDED)
    code = "".join(_asset(name) for name in _SCRIPTS)
    return f"(function start() {{ if (!({there})) return requestAnimationFrame(start);\n{code}}})();"


def _asset(name: str) -> str:
    return resources.files("askpapers.web").joinpath("assets", name).read_text(encoding="utf-8")
