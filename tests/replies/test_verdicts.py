"""Verdicts on numbered papers: in the form that was asked for, nearly in it, and in lines of prose."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.replies.verdicts import read_verdict, read_verdicts

TITLES = ["KilnNet: steady heat for small potteries", "Geese"]
QUOTE = "KilnNet reduces cracking by 17%"
BOTH = {1: ("match", QUOTE), 2: ("no", "")}
BARE = {1: ("match", ""), 2: ("no", "")}
FIRST, SECOND = {"number": 1, "verdict": "match", "quote": QUOTE}, {"number": 2, "verdict": "no", "quote": ""}


@pytest.mark.parametrize(
    "value",
    [
        {"papers": [FIRST, SECOND]},
        [FIRST, SECOND],
        {"results": [FIRST, SECOND]},
        {"verdicts": [FIRST, SECOND]},
        {"papers": [{**FIRST, "number": "1"}, {**SECOND, "number": "[2]"}]},
        {"papers": [{**FIRST, "number": 1.0}, {**SECOND, "number": "Paper 2"}]},
        {"papers": [{**FIRST, "verdict": "Match"}, {**SECOND, "verdict": "NO"}]},
        {"papers": [{**FIRST, "verdict": "relevant"}, {**SECOND, "verdict": "not relevant"}]},
        {"papers": [{**FIRST, "verdict": True}, {**SECOND, "verdict": False}]},
        {"papers": [{"id": 1, "label": "yes", "evidence": QUOTE}, {"id": 2, "label": "No.", "evidence": ""}]},
        {"papers": {"1": {"verdict": "match", "quote": QUOTE}, "2": {"verdict": "no"}}},
        {"1": {"verdict": "match", "quote": QUOTE}, "2": "no"},
        {"Paper 1": {"verdict": "match", "quote": QUOTE}, "Paper 2": {"verdict": "no match"}},
        [{"verdict": "match", "quote": QUOTE}, {"verdict": "no"}],
        [{"title": TITLES[0], "verdict": "match", "quote": QUOTE}, {"title": "geese", "verdict": "no"}],
        {"Papers": [{"Number": 1, "Verdict": "match", "Quote": QUOTE}, {"Number": 2, "Verdict": "no"}]},
    ],
)
@pytest.mark.parametrize(
    "frame", ["{}", "```json\n{}\n```", "Here are my verdicts:\n{}\nDone!", "<think>[2] no</think>{}"]
)
def test_json_nearly_in_form(value: object, frame: str) -> None:
    text = frame.replace("{}", json.dumps(value))
    assert read_verdicts(text, TITLES) == BOTH
    assert read_verdicts(frame.replace("{}", json.dumps(value, indent=2)), TITLES) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        '{"papers": [{"number": 1, "verdict": "match", "quote": "QUOTE",}, {"number": 2, "verdict": "no",},]}',
        "{'papers': [{'number': 1, 'verdict': 'match', 'quote': 'QUOTE'}, {'number': 2, 'verdict': 'no'}]}",
        '{"number": 1, "verdict": "match", "quote": "QUOTE"}\n{"number": 2, "verdict": "no", "quote": ""}',
        '{"papers": [{"number": 1, "verdict": "match", "quote": "QUOTE"}, {"number": 2, "verdict": "no", "quo',
        '1: match - "QUOTE"\n2: no - it is about geese',
        "[1] **Match**: “QUOTE”\n[2] **No**",
        "| Paper | Verdict | Quote |\n|---|---|---|\n| 1 | Match | “QUOTE” |\n| 2 | no | - |",
        "1. KilnNet: steady heat for small potteries: match – “QUOTE”\n2. Geese: no",
        "- Paper 1: Yes. “QUOTE”\n- Paper 2: Not relevant.",
    ],
)
def test_damaged_json_and_lines(text: str) -> None:
    assert read_verdicts(text.replace("QUOTE", QUOTE), TITLES) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "1: match\n2: no",
        "Paper 1 - match\nPaper 2 - no",
        "**1.** match - it reduces cracking\n**2.** no - geese",
        "(1) yes\n(2) no",
        "#1 = relevant\n#2 = irrelevant",
        '["match", "no"]',
        '{"1": "match", "2": "no"}',
    ],
)
def test_verdicts_without_quotes(text: str) -> None:
    assert read_verdicts(text, TITLES) == BARE


@pytest.mark.parametrize(
    "text", ["", "I think that many of them do.", "[1] and [2] are about kilns.", '{"papers": 3}', "{]"]
)
def test_what_holds_no_verdict(text: str) -> None:
    assert read_verdicts(text, TITLES) == {}


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("partially", "mention"),
        ("Partial match", "mention"),
        ("mentions", "mention"),
        ("not a match", "no"),
        ("doesn't match", "no"),
        ("Unclear", "unclear"),
        ("maybe", "unclear"),
        ("N/A", "unclear"),
        ("nothing", None),
        ("matching-based retrieval", "match"),
        ("notable", None),
        (3, None),
        (None, None),
    ],
)
def test_verdicts_in_other_words(words: object, verdict: str | None) -> None:
    assert read_verdict(words) == verdict


@given(st.text(alphabet='{}[]":,12 matchnoverdict\n|*-', max_size=80))
def test_any_text_gives_verdicts_that_are_known(text: str) -> None:
    for number, (verdict, quote) in read_verdicts(text, TITLES).items():
        assert isinstance(number, int)
        assert isinstance(quote, str)
        assert verdict in ("match", "mention", "no", "unclear")
