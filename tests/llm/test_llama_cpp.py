"""Against real software: llama.cpp, as a server and in this process, with a tiny model of random weights.

It writes nonsense, so what is tested is that it is reached, streamed from and overflowed as it should be, and that
nonsense is marked as such. Compiling llama.cpp takes ten minutes: where it is not installed this is skipped.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from askpapers.contract import answer_dict
from askpapers.datatypes import Answer, Status, Verdict
from askpapers.engine import Corpus
from askpapers.errors import ContextOverflowError, ModelUnknownError
from askpapers.events import Delta, Finished, SentenceChecked
from askpapers.index.embedder import MiniLM
from askpapers.llm.server import offered_models
from askpapers.llm.spec import read_spec
from askpapers.settings import ModelSettings

WANTED = {"llama_cpp": "llama-cpp-python[server]", "gguf": "gguf", "uvicorn": "llama-cpp-python[server]"}
MISSING = sorted({package for module, package in WANTED.items() if not importlib.util.find_spec(module)})
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"llama.cpp is not installed: pip install {' '.join(f'{name!r}' for name in MISSING)}"
)
IN_PROCESS = pytest.mark.skipif(
    bool(MISSING) or not importlib.util.find_spec("llama_index.llms.llama_cpp"),
    reason='llama.cpp is not installed for LlamaIndex: pip install "askpapers[gguf]"',
)
SIGNS = "aeiou ."
QUESTION = "how many problems are in GSM8K?"


def make_model(file: Path, *, seed: int = 19, chat_template: str | None = None) -> Path:
    """A llama of 64 dimensions, one layer and random weights that reads bytes: 0.5 MB, made in a second."""
    gguf = importlib.import_module("gguf")
    width, hidden, heads, words = 64, 128, 4, 259
    numbers = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_context_length(8192)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(hidden)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_vocab_size(words)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256))])
    writer.add_token_scores([0.0] * words)
    kinds = gguf.TokenType
    writer.add_token_types([kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL, *[kinds.BYTE] * 256])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    if chat_template:
        writer.add_chat_template(chat_template)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd": (words, width),
        "output_norm": (width,),
        "output": (words, width),
        "blk.0.attn_norm": (width,),
        "blk.0.ffn_norm": (width,),
        **{f"blk.0.attn_{part}": (width, width) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_gate": (hidden, width),
        "blk.0.ffn_up": (hidden, width),
        "blk.0.ffn_down": (width, hidden),
    }
    for name, shape in shapes.items():
        values = np.ones(shape) if name.endswith("norm") else numbers.standard_normal(shape) / 4
        if name == "output":  # of these signs only, so that there are sentences
            values[[n for n in range(words) if chr(max(0, n - 3)) not in SIGNS]] = 0
        writer.add_tensor(f"{name}.weight", values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("model") / "nonsense.gguf")


class Server:
    """llama-cpp-python's server in a process of its own."""

    def __init__(self, model: Path, context: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/v1"
        self.log = (model.parent / f"server-{context}.log").open("w+")
        command = [sys.executable, "-m", "llama_cpp.server", "--model", str(model), "--n_ctx", str(context)]
        options = ["--host", "127.0.0.1", "--port", str(port), "--model_alias", "nonsense", "--seed", "1"]
        self._process = subprocess.Popen([*command, *options], stdout=self.log, stderr=subprocess.STDOUT)

    def wait(self) -> Server:
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"{self.url}/models", timeout=1):
                    return self
            except OSError:
                time.sleep(0.25)
        self.log.seek(0)
        raise AssertionError(self.log.read())

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
        self.log.close()


@pytest.fixture(scope="module")
def server(model_file: Path) -> Iterator[Server]:
    running = Server(model_file, 4096)
    yield running.wait()
    running.close()


@pytest.fixture(scope="module")
def small_server(model_file: Path) -> Iterator[Server]:
    running = Server(model_file, 512)
    yield running.wait()
    running.close()


def opened(folder: Path, embedder: MiniLM, spec: str, **changes: Any) -> Corpus:
    return Corpus(folder, embedder, ModelSettings(**{"spec": spec, "fallback": False, "timeout": 120.0, **changes}))


def check_nonsense(answer: Answer) -> None:
    assert answer.status is Status.NOT_IN_CORPUS
    assert {s.verdict for s in answer.statements} <= {Verdict.UNSUPPORTED}
    assert answer.closest  # what the papers say without the model
    assert answer.engine.synthesizer == "model"
    json.dumps(answer_dict(answer))


