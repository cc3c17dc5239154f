"""The MCP tools, as a client sees them: over HTTP, over standard input and output, and in process."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from askpapers.errors import UsageError
from askpapers.events import Event
from askpapers.mcp import replies as tool_replies
from askpapers.mcp.replies import MOST_BYTES, answer_reply, page, paper_reply, size
from askpapers.mcp.tools import SURVEY_VIEW, mcp_server
from askpapers.progress import Progress
from askpapers.service.corpus_service import CorpusService
from askpapers.service.questions import Question
from web.conftest import Serve
from web.test_guard import send

TOOLS = {"ask", "survey", "check", "table", "paper"}
GSM8K = "2110.14168"
DRAFT = r"""
\section{Data}
GSM8K is a dataset of 8.5K problems \cite{cobbe}. GSM8K has 9,500 problems \cite{cobbe}.
Cats sleep in the sun \cite{miller}.
"""
BIBLIOGRAPHY = """@misc{cobbe, title = {Training Verifiers to Solve Math Word Problems}, eprint = {2110.14168}}
@misc{miller, title = {On Cats}, author = {Miller, Ann}, year = 1999}
"""


@pytest.fixture
def url(serve: Serve, service: CorpusService) -> str:
    return serve(service, page=False)


def result(url: str, name: str, **arguments: Any) -> dict[str, Any]:
    params = {"name": name, "arguments": arguments}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    answer = json.loads(send(url, "POST", "/mcp", asked, accept="application/json, text/event-stream")[2])
    given: dict[str, Any] = answer["result"]
    return given


def call(url: str, name: str, **arguments: Any) -> dict[str, Any]:
    given = result(url, name, **arguments)
    assert given["isError"] is False
    shown: dict[str, Any] = given["structuredContent"]
    assert json.loads(given["content"][0]["text"]) == shown
    return shown


def all_pages(service: CorpusService, name: str, **arguments: Any) -> list[dict[str, Any]]:
    """Every page of what a tool replies, in order."""

    async def turn() -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = []
        async with Client(mcp_server([service], "0.0.test")) as client:
            offset: int | None = 0
            while offset is not None:
                reply = await client.call_tool(name, {**arguments, "offset": offset})
                assert not reply.is_error
                assert reply.structured_content is not None
                pages.append(reply.structured_content)
                offset = reply.structured_content["next_offset"]
        return pages

    return asyncio.run(turn())


def test_the_tools_answer_over_http(url: str) -> None:
    answer = call(url, "ask", question="how many problems are in GSM8K?")
    assert answer["status"] == "answered"
    assert answer["statements"][0]["verdict"] == "supported"
    assert answer["citations"][0]["source"]["file"].startswith("seeds/")
    assert [paper["id"] for paper in answer["papers"]] == [GSM8K]
    assert "abstract" not in answer["papers"][0]
    survey = call(url, "survey", topic="which papers use RLHF?", since=2022)
    assert survey["coverage"]["total"] == 34
    assert all(paper["year"] >= 2022 for paper in survey["papers"])
    assert survey["papers"][0]["verdict"] == "match"
    matches = sum(paper["verdict"] == "match" for paper in survey["papers"])
    assert f": {matches} match" in survey["text"]
    assert survey["papers"][0]["quotes"][0]["verdict"] == "supported"
    assert call(url, "ask", question="how many papers are there?")["text"] == "There are 34 papers."
    for tool in ({"name": "ask", "question": "what is GSM8K?"}, {"name": "survey", "topic": "RLHF"}):
        refused = call(url, tool.pop("name"), **tool, authors=["Moss"])
        assert refused["text"] == "The files do not give authors (0 of 34 papers)."
    paper = call(url, "paper", id=GSM8K)
    assert paper["year"] == 2021
    assert paper["sources"][0]["file"].startswith("seeds/")


def test_a_refusal_is_no_error_and_has_no_papers(url: str) -> None:
    for name, asked in (
        ("survey", {"topic": "glass frogs"}),
        ("table", {"question": "glass frogs", "columns": ["year"]}),
    ):
        reply = call(url, name, **asked)
        assert reply["status"] == "not_in_corpus"
        assert (reply["total"], reply["next_offset"]) == (0, None)


def test_a_table_has_a_cell_with_its_quote_for_each_column(url: str) -> None:
    table = call(url, "table", question="which papers use RLHF?", columns=["method, year", "dataset"], since=2022)
    assert table["columns"] == ["method", "year", "dataset"]
    assert all(row["year"] >= 2022 for row in table["rows"])
    cells = [cell for row in table["rows"] for cell in row["cells"]]
    quoted = [cell for cell in cells if "quote" in cell]
    assert quoted
    assert all(cell["source"]["file"].startswith("seeds/") for cell in quoted)
    assert all(cell["from"] == "record" for cell in cells if cell["column"] == "year")
    assert call(url, "table", all_papers=True, columns=["year"])["total"] == 34


def test_a_draft_is_checked_problems_first_with_its_bibliography(url: str) -> None:
    check = call(url, "check", draft=DRAFT, bibliography=BIBLIOGRAPHY)
    assert check["format"] == "latex"
    assert [sentence["problem"] for sentence in check["sentences"]] == [True, True, False]
    unknown, wrong, fine = check["sentences"]
    assert unknown["finding"] == "citation_unknown"
    assert wrong["finding"] in ("contradicted", "partly")
    assert "9,500" in str(wrong["parts"][0]["missing"])
    assert wrong["parts"][0]["quotes"][0]["title"].startswith("Training Verifiers")
    assert wrong["parts"][0]["quotes"][0]["source"]["file"].startswith("seeds/")
    assert fine["finding"] == "supported"
    assert call(url, "check", draft="GSM8K is a dataset of **8.5K problems** [@x].")["format"] == "markdown"


def test_a_follow_up_is_read_against_the_turns_before(url: str) -> None:
    before = [{"question": "what is GSM8K?", "answer": "A dataset.", "papers": [GSM8K]}]
    answer = call(url, "ask", question="how many problems are in it?", history=before)
    assert answer["searched"] == "how many problems are in GSM8K?"
    assert "8.5K" in answer["text"]


@pytest.mark.parametrize(
    ("name", "arguments", "says", "hint"),
    [
        ("paper", {"id": "nothing"}, "No paper has the id “nothing”.", "ids"),
        ("paper", {"id": GSM8K, "offset": 100_000}, "nothing at offset 100000", "Begin at 0."),
        ("ask", {"question": ""}, "empty", ""),
        ("ask", {"question": "x " * 9_000}, "characters", ""),
        ("survey", {"topic": "x", "since": 2020, "until": 2010}, "2020", "earlier year first"),
        ("survey", {"topic": "RLHF", "offset": 1_000}, "nothing at offset 1000", "Begin at 0."),
        ("survey", {"topic": "RLHF", "offset": -1}, "offset: Input should be greater", "survey takes: authors"),
        ("survey", {}, "topic: Field required.", "survey takes: authors"),
        ("survey", {"topic": "RLHF", "sinse": 2020}, "survey does not take “sinse”.", "since"),
        ("ask", {"question": 5}, "question: ", "ask takes: authors"),
        ("check", {"draft": " "}, "The draft is empty.", "Markdown or LaTeX"),
        ("check", {"draft": "%PDF-1.7 x"}, "a PDF", "Pandoc"),
        ("table", {"columns": [], "question": "RLHF"}, "No column is named.", ""),
        ("table", {"columns": ["year"]}, "The question is empty.", ""),
        ("nothing", {}, "There is no tool “nothing”.", "ask, check, paper, survey, table"),
    ],
)
def test_every_failure_is_an_error_of_two_lines(
    url: str, name: str, arguments: dict[str, Any], says: str, hint: str
) -> None:
    failed = result(url, name, **arguments)
    assert failed["isError"] is True
    what, to_do = failed["content"][0]["text"].split("\n")
    assert says in what
    assert hint in to_do
    assert failed["structuredContent"] == {"error": what, "hint": to_do}


def test_what_breaks_is_an_error_that_says_nothing_of_this_machine(
    serve: Serve, service: CorpusService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"broken in {service.settings.index.absolute()}")

    beside = CorpusService(service.corpus, service.settings)
    monkeypatch.setattr(beside, "find", broken)
    failed = result(serve(beside, page=False), "paper", id="x")
    assert failed["isError"] is True
    assert str(service.settings.index) not in str(failed)


@given(st.lists(st.text(max_size=400), max_size=60))
def test_pages_together_are_everything_once_and_each_is_small(texts: Sequence[str]) -> None:
    seen: list[str] = []
    offset: int | None = 0
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tool_replies, "MOST_BYTES", 1_000)
        while offset is not None:
            reply = page({"notes": []}, "items", len(texts), ({"text": text} for text in texts[offset:]), offset)
            assert size(reply) <= 1_010 or len(reply["items"]) == 1
            assert reply["offset"] == len(seen)
            seen += [item["text"] for item in reply["items"]]
            offset = reply["next_offset"]
        assert seen == list(texts)
        with pytest.raises(UsageError, match="nothing at offset"):
            page({}, "items", len(texts), (), len(texts) + 1)


@pytest.mark.parametrize(
    ("name", "items", "key", "arguments"),
    [
        ("survey", "papers", "id", {"topic": "which papers use RLHF?"}),
        ("ask", "papers", "id", {"question": "list all papers"}),
        ("table", "rows", "paper", {"all_papers": True, "columns": ["year", "abstract"]}),
        ("check", "sentences", "text", {"draft": DRAFT, "bibliography": BIBLIOGRAPHY}),
    ],
)
def test_the_pages_of_a_tool_are_the_whole_in_order(
    service: CorpusService, monkeypatch: pytest.MonkeyPatch, name: str, items: str, key: str, arguments: dict[str, Any]
) -> None:
    monkeypatch.setattr(tool_replies, "MOST_BYTES", 1_000_000)
    (whole,) = all_pages(service, name, **arguments)
    monkeypatch.setattr(tool_replies, "MOST_BYTES", 1_200)
    pages = all_pages(service, name, **arguments)
    assert len(pages) > 1
    assert [item[key] for one in pages for item in one[items]] == [item[key] for item in whole[items]]
    assert all(one["total"] == len(whole[items]) for one in pages)


def test_a_next_page_asks_nothing_again(service: CorpusService, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    beside = CorpusService(service.corpus, service.settings)
    events = beside.events

    def counted(question: Question, progress: Progress) -> Iterator[Event]:
        asked.append(question.text)
        return events(question, progress)

    monkeypatch.setattr(beside, "events", counted)
    monkeypatch.setattr(tool_replies, "MOST_BYTES", 2_500)
    assert len(all_pages(beside, "survey", topic="which papers use RLHF?")) > 1
    assert asked == ["which papers use RLHF?"]


def test_a_client_is_told_how_far_the_work_is(service: CorpusService) -> None:
    told: list[tuple[float, float | None, str | None]] = []

    async def tell(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, total, message))

    async def turn() -> None:
        async with Client(mcp_server([service], "0.0.test")) as client:
            asked = {"draft": DRAFT, "bibliography": BIBLIOGRAPHY}
            assert not (await client.call_tool("check", asked, progress_callback=tell)).is_error

    asyncio.run(turn())
    assert {(total, message) for _, total, message in told} >= {(3, "Checking")}  # the last step may end unseen


def test_progress_asked_for_over_http_spoils_nothing(url: str) -> None:
    params = {"name": "survey", "arguments": {"topic": "RLHF"}, "_meta": {"progressToken": 1}}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    answer = send(url, "POST", "/mcp", asked, accept="application/json, text/event-stream")[2]
    assert json.loads(answer)["result"]["isError"] is False


def test_a_reply_over_everything_has_an_end(service: CorpusService) -> None:
    first = all_pages(service, "table", all_papers=True, columns=["abstract", "task", "method"])[0]
    assert size(first) <= MOST_BYTES * 1.01
    paper = service.find(GSM8K)
    assert paper
    long = replace(paper, abstract="word " * 50_000, authors=tuple(f"Author {n}" for n in range(3_000)))
    reply = paper_reply(long, 0)
    assert size(reply) <= MOST_BYTES
    assert reply["authors"][-1] == "and 2,990 others"
    assert paper_reply(long, reply["next_offset"])["abstract"] == long.abstract[6_000:12_000]


def test_an_answer_keeps_its_statements_where_it_is_no_survey(service: CorpusService) -> None:
    answer = service.paths.answer(service.corpus.ask("compare GSM8K with MATH"))
    reply = answer_reply(answer, 0)
    assert len(reply["statements"]) == len(answer.statements) > 0
    assert len(reply["citations"]) == len(answer.citations)


def test_the_view_of_a_survey_needs_nothing_from_elsewhere(service: CorpusService) -> None:
    async def read() -> str:
        async with Client(mcp_server([service], "0.0.test")) as client:
            (content,) = (await client.read_resource(SURVEY_VIEW)).contents
        assert content.mime_type == "text/html;profile=mcp-app"
        return str(getattr(content, "text", ""))

    view = asyncio.run(read())
    assert view.startswith("<!doctype html>")
    assert not re.search(r"\b(?:src|href|action)\s*=|url\(|@import|https?:|innerHTML|eval\(|fetch\(", view)
    for spoken in ("ui/initialize", "ui/notifications/initialized", "ui/notifications/tool-result"):
        assert f'"{spoken}"' in view


def test_a_client_talks_to_it_over_standard_input_and_output(seeds: Path, seed_index_folder: Path) -> None:
    place = ["--corpus", str(seeds), "--index", str(seed_index_folder)]
    program = ["-c", "from askpapers.cli import main; main()", "mcp", *place]

    async def talk() -> None:
        async with Client(stdio_client(StdioServerParameters(command=sys.executable, args=program))) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == TOOLS
            for tool in tools.values():
                assert tool.description
                assert len(tool.description) < 130
                assert "\n" not in tool.description
                for parameter in tool.input_schema["properties"].values():
                    assert 0 < len(parameter["description"]) < 80
            assert {name for name, tool in tools.items() if tool.meta} == {"survey"}
            assert tools["survey"].meta == {"ui": {"resourceUri": SURVEY_VIEW}}
            assert client.server_capabilities.extensions
            assert "io.modelcontextprotocol/ui" in client.server_capabilities.extensions
            paper = await client.call_tool("paper", {"id": GSM8K})
            assert paper.structured_content
            assert paper.structured_content["title"].startswith("Training Verifiers")
            assert (await client.call_tool("paper", {"id": "nothing"})).is_error

    asyncio.run(talk())
