"""Model traffic in a file: recorded over HTTP, replayed without a server, never from a recording that does not fit."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from askpapers.datatypes import Answer, Turn
from askpapers.engine import Corpus
from askpapers.engine.models import LOCAL_EVIDENCE
from askpapers.errors import ReplayError, UsageError
from askpapers.index.embedder import MiniLM
from askpapers.llm.traffic import RecordingTransport, ReplayingTransport, read_recording, request_key
from askpapers.prompts import load_prompts
from askpapers.settings import ModelSettings, Traffic
from model_server import Asked, ModelServer, Step, fails, stops, writes, writes_for_ever, writes_json

QUESTION = "how many problems are in GSM8K?"
KEY = "sk-secret-123"
GOOD = writes("GSM8K is a dataset of 8.5K math word problems [1]. It was made by a 💡 baker [99].")
Open = Callable[..., Corpus]


@pytest.fixture
def open_corpus(seed_index_folder: Path, embedder: MiniLM) -> Iterator[Open]:
    opened: list[Corpus] = []

    def open_one(spec: str, **changes: Any) -> Corpus:
        opened.append(Corpus(seed_index_folder, embedder, ModelSettings(spec, **changes)))
        return opened[-1]

    yield open_one
    for corpus in opened:
        corpus.close()


def without_times(answer: Answer) -> Answer:
    return dataclasses.replace(answer, timings_ms={})


def record(
    file: Path, open_corpus: Open, script: Step | Sequence[Step], count: int = 1, **changes: Any
) -> tuple[str, list[Answer]]:
    with ModelServer(script) as server:
        corpus = open_corpus(server.spec, keys={"server": KEY}, traffic=Traffic(record=file), **changes)
        return server.spec, [corpus.ask(QUESTION) for _ in range(count)]


@pytest.mark.parametrize(
    "script",
    [GOOD, writes_json(("GSM8K has 8.5K “problems”.", [1])), writes("NOT IN SOURCES")],
    ids=["text", "JSON", "declined"],
)
def test_a_replay_gives_the_recorded_answer(tmp_path: Path, open_corpus: Open, script: Step) -> None:
    spec, (recorded,) = record(tmp_path / "r.jsonl", open_corpus, script, fallback=False)
    replayed = open_corpus(spec, traffic=Traffic(replay=tmp_path / "r.jsonl"), fallback=False).ask(QUESTION)
    assert without_times(replayed) == without_times(recorded)
    assert replayed.usage.prompt_tokens == 321


def test_a_conversation_is_replayed(tmp_path: Path, open_corpus: Open) -> None:
    def says(asked: Asked) -> str:
        return "how many problems does GSM8K have?" if "Last question" in asked.text else "GSM8K has 8.5K of them [1]."

    history = [Turn("what is GSM8K?", "A dataset.")]
    follow_up = "and how many problems does it have?"
    with ModelServer(writes(says)) as server:
        corpus = open_corpus(server.spec, traffic=Traffic(record=tmp_path / "r.jsonl"))
        recorded = corpus.ask(follow_up, history=history)
    corpus = open_corpus(server.spec, traffic=Traffic(replay=tmp_path / "r.jsonl"), fallback=False)
    assert without_times(corpus.ask(follow_up, history=history)) == without_times(recorded)
    assert recorded.searched == "how many problems does GSM8K have?"


def test_answers_to_one_request_are_replayed_in_their_order(tmp_path: Path, open_corpus: Open) -> None:
    script = [writes("GSM8K has 1 problem [1]."), writes("GSM8K has 2 problems [1].")]
    spec, recorded = record(tmp_path / "r.jsonl", open_corpus, script, count=2)
    corpus = open_corpus(spec, traffic=Traffic(replay=tmp_path / "r.jsonl"))
    replayed = [corpus.ask(QUESTION) for _ in range(3)]
    assert [a.statements for a in replayed] == [a.statements for a in (*recorded, recorded[1])]


def test_a_failure_is_replayed_as_one(tmp_path: Path, open_corpus: Open) -> None:
    spec, (recorded,) = record(tmp_path / "r.jsonl", open_corpus, fails(401, "wrong key: KEY"))
    replayed = open_corpus(spec, traffic=Traffic(replay=tmp_path / "r.jsonl")).ask(QUESTION)
    assert replayed.notes == recorded.notes
    assert "(401)" in replayed.notes[0]


def test_the_recording_holds_no_key(tmp_path: Path, open_corpus: Open) -> None:
    record(tmp_path / "r.jsonl", open_corpus, [fails(401, "wrong key: KEY"), GOOD], count=2)
    text = (tmp_path / "r.jsonl").read_text(encoding="utf-8")
    assert KEY not in text
    assert "***" in text
    assert "uthorization" not in text
    _, lines = read_recording(tmp_path / "r.jsonl")
    assert [line["status"] for line in lines] == [401, 200]


def test_the_head_says_what_was_recorded(tmp_path: Path, open_corpus: Open) -> None:
    spec, _ = record(tmp_path / "r.jsonl", open_corpus, GOOD)
    header, (line,) = read_recording(tmp_path / "r.jsonl")
    files = {f"prompts/{file}": digest for file, digest in load_prompts().of_files.items()}
    assert header == {
        "recording": 1,
        "llm": spec,
        "prompts": load_prompts().sha256,
        "evidence": str(LOCAL_EVIDENCE),
        "schema": "no",
        **files,
    }
    assert set(files) == {"prompts/answer.md", "prompts/condense.md", "prompts/judge.md"}
    assert set(line) == {"key", "path", "request", "status", "headers", "first_ms", "ms", "response"}
    assert 0 <= line["first_ms"] <= line["ms"]
    assert line["request"]["model"] == "scripted"
    assert line["path"] == "/v1/chat/completions"


def test_an_answer_that_was_not_read_to_its_end_is_not_recorded(tmp_path: Path, open_corpus: Open) -> None:
    with ModelServer(writes_for_ever("On and on it goes [1]. ", pause=0.001)) as server:
        events = open_corpus(server.spec, traffic=Traffic(record=tmp_path / "r.jsonl")).stream(QUESTION)
        next(events)
        events.close()
    assert read_recording(tmp_path / "r.jsonl")[1] == []


def test_a_broken_connection_is_not_recorded(
    tmp_path: Path, open_corpus: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("askpapers.llm.model._FIRST_WAIT", 0.0)
    _, (answer,) = record(tmp_path / "r.jsonl", open_corpus, [stops("GSM8K has", broken=True), GOOD])
    assert answer.engine.llm
    assert [line["status"] for line in read_recording(tmp_path / "r.jsonl")[1]] == [200]


# ---- what does not fit


def own_prompts(folder: Path) -> Path:
    shutil.copytree(Path(__file__).resolve().parents[2] / "prompts", folder)
    file = folder / "answer.md"
    file.write_text(file.read_text(encoding="utf-8").replace("one to three", "one to five"), encoding="utf-8")
    return folder


def test_changed_prompts_fail_loudly_and_are_named(tmp_path: Path, open_corpus: Open) -> None:
    spec, _ = record(tmp_path / "r.jsonl", open_corpus, GOOD)
    prompts = own_prompts(tmp_path / "prompts")
    corpus = open_corpus(spec, traffic=Traffic(replay=tmp_path / "r.jsonl"), prompts=prompts)  # with a fallback
    with pytest.raises(ReplayError) as caught:
        corpus.ask(QUESTION)
    old, new = load_prompts().of_files["answer.md"][:12], load_prompts(prompts).of_files["answer.md"][:12]
    assert old != new
    assert str(caught.value) == (
        f"{tmp_path / 'r.jsonl'} holds no answer to this request: prompts/answer.md changed from {old} to {new}."
    )
    assert "Record it again: the same command with --llm http" in caught.value.hint
    assert caught.value.hint.endswith("r.jsonl")
    assert caught.value.exit_code == 1


def test_a_recording_that_names_no_files_says_that_the_prompts_changed(tmp_path: Path, open_corpus: Open) -> None:
    """As one made by an older version."""
    file = tmp_path / "r.jsonl"
    spec, _ = record(file, open_corpus, GOOD)
    head, _, rest = file.read_text(encoding="utf-8").partition("\n")
    old = {name: value for name, value in json.loads(head).items() if "/" not in name}
    file.write_text(f"{json.dumps(old)}\n{rest}", encoding="utf-8")
    corpus = open_corpus(spec, traffic=Traffic(replay=file), prompts=own_prompts(tmp_path / "prompts"))
    with pytest.raises(ReplayError, match="the prompts changed from"):
        corpus.ask(QUESTION)


def test_another_model_is_named(tmp_path: Path, open_corpus: Open) -> None:
    spec, _ = record(tmp_path / "r.jsonl", open_corpus, GOOD)
    other = spec.replace("#scripted", "#other")
    with pytest.raises(ReplayError, match="the llm changed from"):
        open_corpus(other, traffic=Traffic(replay=tmp_path / "r.jsonl")).ask(QUESTION)


def test_another_question_is_said_so(tmp_path: Path, open_corpus: Open) -> None:
    spec, _ = record(tmp_path / "r.jsonl", open_corpus, GOOD)
    with pytest.raises(ReplayError, match="the question, its sources or the program's settings changed"):
        open_corpus(spec, traffic=Traffic(replay=tmp_path / "r.jsonl")).ask("what is CLIP?")


def test_the_host_may_change(tmp_path: Path, open_corpus: Open) -> None:
    _, (recorded,) = record(tmp_path / "r.jsonl", open_corpus, GOOD)
    replay = Traffic(replay=tmp_path / "r.jsonl")
    answer = open_corpus("https://elsewhere.invalid/v1#scripted", traffic=replay).ask(QUESTION)
    assert answer.statements == recorded.statements


def test_openai_is_replayed_without_a_key(tmp_path: Path, open_corpus: Open) -> None:
    with ModelServer(GOOD) as server:
        recording = {"base_url": server.url, "keys": {"openai": KEY}, "traffic": Traffic(record=tmp_path / "r.jsonl")}
        recorded = open_corpus("openai/gpt-4o-mini", **recording).ask(QUESTION)
    replay = {"traffic": Traffic(replay=tmp_path / "r.jsonl")}
    replayed = open_corpus("openai/gpt-4o-mini", fallback=False, **replay).ask(QUESTION)
    assert replayed.statements == recorded.statements
    assert recorded.usage.cost_usd is None
    assert replayed.usage.cost_usd == pytest.approx((321 * 0.15 + 12 * 0.6) / 1e6)


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"not json\n",
        b"\xff\xfe\n",
        b"[]\n",
        b'"text"\n',
        b'{"recording": 2}\n',
        b'{"llm": "x"}\n',
        b'{"recording": 1}\n{"key": "x"}\n',
        b'{"recording": 1}\n[1]\n',
        b'{"recording": 1}\n{"key": "x", "status": 200, "respon',
    ],
)
def test_a_file_that_is_no_recording(tmp_path: Path, open_corpus: Open, content: bytes | None) -> None:
    file = tmp_path / "r.jsonl"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReplayError) as caught:
        open_corpus("http://127.0.0.1:1/v1#m", traffic=Traffic(replay=file)).ask(QUESTION)
    assert str(caught.value).startswith(f"{file} cannot be replayed: ")
    assert "\n" not in str(caught.value)
    assert caught.value.hint == "Make one with: --record FILE"


def test_a_file_that_cannot_be_written(tmp_path: Path, open_corpus: Open) -> None:
    with pytest.raises(ReplayError) as caught:
        open_corpus("http://127.0.0.1:1/v1#m", traffic=Traffic(record=tmp_path / "no" / "r.jsonl")).ask(QUESTION)
    assert "cannot be written" in str(caught.value)


def test_a_model_in_this_process_has_no_traffic(tmp_path: Path, open_corpus: Open) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    with pytest.raises(UsageError, match="no traffic"):
        open_corpus(f"gguf:{tmp_path / 'm.gguf'}", traffic=Traffic(record=tmp_path / "r.jsonl")).ask(QUESTION)


# ---- the transports alone


def request(body: object, url: str = "http://one/v1/chat", key: str = KEY) -> httpx.Request:
    return httpx.Request("POST", url, content=json.dumps(body), headers={"Authorization": f"Bearer {key}"})


def test_a_request_is_known_by_method_path_and_body_alone() -> None:
    key = request_key(request({"a": 1, "b": [1, {"c": 2, "d": 3}]}))
    assert key == request_key(request({"b": [1, {"d": 3, "c": 2}], "a": 1}))
    assert key == request_key(request({"a": 1, "b": [1, {"c": 2, "d": 3}]}, "https://other:99/v1/chat", "other-key"))
    others = [
        request({"a": 1, "b": [{"c": 2, "d": 3}, 1]}),
        request({"a": 2, "b": [1, {"c": 2, "d": 3}]}),
        request({"a": 1, "b": [1, {"c": 2, "d": 3}]}, "http://one/v1/other"),
        httpx.Request("GET", "http://one/v1/chat"),
    ]
    assert len({key, *map(request_key, others)}) == 5


@pytest.mark.parametrize("body", [b"", b"plain", "grün 💡\u2028".encode(), bytes(range(256)), b"\r\n\r\n"])
def test_every_byte_comes_back(tmp_path: Path, body: bytes) -> None:
    headers = {"X-Other": "1", "Retry-After": "5"}
    inner = httpx.MockTransport(lambda _: httpx.Response(418, stream=httpx.ByteStream(body), headers=headers))
    file = tmp_path / "r.jsonl"
    with httpx.Client(transport=RecordingTransport(inner, file, {})) as client:
        assert client.send(request({})).content == body
    with httpx.Client(transport=ReplayingTransport(file, {})) as client:
        response = client.send(request({}))
    assert (response.status_code, response.content) == (418, body)
    assert response.headers.get("Retry-After") == "5"
    assert "X-Other" not in response.headers


def test_a_recording_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("old", encoding="utf-8")
    RecordingTransport(httpx.MockTransport(lambda _: httpx.Response(200)), tmp_path / "r.jsonl", {"llm": "x"})
    assert read_recording(tmp_path / "r.jsonl") == ({"recording": 1, "llm": "x"}, [])
