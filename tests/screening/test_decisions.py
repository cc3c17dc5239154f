"""Decisions: lines are only added, the last one counts, undo takes it back, nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.errors import ScreeningError, UsageError
from askpapers.screening.agreement import Agreement, agreement, chance_of_less
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import DecisionLog, decisions_file
from askpapers.screening.verdicts import Label

KEPT, LEFT = Label.INCLUDE, Label.EXCLUDE


def log_in(folder: Path) -> DecisionLog:
    return DecisionLog(folder / "review.decisions.jsonl", lambda: "2026-01-02T03:04:05+00:00")


def test_a_decision_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    made = log.add(Decision("p1", LEFT, 2, "reviews", title="On pots", machine=Label.UNCLEAR))
    log.add(Decision("p2", KEPT, machine=LEFT, machine_reason="about kilns"))
    again = log_in(tmp_path)
    assert again.made == log.made
    assert again.current["p1"] == made
    assert made.at == "2026-01-02T03:04:05+00:00"
    assert (again.current["p2"].machine, again.current["p2"].machine_reason) == (LEFT, "about kilns")
    assert decisions_file(tmp_path / "review.md") == tmp_path / "review.decisions.jsonl"


steps = st.lists(st.one_of(st.tuples(st.sampled_from("abc"), st.sampled_from(list(Label)), st.booleans()), st.none()))


@settings(max_examples=40)
@given(steps=steps)
def test_undo_takes_back_the_last_decision_and_the_file_only_grows(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Label, bool] | None]
) -> None:
    log = log_in(tmp_path_factory.mktemp("log"))
    file = log._file
    expected: list[tuple[str, Label, bool]] = []
    before = b""
    for step in steps:
        if step is None:
            taken = log.undo()
            assert (taken is None) == (not expected)
            expected = expected[:-1]
        else:
            log.add(Decision(step[0], step[1], recheck=step[2]))
            expected.append(step)
        content = file.read_bytes() if file.exists() else b""
        assert content.startswith(before)
        before = content
    made = [(decision.paper, decision.label, decision.recheck) for decision in DecisionLog(file).made]
    assert made == expected
    assert {paper: d.label for paper, d in log.current.items()} == {
        p: label for p, label, again in expected if not again
    }


def test_two_processes_that_decide_lose_nothing(tmp_path: Path) -> None:
    one, other = log_in(tmp_path), log_in(tmp_path)
    one.add(Decision("p1", KEPT))
    other.add(Decision("p2", LEFT))
    taken = one.undo()
    assert taken
    assert taken.paper == "p2"
    one.add(Decision("p3", KEPT))
    other.refresh()
    assert list(other.current) == ["p1", "p3"]


def test_a_reviewer_takes_a_name_that_no_other_has(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.add(Decision("p1", KEPT, reviewer="Ana"))
    log.add(Decision("p2", LEFT, reviewer="Bo"))
    log.rename("ana", "Ana Costa")
    log.rename("Ana Costa", "ANA Costa")
    assert log_in(tmp_path).reviewers == ("ANA Costa", "Bo")
    faults = (("Ana", "Cy", "nothing here"), ("Bo", "ana costa", "another reviewer"), ("Bo", " ", "empty"))
    for old, new, fault in faults:
        with pytest.raises(UsageError, match=fault):
            log.rename(old, new)
    assert log_in(tmp_path).reviewers == ("ANA Costa", "Bo")


def test_half_a_line_is_no_decision_and_the_next_one_counts(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.add(Decision("p1", KEPT))
    with log._file.open("ab") as stream:
        stream.write(b'{"schema": 1, "paper": "p2", "la')
    again = log_in(tmp_path)
    assert "not written to its end" in again.notes[0]
    again.add(Decision("p3", LEFT))
    assert list(log_in(tmp_path).current) == ["p1", "p3"]
    assert again.notes == ()


@pytest.mark.parametrize("line", ['{"paper": "p1"}', '{"paper": "p1", "label": "maybe"}', '{"undo"}', "[1, {}]}"])
def test_a_line_that_is_no_decision_is_named(tmp_path: Path, line: str) -> None:
    log = log_in(tmp_path)
    log.add(Decision("p0", KEPT))
    log._file.write_text(log._file.read_text() + line + "\n")
    with pytest.raises(ScreeningError, match=r"decisions.jsonl:2: this is no decision") as raised:
        log_in(tmp_path)
    assert raised.value.hint


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "review.decisions.jsonl").mkdir()
    with pytest.raises(ScreeningError, match="cannot be read"):
        log_in(tmp_path)


def test_each_line_is_an_object_that_other_programs_read(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.add(Decision("p1", LEFT, None, "wrong “kiln”\nof clay", recheck=True))
    log.undo()
    first, second = map(json.loads, log._file.read_text(encoding="utf-8").splitlines())
    assert first["reason"] == {"number": None, "text": "wrong “kiln”\nof clay"}
    assert first["recheck"] is True
    assert second["undo"] == "p1"


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1))
def test_agreement_is_one_where_all_agree_and_does_not_depend_on_who_is_first(pairs: list[tuple[bool, bool]]) -> None:
    found, turned = agreement(pairs), agreement([(b, a) for a, b in pairs])
    assert found
    assert turned
    assert found.kappa == turned.kappa
    assert (found.observed == 1) == all(a == b for a, b in pairs)
    assert found.pabak == pytest.approx(2 * found.observed - 1)
    assert found.kappa is None or found.kappa <= 1
    if found.observed == 1:
        assert found.kappa in (None, 1)


def test_kappa_of_an_example_that_was_worked_by_hand() -> None:
    found = Agreement(both_keep=20, only_first=5, only_second=10, both_exclude=15)
    assert found.observed == 0.7
    assert found.kappa == pytest.approx(0.4)
    assert found.pabak == pytest.approx(0.4)
    assert agreement([]) is None


def test_a_screening_may_not_stop_at_its_start_and_may_once_all_is_seen() -> None:
    assert chance_of_less([], 100) == 1
    assert chance_of_less([False] * 10, 100) == 1
    assert chance_of_less([True] * 10, 100) == 1
    assert chance_of_less([True] * 10 + [False] * 90, 100) == 0


def test_the_chance_is_that_of_a_sample_in_which_nothing_was_found() -> None:
    # 20 found; with less than 95% recall at least one of the other 80 is wanted: drawing 60 misses it with 20/80.
    kept = [True] * 20 + [False] * 60
    assert chance_of_less(kept, 100) == pytest.approx((20 / 80) * (19 / 79))  # 20 / 0.95 is 21.05: two are missed


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 40))
def test_more_papers_without_one_to_keep_only_make_it_less_likely(kept: list[bool], more: int) -> None:
    total = len(kept) + 41
    first, then = chance_of_less(kept, total), chance_of_less([*kept, *[False] * more], total)
    assert 0 <= then <= first + 1e-9 <= 1 + 1e-9
