"""Where nobody named a corpus the example answers, and every face says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from askpapers.engine import open_settings
from askpapers.server.app import Served, make_app
from askpapers.service.corpus_service import CorpusService
from askpapers.settings import load_settings
from command_line import Ask

NOTE = "These are the 34 example papers that come with askpapers; name yours: ask --corpus FOLDER"


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, in which no corpus is named."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))


def test_an_answer_from_the_example_says_so(run_ask: Ask) -> None:
    question = "how many problems are in GSM8K?"
    said = run_ask(question)
    assert said.code == 0
    assert NOTE in " ".join(said.out.split())
    assert run_ask("--json", question).json["notes"] == [NOTE]
    assert NOTE in run_ask("--markdown", question).out.replace("\\", "")


def test_what_lists_the_example_says_so_beside_the_list(run_ask: Ask) -> None:
    for command in (["papers"], ["show", "2110.14168"], ["index"]):
        told = run_ask(*command)
        assert told.err == f"note: {NOTE}\n", command
        assert "example" not in told.out
        assert run_ask(*command, "--json").json["notes"] == [NOTE]
    assert NOTE in run_ask("doctor").out


def test_a_corpus_that_is_named_is_not_the_example(run_ask: Ask, seeds: Path) -> None:
    for named in (["--corpus", str(seeds)], []):
        os.environ.pop("ASK_CORPUS", None)
        Path("seeds").symlink_to(seeds) if not named else None
        told = run_ask("papers", "--json", *named)
        assert told.err == ""
        assert "notes" not in told.json


def test_the_page_and_the_tools_say_so() -> None:
    from starlette.testclient import TestClient

    settings = load_settings(environment=os.environ)
    corpus = open_settings(settings, lambda stage, done, total: None)
    try:
        with TestClient(
            make_app(CorpusService(corpus, settings), Served(), "0"), base_url="http://127.0.0.1"
        ) as client:
            assert NOTE in client.get("/").text
            assert client.get("/api").json()["notes"] == [NOTE]
            told = client.post("/api/ask", json={"question": "how many problems are in GSM8K?"}).json()
            assert told["notes"] == [NOTE]
            start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
            body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start}
            headers = {"accept": "application/json, text/event-stream"}
            assert NOTE in client.post("/mcp", json=body, headers=headers).text
    finally:
        corpus.close()
