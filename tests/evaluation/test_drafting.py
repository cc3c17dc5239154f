from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askpapers.datatypes import Paper, Source
from askpapers.engine import Corpus
from askpapers.errors import UsageError
from askpapers.evaluation.drafting import draft_suite
from askpapers.evaluation.feedback import cases_of_feedback
from askpapers.evaluation.metrics import says
from askpapers.evaluation.suites import Kind, read_suite, write_cases
from made_answers import answer, case, quote

CATS = [("Cats purr at night.", [1])], [quote(1, "cats", "Cats purr at night.")]


def test_drafts_are_of_every_kind_and_marked(corpus: Corpus, tmp_path: Path) -> None:
    cases = draft_suite(corpus.papers(), 30)
    assert len(cases) == 30
    assert all(c.draft for c in cases)
    assert {c.kind for c in cases} == set(Kind) - {Kind.UNCLEAR, Kind.READING}
    assert len({c.question for c in cases}) == len({c.id for c in cases}) == 30
    write_cases(tmp_path / "s.jsonl", cases)
    assert read_suite(tmp_path / "s.jsonl").drafts == 30


def test_drafted_facts_stand_in_the_abstracts(corpus: Corpus) -> None:
    papers = {paper.id: paper.abstract for paper in corpus.papers()}
    for drafted in draft_suite(corpus.papers(), 60):
        assert set(drafted.must) <= papers.keys()
        for fact in drafted.facts:
            assert any(says(papers[paper], option) for option in fact for paper in drafted.must)


def test_a_corpus_with_nothing_to_ask_about_still_gives_what_is_absent() -> None:
    papers = [Paper("p", "A", "B c.", (Source("f", 1),))]
    assert {c.answerable for c in draft_suite(papers, 5)} == {False}


def feedback(tmp_path: Path, *entries: Any) -> Path:
    file = tmp_path / "feedback.jsonl"
    file.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return file


def entry(question: str, thumb: str = "up", comment: str = "", **given: Any) -> dict[str, Any]:
    return {"question": question, "thumb": thumb, "comment": comment, "answer": answer(*CATS), "time": "now", **given}


def test_a_thumb_up_is_a_case_with_the_papers_that_were_cited(tmp_path: Path) -> None:
    (found,), repeated = cases_of_feedback(feedback(tmp_path, entry("What purrs?")), [])
    assert (found.must, found.answerable, found.draft, repeated) == (("cats",), True, False, 0)
    listed = entry("Which papers are about pets?", answer=answer(matches=["cats", "dogs"]))
    (survey,), _ = cases_of_feedback(feedback(tmp_path, listed), [])
    assert (survey.must, survey.intent) == (("cats", "dogs"), "survey")


def test_a_thumb_up_for_a_refusal_is_a_question_that_cannot_be_answered(tmp_path: Path) -> None:
    (found,), _ = cases_of_feedback(feedback(tmp_path, entry("Who won?", answer=answer())), [])
    assert (found.answerable, found.must) == (False, ())


def test_a_thumb_down_is_a_draft_with_the_comment(tmp_path: Path) -> None:
    (found,), _ = cases_of_feedback(feedback(tmp_path, entry("What barks?", "down", "it is\ndogs")), [])
    assert (found.draft, found.must, found.note) == (True, (), "feedback: it is dogs")


def test_a_question_is_taken_once(tmp_path: Path) -> None:
    file = feedback(tmp_path, entry("What purrs?"), entry("what PURRS"), entry("What barks?"), entry("New?"))
    taken = [case("feedback001"), case("x")]
    taken[1] = type(taken[1])("x", "What barks?", "open", True, ("dogs",))
    cases, repeated = cases_of_feedback(file, taken)
    assert [(c.id, c.question) for c in cases] == [("feedback002", "What purrs?"), ("feedback003", "New?")]
    assert repeated == 2


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ([], "is no feedback"),
        ({"question": "?"}, "'thumb' is missing"),
        (entry("?", "sideways"), "thumb is “sideways”"),
        (entry("?", answer={}), "no answer of the JSON contract"),
        ({**entry("?"), "question": 5}, "is no feedback"),
    ],
)
def test_lines_that_are_no_feedback(tmp_path: Path, line: Any, what: str) -> None:
    with pytest.raises(UsageError, match=rf"feedback\.jsonl:2 .*{what}"):
        cases_of_feedback(feedback(tmp_path, entry("What purrs?"), line), [])
