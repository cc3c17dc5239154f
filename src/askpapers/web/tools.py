"""The MCP tools: ask, survey, search, paper. The only module that imports mcp, which takes a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from askpapers.contract import answer_dict
from askpapers.datatypes import Filter
from askpapers.errors import AskPapersError
from askpapers.events import Finished
from askpapers.web.desk import Desk, Question, with_sources, within

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server.mcpserver import MCPServer

_INSTRUCTIONS = (
    "Answers questions about a corpus of paper abstracts. Every statement of an answer has a verdict and the numbers"
    " of verbatim quotes. A status of not_in_corpus means that the papers do not say it: do not fill the gap."
)


def mcp_server(desk: Desk, version: str) -> MCPServer:
    """The tools over a desk."""
    from mcp.server.mcpserver import MCPServer

    server = MCPServer("askpapers", instructions=_INSTRUCTIONS, version=version, log_level="WARNING")

    @server.tool()
    def ask(question: str, papers: list[str] | None = None) -> dict[str, Any]:
        """Answer a question from the abstracts, with verbatim quotes; `papers` (ids) restricts it to these."""
        return _answer(desk, question, None, within(papers or ()))

    @server.tool()
    def survey(topic: str, since: int | None = None, until: int | None = None) -> dict[str, Any]:
        """Judge every paper: which of them match a topic or a "which papers ...?" question, with a quote for each."""
        return _answer(desk, topic, "survey", within((), since, until))

    @server.tool()
    def search(query: str, top: int = 10) -> dict[str, Any]:
        """Find the papers nearest to a query, best first, each with its nearest passage."""
        return _told(desk, lambda: {"papers": desk.search(query, min(max(top, 1), 100))})

    @server.tool()
    def paper(id: str) -> dict[str, Any]:  # noqa: A002 - the name of the argument is the tool's
        """One paper by its id: title, year, authors, abstract."""
        found = desk.find(id)
        return with_sources(found) if found else {"error": f"No paper has the id “{id}”.", "hint": "Use search."}

    return server


def _answer(desk: Desk, question: str, way: str | None, only: Filter) -> dict[str, Any]:
    def answered() -> dict[str, Any]:
        for happened in desk.ask(Question(question, way, within=only)):
            for event in happened:
                if isinstance(event, Finished):
                    return answer_dict(event.answer)
        raise AssertionError("the last event is the answer")

    return _told(desk, answered)


def _told(desk: Desk, call: Any) -> dict[str, Any]:
    try:
        result: dict[str, Any] = call()
    except AskPapersError as error:
        what, hint = desk.told(error)
        return {"error": what, "hint": hint}
    return result


def mount_tools(app: FastAPI, desk: Desk, version: str) -> None:
    """Serve the tools at /mcp of an app, over streamable HTTP, behind the app's own gate."""
    from mcp.server.transport_security import TransportSecuritySettings

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
