"""The MCP tools, as a client sees them: over HTTP and over standard input and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from askpapers.web.desk import Desk
from web.conftest import Serve
from web.test_gate import send


@pytest.fixture
def url(serve: Serve, desk: Desk) -> str:
    return serve(desk, page=False)


def result(url: str, name: str, **arguments: Any) -> dict[str, Any]:
    params = {"name": name, "arguments": arguments}
    asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    answer = json.loads(send(url, "POST", "/mcp", asked, accept="application/json, text/event-stream")[2])
    given: dict[str, Any] = answer["result"]
    return given


def call(url: str, name: str, **arguments: Any) -> dict[str, Any]:
    given = result(url, name, **arguments)
    assert given["isError"] is False
    shown: dict[str, Any] = json.loads(given["content"][0]["text"])
    return shown


def test_the_tools_answer_over_http(url: str) -> None:
    answer = call(url, "ask", question="how many problems are in GSM8K?")
    assert answer["status"] == "answered"
    assert answer["statements"][0]["verdict"] == "supported"
    survey = call(url, "survey", topic="which papers use RLHF?", since=2022)
    assert survey["coverage"]["total"] == 34
    assert all(paper["year"] >= 2022 for paper in survey["papers"])
    assert call(url, "ask", question="how many papers are there?")["text"] == "There are 34 papers."
    for tool in ({"name": "ask", "question": "what is GSM8K?"}, {"name": "survey", "topic": "RLHF"}):
        refused = call(url, tool.pop("name"), **tool, authors=["Moss"])
        assert refused["text"] == "The files do not give authors (0 of 34 papers)."
    found = call(url, "search", query="grade school math", top=2)
    assert found["papers"][0]["id"] == "2110.14168"
    assert call(url, "paper", id="2110.14168")["year"] == 2021
    assert call(url, "overview", since=2021, until=2021)["papers"] == 9
    similar = call(url, "similar", id="2110.14168", top=3)["papers"]
    assert len(similar) == 3
    assert all(paper["source"]["file"].startswith("seeds/") for paper in similar)


def test_a_follow_up_is_read_against_the_turns_before(url: str) -> None:
    before = [{"question": "what is GSM8K?", "answer": "A dataset.", "papers": ["2110.14168"]}]
    answer = call(url, "ask", question="how many problems are in it?", history=before)
    assert answer["searched"] == "how many problems are in GSM8K?"
    assert "8.5K" in answer["text"]


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("paper", {"id": "nothing"}, "No paper has the id"),
        ("similar", {"id": "nothing"}, "No paper has the id"),
        ("search", {"query": " "}, "empty"),
        ("ask", {"question": ""}, "empty"),
        ("ask", {"question": "x " * 9_000}, "characters"),
        ("survey", {"topic": "x", "since": 2020, "until": 2010}, "2020"),
        ("survey", {}, "topic"),
        ("ask", {"question": 5}, "question"),
        ("nothing", {}, "nothing"),
    ],
)
def test_every_failure_is_an_error(url: str, name: str, arguments: dict[str, Any], says: str) -> None:
    failed = result(url, name, **arguments)
    assert failed["isError"] is True
    assert says in failed["content"][0]["text"]


def test_a_failure_says_what_happened_and_what_to_do(url: str) -> None:
    failed = result(url, "paper", id="nothing")
    assert failed["content"][0]["text"] == "No paper has the id “nothing”.\nUse search."
    assert set(failed["structuredContent"]) == {"error", "hint"}


def test_what_breaks_is_an_error_that_says_nothing_of_this_machine(
    serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"broken in {desk.settings.index.absolute()}")

    beside = Desk(desk.corpus, desk.settings)
    monkeypatch.setattr(beside, "search", broken)
    failed = result(serve(beside, page=False), "search", query="x")
    assert failed["isError"] is True
    assert str(desk.settings.index) not in str(failed)


def test_a_program_talks_to_it_over_standard_input(seeds: Path, seed_index_folder: Path) -> None:
    started = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": started},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
        {
            "jsonrpc": "2.0",
            "id": 3,
            "method": "tools/call",
            "params": {"name": "paper", "arguments": {"id": "2110.14168"}},
        },
    ]
    command = [
        sys.executable,
        "-c",
        "from askpapers.cli import main; main()",
        "mcp",
        "--corpus",
        str(seeds),
        "--index",
        str(seed_index_folder),
    ]
    running = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert running.stdin
    assert running.stdout
    answers: dict[int, Any] = {}
    for message in messages:
        running.stdin.write(json.dumps(message) + "\n")
        running.stdin.flush()
        if "id" in message:
            answer = json.loads(running.stdout.readline())
            answers[answer["id"]] = answer
    running.communicate(timeout=20)
    assert {tool["name"] for tool in answers[2]["result"]["tools"]} == {
        "ask",
        "survey",
        "search",
        "paper",
        "overview",
        "similar",
    }
    assert "Training Verifiers" in answers[3]["result"]["content"][0]["text"]
