"""Views of the page beside asking: papers, a table, the check of a draft, a screening. Gradio is imported here too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from askpapers.web.asking import browse
from askpapers.web.desk import WAITING, Desk
from askpapers.web.draft_checks import DraftChecks
from askpapers.web.evidence_tables import EvidenceTables, wanted_table
from askpapers.web.markup import Html, element, joined
from askpapers.web.page_requests import TableRequest
from askpapers.web.protocols import LONGEST, begin_html, names_html
from askpapers.web.screenings import Screenings
from askpapers.web.uploads import Uploads

if TYPE_CHECKING:
    import gradio as gr

_COLUMNS = "task, method, dataset, best result"
_ABOUT_TABLES = (
    "A row for each paper, a cell for each column: the shortest words of the abstract that answer it, or nothing where"
    " it does not say. A cell opens its place. Authors, year, venue, DOI and the like come from the record."
)
_ABOUT_CHECKS = (
    "Is what you wrote true to these papers? Each sentence that claims something is checked against what it cites;"
    " those to look at come first. Markdown, LaTeX, Word or plain text; a bibliography (.bib) may come with it."
)
_ABOUT_SCREENING = (
    "Include, exclude with the reason, or unclear: one paper at a time, by keys or buttons. The machine proposes by the"
    " criteria of a protocol, what you decide counts, and what is left is ranked anew after each decision."
)
_STOPPED = "Stopped. What was judged is remembered: Screen goes on."
_RUN: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": WAITING}


def html(value: str, **options: Any) -> gr.HTML:
    """Markup of ours, without gradio's styles for it. `HTML` shows its value as it is: see `markup`."""
    import gradio as gr

    return gr.HTML(value, apply_default_css=False, **options)


def box(label: str, name: str, length: int = 200) -> gr.Textbox:
    """A box for a year (gradio's numbers cannot be empty) or for names with semicolons between them; empty for any."""
    import gradio as gr

    return gr.Textbox(label=label, placeholder="any", max_length=length, max_lines=1, min_width=90, elem_id=name)


def session_of(request: Any) -> str:
    """What gradio calls the page that sent a request."""
    return str(request.session_hash)


def papers_view(desk: Desk) -> None:
    """The list of papers, searched by words, years and names."""
    import gradio as gr

    with gr.Row(elem_id="browse"):
        words = gr.Textbox(label="Words, a title or an id", elem_id="browse-words", scale=4, min_width=200)
        since = box("From year", "browse-since", 4)
        until = box("To year", "browse-until", 4)
        author = box("Author", "browse-author")
        venue = box("Venue", "browse-venue")
        tag = box("Tag or category", "browse-tag")
    found = html("", elem_id="found")
    pages = gr.State(1)
    more = gr.Button("More", elem_id="more-papers", visible=False)
    boxes = [words, since, until, author, venue, tag]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    found_papers = browse(desk)

    def listed(*sent: Any) -> tuple[Any, ...]:
        *typed, pages = sent
        markup, there_are_more = found_papers(*typed, pages)
        return markup, gr.update(visible=there_are_more), pages

    def rebuild(*typed: Any) -> tuple[Any, ...]:
        return listed(*typed, 1)

    def longer(*sent: Any) -> tuple[Any, ...]:
        return listed(*sent[:-1], sent[-1] + 1)

    gr.on([box.change for box in boxes], rebuild, boxes, [found, more, pages], trigger_mode="always_last", **quiet)
    more.click(longer, [*boxes, pages], [found, more, pages], **quiet)
    blocks = gr.context.Context.root_block
    assert blocks is not None
    blocks.load(lambda: rebuild(*[""] * len(boxes)), None, [found, more, pages], **quiet)


def table_view(tables: EvidenceTables) -> None:
    """A question and columns, the table that they make, and a box that adds a column."""
    import gradio as gr

    html(joined(element("h2", "Evidence table"), element("p", _ABOUT_TABLES, class_="hint")), elem_classes="adding")
    html(element("div", id="tabled", hidden=True, role="status", aria_label="Which papers have a row"))
    with gr.Row(elem_id="table-bar"):
        question = gr.Textbox(
            label="Which papers", placeholder="which papers use …? (empty: all)", elem_id="table-question", max_lines=1
        )
        columns = gr.Textbox(label="Columns", value=_COLUMNS, elem_id="table-columns", max_lines=1)
        added = gr.Textbox(label="Add a column", placeholder="its name, then Enter", elem_id="table-add", max_lines=1)
    with gr.Row(elem_id="table-buttons"):
        fill = gr.Button("Fill the table", variant="primary", elem_id="fill", scale=0, min_width=150)
        stop = gr.Button("Stop", elem_id="table-stop", scale=0, min_width=70)
    result = html("", elem_id="table")
    papers = gr.JSON(visible=False)

    async def filling(question: str, columns: str, papers: list[str]) -> AsyncIterator[Html]:
        sent = TableRequest.model_validate({"question": question or "", "columns": columns or "", "papers": papers})
        async with aclosing(tables.shown(wanted_table(sent))) as coming:
            async for markup in coming:
                yield markup

    chosen = "(question, columns) => [question, columns, window.askpapers.tabled()]"
    boxes = [question, columns, papers]
    asked: dict[str, Any] = {"fn": filling, "inputs": boxes, "outputs": [result], "js": chosen, **_RUN}
    filled = gr.on([question.submit, columns.submit, fill.click], trigger_mode="once", **asked)
    join = "(columns, added) => [[columns, added].filter((one) => one.trim()).join(', '), '']"
    put = added.submit(None, [columns, added], [columns, added], js=join, api_visibility="private", queue=False)
    more = put.then(**asked)
    stop.click(lambda: "", None, [result], cancels=[filled, more], queue=False, api_visibility="private")


