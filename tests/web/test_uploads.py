"""Uploads: each is removed when it was used, and after a time in any case; additions under way can be stopped."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.errors import UsageError
from askpapers.service.corpus_service import CorpusService
from askpapers.service.upload_limits import LARGEST_FILE
from askpapers.service.uploads import MOST_SECONDS, Uploads, upload_folder
from askpapers.service.work import Work
from askpapers.web.additions import Additions
from askpapers.web.messages import AdditionRequest


def put(uploads: Uploads, name: str, *blocks: bytes) -> str:
    async def content() -> AsyncIterator[bytes]:
        for block in blocks:
            yield block

    return asyncio.run(uploads.store(name, content()))


def there(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


@settings(max_examples=50)
@given(names=st.lists(st.text(max_size=90), max_size=4), used=st.sets(st.integers(0, 3)))
def test_just_the_files_that_were_not_used_are_there(names: list[str], used: set[int]) -> None:
    with tempfile.TemporaryDirectory() as name:
        uploads = Uploads(Path(name))
        keys = [put(uploads, one, b"x", str(n).encode()) for n, one in enumerate(names)]
        chosen = [key for n, key in enumerate(keys) if n in used]
        with uploads.used(chosen) as files:
            assert [file.read_text() for file in files] == [f"x{n}" for n in range(len(keys)) if n in used]
            assert all(file.is_relative_to(name) for file in files)
        assert len(there(Path(name))) == len(keys) - len(chosen)
        with pytest.raises(UsageError) if chosen else uploads.used([]), uploads.used(chosen):
            pass
        uploads.close()
        assert list(Path(name).iterdir()) == []


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\papers\\my draft.docx", "my draft.docx"),
        ("a\x00\u202eb<c>.txt", "ab-c-.txt"),
        ("", "file"),
        ("..", "file"),
        ("名" * 300 + ".bib", "名" * 56 + ".bib"),
    ],
)
def test_a_file_keeps_its_name_as_far_as_that_is_one(name: str, stored: str, tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with uploads.used([put(uploads, name, b"x")]) as (file,):
        assert file.name == stored
        assert file.parent.parent == tmp_path


def test_a_file_that_is_too_large_or_whose_sender_left_is_not_kept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    with pytest.raises(UsageError, match=r"large\.txt is larger than 20 MB"):
        put(uploads, "large.txt", bytes(LARGEST_FILE), b"x")

    async def leaves() -> AsyncIterator[bytes]:
        yield b"x"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        asyncio.run(uploads.store("left.txt", leaves()))
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_used_goes_after_a_time(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    put(uploads, "a.txt", b"x")
    uploads.sweep(time.time() + MOST_SECONDS - 5)
    assert there(tmp_path) == ["a.txt"]
    uploads.sweep(time.time() + MOST_SECONDS + 5)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["", "..", ".", "other", "../other"])
def test_only_what_was_uploaded_is_used_and_removed(key: str, tmp_path: Path) -> None:
    folder, other = tmp_path / "uploads", tmp_path / "other" / "precious.txt"
    for place in (folder, other.parent, folder / "other"):
        place.mkdir()
    other.write_text("x")
    uploads = Uploads(folder)
    with pytest.raises(UsageError, match="not there any more"), uploads.used([key]):
        pass
    assert other.exists()
    assert (folder / "other").exists()


def test_the_folder_is_one_for_a_process_and_old_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    old, foreign = tmp_path / "askpapers-uploads-old", tmp_path / "other"
    for folder in (old, foreign):
        folder.mkdir()
        os.utime(folder, (0, 0))
    first = upload_folder()
    assert upload_folder() == first
    assert first.parent == tmp_path
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([first.name, "other"])


@pytest.fixture
def additions(service: CorpusService, monkeypatch: pytest.MonkeyPatch) -> Additions:
    """Additions that take for ever."""

    def endless(files: Any, corpus: Any, settings: Any, progress: Any, **_: Any) -> Any:
        while True:
            progress("Reading files", 1, 2)
            time.sleep(0.002)
        yield

    monkeypatch.setattr("askpapers.web.additions.add_papers", endless)
    return Additions(CorpusService(service.corpus, service.settings), writable=True)


ME = AdditionRequest(name="me", pasted="Abstract: x.")


def test_an_addition_is_cancelled(additions: Additions) -> None:
    async def add() -> list[str]:
        shown = []
        async for markup in additions.add(ME, []):
            shown.append(str(markup))
            additions.cancel("someone")
            additions.cancel("me")
        return shown

    shown = asyncio.run(add())
    assert "Reading files: 1 of 2" in shown[0]
    assert "Cancelled. Nothing was added." in shown[-1]


def test_an_addition_ends_when_its_page_is_closed(additions: Additions) -> None:
    async def add() -> Work[Any]:
        coming = additions.add(ME, [])
        await anext(coming)
        work = additions._under_way["me"]
        await coming.aclose()
        return work

    work = asyncio.run(add())
    while work.next(1) is not None:
        pass
    assert not work.going


def test_nothing_is_added_by_strangers(service: CorpusService) -> None:
    async def add() -> list[str]:
        return [str(markup) async for markup in Additions(service, writable=False).add(ME, [])]

    (shown,) = asyncio.run(add())
    assert "Adding papers is off" in shown
