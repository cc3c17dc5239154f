"""Uploads: each is removed when its session is done with it, and after a time in any case."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.web.additions import Additions
from askpapers.web.desk import Desk
from askpapers.web.uploads import KEPT_SECONDS, Uploads, upload_folder
from askpapers.web.work import Work


def put(folder: Path, name: str) -> Path:
    """A file as gradio stores it: in a folder named by what is in it."""
    file = folder / f"hash-{name}" / "a.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(name)
    return file


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sets(st.sampled_from("123"))), max_size=12))
def test_just_the_files_that_some_session_holds_are_there(steps: list[tuple[str, set[str]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        uploads = Uploads(folder)
        held: dict[str, set[str]] = {}
        for session, chosen in steps:
            uploads.hold(session, [put(folder, file) for file in chosen])
            held[session] = chosen
            assert {file.read_text() for file in folder.rglob("a.txt")} == set().union(*held.values())
        uploads.close()
        assert list(folder.iterdir()) == []


def test_files_of_a_page_that_was_closed_go_even_when_they_are_told_of_late(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    early, late = put(tmp_path, "early"), put(tmp_path, "late")
    uploads.hold("a", [early])
    uploads.end("a")
    uploads.hold("a", [late])
    assert not early.exists()
    assert not late.exists()


def test_what_no_session_holds_goes_after_a_time(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    put(tmp_path, "by a program")
    uploads.hold("a", [put(tmp_path, "of a page")])
    uploads.sweep(time.time() + KEPT_SECONDS - 5)
    assert len(list(tmp_path.iterdir())) == 2
    uploads.sweep(time.time() + KEPT_SECONDS + 5)
    assert list(tmp_path.iterdir()) == []


def test_only_what_was_uploaded_is_removed(tmp_path: Path) -> None:
    folder, other = tmp_path / "uploads", tmp_path / "precious.txt"
    folder.mkdir()
    other.write_text("x")
    uploads = Uploads(folder)
    uploads.hold("a", [other, folder / ".." / "precious.txt"])
    uploads.drop("a")
    assert other.exists()


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
def additions(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Additions:
    """Additions that take for ever."""

    def endless(files: Any, corpus: Any, settings: Any, progress: Any, **_: Any) -> Any:
        while True:
            progress("Reading files", 1, 2)
            time.sleep(0.002)
        yield

    monkeypatch.setattr("askpapers.web.additions.add_papers", endless)
    return Additions(Desk(desk.corpus, desk.settings), Uploads(tmp_path))


def test_an_addition_is_cancelled_and_its_uploads_go(additions: Additions, tmp_path: Path) -> None:
    async def add() -> list[str]:
        shown = []
        async for markup in additions.add("me", [str(put(tmp_path, "x"))], ""):
            shown.append(str(markup))
            additions.cancel("someone else")
            additions.cancel("me")
        return shown

    additions._uploads.hold("me", [put(tmp_path, "x")])
    shown = asyncio.run(add())
    assert "Reading files: 1 of 2" in shown[0]
    assert "Cancelled. Nothing was added." in shown[-1]
    assert list(tmp_path.iterdir()) == []


def test_an_addition_ends_when_its_page_is_closed(additions: Additions, tmp_path: Path) -> None:
    async def add() -> Work[Any]:
        coming = additions.add("me", [str(put(tmp_path, "x"))], "")
        await anext(coming)
        work = additions._under_way["me"]
        await coming.aclose()
        return work

    work = asyncio.run(add())
    while work.next(1) is not None:
        pass
    assert not work.going
