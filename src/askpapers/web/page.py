"""The page: one HTML file with a script and a style at addresses of ours, its calls, its uploads and its work.

What answers at once is called at /page/NAME; what takes a while goes through the queue of `gradio_server`.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from askpapers.contract import error_dict
from askpapers.errors import UsageError
from askpapers.service.adding import why_not
from askpapers.service.corpus_service import CorpusService
from askpapers.service.protocols import EXAMPLE, LONGEST
from askpapers.service.uploads import UPLOAD_PATH, Uploads, upload_folder
from askpapers.web.additions import ADDING_OFF
from askpapers.web.asking import answer_question
from askpapers.web.calls import PageCalls
from askpapers.web.messages import AdditionRequest, DraftRequest, QuestionRequest, ScreeningRequest, TableRequest
from askpapers.web.rendering import Html, render
from askpapers.web.tables_and_drafts import check_updates, table_updates, wanted_table
from askpapers.web.work_queue import Stream, Update, failed, mount_gradio_server, stream

_VIEWS = ("", "papers", "table", "check", "screen", "add")
_SCRIPTS = ("store", "server", "sources", "table", "ask", "conversation", "survey", "screen", "add", "page")
_NO_OTHERS: Mapping[str, str] = MappingProxyType({})


def mount_page(
    app: FastAPI,
    service: CorpusService,
    *,
    writable: bool,
    protocols: Sequence[Path] = (),
    addresses: Mapping[str, str] = _NO_OTHERS,
) -> Uploads:
    """Serve the page at / of an app; what is uploaded by it.

    `protocols` are files that can be screened by, `addresses` those of all collections.
    """
    uploads = Uploads(upload_folder())
    calls = PageCalls(service, writable=writable, protocols=protocols)
    page = _html(service, calls, addresses, writable=writable)
    routes = functools.partial(_add_routes, page=page, calls=calls, uploads=uploads)
    mount_gradio_server(app, routes, _streams(calls, uploads), uploads)
    return uploads


def _add_routes(server: FastAPI, *, page: str, calls: PageCalls, uploads: Uploads) -> None:
    """The page at the address of each of its views, its script and style, its calls, and its uploads."""
    files = dict.fromkeys(_VIEWS, (page, "text/html"))
    files |= {"page.js": (_script(), "text/javascript"), "page.css": (_asset("page.css"), "text/css")}
    version = _version()

    async def file(request: Request) -> Response:
        content, media_type = files[request.url.path.rpartition("/")[2]]
        # The address of a script or style says what it holds.
        cache = "private, max-age=31536000, immutable" if request.url.query == version else "no-cache"
        return Response(content, media_type=media_type, headers={"cache-control": cache})

    async def call(name: str, request: Request) -> Response:
        answer = await run_in_threadpool(calls.answer, name, await request.body())
        if answer is None:
            return JSONResponse(error_dict(f"There is no call “{name}”.", "Reload the page."), 404)
        return Response(json.dumps(answer), media_type="application/json")

    async def upload(request: Request, name: str = "") -> Response:
        try:
            key = await uploads.store(name, request.stream())
        except UsageError as error:
            return JSONResponse(error_dict(str(error), error.hint), 413)
        except ClientDisconnect:
            return Response(status_code=499)  # no one reads it
        except OSError as error:
            what = f"The file cannot be stored: {error.strerror}."
            return JSONResponse(error_dict(what, "Make room on the disk of the server, and send it again."), 507)
        return JSONResponse({"key": key})

    for path in files:
        server.add_api_route(f"/{path}", file, methods=["GET", "HEAD"])
    server.add_api_route("/page/{name}", call, methods=["POST"])
    server.add_api_route(UPLOAD_PATH, upload, methods=["POST"])


def _streams(calls: PageCalls, uploads: Uploads) -> dict[str, Stream]:
    """What the page does that takes a while, by name."""
    service = calls.service

    async def with_files(
        sent: DraftRequest, work: Callable[[list[Path]], AsyncGenerator[Html, None]]
    ) -> AsyncGenerator[Html | Update, None]:
        try:
            with uploads.used(sent.files) as files:
                async with aclosing(work(files)) as coming:
                    async for markup in coming:
                        yield markup
        except UsageError as error:
            yield failed(*service.error_lines(error))

    def add(sent: AdditionRequest) -> AsyncGenerator[Html | Update, None]:
        return with_files(sent, lambda files: calls.additions.add(sent, files))

    def check(sent: DraftRequest) -> AsyncGenerator[Html | Update, None]:
        return with_files(sent, lambda files: check_updates(service, calls.drafts, files, sent.pasted))

    return {
        "ask": stream(QuestionRequest, lambda sent: answer_question(service, sent)),
        "table": stream(TableRequest, lambda sent: table_updates(service, calls.tables, wanted_table(sent))),
        "check": stream(DraftRequest, check),
        "screen": stream(ScreeningRequest, lambda sent: calls.screenings.shown(sent.name, sent.text, sent.reviewer)),
        "add": stream(AdditionRequest, add),
    }


def _html(service: CorpusService, calls: PageCalls, addresses: Mapping[str, str], *, writable: bool) -> str:
    """The HTML file; where there are several collections, by their `addresses`, another can be chosen."""
    return render(
        "page.html",
        name=service.name,
        addresses=addresses,
        version=_version(),
        texts=service.settings.notes,
        models=service.models(),
        writable=writable,
        why_no_adding=why_not(service.settings) if writable else f"{ADDING_OFF} Start it with --auth USER.",
        why_no_screening=calls.screenings.why_not,
        longest_protocol=LONGEST,
        example=EXAMPLE,
    )


def not_found_html(address: str) -> str:
    """What a browser is shown where there is nothing; the page is at `address`, which ends with a slash."""
    return render("lost.html", address=address)


def _script() -> str:
    return f'(() => {{\n"use strict";\n{"".join(_asset(f"{name}.js") for name in _SCRIPTS)}}})();\n'


def _version() -> str:
    """Of script and style, for their addresses: other ones are not taken from a browser's cache."""
    return hashlib.sha256(f"{_script()}{_asset('page.css')}".encode()).hexdigest()[:12]


def _asset(name: str) -> str:
    return resources.files("askpapers.web").joinpath("assets", name).read_text(encoding="utf-8")
