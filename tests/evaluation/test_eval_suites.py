from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askpapers.errors import UsageError
from askpapers.evaluation.suites import Kind, Suite, read_suite, unknown_papers, write_cases
from made_answers import PAPERS, case

GOOD: dict[str, Any] = {"id": "q1", "question": "What purrs?", "intent": "open", "answerable": True, "must": ["cats"]}


def write(folder: Path, *entries: Any, name: str = "mine.jsonl") -> Path:
    file = folder / name
    file.write_text("".join(f"{e if isinstance(e, str) else json.dumps(e)}\n" for e in entries), encoding="utf-8")
    return file


def test_a_suite_is_read(tmp_path: Path) -> None:
    suite = read_suite(write(tmp_path, {**GOOD, "facts": [["16", "sixteen"]], "not": ["12"]}, "", {**GOOD, "id": "q2"}))
    assert (suite.name, suite.held_back, suite.drafts) == ("mine", False, 0)
    first, second = suite.cases
    assert first.facts == (("16", "sixteen"),)
    assert first.forbidden == ("12",)
    assert (second.id, second.may, second.note) == ("q2", (), "")


def test_a_case_of_an_intent_alone_is_only_read(tmp_path: Path) -> None:
    entry = {"id": "i1", "question": "What purrs?", "intent": "open", "note": "plain"}
    (read,) = read_suite(write(tmp_path, entry)).cases
    assert (read.kind, read.to_dict()) == (Kind.READING, entry)
    with pytest.raises(UsageError, match="“answerable” is missing"):
        read_suite(write(tmp_path, {**entry, "must": ["cats"]}))


def test_another_text_is_another_digest(tmp_path: Path) -> None:
    one = read_suite(write(tmp_path, GOOD, name="a.jsonl"))
    two = read_suite(write(tmp_path, {**GOOD, "question": "What barks?"}, name="b.jsonl"))
    assert one.digest == read_suite(write(tmp_path, GOOD, name="c.jsonl")).digest != two.digest


def test_the_name_says_what_is_held_back(tmp_path: Path) -> None:
    assert read_suite(write(tmp_path, GOOD, name="mine-test.jsonl")).held_back


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "no JSON"),
        ("[]", "a JSON object"),
        ({**GOOD, "facst": []}, "unknown field facst"),
        ({k: v for k, v in GOOD.items() if k != "intent"}, "“intent” is missing"),
        ({**GOOD, "question": ""}, "“question” is a text"),
        ({**GOOD, "answerable": "yes"}, "“answerable” is true or false"),
        ({**GOOD, "must": "cats"}, "“must” is a list"),
        ({**GOOD, "may": [1]}, "“may” is a list of texts"),
        ({**GOOD, "facts": ["16"]}, "a list of facts, each a list of alternatives"),
        ({**GOOD, "must": []}, "names the papers that answer it"),
        ({**GOOD, "answerable": False}, "has no “must” and no “facts”"),
        (GOOD, "is on line 1 already"),
        ({**GOOD, "asks_back": True}, "refers to nothing"),
        ({"id": "k", "turns": []}, "one turn or more"),
        ({"id": "k", "turns": [GOOD]}, "one turn or more, which have none"),
        ({"id": "k", "turns": "none"}, "a list of cases without ids"),
        ({"id": "k", "turns": [{"question": "?"}]}, "“intent” is missing"),
    ],
)
def test_what_is_no_case_is_said_with_its_line(tmp_path: Path, line: Any, what: str) -> None:
    with pytest.raises(UsageError, match=rf"mine\.jsonl:2.*{what}"):
        read_suite(write(tmp_path, GOOD, line))


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe"])
def test_a_file_that_is_no_suite(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match=r"mine\.jsonl"):
        read_suite(tmp_path / "mine.jsonl")
    with pytest.raises(UsageError, match="cannot be read"):
        read_suite(tmp_path / "nowhere.jsonl")


def test_a_draft_may_be_incomplete(tmp_path: Path) -> None:
    suite = read_suite(write(tmp_path, {**GOOD, "must": [], "draft": True}))
    assert suite.drafts == 1


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    cases = [
        case("a", facts=(("16", "sixteen"),), forbidden=("12",), may=("dogs",)),
        case("b", must=(), note="near miss: not given"),
        case("c", draft=True),
    ]
    write_cases(file, cases[:1])
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")  # as some editors leave it
    write_cases(file, cases[1:], append=True)
    assert list(read_suite(file).cases) == cases


def test_kinds() -> None:
    assert case(intent="quantity").kind is Kind.FACTUAL
    assert case(intent="survey").kind is Kind.SURVEY
    assert case(intent="count", must=()).kind is Kind.ABSENT
    assert case(must=(), note="near miss: only dogs").kind is Kind.NEAR_MISS
    assert case(must=(), note="far").kind is Kind.UNANSWERABLE


def test_papers_of_another_corpus(tmp_path: Path) -> None:
    suite = read_suite(write(tmp_path, GOOD, {**GOOD, "id": "q2", "must": ["cats", "birds"]}))
    assert unknown_papers(suite, PAPERS) == {"q2": ("birds",)}


def test_a_conversation_is_read_as_its_turns(tmp_path: Path) -> None:
    turn = {key: value for key, value in GOOD.items() if key != "id"}
    back = {"question": "Why?", "intent": "open", "answerable": False, "asks_back": True}
    cases = read_suite(write(tmp_path, GOOD, {"id": "k", "turns": [turn, {**turn, "must": ["@2"]}, back]})).cases
    assert [(c.id, c.turn, c.kind) for c in cases] == [
        ("q1", 0, Kind.FACTUAL),
        ("k.1", 1, Kind.FACTUAL),
        ("k.2", 2, Kind.FACTUAL),
        ("k.3", 3, Kind.UNCLEAR),
    ]
    assert unknown_papers(Suite("s", cases, "d"), PAPERS) == {}
