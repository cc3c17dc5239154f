"""A corpus that is large beside the chunks of a build, and the folder of its index."""

from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.index import filling
from chunks import CHUNK, PAPERS
from fakes import many_papers, write_papers


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small corpus, which is soon indexed, has several."""
    monkeypatch.setattr(filling, "CHUNK", CHUNK)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "corpus", many_papers(PAPERS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"
