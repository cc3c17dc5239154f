"""`ask model`: what answers now, what is here, how to get one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from command_line import Ask
from model_server import ModelServer, fails, writes


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None of those that whoever runs the tests may have."""
    monkeypatch.setattr("askpapers.llm.local.PORTS", {})
    monkeypatch.setattr("askpapers.llm.local.find_servers.__defaults__", ({},))
    monkeypatch.chdir(tmp_path)


def look_at(monkeypatch: pytest.MonkeyPatch, server: ModelServer) -> None:
    monkeypatch.setattr("askpapers.llm.local.find_servers.__defaults__", ({urlsplit(server.url).port: "Ollama"},))


def test_without_a_model_there_are_three_ways_to_get_one(run_ask: Ask) -> None:
    done = run_ask("model")
    assert done.code == 0
    assert "Now: none (from the default)" in done.out
    for command in ("ollama pull llama3.2", "llama-server -m FILE.gguf", "export OPENAI_API_KEY=..."):
        assert command in done.out


def test_a_server_here_is_offered_and_not_used(run_ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(writes("x")) as server:
        look_at(monkeypatch, server)
        told = run_ask("model", "--json").json
        assert server.asked == []
        assert f'ask --llm {server.spec} "QUESTION"' in run_ask("model").out
        monkeypatch.setenv("ASK_OFFLINE", "1")
        assert run_ask("model", "--json").json["servers"] is None
    assert told["servers"] == [{"name": "Ollama", "address": server.url, "models": ["scripted"], "llm": [server.spec]}]
    assert told["now"] == {"llm": "none", "from": "the default", "check": None}


def test_the_doctor_offers_it_too(run_ask: Ask, monkeypatch: pytest.MonkeyPatch, seeds: Path) -> None:
    with ModelServer(writes("x")) as server:
        look_at(monkeypatch, server)
        checks = run_ask("doctor", "--json", "--corpus", seeds).json["checks"]
    (hint,) = (check["hint"] for check in checks if check["name"] == "model")
    assert f"ask --llm {server.spec}" in hint


def test_one_short_request_says_whether_it_answers(run_ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(writes("Ready.")) as server:
        monkeypatch.setenv("ASK_LLM", server.spec)
        assert "ask model --check" in run_ask("model").out
        assert server.asked == []
        done = run_ask("model", "--check", "--json")
        assert len(server.asked) == 1
    assert done.code == 0
    assert done.json["now"]["from"] == "ASK_LLM"
    assert done.json["now"]["check"]["ok"]
    assert "Ready." in done.json["now"]["check"]["text"]


def test_a_model_that_does_not_answer_is_said_with_what_to_do(run_ask: Ask) -> None:
    with ModelServer(fails(401)) as server:
        done = run_ask("model", "--check", "--llm", server.spec)
    assert done.code == 1
    assert "does not accept the key (401)" in done.out
    assert "ASK_API_KEY" in done.out


def test_a_file_is_listed_with_what_it_needs(run_ask: Ask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("askpapers.llm.local.can_open_files", lambda: False)
    monkeypatch.setenv("LLAMA_CACHE", str(tmp_path))
    (tmp_path / "m.gguf").write_bytes(b"GGUF....")
    out = run_ask("model").out
    assert f"ask --llm gguf:{tmp_path / 'm.gguf'}" in out
    assert 'pip install "askpapers[gguf]"' in out


def test_words_are_a_question(run_ask: Ask) -> None:
    done = run_ask("model", "collapse")
    assert done.code == 2
    assert 'ask "model collapse"' in done.err
