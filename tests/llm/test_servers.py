"""Each row of servers.yaml over real HTTP: what is asked again and how, what is told, and that the answer is there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from askpapers import errors
from askpapers.engine import Corpus
from askpapers.index.embedder import MiniLM
from askpapers.llm.usage import tokens
from askpapers.settings import ModelSettings
from model_server import Asked, Exchange, ModelServer, writes

QUESTION = "how many problems are in GSM8K?"
SENTENCE = "GSM8K is a dataset of 8.5K math word problems."
GOOD = "GSM8K is a dataset of 8.5K math word problems [1]."
KEY = "sk-secret-123"
ROWS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "servers.yaml").read_text(encoding="utf-8"))


def with_text(value: Any) -> Any:
    """A part of a row with the right answer in it."""
    return json.loads(json.dumps(value).replace("GOOD", GOOD))


def is_in(asked: Asked, of: Any) -> bool:
    """Whether a request holds what a row refuses."""
    body = asked.body
    match of:
        case list():
            return any(is_in(asked, part) for part in of)
        case {"tokens": most}:
            return tokens(asked.text) + int(body["max_tokens"]) > int(most)
        case {"answer": least}:
            return bool(int(body["max_tokens"]) < least)
        case {"longest": most}:
            return bool(int(body["max_tokens"]) > most)
        case "system":
            return any(message["role"] == "system" for message in asked.messages)
        case "zero":
            return bool(body.get("temperature") == 0)
        case "stream":
            return bool(body.get("stream"))
    return of in body


def refuse(exchange: Exchange, refusal: Mapping[str, Any]) -> None:
    if finish := refusal.get("finish"):
        writes(refusal.get("writes", ""), finish=finish)(exchange)
    elif refusal["status"] == 200:
        exchange.begin()
        exchange.send(b"event: error\ndata: " + json.dumps(refusal["error"]).encode() + b"\n\n")
        exchange.end()
    else:
        exchange.respond(refusal["status"], json.dumps(refusal["error"]).encode())


def behaviour(row: Mapping[str, Any]) -> Any:
    """What a server of a row does with a request."""

    def step(exchange: Exchange) -> None:
        refusals = [refusal for refusal in (row.get("also"), row.get("refuses")) if refusal]
        refusal = next((refusal for refusal in refusals if is_in(exchange.asked, refusal["of"])), None)
        if refusal:
            refuse(exchange, refusal)
        elif "whole" in row:
            exchange.respond(200, json.dumps(with_text(row["whole"])).encode())
        elif "reads" in row:
            read = min(row["reads"], 300 * exchange.asked.text.count("\n\n["))
            usage = {"prompt_tokens": read, "completion_tokens": 9}
            send(exchange, [{"choices": [{"delta": {"content": GOOD}}]}, {"choices": [], "usage": usage}], None)
        elif "stream" in row:
            send(exchange, with_text(row["stream"]), row.get("cut"))
        else:
            writes(GOOD)(exchange)

    return step


def send(exchange: Exchange, events: list[Any], cut: int | None) -> None:
    text = "".join(event if isinstance(event, str) else f"data: {json.dumps(event)}\n\n" for event in events)
    data = text.encode()
    exchange.begin()
    for place in range(0, len(data), cut or len(data)):
        exchange.send(data[place : place + (cut or len(data))])
    exchange.end()


@pytest.fixture(autouse=True)
def _no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askpapers.llm.model.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture(scope="module")
def asking(seed_index_folder: Path, embedder: MiniLM) -> Iterator[Corpus]:
    """The seeds, asked with any model, where a failure is an error."""
    settings = ModelSettings(keys={"server": KEY}, timeout=5.0, fallback=False, evidence=1_000, schema=True)
    corpus = Corpus(seed_index_folder, embedder, settings)
    yield corpus
    corpus.close()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["server"])
def test_the_server_of_each_row(row: dict[str, Any], asking: Corpus) -> None:
    expect = row.get("expect", {})
    with ModelServer(behaviour(row)) as server:
        if error := expect.get("error"):
            with pytest.raises(getattr(errors, error)):
                asking.ask(QUESTION, llm=server.spec)
            assert len(server.asked) == expect.get("requests", 1)
            return
        answer = asking.ask(QUESTION, llm=server.spec)
        assert [s.text for s in answer.statements] == [SENTENCE]
        assert len(server.asked) == expect.get("requests", 1)
        notes = " ".join(answer.notes)
        assert expect["note"] in notes if "note" in expect else notes == ""
        server.asked.clear()
        again = asking.ask(QUESTION, llm=server.spec)  # what was found out is remembered
    assert [s.text for s in again.statements] == [SENTENCE]
    assert len(server.asked) <= expect.get("again", 1)
    assert not any("does not take" in note for note in again.notes)


def test_there_are_many_rows_and_each_has_a_name_of_its_own() -> None:
    assert len({row["server"] for row in ROWS}) == len(ROWS) >= 30


def test_a_server_that_repeats_the_key_in_its_refusal(asking: Corpus) -> None:
    error = {"error": {"message": f"Key {KEY} may not use stream_options"}}
    with ModelServer(behaviour({"refuses": {"of": "stream_options", "status": 400, "error": error}})) as server:
        (note,) = asking.ask(QUESTION, llm=server.spec).notes
    assert KEY not in note
    assert "Key *** may not use stream_options" in note


def test_the_instructions_go_to_the_user_where_there_is_no_system_role(asking: Corpus) -> None:
    error = {"error": "System role not supported"}
    with ModelServer(behaviour({"refuses": {"of": "system", "status": 400, "error": error}})) as server:
        asking.ask(QUESTION, llm=server.spec)
    first, second = (asked.messages for asked in server.asked)
    assert [message["role"] for message in second] == ["user"]
    assert second[0]["content"] == f"{first[0]['content']}\n\n{first[1]['content']}"
