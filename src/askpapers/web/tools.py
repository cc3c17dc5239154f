"""The MCP tools: ask, survey, search, paper, overview, similar. The only module that imports mcp: it takes a second."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from fastapi import FastAPI
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent

from askpapers.contract import answer_dict, read_turn
from askpapers.datatypes import Filter, Turn
from askpapers.errors import AskPapersError, UsageError
from askpapers.events import Event, Finished
from askpapers.export.json_files import paper_with_sources
from askpapers.index.overview import overview_dict
from askpapers.research.similar import similar_dict
from askpapers.web.api import PastTurn
from askpapers.web.desk import Desk, Question, within
from askpapers.web.work import Work

T = TypeVar("T")
_log = logging.getLogger(__name__)
_LINE = "mcp"
_INSTRUCTIONS = (
    "Answers questions about a corpus of paper abstracts. Every statement of an answer has a verdict and the numbers"
    " of verbatim quotes. A status of not_in_corpus means that the papers do not say it: do not fill the gap."
)


def mcp_server(desk: Desk, version: str) -> MCPServer:
    """The tools over a desk."""
    instructions = " ".join((_INSTRUCTIONS, *desk.settings.notes))
    server = MCPServer("askpapers", instructions=instructions, version=version, log_level="WARNING")

    @server.tool()
    async def ask(
        question: str,
        context: Context,
        papers: list[str] | None = None,
        history: list[PastTurn] | None = None,
        since: int | None = None,
        until: int | None = None,
        authors: list[str] | None = None,
        venues: list[str] | None = None,
        tags: list[str] | None = None,
    ) -> dict[str, Any]:
        """Answer a question from the abstracts, with verbatim quotes, or one about who, when, where and how many.

        It is restricted to `papers` (ids), years, and papers with one of the `authors`, `venues` and `tags`. With
        `history`, the turns before, a follow-up ("how large is it?") is read against them.
        """
        turns = tuple(read_turn(turn.model_dump()) for turn in history or ())

        def only() -> Filter:
            return within(papers or (), since, until, authors or (), venues or (), tags or ())

        return await _answer(desk, context, question, None, only, turns)

    @server.tool()
    async def survey(
        topic: str,
        context: Context,
        since: int | None = None,
        until: int | None = None,
        authors: list[str] | None = None,
        venues: list[str] | None = None,
        tags: list[str] | None = None,
    ) -> dict[str, Any]:
        """Judge every paper: which of them match a topic or a "which papers ...?" question, with a quote for each."""

        def only() -> Filter:
            return within((), since, until, authors or (), venues or (), tags or ())

        return await _answer(desk, context, topic, "survey", only)

    @server.tool()
    async def search(query: str, context: Context, top: int = 10) -> dict[str, Any]:
        """Find the papers nearest to a query, best first, each with its nearest passage."""

        def found() -> dict[str, Any]:
            return {"papers": desk.search(query, min(max(top, 1), 100))}

        return await _result(desk, context, lambda: desk.look_up(found, _LINE), lambda found: found)

    @server.tool()
    async def paper(id: str, context: Context) -> dict[str, Any]:  # noqa: A002 - the name of the argument is the tool's
        """One paper by its id: title, year, authors, abstract."""

        def found() -> dict[str, Any]:
            if (paper := desk.find(id)) is None:
                raise UsageError(f"No paper has the id “{id}”.", hint="Use search.")
            return paper_with_sources(paper)

        return await _result(desk, context, lambda: desk.look_up(found, _LINE), lambda found: found)

    @server.tool()
    async def overview(context: Context, since: int | None = None, until: int | None = None) -> dict[str, Any]:
        """What the corpus is about: papers by year, authors, venues; topics, each with a question for its papers."""

        def found() -> dict[str, Any]:
            return overview_dict(desk.overview(within((), since, until)))

        return await _result(desk, context, lambda: desk.look_up(found, _LINE), lambda found: found)

    @server.tool()
    async def similar(id: str, context: Context, top: int = 10) -> dict[str, Any]:  # noqa: A002 - as above
        """Find the papers most similar to the one of an id, each with its similarity and its nearest sentence."""

        def found() -> dict[str, Any]:
            return {"papers": [similar_dict(one) for one in desk.similar(id, min(max(top, 1), 100))]}

        return await _result(desk, context, lambda: desk.look_up(found, _LINE), lambda found: found)

    return server


async def _answer(
    desk: Desk,
    context: Context,
    question: str,
    way: str | None,
    only: Callable[[], Filter],
    history: tuple[Turn, ...] = (),
) -> dict[str, Any]:
    def shown(last: Any) -> dict[str, Any]:
        assert isinstance(last, Finished)
        return answer_dict(last.answer)

    def asked() -> Work[Event]:
        return desk.ask(Question(question, way, within=only(), history=history), _LINE)

    return await _result(desk, context, asked, shown)


async def _result(
    desk: Desk, context: Context, start: Callable[[], Work[T]], shown: Callable[[T], dict[str, Any]]
) -> dict[str, Any]:
    """What the work that is started ends with. It is stopped when the request is cancelled or its client leaves."""
    request = context.request_context.request  # None over standard input and output
    try:
        last = await start().last(request.receive if request else None)
        return shown(last) if last is not None else _failed("The client has left.", "Ask again.")
    except AskPapersError as error:
        return _failed(*desk.told(error))
    except Exception:
        _log.exception("A tool failed.")
        return _failed("Something is wrong in askpapers.", "The terminal that it was started in shows what.")


def _failed(what: str, hint: str) -> dict[str, Any]:
    """A failure as MCP marks it. The tools are declared with what they give when they do not fail."""
    failed = CallToolResult(
        content=[TextContent(type="text", text=f"{what}\n{hint}")],
        structured_content={"error": what, "hint": hint},
        is_error=True,
    )
    return cast("dict[str, Any]", failed)


def mount_tools(app: FastAPI, desk: Desk, version: str) -> None:
    """Serve the tools at /mcp of an app, over streamable HTTP, behind the app's own gate."""
    server = mcp_server(desk, version)
    # Hosts and origins are the gate's business: it knows whether there is a login.
    inner = server.streamable_http_app(
        streamable_http_path="/mcp",
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    for route in inner.routes:
        app.router.routes.append(route)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(of: FastAPI) -> AsyncIterator[Any]:
        async with before(of) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan
