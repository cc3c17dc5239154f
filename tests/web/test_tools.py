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


def call(url: str, name: str, **arguments: Any) -> dict[str, Any]:
    params = {"name": name, "arguments": arguments}
    answer = json.loads(
        send(
            url,
            "POST",
            "/mcp",
            {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params},
            accept="application/json, text/event-stream",
        )[2]
    )
    result: dict[str, Any] = json.loads(answer["result"]["content"][0]["text"])
    return result


def test_the_tools_answer_over_http(url: str) -> None:
    answer = call(url, "ask", question="how many problems are in GSM8K?")
    assert answer["status"] == "answered"
    assert answer["statements"][0]["verdict"] == "supported"
    survey = call(url, "survey", topic="which papers use RLHF?", since=2022)
    assert survey["coverage"]["total"] == 34
    assert all(paper["year"] >= 2022 for paper in survey["papers"])
    found = call(url, "search", query="grade school math", top=2)
    assert found["papers"][0]["id"] == "2110.14168"
    assert call(url, "paper", id="2110.14168")["year"] == 2021


def test_errors_come_with_a_hint(url: str) -> None:
    for answer in (call(url, "paper", id="nothing"), call(url, "search", query=" "), call(url, "ask", question="")):
        assert set(answer) == {"error", "hint"}


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
    assert {tool["name"] for tool in answers[2]["result"]["tools"]} == {"ask", "survey", "search", "paper"}
    assert "Training Verifiers" in answers[3]["result"]["content"][0]["text"]
