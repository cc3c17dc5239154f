from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askpapers.contract import answer_dict
from askpapers.engine import Corpus
from askpapers.errors import UsageError
from askpapers.evaluation.replies import read_replies, read_reply
from made_answers import answer, quote, reply


def test_an_answer_of_ours_is_read_whole(corpus: Corpus) -> None:
    given = corpus.ask("how many problems are in GSM8K?")
    found = read_reply(answer_dict(given))
    assert found.answered
    assert [said.text for said in found.statements] == [s.text for s in given.statements]
    assert [c.text for c in found.citations] == [c.quote.text for c in given.citations]
    assert [p.id for p in found.papers] == [p.paper.id for p in given.papers]
    assert found.cost.milliseconds
    assert found.engine["index"] == given.engine.index


def test_the_least_that_is_an_answer() -> None:
    found = read_reply({"status": "not_in_corpus"})
    assert (found.answered, found.statements, found.papers, found.intent) == (False, (), (), None)
    assert found.cost.milliseconds is None


def test_a_citation_that_is_not_there_is_none() -> None:
    found = reply([("Cats purr.", [1, 7])], [quote(1, "cats", "Cats purr")])
    assert [c and c.paper for c in found.statements[0].citations] == ["cats", None]


def test_what_a_survey_lists() -> None:
    judged = reply(matches=["cats"], papers=[{"id": "cats", "verdict": "match"}, {"id": "dogs", "verdict": "mention"}])
    assert judged.judges
    assert judged.listed(judges=True) == ("cats",)
    unjudged = reply([("Two.", [])], papers=[{"id": "cats"}, {"id": "dogs"}])
    assert not unjudged.judges
    assert unjudged.listed(judges=False) == ("cats", "dogs")
    assert unjudged.listed(judges=True) == ()  # of a system that does judge, but did not here


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        ({}, "'status' is missing"),
        ({"status": "maybe"}, "status is “maybe”"),
        ([], "list"),
        ({**answer(), "citations": [{"number": 1, "quote": "x"}]}, "'paper' is missing"),
        ({**answer(), "citations": [{"number": "one", "paper": "cats", "quote": "x"}]}, "one"),
        ({**answer(), "statements": [{"text": 5}]}, "5 is no text"),
        ({"status": "answered", "papers": [{"title": "?"}]}, "'id' is missing"),
    ],
)
def test_what_is_no_answer(broken: Any, what: str) -> None:
    with pytest.raises(UsageError, match=rf"^line 3 is no answer of the JSON contract: .*{what}"):
        read_reply(broken, "line 3")


def test_answers_are_found_by_id_and_by_question(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    lines = [
        {**answer(text="by id"), "id": "q1"},
        {**answer(text="by question"), "question": "What  PURRS?"},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    replies = read_replies(file)
    found = [replies.find("q1", "?"), replies.find("q2", "what purrs?")]
    assert [r.text for r in found if r] == ["by id", "by question"]
    assert replies.find("q3", "what barks?") is None


@pytest.mark.parametrize(("line", "what"), [("{", "is no JSON"), (json.dumps(answer()), "neither “id” nor “question”")])
def test_lines_that_are_no_answers(tmp_path: Path, line: str, what: str) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=rf"answers\.jsonl:2 .*{what}|answers\.jsonl:2 {what}"):
        read_replies(file)
    with pytest.raises(UsageError, match="cannot be read"):
        read_replies(tmp_path / "nowhere.jsonl")
