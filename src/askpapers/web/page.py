"""The Gradio page: its parts, and which of them call what. Gradio is imported here and in `sharing`."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from importlib import resources
from typing import TYPE_CHECKING, Any

from askpapers.web.calls import PageCalls, answer_question, browse
from askpapers.web.desk import WAITING, Desk
from askpapers.web.frame import CONVERSATION, FILTERS, SOURCES, top
from askpapers.web.markup import element, joined
from askpapers.web.page_add import add_view, html, remove_uploads
from askpapers.web.upload_limits import LARGEST_FILE
from askpapers.web.uploads import Uploads, upload_folder

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

_WAYS = [("as the question asks", ""), ("answer", "answer"), ("survey every paper", "survey"), ("compare", "compare")]
_SCRIPTS = ("store.js", "sources.js", "table.js", "conversation.js", "page.js")
_NEEDED = ("#corpus", "#panel", "#paper", "#turns", "#question textarea", "#ask", "#underway", "#restricted")
_SESSIONS = 64  # pages whose state gradio keeps, closed ones among them: 70 kB each
_AT_ONCE = 4 * WAITING  # more than the queue of questions takes: it, not gradio's, says when it is full


def mount_page(app: FastAPI, desk: Desk, *, writable: bool, root_path: str, port: int) -> Uploads:
    """Serve the page at / of an app; what is uploaded by it."""
    # Read when gradio is imported and when a Blocks is made.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    # After every event gradio sums up all events in pandas, for a dashboard that is closed here: not before a million.
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000"
    # Where gradio puts uploads: a folder of our own, so that it can be emptied.
    uploads = Uploads(upload_folder())
    import gradio as gr

    page = _page(desk, uploads, writable)
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


def _page(desk: Desk, uploads: Uploads, writable: bool) -> gr.Blocks:
    import gradio as gr

    calls = PageCalls(desk, feedback=writable)
    page: gr.Blocks
    with gr.Blocks(
        title=f"{desk.places.name} · askpapers", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as page:
        html(top(desk), elem_id="top")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="views"):
                with gr.Column(elem_id="view-ask"):
                    _ask_view(desk, calls)
                with gr.Column(elem_id="view-papers"):
                    _papers_view(desk)
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
        reset = gr.Button("Reset the filters", elem_id="reset")  # pressed by the page's script
    with gr.Accordion("Which papers, which way, which model", open=False, elem_id="options"), gr.Row():
        since = _year("From year", "since")
        until = _year("To year", "until")
        author = _name("Author", "by-author")
        venue = _name("Venue", "in-venue")
        tag = _name("Tag or category", "with-tag")
        way = gr.Dropdown(_WAYS, value="", label="Way", min_width=150, filterable=False, elem_id="way")
        models = desk.models()
        model = gr.Dropdown(
            [(_model_label(m, n == 0), m) for n, m in enumerate(models)],
            value=models[0],
            label="Model",
            min_width=180,
            filterable=False,
            elem_id="model",
        )

    reset.click(
        None,
        None,
        [since, until, author, venue, tag, way, model],
        js=f"() => ['', '', '', '', '', '', {json.dumps(models[0])}]",
        queue=False,
        api_visibility="private",
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


def _papers_view(desk: Desk) -> None:
    import gradio as gr

    with gr.Row(elem_id="browse"):
        words = gr.Textbox(label="Words, a title or an id", elem_id="browse-words", scale=4, min_width=200)
        since = _year("From year", "browse-since")
        until = _year("To year", "browse-until")
    found = html("", elem_id="found")
    pages = gr.State(1)
    more = gr.Button("More", elem_id="more-papers", visible=False)
    wanted = [words, since, until, pages]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    found_papers = browse(desk)

    def listed(*sent: Any) -> tuple[Any, ...]:
        markup, there_are_more = found_papers(*sent)
        return markup, gr.update(visible=there_are_more)

    changed = [words.change, since.change, until.change]

    def anew(words: str, since: str, until: str, pages: int) -> tuple[Any, ...]:
        return (*listed(words, since, until, 1), 1)

    def longer(words: str, since: str, until: str, pages: int) -> tuple[Any, ...]:
        return (*listed(words, since, until, pages + 1), pages + 1)

    gr.on(changed, anew, wanted, [found, more, pages], trigger_mode="always_last", **quiet)
    more.click(longer, wanted, [found, more, pages], **quiet)
    blocks = gr.context.Context.root_block
    assert blocks is not None
    blocks.load(lambda: listed("", "", "", 1), None, [found, more], **quiet)


def _year(label: str, name: str) -> gr.Textbox:
    """A box for a year that can stay empty: gradio's numbers are 0 then."""
    import gradio as gr

    return gr.Textbox(label=label, placeholder="any", max_length=4, max_lines=1, min_width=90, elem_id=name)


def _name(label: str, name: str) -> gr.Textbox:
    """A box for a name, or several with semicolons between them; empty for any."""
    import gradio as gr

    return gr.Textbox(label=label, placeholder="any", max_length=200, max_lines=1, min_width=120, elem_id=name)


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
