"""Opening an index changes none of its files; damage is found, mended from what is sound, and named by the doctor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from askpapers.doctor import Check, examine
from askpapers.errors import IndexDamagedError
from askpapers.index import checksums
from askpapers.index.layout import current_generation
from askpapers.index.opening import open_index
from askpapers.index.scan import ExactScan
from askpapers.index.vectors import VectorStore
from askpapers.progress import no_progress
from askpapers.settings import Settings
from chunks import CHUNK
from fakes import WordHash, build, many_papers, write_papers

pytestmark = pytest.mark.usefixtures("small_chunks")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "corpus", many_papers(25))


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    build(tmp_path / "index", root, WordHash())
    return tmp_path / "index"


def _generation(folder: Path) -> Path:
    generation = current_generation(folder)
    assert generation
    return generation


def _state(folder: Path) -> dict[str, tuple[int, bytes]]:
    generation = _generation(folder)
    files = [path for path in sorted(generation.rglob("*")) if path.is_file()]
    return {str(path.relative_to(generation)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def _flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)


def test_an_index_that_may_not_be_written_is_asked_by_comparing_all_vectors(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vector = WordHash().embed(["Cats sleep."])[0]
    index = open_index(folder, no_progress)
    assert index
    with closing(index):
        expected = index.neighbours.nearest(vector, 5)
        assert isinstance(index.neighbours, VectorStore)
    monkeypatch.setattr(os, "access", lambda *_: False)
    read_only = open_index(folder, no_progress)
    assert read_only
    with closing(read_only):
        read_only.open_all()
        found = read_only.neighbours.nearest(vector, 5)
        assert isinstance(read_only.neighbours, ExactScan)
    np.testing.assert_allclose(found.scores, expected.scores, atol=1e-3)


def _use(folder: Path) -> None:
    index = open_index(folder, no_progress)
    assert index
    with closing(index):
        index.open_all()
        found = index.dense.nearest(index.vectors[3].astype(np.float32), 5).keys
        assert index.passages["key"][3].decode() in found


# 75 vectors are fewer than Chroma's log holds; a refresh copies them where a few are added; 1,095 are more.
@pytest.mark.parametrize("more", [0, 20, 1_020])
def test_opening_and_asking_changes_no_file(root: Path, folder: Path, more: int) -> None:
    if more:
        write_papers(root, [f"Paper {i} is more." for i in range(more)], "more.jsonl")
        build(folder, root, WordHash())
    before = _state(folder)
    for _ in range(3):
        _use(folder)
    assert _state(folder) == before


# One change alone is less than what Chroma persists.
@pytest.mark.parametrize("papers", [1, 2, 40])
@pytest.mark.parametrize("more", [0, 1])
def test_a_tiny_index_and_one_grown_by_one_passage_do_not_change_in_use(tmp_path: Path, papers: int, more: int) -> None:
    root, folder = tmp_path / "corpus", tmp_path / "index"
    for texts in [[f"Word{i} is what it is about." for i in range(papers)], ["One more is added."]][: 1 + more]:
        write_papers(root, texts, f"{len(texts)}-{texts[0][:4]}.jsonl")
        build(folder, root, WordHash())
    before = _state(folder)
    for _ in range(2):
        index = open_index(folder, no_progress)
        assert index
        with closing(index):
            index.open_all()
            assert index.dense.count() == papers + more
            assert len(index.dense.nearest(index.vectors[0].astype(np.float32), 9).keys) == min(9, papers + more)
    assert _state(folder) == before


def test_vectors_in_sound_chunks_are_used_to_mend_the_others(root: Path, folder: Path) -> None:
    _flip(_generation(folder) / "vectors.f16", 40 * WordHash.dimension * 2)  # in the second chunk of 32
    with pytest.raises(IndexDamagedError, match=r"vectors\.f16 has changed"):
        open_index(folder, no_progress)
    embedder = WordHash()
    done = build(folder, root, embedder)
    assert (done.added, done.kept) == (CHUNK, 75 - CHUNK)
    assert "vectors.f16 has changed" in done.mended[0]
    _use(folder)


def test_vectors_of_an_interrupted_build_that_are_not_as_they_were_written_are_not_used(
    tmp_path: Path, root: Path
) -> None:
    """It goes on from the first chunk that is not sound."""
    vectors: list[Path] = []

    def stop(count: int) -> None:
        vectors[:] = (tmp_path / "index").glob("*/vectors.f16")
        if vectors and vectors[0].stat().st_size >= 2 * CHUNK * WordHash.dimension * 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "index", root, WordHash(before=stop))
    _flip(vectors[0], 40 * WordHash.dimension * 2)  # in the second chunk of 32
    assert build(tmp_path / "index", root, WordHash()).added == 75 - CHUNK


def test_a_large_file_is_read_whole_after_a_reader_has_crashed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checksums, "SMALL", 0)
    vectors = _generation(folder) / "vectors.f16"
    script = (
        "import os, sys; from pathlib import Path; from askpapers.index.opening import open_index\n"
        "index = open_index(Path(sys.argv[1]), lambda *_: None); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script, str(folder)], env=environment)
    assert done.returncode == -signal.SIGKILL
    _flip(vectors, 7)
    # As if the disk had failed: nothing tells of the change.
    seen = checksums._read_checked(vectors.parent)
    checksums._write_checked(vectors.parent, {**seen, "vectors.f16": checksums._stamp(vectors)})
    with pytest.raises(IndexDamagedError, match=r"vectors\.f16 has changed"):
        open_index(folder, no_progress)


def _doctor(root: Path, folder: Path, *, deep: bool) -> Check:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("askpapers.embedders.MiniLM", WordHash)
        checks = examine(Settings((root,), folder, "a test", "a test"), no_progress, deep=deep)
    return next(check for check in checks if check.name == "index")


def test_the_doctor_says_what_was_checked(root: Path, folder: Path) -> None:
    assert (
        "are as they were made (small ones whole, large ones by size and time)"
        in _doctor(root, folder, deep=False).found
    )
    assert "are as they were made (every byte)" in _doctor(root, folder, deep=True).found


def test_only_a_deep_look_finds_what_nothing_tells_of(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "SMALL", 0)
    vectors = _generation(folder) / "vectors.f16"
    _flip(vectors, 7)
    seen = checksums._read_checked(vectors.parent)
    checksums._write_checked(vectors.parent, {**seen, "vectors.f16": checksums._stamp(vectors)})
    assert _doctor(root, folder, deep=False).ok
    check = _doctor(root, folder, deep=True)
    assert not check.ok
    assert "vectors.f16 has changed. There is no other that is good." in check.found
    assert "ask index" in check.hint
    assert build(folder, root, WordHash()).mended


def test_the_doctor_names_the_generation_that_is_used_instead(root: Path, folder: Path) -> None:
    good = _generation(folder).name
    write_papers(root, {"new": "A new paper."}, "more.jsonl")
    build(folder, root, WordHash())
    (_generation(folder) / "papers.db").write_bytes(b"")
    check = _doctor(root, folder, deep=False)
    assert not check.ok
    assert f"Questions are answered from the last good one, {good}." in check.found
