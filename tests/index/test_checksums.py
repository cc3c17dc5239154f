"""Checksums: every byte of every file counts, and large files are read only when they were touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.index import checksums
from askpapers.index.checksums import find_damage, stamps_of, sum_files


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    place = tmp_path / "0001-abcd"
    (place / "chroma").mkdir(parents=True)
    (place / "large").write_bytes(os.urandom(3000))
    (place / "small").write_bytes(b"small")
    (place / "empty").write_bytes(b"")
    (place / "chroma" / "data.bin").write_bytes(os.urandom(100))
    return place


@pytest.fixture(autouse=True)
def _small_is_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checksums, "SMALL", 1000)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read."""
    names: list[str] = []
    digest = checksums._digest

    def reading(file: Path, progress: object) -> str:
        names.append(file.name)
        return digest(file, lambda count: None)

    monkeypatch.setattr(checksums, "_digest", reading)
    return names


def test_what_was_not_changed_has_no_damage(generation: Path) -> None:
    sums = sum_files(generation)
    assert set(sums) == {"large", "small", "empty", "chroma/data.bin"}
    assert find_damage(generation, sums) == find_damage(generation, sums, whole=True) == []


@settings(max_examples=60)
@given(data=st.data())
def test_any_change_of_any_file_is_found_and_named(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    place = tmp_path_factory.mktemp("g") / "0001-abcd"
    place.mkdir()
    content = data.draw(st.binary(min_size=1, max_size=3000))
    for name in ("one", "two"):
        (place / name).write_bytes(content)
    sums = sum_files(place)
    position = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    match data.draw(st.sampled_from(["flip", "cut", "zero", "longer", "gone", "folder"])):
        case "flip":
            changed[position] ^= 1 << data.draw(st.integers(0, 7))
        case "cut":
            del changed[position:]
        case "zero":
            changed = bytearray(len(content)) if any(content) else bytearray(b"\1" * len(content))
        case "longer":
            changed += b"x"
        case "gone":
            (place / "two").unlink()
        case "folder":
            (place / "two").unlink()
            (place / "two").mkdir()
    if (place / "two").is_file():
        (place / "two").write_bytes(bytes(changed))
    for whole in (False, True):
        (damage,) = find_damage(place, sums, whole=whole)
        assert damage.startswith("two")


def test_a_large_file_is_read_when_it_was_touched_and_then_no_more(generation: Path, read: list[str]) -> None:
    sums = sum_files(generation)
    read.clear()
    assert find_damage(generation, sums) == []
    assert sorted(read) == ["data.bin", "empty", "small"]
    content = (generation / "large").read_bytes()
    (generation / "large").write_bytes(content)
    read.clear()
    assert find_damage(generation, sums) == []
    assert find_damage(generation, sums) == []
    assert read.count("large") == 1


def test_a_change_that_hides_its_time_is_found(generation: Path) -> None:
    sums = sum_files(generation)
    info = (generation / "large").stat()
    content = bytearray((generation / "large").read_bytes())
    content[1500] ^= 1
    (generation / "large").write_bytes(content)
    os.utime(generation / "large", ns=(info.st_atime_ns, info.st_mtime_ns))
    assert find_damage(generation, sums) == ["large has changed"]
    # Nor is it forgotten.
    assert find_damage(generation, sums) == ["large has changed"]


@pytest.mark.parametrize("content", [None, b"", b"[1]", b'{"large": 1}', b'{"large": ["x", 1, 2]}', b"\xff"])
def test_without_what_was_checked_all_is_checked(generation: Path, read: list[str], content: bytes | None) -> None:
    sums = sum_files(generation)
    (generation / "checked.json").unlink()
    if content is not None:
        (generation / "checked.json").write_bytes(content)
    read.clear()
    assert find_damage(generation, sums) == []
    assert "large" in read


def test_whole_reads_every_file_and_says_how_far_it_is(generation: Path, read: list[str]) -> None:
    sums = sum_files(generation)
    read.clear()
    find_damage(generation, sums, whole=True)
    assert sorted(read) == ["data.bin", "empty", "large", "small"]


def test_progress_counts_the_bytes(generation: Path) -> None:
    told: list[tuple[int, int]] = []
    find_damage(generation, sum_files(generation), whole=True, progress=lambda done, total: told.append((done, total)))
    assert told[-1][1] == 3105
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert max(done for done, _ in told) == 3105


def test_a_touched_file_has_another_stamp(generation: Path) -> None:
    sums = sum_files(generation)
    before = stamps_of(generation, sums)
    assert stamps_of(generation, sums) == before
    (generation / "small").unlink()
    assert stamps_of(generation, sums) != before
