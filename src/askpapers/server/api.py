"""The JSON API: ask, search, papers. docs/chat.md describes it; /api/openapi.json is made from this file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from askpapers.contract import answer_dict, corpus_notes, paper_dict, read_turn
from askpapers.errors import AskPapersError, BusyError, UsageError
from askpapers.events import Finished
from askpapers.export import Content, content_of, file_name, kind_named, list_of
from askpapers.export.json_files import paper_with_sources
from askpapers.index.overview import overview_dict
from askpapers.index.similar import similar_dict
from askpapers.server.request_checks import METHODS, refused
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.questions import FilterFields, PastTurn, Question, within

_LINE = "api"
_MOST = 1_000


Format = Literal["json", "text", "markdown", "csv", "xlsx", "bibtex", "ris", "csl"]


class AskRequest(FilterFields):
    """A question; all but it can be left out."""

    question: str = Field(max_length=10_000)
    way: Literal["answer", "survey", "compare"] | None = None
    llm: str | None = Field(None, description="One of the models that GET /api lists.")
    papers: list[str] = Field([], max_length=10_000, description="Ids: only these papers are looked at.")
    history: list[PastTurn] = Field([], max_length=100)
    format: Format = Field("json", description="Anything but json is answered with a file of this kind.")


class SearchRequest(FilterFields):
    """Words or a question to find papers for."""

    query: str = Field(max_length=10_000)
    top: int = Field(10, ge=1, le=100)


def json_api(service: CorpusService, version: str, others: Sequence[str] = ()) -> FastAPI:
    """The API over a service. Errors are JSON too: {"error": what happened, "hint": what to do}.

    `others` are further collections that are served: what names them never gets here, see `Collections`.
    """
    # No docs pages: FastAPI's load their scripts from another host.
    app = FastAPI(title="askpapers", version=version, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    _answer_errors(app, service)
    names = [service.collection, *others] if others else []
    app.include_router(_router(service, version, names), prefix="/api")
    return app


_PATHS = ("", "health", "ask", "search", "papers", "overview", "similar")


def _router(service: CorpusService, version: str, names: Sequence[str]) -> APIRouter:
    def known(collection: str = Query("", description=f"One of: {', '.join(names)}.")) -> None:
        if collection and collection not in names:
            raise UsageError(f"There is no collection “{collection}”.", hint=f"There are: {', '.join(names)}.")

    router = APIRouter(dependencies=[Depends(known)] if names else [])

    async def looked_up(request: Request, call: Callable[[], Any]) -> Any:
        found = await service.look_up(call, _LINE).last(request.receive)
        return _gone() if found is None else found

    @router.get("")
    async def about(request: Request) -> Any:
        """What is served: the version, the corpus's size, the models that can be chosen."""

        def found() -> dict[str, Any]:
            manifest = service.corpus.index.manifest
            left_out = asdict(manifest.left_out_count)
            sizes = {"papers": manifest.papers, "left_out": left_out, "index": manifest.index}
            there = {"collections": names} if names else {}
            return {
                "askpapers": version,
                **sizes,
                "models": service.models(),
                **there,
                **corpus_notes(service.settings.notes),
            }

        return await looked_up(request, found)

    @router.get("/health")
    async def health() -> dict[str, Any]:
        """Whether the server is up: how many questions are being answered, and how many wait. Always at once."""
        answering, waiting = service.answering.counts()
        return {"status": "ok", "answering": answering, "waiting": waiting}

    @router.post("/ask")
    async def ask(asked: AskRequest, request: Request) -> Any:
        """Answer a question: the JSON object of `ask --json`."""
        question = Question(
            asked.question,
            asked.way,
            await looked_up(request, lambda: service.chosen_model(asked.llm)) if asked.llm else None,
            asked.within(asked.papers),
            tuple(read_turn(turn.model_dump()) for turn in asked.history),
        )
        last = await service.ask(question, _LINE).last(request.receive)
        if not isinstance(last, Finished):
            return _gone()
        return _as(asked.format, content_of([last.answer]), asked.question) or answer_dict(last.answer)

    @router.post("/search")
    async def search(wanted: SearchRequest, request: Request) -> Any:
        """The papers nearest to a query, best first, each with its nearest passage."""
        only = wanted.within()
        return await looked_up(request, lambda: {"papers": service.search(wanted.query, wanted.top, only)})

    @router.get("/papers")
    async def papers(
        request: Request,
        words: str = "",
        since: int | None = None,
        until: int | None = None,
        author: Annotated[list[str] | None, Query()] = None,
        venue: Annotated[list[str] | None, Query()] = None,
        tag: Annotated[list[str] | None, Query()] = None,
        first: int = Query(0, ge=0, le=1_000_000_000),
        count: int = Query(100, ge=1, le=_MOST),
        format: Format = "json",  # noqa: A002 - the name is the API's
    ) -> Any:
        """Papers in corpus order, `count` of them from `first` on, restricted to words, years and names."""
        only = within((), since, until, author or (), venue or (), tag or ())

        def listed() -> Any:
            found = service.browse(words, only, first, count + 1)
            return _as(format, list_of(found[:count]), "papers") or {
                "papers": [paper_dict(p) for p in found[:count]],
                "more": len(found) > count,
            }

        return await looked_up(request, listed)

    @router.get("/overview")
    async def overview(request: Request, since: int | None = None, until: int | None = None) -> Any:
        """What the papers are about: counts by year, author and venue, and topics with typical papers."""
        years = within((), since, until)
        return await looked_up(request, lambda: overview_dict(service.overview(years)))

    @router.get("/similar/{name:path}")
    async def similar(name: str, request: Request, top: int = Query(10, ge=1, le=100)) -> Any:
        """The papers most similar to the one of an id, each with its similarity and its nearest sentence."""
        return await looked_up(request, lambda: {"papers": [similar_dict(one) for one in service.similar(name, top)]})

    @router.get("/papers/{name:path}")
    async def paper(name: str, request: Request, format: Format = "json") -> Any:  # noqa: A002 - as above
        """One paper by its id, with the places that it was read from."""

        def found() -> Any:
            paper = service.find(name)
            if paper is None:
                return refused(404, f"No paper has the id “{name}”.", "List them: GET /api/papers")
            return _as(format, list_of([paper]), "paper") or paper_with_sources(paper)

        return await looked_up(request, found)

    @router.api_route("", methods=[*METHODS - {"GET"}], include_in_schema=False)
    @router.api_route("/{rest:path}", methods=[*METHODS], include_in_schema=False)
    async def nothing(request: Request, rest: str = "") -> Response:
        """What no route above takes: on the page's server another application would answer it."""
        hint = "See docs/chat.md, or GET /api/openapi.json."
        if rest in _PATHS:
            return refused(405, f"{request.url.path} does not take {request.method}.", hint)
        return refused(404, f"There is nothing at /api/{rest}.", hint)

    return router


def _as(kind_name: str, content: Content, name: str) -> Response | None:
    """The content as a file to save; None for JSON, which is the answer itself."""
    if kind_name == "json":
        return None
    kind = kind_named(kind_name)
    saved = {"content-disposition": f'attachment; filename="{file_name(name, kind)}"'}
    return Response(kind.bytes_of(content), media_type=kind.media_type, headers=saved)


def _gone() -> Response:
    return Response(status_code=499)  # the client has left: no one reads it


def _answer_errors(app: FastAPI, service: CorpusService) -> None:
    @app.exception_handler(AskPapersError)
    async def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, AskPapersError)
        if isinstance(error, BusyError):
            answer = refused(429, *service.error_lines(error))
            answer.headers["retry-after"] = str(error.retry_after)
            return answer
        return refused(400 if isinstance(error, UsageError) else 503, *service.error_lines(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:]) or "the body"
        return refused(422, f"{where}: {first['msg']}.", "See docs/chat.md, or GET /api/openapi.json.")

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return refused(error.status_code, f"{error.detail}.", "See docs/chat.md, or GET /api/openapi.json.")

    @app.exception_handler(Exception)
    async def broken(request: Request, error: Exception) -> Response:
        return refused(500, *BROKEN)