def check_view(checks: DraftChecks, uploads: Uploads | None) -> None:
    """A draft, uploaded (with no `uploads` it cannot be) or pasted, and what the check of it found."""
    import gradio as gr

    html(joined(element("h2", "Check a draft"), element("p", _ABOUT_CHECKS, class_="hint")), elem_classes="adding")
    files = gr.File(
        label="A draft", file_count="multiple", height=120, elem_id="draft-file", visible=uploads is not None
    )
    pasted = gr.Textbox(label="Or paste it", lines=6, max_lines=20, elem_id="draft-text")
    with gr.Row(elem_id="check-buttons"):
        check = gr.Button("Check", variant="primary", elem_id="check", scale=0, min_width=120)
        stop = gr.Button("Stop", elem_id="check-stop", scale=0, min_width=70)
    result = html("", elem_id="checked")

    async def checking(uploaded: list[str] | None, pasted: str | None) -> AsyncIterator[Html]:
        async with aclosing(checks.shown((uploads and uploaded) or (), pasted or "")) as coming:
            async for markup in coming:
                yield markup

    running = check.click(checking, [files, pasted], [result], trigger_mode="once", **_RUN)
    stop.click(lambda: "", None, [result], cancels=[running], queue=False, api_visibility="private")
    if uploads:
        holding = uploads

        def held(uploaded: list[str] | None, request: Any) -> None:
            holding.hold(_drafts_of(request), uploaded or ())

        def left(request: Any) -> None:
            holding.end(_drafts_of(request))

        for function in (held, left):
            function.__annotations__["request"] = gr.Request  # gradio gives it to what asks for it so
        files.change(held, [files], None, queue=False, show_progress="hidden", api_visibility="private")
        blocks = gr.context.Context.root_block
        assert blocks is not None
        blocks.unload(left)


def screen_view(screenings: Screenings) -> None:
    """Protocols to choose from or to write, and the screening by one of them."""
    import gradio as gr

    html(joined(element("h2", "Screen"), element("p", _ABOUT_SCREENING, class_="hint")), elem_classes="adding")
    if screenings.why_not:
        html(element("p", screenings.why_not, class_="note"))
        return
    with gr.Column(elem_id="screen-setup"):
        there = html("", elem_id="screen-protocols")
        name = gr.Textbox(label="The name of the protocol", elem_id="screen-name")  # set by the page's script
        text = gr.Textbox(
            label="Protocol, in Markdown", lines=9, max_lines=24, max_length=LONGEST, elem_id="screen-text"
        )
        html(begin_html(), elem_id="screen-begin")
        with gr.Row(elem_id="screen-buttons"):
            screen = gr.Button("Screen", variant="primary", elem_id="screen", scale=0, min_width=120)
            stop = gr.Button("Stop", elem_id="screen-stop", scale=0, min_width=70)
    result = html("", elem_id="screened")

    async def screening(name: str | None, text: str | None) -> AsyncIterator[Html]:
        async with aclosing(screenings.shown(name or "", text or "")) as coming:
            async for markup in coming:
                yield markup

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    listing: dict[str, Any] = {"fn": lambda: names_html(screenings.names()), "inputs": None, "outputs": [there]}
    running = screen.click(screening, [name, text], [result], trigger_mode="once", **_RUN)
    listed = running.then(**listing, **quiet)
    listed.then(None, None, None, js="() => window.askpapers.screeningShown()", api_visibility="private")
    stopped = element("p", _STOPPED, class_="note")
    stop.click(lambda: stopped, None, [result], cancels=[running], queue=False, api_visibility="private")
    blocks = gr.context.Context.root_block
    assert blocks is not None
    blocks.load(**listing, queue=False, **quiet)


def _drafts_of(request: Any) -> str:
    """What the uploads of a page's draft are held under: those that it adds are held by themselves."""
    return f"{session_of(request)} draft"
