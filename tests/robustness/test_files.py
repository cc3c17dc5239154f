"""What is written beside the index is whole after a crash and on a full disk."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from askpapers.datatypes import Answer, Provenance, Status
from askpapers.errors import AskPapersError, UsageError
from askpapers.evaluation.accepted import AcceptedQuestion, AcceptedSuite, read_accepted, write_accepted
from askpapers.evaluation.feedback import cases_of_feedback
from askpapers.service.feedback import store_feedback

ANSWER = Answer("q?", "open", Status.ANSWERED, "Long. " * 2000, (), (), (), None, None, (), Provenance("e", "m", "0"))


@pytest.fixture
def limit_files() -> Iterator[Callable[[int], None]]:
    """No file may grow beyond a size: what a full disk does, without one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _suite(reason: str) -> dict[str, AcceptedSuite]:
    questions = {f"q{i}": AcceptedQuestion("answered", reason, {"fact": 1.0}) for i in range(500)}
    return {"suite": AcceptedSuite(reason, {}, questions)}


def test_accepted_results_are_the_last_ones_where_the_disk_is_full(
    tmp_path: Path, limit_files: Callable[[int], None]
) -> None:
    file = tmp_path / "accepted.json"
    write_accepted(file, _suite("the first"))
    limit_files(5000)
    with pytest.raises(UsageError, match="cannot be written"):
        write_accepted(file, _suite("the second"))
    limit_files(resource.RLIM_INFINITY)
    assert read_accepted(file)["suite"].reason == "the first"
    assert [path.name for path in tmp_path.iterdir()] == ["accepted.json"]


def test_accepted_results_behind_a_link_are_written_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "accepted.json")
    write_accepted(tmp_path / "link", _suite("the first"))
    assert (tmp_path / "link").is_symlink()
    assert read_accepted(tmp_path / "accepted.json")["suite"].reason == "the first"


@pytest.mark.parametrize("cut", [1, 30, 200, 9000])
def test_feedback_that_a_crash_has_cut_short_harms_no_other(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "feedback.jsonl"
    store_feedback(file, ANSWER, "up", "first")
    line = file.read_bytes()
    file.write_bytes(line + line[:-cut])
    store_feedback(file, ANSWER, "down", "last")
    first, *_, last = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(first)["comment"] == "first"
    assert json.loads(last)["comment"] == "last"
    cases_of_feedback(file, ())


def test_feedback_that_finds_no_room_is_taken_back(tmp_path: Path, limit_files: Callable[[int], None]) -> None:
    file = tmp_path / "feedback.jsonl"
    store_feedback(file, ANSWER, "up", "first")
    before = file.read_bytes()
    limit_files(len(before) + 500)
    with pytest.raises(AskPapersError, match="cannot be written"):
        store_feedback(file, ANSWER, "up", "second")
    limit_files(resource.RLIM_INFINITY)
    assert file.read_bytes() == before
