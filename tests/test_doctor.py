"""What `ask doctor` says of the model, which is reached, not asked to write, and of an index that is not finished."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import askpapers.corpus
from askpapers.doctor import Check, examine
from askpapers.index import parts
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
from askpapers.index.filling import CHUNK
from askpapers.index.leases import writer_lock
from askpapers.progress import no_progress
from askpapers.settings import ModelSettings, Settings
from fakes import WordHash, build, many_papers, write_papers
from model_server import MODEL, ModelServer, closed_port, writes

PAPERS = 120  # of three sentences: two chunks


@pytest.fixture
def index_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Check]:
    monkeypatch.setattr("askpapers.doctor.embedder_for", lambda settings: WordHash())
    settings = Settings((tmp_path / "corpus",), tmp_path / "index", "a test", "a test")
    write_papers(tmp_path / "corpus", many_papers(PAPERS))
    return lambda: next(c for c in examine(settings, no_progress) if c.name == "index")


class _StoppedError(Exception):
    pass


def _stop_at_embedding(count: int) -> None:
    if count > CHUNK:
        raise _StoppedError


def _stop_at_reading(stage: str, done: int, total: int | None) -> None:
    if stage.startswith("Reading") and done == 50:
        raise _StoppedError


def test_a_build_that_was_interrupted_is_told_with_how_far_it_is(
    index_check: Callable[[], Check], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, root = tmp_path / "index", tmp_path / "corpus"
    assert "none yet" in index_check().found
    monkeypatch.setattr(askpapers.corpus, "_STEP", 10)
    monkeypatch.setattr(parts, "FIRST", 40)
    with pytest.raises(_StoppedError):
        refresh(folder, [root], WordHash(), _stop_at_reading)
    check = index_check()
    assert "a build was interrupted; the first 40 papers can be found by their words, the others" in check.found
    assert check.hint == "Go on with it: ask index"
    with pytest.raises(_StoppedError):
        build(folder, root, WordHash(before=_stop_at_embedding))
    assert "a build was interrupted; 256 of 360 passages (71%) have vectors" in index_check().found
    with writer_lock(folder, lambda: None):
        assert "another process is building it, and it can be asked meanwhile; 256 of" in index_check().found
    shutil.rmtree(next(folder.glob("0*")))
    (folder / "partial").mkdir()
    assert "a build was interrupted; not all papers have been read yet" in index_check().found
    build(folder, root, WordHash())
    assert f"{PAPERS} papers, {3 * PAPERS} vectors, up to date" in index_check().found


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
