from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from askpapers.datatypes import Turn
from askpapers.errors import UsageError
from askpapers.evaluation.replies import read_replies
from askpapers.evaluation.rightness import wrong_questions
from askpapers.evaluation.runs import corpus_system, foreign_system, run_suite
from askpapers.evaluation.suites import Case, Suite
from made_answers import ABSTRACTS, PAPERS, answer, case, check_words, quote


def quiet(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


SUITE = Suite("small", (case("a"), case("b", must=("dogs",)), case("c", must=(), note="far")), "d1")


def answer_cats(question: str, before: Sequence[Turn] = ()) -> dict[str, Any]:
    if question == "Question c?":
        engine = {"embedder": "e1", "synthesizer": "extractive"}
        return answer(question=question, engine=engine, usage={"prompt_tokens": 5})
    cited = [quote(1, "cats", "Cats purr at night.")]
    engine = {"embedder": "e1", "synthesizer": "survey"}
    return answer([("Cats purr at night.", [1])], cited, question=question, engine=engine)


def test_every_question_is_asked_in_order_and_progress_is_told() -> None:
    asked: list[str] = []
    told: list[tuple[str, int, int | None]] = []

    def ask(question: str, before: Sequence[Turn]) -> dict[str, Any]:
        asked.append(question)
        return answer_cats(question)

    system = corpus_system(ask, lambda question: ["cats", "dogs"])
    run = run_suite(SUITE, system, PAPERS, check_words, lambda *step: told.append(step))
    assert asked == ["Question a?", "Question b?", "Question c?"]
    assert told == [("small", n, 3) for n in range(4)]
    assert run.values("right_paper_first") == {"a": 1.0, "b": 0.0}
    assert run.values("refused") == {"c": 1.0}
    assert run.values("retrieval_rr_10") == {"a": 1.0, "b": 0.5}
    assert run.estimates()["right_paper_first"].mean == 0.5
    assert run.fingerprints["synthesizer"] == "extractive, survey"
    assert run.fingerprints["suite"] == "d1"
    assert run.fingerprints["version"].startswith("askpapers ")


def test_a_question_that_is_only_read_is_not_answered() -> None:
    suite = Suite("read", (Case("a", "which papers?", "survey", None), Case("b", "how many?", "count", None)), "d1")
    asked: list[str] = []

    def ask(question: str, before: Sequence[Turn]) -> dict[str, Any]:
        asked.append(question)
        return {**answer_cats(question), "intent": "count"}

    system = corpus_system(ask, lambda question: ["cats"], lambda question: "survey")
    run = run_suite(suite, system, PAPERS, check_words, quiet)
    assert asked == []
    assert [outcome.scores for outcome in run.outcomes] == [{"intent": 1.0}, {"intent": 0.0}]
    assert [wrong.faults for wrong in wrong_questions(run)] == [("read as survey, and it is count",)]
    answered = run_suite(suite, corpus_system(ask), PAPERS, check_words, quiet)
    assert [outcome.scores["intent"] for outcome in answered.outcomes] == [0.0, 1.0]
    assert len(asked) == 2


def test_answers_made_elsewhere_are_scored_the_same(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    lines = [{**answer_cats(c.question), "id": c.id} for c in SUITE.cases]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    theirs = run_suite(SUITE, foreign_system(read_replies(file), "f"), PAPERS, check_words, quiet)
    ours = run_suite(SUITE, corpus_system(answer_cats, lambda q: []), PAPERS, check_words, quiet)
    for one, other in zip(theirs.outcomes, ours.outcomes, strict=True):
        assert one.scores == {n: s for n, s in other.scores.items() if not n.startswith("retrieval")}
        assert one.ranking is None


def test_a_question_without_an_answer_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(json.dumps({**answer(), "id": "a"}), encoding="utf-8")
    with pytest.raises(UsageError, match=r"f has no answer to b\."):
        run_suite(SUITE, foreign_system(read_replies(file), "f"), PAPERS, check_words, quiet)


def test_a_suite_of_another_corpus_is_an_error() -> None:
    suite = Suite("other", (case("a", must=("birds",)), case("b")), "d1")
    with pytest.raises(UsageError, match=r"1 of 2 questions of other expect papers .* birds for one"):
        run_suite(suite, corpus_system(answer_cats, lambda q: []), PAPERS, check_words, quiet)


def test_what_may_be_cited_counts_neither_way_in_a_ranking() -> None:
    suite = Suite("s", (case("a", must=("dogs",), may=("cats",)),), "d")
    run = run_suite(suite, corpus_system(answer_cats, lambda q: list(ABSTRACTS)), PAPERS, check_words, quiet)
    assert run.values("retrieval_rr_10") == {"a": 1.0}  # cats come first, and are not looked at


def test_a_turn_is_asked_with_the_turns_before_it() -> None:
    cases = tuple(replace(case(name), turn=turn) for name, turn in (("a", 1), ("b", 2), ("d", 1), ("e", 2)))
    seen: list[list[str]] = []

    def ask(question: str, before: Sequence[Turn]) -> dict[str, Any]:
        seen.append([turn.question for turn in before])
        return answer_cats(question)

    run = run_suite(Suite("talk", cases, "d"), corpus_system(ask, lambda q: []), PAPERS, check_words, quiet)
    assert seen == [[], ["Question a?"], [], ["Question d?"]]
    assert run.values("turn_right") == dict.fromkeys("abde", 1.0)
    assert run.values("follow_up_right") == {"b": 1.0, "e": 1.0}


def test_a_place_in_must_is_one_of_the_list_before() -> None:
    cases = (
        replace(case("list", "survey", ("cats", "dogs")), turn=1),
        replace(case("second", must=("@2",)), turn=2),
        replace(case("last", must=("@-1",)), turn=3),
        replace(case("tenth", must=("@10",)), turn=4),
    )

    def ask(question: str, before: Sequence[Turn]) -> dict[str, Any]:
        if not before:
            quotes = [quote(1, "cats", "Cats purr at night."), quote(2, "dogs", "Dogs bark at strangers.")]
            return answer([], quotes, ("cats", "dogs"), question=question, coverage={"checked": 3, "total": 3})
        return answer([("Dogs bark.", [1])], [quote(1, "dogs", "Dogs bark at strangers.")], question=question)

    run = run_suite(Suite("talk", cases, "d"), corpus_system(ask, lambda q: []), PAPERS, check_words, quiet)
    assert run.values("turn_right") == {"list": 1.0, "second": 1.0, "last": 1.0, "tenth": 0.0}


def test_a_question_back_is_right_where_nothing_is_referred_to() -> None:
    cases = tuple(replace(case(name, must=()), turn=1, asks_back=True) for name in ("asks", "refuses"))
    texts = {"Question asks?": "What does “it” refer to?", "Question refuses?": ""}

    def ask(question: str, before: Sequence[Turn]) -> dict[str, Any]:
        return {**answer(question=question), "text": texts[question]}

    run = run_suite(Suite("talk", cases, "d"), corpus_system(ask, lambda q: []), PAPERS, check_words, quiet)
    assert run.values("asked_back") == run.values("turn_right") == {"asks": 1.0, "refuses": 0.0}
