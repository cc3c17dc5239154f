"""The first index of a large corpus is built by a process of its own, and asked meanwhile."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from askpapers.cli.building import LARGE, building_beside
from askpapers.engine import open_settings
from askpapers.errors import AskPapersError
from askpapers.index.leases import has_writer, writer_lock
from askpapers.progress import no_progress
from askpapers.settings import Settings
from fakes import many_papers, write_papers


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    root = write_papers(tmp_path / "corpus", many_papers(4))
    return Settings((root,), tmp_path / "index", "a test", "a test")


class _Started(list[list[str]]):
    def __call__(self, command: list[str], **options: object) -> None:
        self.append(command)
        raise OSError("it is not started")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> _Started:
    made = _Started()
    monkeypatch.setattr("askpapers.cli.building.subprocess.Popen", made)
    return made


def test_it_is_built_and_opened_while_the_process_goes_on_which_ends_with_the_block(settings: Settings) -> None:
    with building_beside(settings, large=0):
        assert has_writer(settings.index) or (settings.index / "current").exists()
        with closing(open_settings(settings, no_progress)) as corpus:
            assert len(corpus.papers()) == 4
    assert not has_writer(settings.index)


def test_the_process_is_ended_before_it_is_done(tmp_path: Path) -> None:
    root = write_papers(tmp_path / "many", many_papers(3000))
    settings = Settings((root,), tmp_path / "index", "a test", "a test")
    with building_beside(settings, large=0):
        assert has_writer(settings.index)
    assert not has_writer(settings.index)
    assert not (settings.index / "current").exists()


def test_why_a_build_fails_is_said_when_the_corpus_is_opened(settings: Settings) -> None:
    (settings.corpus[0] / "papers.jsonl").write_text("{}")
    settings.index.write_text("no folder")
    with building_beside(settings, large=0), pytest.raises(AskPapersError, match="index"):
        open_settings(settings, no_progress)
    assert settings.index.read_text() == "no folder"


def test_a_small_corpus_one_that_has_an_index_and_one_that_is_being_built_start_nothing(
    settings: Settings, started: _Started
) -> None:
    size = sum(file.stat().st_size for file in settings.corpus[0].iterdir())
    assert size < LARGE
    for large in (LARGE, size):
        with building_beside(settings, large):
            pass
    settings.index.mkdir()
    with writer_lock(settings.index, lambda: None), building_beside(settings, large=0):
        pass
    assert not started
    with pytest.raises(OSError, match="not started"), building_beside(settings, large=size - 1):
        pass
    ((*_, corpus, index),) = started
    assert (corpus, index) == (f"--corpus={settings.corpus[0]}", f"--index={settings.index}")
    (settings.index / "current").write_text("0001-abcd")
    with building_beside(settings, large=0):
        pass
    assert len(started) == 1
