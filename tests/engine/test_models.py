"""Which model answers, which are offered, and what is sent to whom."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from askpapers.engine.models import Models
from askpapers.errors import ModelDeniedError, ModelUnknownError, ModelUnreachableError, ReplayError, UsageError
from askpapers.llm.model import Mark
from askpapers.llm.room import AnswerRoom
from askpapers.llm.spec import read_spec
from askpapers.llm.usage import Meter
from askpapers.settings import WITHOUT, ModelSettings, Traffic
from model_server import ModelServer, closed_port, stops, writes

OPENAI, SERVER, HOST = "sk-of-openai-123", "sk-of-server-123", "sk-of-host-123"


def models(spec: str, **changes: Any) -> Models:
    return Models(ModelSettings(spec=spec, timeout=5.0, **changes))


def said(chosen: Models, name: str | None = None) -> str:
    model = chosen.choose(name)
    assert model
    return model.say([("user", "hello")], Meter(), lambda stage, done, total: None)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(writes("Hello.")) as running:
        yield running


def test_none_is_no_model() -> None:
    assert models("none").choose(None) is None
    assert models("http://127.0.0.1:1/v1#m").choose("none") is None


def test_a_model_is_opened_once_and_by_name(server: ModelServer) -> None:
    chosen = models(server.spec)
    assert chosen.choose(None) is chosen.choose(server.spec)
    assert chosen.choose(f"{server.url}#other") is not chosen.choose(None)
    assert server.asked == []  # opening sends nothing
    assert said(chosen, f"{server.url}#other") == "Hello."
    assert server.asked[0].body["model"] == "other"


def test_each_key_goes_to_the_server_that_it_is_for_and_to_no_other(server: ModelServer) -> None:
    everything = {"openai": OPENAI, "server": SERVER, server.url: HOST}

    def sent(spec: str, keys: dict[str, str], **changes: Any) -> str:
        said(models(spec, keys=keys, **changes))
        return server.asked[-1].headers["authorization"].removeprefix("Bearer ")

    assert sent(server.spec, everything) == HOST
    assert sent(server.spec, {"openai": OPENAI, "server": SERVER}) == SERVER
    assert sent(server.spec, {"openai": OPENAI}) == "none"
    assert sent(server.spec, {"openai": OPENAI, "https://elsewhere/v1": HOST}) == "none"
    assert sent("openai/gpt-4o-mini", everything, base_url=server.url) == OPENAI
    assert OPENAI not in repr([asked for asked in server.asked if asked.body["model"] != "gpt-4o-mini"])


def test_the_environment_gives_no_key_away(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries read OPENAI_API_KEY and others by themselves; a server of another must not get it."""
    monkeypatch.setenv("OPENAI_API_KEY", OPENAI)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    said(models(server.spec))
    sent = repr(server.asked[0])
    assert OPENAI not in sent
    assert "secret" not in sent


def test_openai_needs_a_key_but_not_for_a_replay(tmp_path: Path) -> None:
    with pytest.raises(ModelDeniedError, match="No OpenAI key is set"):
        models("openai/gpt-4o-mini").choose(None)
    (tmp_path / "r.jsonl").write_text('{"recording": 1}\n', encoding="utf-8")
    assert models("openai/gpt-4o-mini", traffic=Traffic(replay=tmp_path / "r.jsonl")).choose(None)


@pytest.mark.parametrize("name", ["o3-mini", "gpt-5-mini"])
def test_a_model_that_thinks_is_asked_in_its_own_way(server: ModelServer, name: str) -> None:
    said(models(f"openai/{name}", keys={"openai": OPENAI}, base_url=server.url))
    body = server.asked[0].body
    assert "max_tokens" not in body
    assert body["max_completion_tokens"] == 700
    assert body.get("temperature", 1.0) == 1.0


def test_names_and_prompts_that_are_none_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        models("gpt-4")
    with pytest.raises(UsageError):
        models("none").choose("gpt-4")
    with pytest.raises(UsageError):
        models("none", prompts=tmp_path / "nowhere")


