"""`ask about`."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Ask


@pytest.fixture
def ask(run_ask: Ask, seeds: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run the command line on the seeds."""
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    return run_ask


def test_about_tells_what_the_question_tells(ask: Ask) -> None:
    told, asked = ask("about"), ask("what is this corpus about?")
    assert told.code == asked.code == 0
    assert told.out.split() == asked.out.split()
    assert "human feedback" in told.out


def test_about_as_json(ask: Ask) -> None:
    shown = ask("about", "--json").json
    assert shown["papers"] == sum(year["papers"] for year in shown["years"]) == 34
    assert sum(topic["papers"] for topic in shown["topics"]) + shown["other"] == 34


def test_about_a_topic_is_a_question(ask: Ask) -> None:
    ask("about", "reinforcement", "learning").assert_refused(
        2, "whole corpus", "which papers are about reinforcement learning"
    )
