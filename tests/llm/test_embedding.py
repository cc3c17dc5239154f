"""Embedders behind a server, and LlamaIndex embeddings of a program's own: how they are chosen and how they fail."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.instrumentation.events.embedding import EmbeddingStartEvent
from llama_index_instrumentation import get_dispatcher
from llama_index_instrumentation.event_handlers import BaseEventHandler

from askpapers import open_corpus
from askpapers.doctor import examine
from askpapers.embedders import LlamaIndexEmbedder, open_embedder
from askpapers.errors import EmbedderError, UsageError
from askpapers.index.embedder import MiniLM
from askpapers.settings import ModelSettings, Settings, load_settings
from command_line import Ask
from fakes import WordHash, write_papers
from model_server import ModelServer, Step, closed_port, embeds, fails, hangs, sends, slams_the_door

KEY = "sk-secret-123"
PAPERS = {
    "cats": "Cats purr at night because they are content. They sleep all day.",
    "dogs": "Dogs bark loudly at strangers. They fetch sticks for their owners.",
}
QUESTION = "What do cats do at night?"
GOOD = embeds(lambda texts: WordHash().embed(texts).tolist())


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A corpus of two papers that is set in the environment, without an index."""
    monkeypatch.setenv("ASK_CORPUS", str(write_papers(tmp_path / "corpus", PAPERS)))
    monkeypatch.setenv("ASK_INDEX", str(tmp_path / "index"))
    return load_settings()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited before each further try, in seconds; nothing waits."""
    noted: list[float] = []
    monkeypatch.setattr("askpapers.llm.embedding.time", SimpleNamespace(sleep=noted.append))
    return noted


def embed(server: ModelServer, texts: Sequence[str], **settings: Any) -> Any:
    return open_embedder(server.spec, ModelSettings(**settings)).embed(texts)


# ---- which embedder


def test_the_index_remembers_what_embedded_it(run_ask: Ask, settings: Settings) -> None:
    with ModelServer(GOOD) as server:
        made = run_ask("index", "--embedder", server.spec, "--json").json
        assert (made["embedder"], made["added"]) == (server.spec, 4)
        server.asked.clear()
        answer = run_ask(QUESTION, "--json").json
        assert answer["engine"]["embedder"] == server.spec
        assert "purr at night" in answer["text"]
        assert [QUESTION.lower()] in [asked.body["input"] for asked in server.asked]
        server.asked.clear()
        assert run_ask("index", "--json").json["kept"] == 4
        assert server.asked == []


def test_another_embedder_makes_a_new_generation(run_ask: Ask, settings: Settings, embedder: MiniLM) -> None:
    with ModelServer(GOOD) as server:
        first = run_ask("index", "--json").json
        second = run_ask("index", "--embedder", server.spec, "--json").json
        assert (first["embedder"], second["embedder"]) == (embedder.name, server.spec)
        assert first["fingerprint"] != second["fingerprint"]
        assert second["added"] == 4
        assert run_ask("index", "--embedder", "minilm", "--json").json["fingerprint"] == first["fingerprint"]
        server.asked.clear()
        assert run_ask(QUESTION).code == 0
        assert server.asked == []


@pytest.mark.parametrize("command", [[QUESTION], ["index"], ["papers"]])
def test_an_embedder_that_is_set_and_did_not_make_the_index_is_refused(
    run_ask: Ask, settings: Settings, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    with ModelServer(GOOD) as server:
        assert run_ask("index", "--embedder", server.spec).code == 0
        monkeypatch.setenv("ASK_EMBEDDER", "minilm")
        made_by = f"made by the embedder {server.spec}, not by all-MiniLM"
        run_ask(*command).assert_refused(1, made_by, "ask index --rebuild")
    assert run_ask("index", "--rebuild").code == 0
    assert run_ask(QUESTION).code == 0


def test_the_embedder_is_set_in_the_order_of_all_settings(tmp_path: Path) -> None:
    def found(given: str | None = None, **environment: str) -> str | None:
        return load_settings(embedder=given, environment=environment, folder=tmp_path).embedder

    assert found() is None
    (tmp_path / "ask.toml").write_text('embedder = "ollama/from-file"', encoding="utf-8")
    assert found() == "ollama/from-file"
    assert found(ASK_EMBEDDER="openai/from-environment") == "openai/from-environment"
    assert found("minilm", ASK_EMBEDDER="openai/from-environment") == "minilm"


@pytest.mark.parametrize("name", ["foo", "openai/", "ollama/", "gguf:model.gguf", "none", "http://", "http://host/v1"])
def test_what_names_no_embedder_is_refused(run_ask: Ask, settings: Settings, name: str) -> None:
    run_ask("index", "--embedder", name).assert_refused(2, "", "")
    with pytest.raises(UsageError):
        open_embedder(name, ModelSettings())
    assert not settings.index.exists()


def test_ollama_is_asked_by_the_protocol_that_it_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(GOOD) as server:
        monkeypatch.setattr("askpapers.llm.spec.OLLAMA", server.url)
        embedder = open_embedder("ollama/nomic-embed-text", ModelSettings())
        assert (embedder.name, embedder.dimension) == ("ollama/nomic-embed-text", WordHash.dimension)
        assert server.asked[0].body["model"] == "nomic-embed-text"


def test_an_embedding_of_a_program_s_own(run_ask: Ask, settings: Settings) -> None:
    opened = open_corpus(embedder=MockEmbedding(embed_dim=4))
    assert opened.ask("which papers are about dogs?").engine.embedder == "MockEmbedding/unknown"
    opened.close()
    run_ask(QUESTION).assert_refused(1, "made by the embedder MockEmbedding/unknown", "ask index --rebuild")
    opened = open_corpus(embedder=MockEmbedding(embed_dim=4))
    opened.close()


# ---- what is sent, and what comes back


@pytest.fixture(scope="module")
def good() -> Iterator[ModelServer]:
    with ModelServer(GOOD) as server:
        yield server


@hypothesis.settings(max_examples=30)
@given(texts=st.lists(st.text(min_size=1, max_size=30), max_size=150))
def test_each_text_has_its_unit_vector_whatever_the_batches_and_their_order(
    good: ModelServer, texts: list[str]
) -> None:
    vectors = embed(good, texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, WordHash().embed(texts), atol=1e-5)


def test_vectors_are_made_unit_vectors() -> None:
    with ModelServer(embeds(lambda texts: [[3.0, 4.0] for _ in texts])) as server:
        np.testing.assert_allclose(embed(server, ["a"]), [[0.6, 0.8]], atol=1e-6)


def test_a_long_text_is_cut() -> None:
    with ModelServer(GOOD) as server:
        embed(server, ["word " * 10_000])
    assert len(server.asked[0].body["input"][0]) == 2_000


def test_a_key_goes_to_its_server_and_into_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    heard: list[str] = []

    class Listener(BaseEventHandler):
        def handle(self, event: Any, **_: Any) -> None:
            if isinstance(event, EmbeddingStartEvent):
                heard.append(json.dumps(event.model_dict))

    listener = Listener()
    monkeypatch.setattr(get_dispatcher(), "event_handlers", [listener])
    with ModelServer(GOOD) as server:
        keys = {"openai": "sk-of-openai", "server": KEY}
        embed(server, ["a"], keys=keys)
        open_embedder("openai/text-embedding-3-small", ModelSettings(keys=keys, base_url=server.url)).embed(["a"])
    assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {KEY}", "Bearer sk-of-openai"]
    assert "openai-organization" not in server.asked[0].headers
    assert len(heard) == 2
    assert not any("sk-" in event for event in heard)


# ---- what goes wrong

FAULTS: dict[str, tuple[Step, str, str, int]] = {
    "a wrong key": (fails(401, "Incorrect API key provided: KEY."), "does not accept the key", "ASK_API_KEY", 1),
    "no such model": (fails(404, "no"), "does not have scripted", "ask doctor", 1),
    "overloaded": (fails(503, "no"), "fails or is overloaded", "ask doctor", 4),
    "a closed door": (slams_the_door(), "closed the connection", "ask doctor", 2),
    "silence": (hangs(), "sent nothing for 0.2 s", "ask doctor", 2),
    "garbage": (sends(b"<html>", "application/json"), "SERVER", "ask doctor", 2),
    "another protocol": (sends(b"{}", "application/json"), "no 1 vectors", "ask doctor", 2),
    "too few vectors": (embeds(lambda texts: []), "no 1 vectors", "ask doctor", 2),
    "words": (embeds(lambda texts: [["a", "b"]]), "are no vectors", "minilm", 1),
    "no numbers": (embeds(lambda texts: [[]]), "are no vectors", "minilm", 1),
    "a number alone": (embeds(lambda texts: [1.0]), "are no vectors", "minilm", 1),
    "zeros": (embeds(lambda texts: [[0.0, 0.0]]), "are no vectors", "minilm", 1),
    "endless numbers": (embeds(lambda texts: [[1e400, 1.0]]), "are no vectors", "minilm", 1),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_failure_is_told_in_two_lines(fault: tuple[Step, str, str, int], waits: list[float]) -> None:
    script, said, to_do, requests = fault
    with ModelServer(script) as server, pytest.raises(EmbedderError) as error:
        embed(server, ["a"], keys={"server": KEY}, timeout=0.2)
    assert said.replace("SERVER", server.url) in str(error.value)
    assert to_do in error.value.hint
    assert "--embedder minilm" in error.value.hint
    assert "--llm" not in error.value.hint
    assert KEY not in f"{error.value} {error.value.hint}"
    assert (len(server.asked), len(waits)) == (requests, requests - 1)


def test_vectors_of_two_lengths_are_refused() -> None:
    uneven = embeds(lambda texts: [[1.0] * (1 + n) for n in range(len(texts))])
    with ModelServer(uneven) as server, pytest.raises(EmbedderError, match="no vectors of one length"):
        embed(server, ["a", "b"])


def test_what_may_pass_is_tried_again_as_late_as_the_server_asks(waits: list[float]) -> None:
    busy = fails(429, "slow down", headers={"Retry-After": "7"})
    with ModelServer([busy, fails(500, "no"), GOOD]) as server:
        assert len(embed(server, ["a"])) == 1
    assert waits == [7.0, 1.0]


def test_a_server_that_is_gone(run_ask: Ask, settings: Settings) -> None:
    with ModelServer(GOOD) as server:
        assert run_ask("index", "--embedder", server.spec).code == 0
    server_is_gone = f"The embedder {server.spec} gives no vectors: Nothing listens at"
    run_ask(QUESTION).assert_refused(1, server_is_gone, "ask index --embedder minilm")
    assert run_ask("papers").code == 0
    assert run_ask("index", "--embedder", "minilm").code == 0
    assert run_ask(QUESTION).code == 0


def test_an_index_that_cannot_be_made_leaves_the_last_one(run_ask: Ask, settings: Settings, waits: list[float]) -> None:
    assert run_ask("index").code == 0
    nowhere = f"http://127.0.0.1:{closed_port()}/v1#m"
    run_ask("index", "--embedder", nowhere).assert_refused(1, "Nothing listens at", "ask index --embedder minilm")
    assert run_ask(QUESTION).code == 0


def test_openai_without_a_key(run_ask: Ask, settings: Settings) -> None:
    run_ask("index", "--embedder", "openai/text-embedding-3-small").assert_refused(1, "No OpenAI key", "OPENAI_API_KEY")


def test_the_doctor_says_what_leaves_the_machine(run_ask: Ask, settings: Settings) -> None:
    def checks() -> dict[str, str]:
        return {check.name: check.found for check in examine(load_settings(), lambda stage, done, total: None)}

    assert run_ask("index").code == 0
    assert "no network needed" in checks()["embedder"]
    assert "nothing leaves this machine" in checks()["model"]
    with ModelServer(GOOD) as server:
        assert run_ask("index", "--embedder", server.spec).code == 0
        found = checks()
    assert f"{server.spec}: reached, 16 dimensions" in found["embedder"]
    assert "nothing leaves" not in found["model"]


def test_a_llama_index_embedding_stands_in_for_any() -> None:
    embedder = LlamaIndexEmbedder.of(MockEmbedding(embed_dim=4, model_name="mine"))
    assert (embedder.name, embedder.dimension) == ("MockEmbedding/mine", 4)
    assert embedder.embed([]).shape == (0, 4)
