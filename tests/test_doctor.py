"""What `ask doctor` says of the model: it is reached, not asked to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from askpapers.doctor import Check, examine
from askpapers.engine.asked import no_progress
from askpapers.index.embedder import MiniLM
from askpapers.settings import ModelSettings, Settings
from model_server import MODEL, ModelServer, closed_port, writes

Checks = Callable[[ModelSettings], Check]


@pytest.fixture
def model_check(seeds: Path, seed_index_folder: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch) -> Checks:
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)

    def check(model: ModelSettings) -> Check:
        settings = Settings((seeds,), seed_index_folder, "a test", "a test", model)
        return next(c for c in examine(settings, no_progress) if c.name == "model")

    return check


def test_without_a_model_nothing_is_reached(model_check: Checks) -> None:
    check = model_check(ModelSettings())
    assert check.ok
    assert "extractive" in check.found


def test_a_server_that_has_the_model(model_check: Checks) -> None:
    with ModelServer(writes("not asked")) as server:
        check = model_check(ModelSettings(spec=server.spec, spec_from="--llm"))
        assert (check.ok, server.asked) == (True, [])
    assert server.spec in check.found
    assert "1 models offered" in check.found


def test_a_server_without_the_model_lists_what_it_has(model_check: Checks) -> None:
    with ModelServer(writes("not asked")) as server:
        check = model_check(ModelSettings(spec=f"{server.url}#other"))
    assert not check.ok
    assert f"does not offer other; it has: {MODEL}" in check.found


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        pytest.param(f"http://127.0.0.1:{closed_port()}/v1#m", "Nothing listens at", id="a closed port"),
        ("openai/gpt-4o", "No OpenAI key is set."),
        ("gguf:/nowhere/model.gguf", "There is no file"),
        ("gpt-4o", "names no model"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(model_check: Checks, spec: str, found: str) -> None:
    check = model_check(ModelSettings(spec=spec))
    assert not check.ok
    assert found in check.found
    assert check.hint


def test_no_key_is_told(model_check: Checks) -> None:
    with ModelServer(writes("not asked")) as server:
        check = model_check(ModelSettings(spec=server.spec, keys={"server": "sk-secret"}))
    assert "sk-secret" not in repr(check)
