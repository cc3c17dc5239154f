"""What servers say of the size of a model's context."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from askpapers.engine.models import Models
from askpapers.llm.context import ServedModel, served_model
from askpapers.llm.spec import read_spec
from askpapers.llm.traffic import read_recording
from askpapers.settings import ModelSettings, Traffic
from model_server import closed_port


@contextmanager
def server(answers: Mapping[str, Any]) -> Iterator[str]:
    """The address of a server that answers these paths with JSON, and others with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path)
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_address[1]}/v1"
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def listing(*models: Mapping[str, Any]) -> dict[str, Any]:
    return {"object": "list", "data": [{"object": "model", "created": 0, **model} for model in models]}


VLLM = listing({"id": "m", "owned_by": "vllm", "max_model_len": 8192})
LLAMA_CPP = listing({"id": "m.gguf", "owned_by": "llamacpp", "meta": {"n_ctx": 2048, "n_ctx_train": 32768}})
OLD_LLAMA_CPP = listing({"id": "m.gguf", "owned_by": "llamacpp", "meta": {"n_ctx_train": 32768}})
PROPS = {"default_generation_settings": {"n_ctx": 3072}, "total_slots": 1}
TWO = listing({"id": "other", "context_length": 1}, {"id": "m", "context_length": 131072})


@pytest.mark.parametrize(
    ("answers", "size"),
    [
        ({"/v1/models": VLLM}, 8192),
        ({"/v1/models": LLAMA_CPP}, 2048),
        ({"/v1/models": OLD_LLAMA_CPP, "/props": PROPS}, 3072),
        ({"/v1/models": OLD_LLAMA_CPP}, None),  # what it was trained for is not what it has
        ({"/v1/models": TWO}, 131072),
        ({"/v1/models": listing({"id": "one"}, {"id": "other", "context_length": 7})}, None),
        ({"/v1/models": listing({"id": "m", "max_model_len": "8192"})}, None),
        ({"/v1/models": listing({"id": "m", "max_model_len": True, "meta": 5})}, None),
        ({"/v1/models": {"data": {"m": 1}}}, None),
        ({"/v1/models": [1]}, None),
        ({"/v1/models": b"<html>"}, None),
        ({}, None),
    ],
)
def test_the_size_that_a_server_gives(answers: Mapping[str, Any], size: int | None) -> None:
    with server(answers) as url:
        spec = read_spec(f"{url}#m")
        assert spec
        assert served_model(spec, ModelSettings()).context == size


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ([{"id": "m"}], "m"),
        ([{"id": "qwen"}], "qwen"),  # llama.cpp answers under any name
        ([{"id": "Qwen/Qwen3-8B"}], "Qwen/Qwen3-8B"),
        ([{"id": "/models/qwen.Q4.gguf"}], "qwen.Q4.gguf"),
        ([{"id": "C:\\models\\qwen.GGUF"}], "qwen.GGUF"),
        ([{"id": "one"}, {"id": "other"}], "m"),
        ([{"id": ""}], "m"),
        ([{"id": 5}], "m"),
        ([], "m"),
    ],
)
def test_a_model_goes_by_the_name_that_its_server_has_for_it(listed: list[dict[str, Any]], name: str) -> None:
    with server({"/v1/models": listing(*listed)}) as url:
        model = Models(ModelSettings(f"{url}#m")).choose(None)
    assert model
    assert (model.name, str(model.spec)) == (name, f"{url}#m")


def test_nobody_there() -> None:
    spec = read_spec(f"http://127.0.0.1:{closed_port()}/v1#m")
    assert spec
    assert served_model(spec, ModelSettings()) == ServedModel()


def test_a_model_has_the_context_of_its_server_unless_one_is_set() -> None:
    with server({"/v1/models": VLLM}) as url:
        found = [Models(ModelSettings(f"{url}#m", context=context)).choose(None) for context in (None, 2000)]
    assert [model and model.context for model in found] == [8192, 2000]


def test_a_replay_has_the_context_of_the_recording(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    with server({"/v1/models": VLLM}) as url:
        Models(ModelSettings(f"{url}#m", traffic=Traffic(record=file))).choose(None)
    assert read_recording(file)[0]["context"] == "8192"
    replayed = Models(ModelSettings(f"{url}#m", traffic=Traffic(replay=file))).choose(None)
    assert replayed
    assert replayed.context == 8192