def test_a_gguf_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelUnknownError, match="There is no file"):
        models(f"gguf:{tmp_path / 'm.gguf'}").choose(None)


def test_a_gguf_file_without_llama_cpp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    monkeypatch.setitem(sys.modules, "llama_index.llms.llama_cpp", None)
    with pytest.raises(UsageError) as caught:
        models(f"gguf:{tmp_path / 'm.gguf'}").choose(None)
    assert caught.value.hint == 'Install it: pip install "askpapers[gguf]"'


def test_what_is_offered() -> None:
    with ModelServer(models=["a", "scripted", "b/c"]) as server:
        assert models(server.spec).offered() == [server.spec, f"{server.url}#a", f"{server.url}#b/c", WITHOUT]
    assert models("none").offered() == [WITHOUT]
    assert models("openai/gpt-4o-mini").offered() == ["openai/gpt-4o-mini", WITHOUT]
    nobody = f"http://127.0.0.1:{closed_port()}/v1#m"
    assert models(nobody).offered() == [nobody, WITHOUT]


def test_the_longest_answer_leaves_room_for_sources() -> None:
    assert [AnswerRoom(context).longest for context in (1, 900, 2100, 128_000)] == [1, 300, 700, 700]


def test_text_that_was_given_is_revoked_before_it_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askpapers.llm.model._FIRST_WAIT", 0.0)
    with ModelServer([stops("Hel", size=3), writes("Hello.", size=3)]) as server:
        model = models(server.spec).choose(None)
        assert model
        pieces = list(model.write([("user", "x")], Meter(), lambda stage, done, total: None))
    assert pieces == ["Hel", Mark.RESTART, "Hel", "lo."]


def test_a_spec_is_shown_as_it_is_written(server: ModelServer) -> None:
    assert str(read_spec(server.spec)) == server.spec


@pytest.mark.parametrize("key", ["sk-fake…456", "ключ", "sk\r\nHost: x", "sk\x7f", "sk\u200b-1", "\ud800"])
@pytest.mark.parametrize(
    ("spec", "name", "where"),
    [
        ("openai/m", "openai", "OPENAI_API_KEY"),
        ("http://127.0.0.1:9/v1#m", "server", "ASK_API_KEY"),
        ("http://127.0.0.1:9/v1#m", "http://127.0.0.1:9/v1", "your config file"),
    ],
)
def test_a_key_that_is_none_is_not_sent_and_its_place_named(key: str, spec: str, name: str, where: str) -> None:
    with pytest.raises(ModelDeniedError) as caught:
        models(spec, keys={name: key}).choose(None)
    assert str(caught.value) == f"The key in {where} holds a character that no key has."
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SSL_CERT_FILE", "/nowhere"),
        ("SSL_CERT_FILE", __file__),
        ("HTTP_PROXY", "foo://bar"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
    ],
)
def test_a_network_that_is_set_wrong_is_told(
    variable: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    through_no_proxy = Traffic(record=tmp_path / "r.jsonl")
    for traffic in (Traffic(), through_no_proxy) if "SSL" in variable else (Traffic(),):
        with pytest.raises(ModelUnreachableError, match="The proxy or the certificates") as caught:
            models("openai/m", keys={"openai": OPENAI}, traffic=traffic).choose(None)
        assert variable in caught.value.hint


def test_an_address_with_a_name_that_no_one_can_have() -> None:
    with pytest.raises(UsageError, match="is no address"):
        models("http://münchen…/v1#m").choose(None)


@pytest.mark.parametrize("variable", ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID"])
@pytest.mark.parametrize("value", ["orgё", "org\r"])
def test_a_name_that_cannot_be_sent_is_told(
    server: ModelServer, variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ModelDeniedError, match="holds a character that cannot be sent"):
        said(models("openai/m", keys={"openai": OPENAI}, base_url=server.url))


def test_a_recording_that_cannot_be_written_on_is_told(server: ModelServer, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    recording = models(server.spec, traffic=Traffic(record=file))
    assert recording.choose(None)
    file.unlink()
    file.mkdir()
    with pytest.raises(ReplayError, match=r"r\.jsonl cannot be written"):
        said(recording)
