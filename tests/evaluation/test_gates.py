from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.errors import UsageError
from askpapers.evaluation.accepted import accept, read_accepted, write_accepted
from askpapers.evaluation.gates import Gate, judge, read_gates
from made_answers import run_of

ALL_RIGHT = {f"q{n}": {"facts": 1.0, "answered": 1.0} for n in range(10)}


def spoilt(wrong: int) -> dict[str, dict[str, float]]:
    return {key: {"facts": 0.0 if n < wrong else 1.0, "answered": 1.0} for n, key in enumerate(ALL_RIGHT)}


def test_nothing_changed() -> None:
    judged = judge(run_of(ALL_RIGHT), {"facts": Gate(1.0, 0.0)}, accept(run_of(ALL_RIGHT), "first"))
    assert (judged.failed, judged.lost, judged.won, judged.renewed) == ((), (), (), ())
    assert [result.metric for result in judged.results] == ["answered", "facts"]


def test_a_broken_floor() -> None:
    judged = judge(run_of(spoilt(1)), {"facts": Gate(floor=0.95)}, None)
    assert [r.failures for r in judged.failed] == [("0.900, below the floor of 0.950",)]
    assert not judge(run_of(spoilt(1)), {"facts": Gate(floor=0.9)}, None).failed


def test_a_metric_that_is_no_longer_measured_breaks_its_floor() -> None:
    judged = judge(run_of({"q0": {"facts": 1.0}}), {"verbatim": Gate(floor=0.9)}, None)
    assert [r.failures for r in judged.failed] == [("not measured, below the floor of 0.900",)]


def test_a_drop_must_exceed_its_allowance_and_twice_its_error() -> None:
    accepted = accept(run_of(ALL_RIGHT), "first")
    # One of ten lost: 0.1 ± 0.1, and eight of ten: 0.8 ± 0.133.
    assert not judge(run_of(spoilt(1)), {"facts": Gate(drop=0.0)}, accepted).failed
    assert not judge(run_of(spoilt(8)), {"facts": Gate(drop=0.9)}, accepted).failed
    (result,) = judge(run_of(spoilt(8)), {"facts": Gate(drop=0.02)}, accepted).failed
    assert result.failures == (
        "fell by 0.800 ± 0.133 over 10 questions; allowed are 0.020 and twice the standard error",
    )


def test_a_rise_breaks_nothing() -> None:
    accepted = accept(run_of(spoilt(8)), "first")
    assert not judge(run_of(ALL_RIGHT), {"facts": Gate(0.5, 0.0)}, accepted).failed


def test_questions_lost_and_won_the_most_first() -> None:
    before = {"a": {"facts": 1.0, "answered": 1.0}, "b": {"facts": 0.5}, "c": {"facts": 1.0}, "d": {"facts": 1.0}}
    now = {"a": {"facts": 0.0, "answered": 0.0}, "b": {"facts": 1.0}, "c": {"facts": 0.5}, "d": {"facts": 1.0}}
    judged = judge(run_of({**now, "new": {"facts": 0.0}}), {}, accept(run_of(before), "first"))
    assert [change.outcome.case.id for change in judged.lost] == ["a", "c"]
    assert judged.lost[0].moved == {"answered": (1.0, 0.0), "facts": (1.0, 0.0)}
    assert judged.lost[0].before.answer == "Answer a."
    assert [(change.outcome.case.id, change.net) for change in judged.won] == [("b", 0.5)]


def test_a_changed_fingerprint_is_said() -> None:
    judged = judge(run_of(ALL_RIGHT, digest="d2"), {}, accept(run_of(ALL_RIGHT, digest="d1"), "first"))
    assert judged.renewed == (("suite", "d1", "d2"),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[", "cannot be read"),
        ("facts = 0.9", "“facts” is no table"),
        ("[s]\nfatcs = { floor = 0.9 }", "no metric “fatcs”"),
        ("[s]\nfacts = 0.9", "“facts” is no gate"),
        ("[s]\nfacts = {}", "“facts” is no gate"),
        ("[s]\nfacts = { flour = 0.9 }", "“facts” is no gate"),
        ("[s]\nfacts = { floor = 90 }", "numbers from 0 to 1"),
        ("[s]\nfacts = { drop = true }", "numbers from 0 to 1"),
    ],
)
def test_gates_that_are_none(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "gates.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=what):
        read_gates(file)


def test_gates_are_read(tmp_path: Path) -> None:
    file = tmp_path / "gates.toml"
    file.write_text("[s]\nfacts = { floor = 0.9, drop = 0 }\nverbatim = { floor = 1 }", encoding="utf-8")
    assert read_gates(file) == {"s": {"facts": Gate(0.9, 0.0), "verbatim": Gate(1.0, None)}}


def test_accepted_results_are_what_was_accepted(tmp_path: Path) -> None:
    file = tmp_path / "eval" / "accepted.json"
    one, two = accept(run_of({"a": {"facts": 2 / 3}}), "first"), accept(run_of(ALL_RIGHT), "“why”")
    write_accepted(file, {"one": one, "two": two})
    found = read_accepted(file)
    assert found == {"one": one, "two": two}
    assert found["one"].values("facts") == {"a": 0.6667}
    # A line for each question, so that a change of the file can be read.
    assert '  "a": {"status": "answered", "scores": [0.6667], "answer": "Answer a."}' in file.read_text().splitlines()


def test_answers_that_are_held_back_are_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "accepted.json"
    write_accepted(file, {"s-test": accept(run_of(ALL_RIGHT, "s-test"), "first")})
    assert "Answer" not in file.read_text(encoding="utf-8")
    assert read_accepted(file)["s-test"].values("facts") == dict.fromkeys(ALL_RIGHT, 1.0)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"schema": 2, "suites": {}}', '{"schema": 1, "suites": {"s": {}}}', '{"schema": 1}']
)
def test_a_file_that_holds_no_accepted_results(tmp_path: Path, text: str) -> None:
    file = tmp_path / "accepted.json"
    assert read_accepted(file) == {}
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="holds no accepted results"):
        read_accepted(file)