def test_its_models_are_offered(server: Server) -> None:
    spec = read_spec(f"{server.url}#nonsense")
    assert spec
    assert offered_models(spec, ModelSettings()) == ["nonsense"]


def test_nonsense_is_streamed_and_marked_unsupported(server: Server, seed_index_folder: Path, embedder: MiniLM) -> None:
    corpus = opened(seed_index_folder, embedder, f"{server.url}#nonsense", context=2000)
    events = list(corpus.stream(QUESTION))
    assert len([e for e in events if isinstance(e, Delta)]) > 5
    assert [e for e in events if isinstance(e, SentenceChecked)]
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    check_nonsense(answer)
    assert answer.usage.estimated  # it does not count in a stream
    assert answer.usage.prompt_tokens > 300
    assert answer.usage.completion_tokens > 20
    assert answer.engine.llm == f"{server.url}#nonsense"
    corpus.close()


def test_more_sources_than_fit_are_halved_until_they_do(
    server: Server, seed_index_folder: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This model reads bytes, so that a prompt is four times as long to it as the estimate has it."""
    from askpapers.answering.model_written import ModelSynthesizer

    shown: list[int] = []
    messages = ModelSynthesizer._messages

    def noted(self: ModelSynthesizer, question: str, papers: Any) -> Any:
        shown.append(len(papers))
        return messages(self, question, papers)

    monkeypatch.setattr(ModelSynthesizer, "_messages", noted)
    corpus = opened(seed_index_folder, embedder, f"{server.url}#nonsense", context=100_000)
    check_nonsense(corpus.ask(QUESTION))
    assert [count for count in shown if count] == [8, 4, 2]
    corpus.close()


def test_what_never_fits_is_one_clear_error(small_server: Server, seed_index_folder: Path, embedder: MiniLM) -> None:
    corpus = opened(seed_index_folder, embedder, f"{small_server.url}#nonsense")
    with pytest.raises(ContextOverflowError) as caught:
        corpus.ask(QUESTION)
    assert str(caught.value) == "The sources do not fit into the context of nonsense."
    assert "context = TOKENS" in caught.value.hint
    corpus.close()


def test_a_grammar_gives_json_where_it_is_asked_for_in_its_own_way(server: Server) -> None:
    """This server takes schemas in a form of its own and answers OpenAI's with a 500: then it is asked for prose."""
    import openai

    client = openai.OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=120)
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    reply = client.chat.completions.create(
        model="nonsense",
        messages=[{"role": "user", "content": "n?"}],
        max_tokens=60,
        extra_body={"response_format": {"type": "json_object", "schema": schema}},
    )
    assert (reply.choices[0].message.content or "").lstrip().startswith("{")


# ---- in this process


@IN_PROCESS
def test_a_gguf_file_in_this_process(model_file: Path, seed_index_folder: Path, embedder: MiniLM) -> None:
    corpus = opened(seed_index_folder, embedder, f"gguf:{model_file}", context=4096)
    events = list(corpus.stream(QUESTION))
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    check_nonsense(answer)
    assert answer.engine.llm == f"gguf:{model_file}"
    assert answer.usage.estimated
    assert answer.usage.cost_usd is None


@IN_PROCESS
def test_a_gguf_file_with_too_small_a_context(model_file: Path, seed_index_folder: Path, embedder: MiniLM) -> None:
    corpus = opened(seed_index_folder, embedder, f"gguf:{model_file}", context=512)
    with pytest.raises(ContextOverflowError):
        corpus.ask(QUESTION)


@IN_PROCESS
def test_the_chat_template_of_the_file_is_used(tmp_path: Path) -> None:
    from llama_index.core.llms import ChatMessage

    from askpapers.llm.gguf import open_gguf

    template = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>"
    file = make_model(tmp_path / "chat.gguf", chat_template=template)
    spec = read_spec(f"gguf:{file}")
    assert spec
    llm, room = open_gguf(spec, ModelSettings(context=512, answer=50))
    assert llm.messages_to_prompt
    prompt = llm.messages_to_prompt([ChatMessage(role="system", content="a"), ChatMessage(role="user", content="b")])
    assert prompt == "<|system|>a<|user|>b<|assistant|>"
    assert room.context == 512


@IN_PROCESS
def test_a_file_that_is_no_model(tmp_path: Path, seed_index_folder: Path, embedder: MiniLM) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF, but no more")
    with pytest.raises(ModelUnknownError) as caught:
        opened(seed_index_folder, embedder, f"gguf:{tmp_path / 'x.gguf'}").ask(QUESTION)
    assert "cannot be loaded" in str(caught.value)
    assert "\n" not in str(caught.value)
