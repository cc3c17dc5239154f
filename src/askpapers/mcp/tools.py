"""The MCP tools: ask, survey, check, table, paper. Importing mcp, as this and tool_server do, takes a second."""

from __future__ import annotations

import inspect
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from importlib import resources
from typing import Annotated, Any, cast

from fastapi import FastAPI
from mcp.server.apps import Apps
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from askpapers.contract import read_turn
from askpapers.datatypes import Filter
from askpapers.errors import AskPapersError
from askpapers.mcp.calls import ToolCalls
from askpapers.mcp.replies import compact_json
from askpapers.mcp.tool_server import ToolServer, failed
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.evidence_tables import RequestedTable
from askpapers.service.questions import FilterFields, PastTurn, Question
from askpapers.service.work import Progressed, Work

_log = logging.getLogger(__name__)
SURVEY_VIEW = "ui://askpapers/survey"
"""The resource that shows a survey's papers, in hosts that have the extension MCP Apps."""
_INSTRUCTIONS = (
    "Answers questions about a corpus of paper abstracts. Every statement of an answer has a verdict and the numbers"
    " of verbatim quotes. A status of not_in_corpus means that the papers do not say it: do not fill the gap."
    " Where next_offset is not null there is more: call the tool again with the same arguments and that offset."
)
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

_FILTER = {
    name: inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=field.get_default(call_default_factory=True),
        annotation=Annotated[(field.annotation, *field.metadata, Field(description=field.description))],
    )
    for name, field in FilterFields.model_fields.items()
}
"""The fields of a filter as parameters of a tool."""
Offset = Annotated[int, Field(ge=0, description="Where to go on: next_offset of the reply before.")]


def mcp_server(services: Sequence[CorpusService], version: str) -> MCPServer[Any]:
    """The tools over a service; over those of several collections, the first is asked where none is named."""
    servers = {service.collection: _server(service, version) for service in services}
    first = servers[services[0].collection]
    if len(servers) > 1:
        first.collections = servers
    return first


def _server(service: CorpusService, version: str) -> ToolServer:
    instructions = " ".join((_INSTRUCTIONS, *service.settings.notes))
    calls, apps = ToolCalls(service), Apps()

    def survey(
        topic: Annotated[str, Field(description="A topic, or a question: which papers use RLHF?")],
        within: Filter,
        offset: Offset = 0,
    ) -> Work[Any]:
        """Judge every paper of the corpus: which match a topic, each with verbatim quotes."""
        return calls.answer(Question(topic, "survey", within=within), offset)

    def ask(
        question: Annotated[str, Field(description="The question, in English.")],
        within: Filter,
        papers: Annotated[Sequence[str], Field(description="Only these papers, by id.")] = (),
        history: Annotated[Sequence[PastTurn], Field(description="The turns before, for a follow-up.")] = (),
        offset: Offset = 0,
    ) -> Work[Any]:
        """Answer a question from the abstracts or the records, each sentence with verbatim quotes."""
        turns = tuple(read_turn(turn.model_dump()) for turn in history)
        only = replace(within, papers=frozenset(papers))
        return calls.answer(Question(question, within=only, history=turns), offset)

    def check(
        draft: Annotated[str, Field(description="The text of the draft, Markdown or LaTeX.")],
        bibliography: Annotated[str, Field(description="What its citation keys stand for, in BibTeX.")] = "",
        offset: Offset = 0,
    ) -> Work[Any]:
        """Check whether the papers say what a draft says: each sentence with its finding and quotes, problems first."""
        return calls.check(draft, bibliography, offset)

    def table(
        columns: Annotated[list[str], Field(description="What to look for: task, method, best result, year.")],
        within: Filter,
        question: Annotated[str, Field(description="Which papers have a row; leave it out with all_papers.")] = "",
        all_papers: Annotated[bool, Field(description="A row for every paper.")] = False,
        offset: Offset = 0,
    ) -> Work[Any]:
        """Make a table: a row for each paper that a question is about, a cell with its quote for each column."""
        return calls.table(RequestedTable(question, "\n".join(columns), all_papers, within), offset)

    def paper(
        id: Annotated[str, Field(description="Its id, or its DOI, arXiv id or citation key.")],  # noqa: A002
        offset: Offset = 0,
    ) -> Work[Any]:
        """Give one paper: its record, its abstract, and the files that it was read from."""
        return calls.paper(id, offset)

    apps.tool(resource_uri=SURVEY_VIEW, annotations=_READS, title="Which papers match")(_tool(service, survey))
    apps.add_html_resource(
        SURVEY_VIEW,
        resources.files("askpapers.mcp").joinpath("survey.html").read_text(encoding="utf-8"),
        name="survey",
        title="Papers of a survey",
        description="The papers of a survey as a table, each with its quotes.",
        prefers_border=True,
    )
    server = ToolServer("askpapers", instructions=instructions, version=version, log_level="WARNING", extensions=[apps])
    titles: dict[Callable[..., Work[Any]], str] = {
        ask: "Ask the papers",
        check: "Check a draft",
        table: "Evidence table",
        paper: "One paper",
    }
    for begin, title in titles.items():
        server.tool(annotations=_READS, title=title)(_tool(service, begin))
    return server


def _tool(service: CorpusService, begin: Callable[..., Work[Any]]) -> Callable[..., Awaitable[dict[str, Any]]]:
    """The tool that begins some work and gives what it ends with.

    Where `begin` takes a filter `within`, the tool takes the fields of one.
    """
    parameters: dict[str, inspect.Parameter] = {}
    for name, own in inspect.signature(begin, eval_str=True).parameters.items():
        parameters |= _FILTER if name == "within" else {name: own.replace(kind=inspect.Parameter.KEYWORD_ONLY)}
    takes_filter = _FILTER.keys() <= parameters.keys()

    async def called(context: Context[Any, Any], **arguments: Any) -> dict[str, Any]:
        def start() -> Work[Any]:
            if takes_filter:
                fields = FilterFields(**{name: arguments.pop(name) for name in _FILTER})
                arguments["within"] = fields.within()
            return begin(**arguments)

        return await _result(service, context, start)

    context = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=Context[Any, Any])
    signature = inspect.Signature([*parameters.values(), context], return_annotation=dict[str, Any])
    called.__name__, called.__doc__ = begin.__name__, begin.__doc__
    called.__signature__ = signature  # type: ignore[attr-defined]
    return called


async def _result(service: CorpusService, context: Context[Any, Any], start: Callable[[], Work[Any]]) -> dict[str, Any]:
    """What the work that is started ends with. It is stopped when the request is cancelled or its client leaves."""
    request = context.request_context.request  # None over standard input and output

    async def report(progressed: Progressed) -> None:
        await context.report_progress(progressed.done, progressed.total, progressed.stage)

    try:
        reply = await start().last(request.receive if request else None, report)
        return failed("The client has left.", "Ask again.") if reply is None else _given(reply)
    except AskPapersError as error:
        return failed(*service.error_lines(error))
    except Exception:
        _log.exception("A tool failed.")
        return failed(*BROKEN)


def _given(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply as structured content, and as the text that clients without such read."""
    text = TextContent(type="text", text=compact_json(reply))
    return cast("dict[str, Any]", CallToolResult(content=[text], structured_content=reply))


def mount_tools(app: FastAPI, services: Sequence[CorpusService], version: str) -> None:
    """Serve the tools at /mcp of an app, over streamable HTTP, behind the app's own guard."""
    server = mcp_server(services, version)
    # Hosts and origins are the guard's business: it knows whether there is a login.
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
