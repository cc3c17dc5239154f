"""`ask --continue`: the last conversation about a corpus, kept for its user."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from askpapers.cli.conversations import MOST_TURNS, LastConversation
from askpapers.datatypes import Passage, Turn
from askpapers.errors import UsageError
from askpapers.settings import load_settings, state_folder
from command_line import Ask

FIRST = "what is GSM8K?"
FOLLOW_UP = "how many problems are in it?"


@pytest.fixture
def ask(run_ask: Ask, seeds: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    return run_ask


def files() -> list[Path]:
    return [path for path in state_folder().rglob("*") if path.is_file()]


def test_a_follow_up_continues_the_last_question(ask: Ask) -> None:
    assert ask(FIRST).code == 0
    outcome = ask("-c", FOLLOW_UP)
    assert outcome.code == 0
    assert "8.5K" in outcome.out
    assert outcome.err.splitlines() == [
        f"Continues after “{FIRST}” (1 turn).",
        "Asked as: how many problems are in GSM8K?",
    ]


def test_json_says_what_was_searched_and_nothing_else(ask: Ask) -> None:
    ask("--json", FIRST)
    outcome = ask("--json", "--continue", FOLLOW_UP)
    assert outcome.err == ""
    assert outcome.json["searched"] == "how many problems are in GSM8K?"


def test_every_turn_is_taken_along_and_a_new_question_begins_anew(ask: Ask) -> None:
    ask(FIRST)
    ask("-c", FOLLOW_UP)
    assert "(2 turns)" in ask("-c", "and what was proposed for it?").err
    ask("what is Codex?")
    assert "after “what is Codex?” (1 turn)" in ask("-c", "how was it evaluated?").err


def test_another_corpus_has_another_conversation(ask: Ask, tmp_path: Path) -> None:
    ask(FIRST)
    other = tmp_path / "other.txt"
    other.write_text("Abstract: Cats purr at night. They sleep sixteen hours a day.", encoding="utf-8")
    ask("-c", "how long do they sleep?", "--corpus", other, "--index", tmp_path / "index").assert_refused(
        2, "no conversation about this corpus", "Begin one"
    )


def test_without_history_nothing_is_kept(ask: Ask) -> None:
    ask("--no-history", FIRST)
    assert files() == []
    ask("-c", FOLLOW_UP).assert_refused(2, "no conversation", "Begin one")


def test_only_the_user_can_read_it(ask: Ask) -> None:
    ask(FIRST)
    (file,) = files()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"schema": 2, "turns": []}', '{"schema": 1, "turns": [0]}', "\xff"]
)
def test_a_file_that_cannot_be_read_is_said(ask: Ask, content: str) -> None:
    ask(FIRST)
    (file,) = files()
    file.write_bytes(content.encode("latin-1"))
    ask("-c", FOLLOW_UP).assert_refused(2, "cannot be read", "without --continue")
    assert ask(FIRST).code == 0
    assert ask("-c", FOLLOW_UP).code == 0


def test_a_folder_that_cannot_be_written_costs_no_answer(ask: Ask) -> None:
    state_folder().parent.mkdir(parents=True, exist_ok=True)
    state_folder().write_text("a file where the folder would be", encoding="utf-8")
    assert ask(FIRST).code == 0


def test_it_is_bounded_and_comes_back_as_it_was(tmp_path: Path, seeds: Path) -> None:
    keep = LastConversation(load_settings([str(seeds)]), tmp_path)
    full = Turn("q?", "a", "s?", ("one", "two"), (Passage("one", 0, 3),), survey=True, answered=False)
    keep.write([Turn(f"{n}?", "word " * 9_000) for n in range(40)] + [full])
    read = keep.read()
    assert len(read) == MOST_TURNS
    assert read[-1] == full
    assert keep.file.stat().st_size < 40_000
    assert json.loads(keep.file.read_text(encoding="utf-8"))["schema"] == 1
    with pytest.raises(UsageError):
        LastConversation(load_settings([str(tmp_path)]), tmp_path).read()
