"""What is no question about what papers say has a reply of its own: help, another language, ids, years."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askpapers.answering.guide import note_on_program, of_the_answer
from askpapers.answering.language import foreign_language
from askpapers.contract import turn_of
from askpapers.datatypes import Status
from askpapers.engine import Corpus

_SUITES = Path(__file__).resolve().parents[2] / "eval" / "suites"


@pytest.mark.parametrize(
    "asked",
    [
        "hi",
        "Hello there!",
        "thanks",
        "help",
        "what can you do?",
        "who are you?",
        "test",
        "?",
        "...",
        "asdf jkl",
        "asdfgh",
    ],
)
def test_help_has_examples_that_are_answered(corpus: Corpus, asked: str) -> None:
    answer = corpus.ask(asked)
    assert (answer.intent, answer.status) == ("help", Status.ANSWERED)
    assert not answer.statements
    examples = [line.strip() for line in answer.text.splitlines()[1:]]
    assert len(examples) == 4


def test_the_examples_of_help_are_answered(corpus: Corpus) -> None:
    for example in corpus.ask("help").text.splitlines()[1:]:
        assert corpus.ask(example.strip()).status is Status.ANSWERED, example


@pytest.mark.parametrize("asked", ["quokka", "tests of hypotheses", "help with proofs", "hello world programs"])
def test_a_topic_is_no_call_for_help(corpus: Corpus, asked: str) -> None:
    assert corpus.ask(asked).intent != "help"


def test_another_language_is_named(corpus: Corpus) -> None:
    answer = corpus.ask("Welche Artikel verwenden RLHF?")
    assert (answer.intent, answer.status) == ("language", Status.NOT_IN_CORPUS)
    assert "German" in answer.text
    assert "English" in answer.text


def test_no_english_question_is_taken_for_another_language() -> None:
    questions = [
        json.loads(line)["question"]
        for name in ("seeds-dev", "seeds-dev2")
        for line in (_SUITES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert [q for q in questions if foreign_language(q)] == []


def test_a_paper_by_its_id_title_or_address(corpus: Corpus) -> None:
    for paper in corpus.papers()[::3]:
        for asked in (
            paper.id,
            f"summarise paper {paper.id}",
            f"https://arxiv.org/abs/{paper.id}v2",
            f"what does the paper {paper.title} say?",
            f'summary of "{paper.title}"'.upper(),
        ):
            answer = corpus.ask(asked)
            assert answer.status is Status.ANSWERED, asked
            assert [cited.paper.id for cited in answer.papers] == [paper.id], asked


def test_an_id_that_is_not_here(corpus: Corpus) -> None:
    answer = corpus.ask("summarise paper 2110.14169")
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.text.startswith("No paper here has the id 2110.14169.")
    assert "2110.14168" in answer.text


def test_the_year_of_every_paper(corpus: Corpus) -> None:
    for paper in corpus.papers()[::5]:
        assert str(paper.year) in corpus.ask(f"when was {paper.title} published?").text


def test_years_bound_facts_too(corpus: Corpus) -> None:
    assert corpus.ask("how many problems are in GSM8K?").status is Status.ANSWERED
    assert corpus.ask("in papers before 2020, how many problems are in GSM8K?").status is Status.NOT_IN_CORPUS


@pytest.mark.parametrize(
    "asked",
    [
        "are you sure?",
        "Really?",
        "is that correct?",
        "shorter please",
        "make it shorter",
        "in simple words please",
        "more simply",
        "can you rephrase that?",
        "translate it",
    ],
)
def test_what_is_asked_of_an_answer_is_no_topic(corpus: Corpus, asked: str) -> None:
    first = corpus.ask("what is Codex?")
    answer = corpus.ask(asked, history=(turn_of(first),))
    assert answer.intent == "of the answer"
    assert answer.text.endswith("summarise paper 2107.03374")
    again = corpus.ask(asked, history=(turn_of(first), turn_of(answer)))
    assert again.text == answer.text
    assert of_the_answer(asked, ()) is None


@pytest.mark.parametrize("asked", ["shorter sequences", "is it right to train on code?", "why?", "really large models"])
def test_a_question_is_not_asked_of_the_answer(asked: str) -> None:
    assert of_the_answer(asked, ("2107.03374",)) is None


@pytest.mark.parametrize(
    "asked",
    [
        "how many patients were in the largest study?",
        "How big was the smallest randomised trial?",
        "how long was the longest study on sleep?",
    ],
)
def test_a_figure_of_the_largest_study_is_not_made_up(corpus: Corpus, asked: str) -> None:
    answer = corpus.ask(asked, llm="none")
    assert (answer.intent, answer.status) == ("ranking", Status.NOT_IN_CORPUS)
    assert "ask table" in answer.text


@pytest.mark.parametrize("asked", ["how large is the largest model?", "how many problems are in GSM8K?"])
def test_a_figure_of_a_thing_is_no_ranking_of_papers(corpus: Corpus, asked: str) -> None:
    assert corpus.ask(asked, llm="none").intent == "quantity"


def test_what_is_surely_asked_of_the_program_is_told_of_it(corpus: Corpus) -> None:
    for asked in ("can I use this offline?", "does this tool need a GPU?", "is my data sent anywhere?"):
        assert corpus.ask(asked).text.startswith("If the program itself is meant"), asked
    for asked in ("does this drug work?", "which papers compare this tool with others?"):
        assert not corpus.ask(asked).text.startswith("If the program"), asked
    history = (turn_of(corpus.ask("what is Codex?")),)
    assert corpus.ask("can I use this offline?", history=history).intent != "help"


@pytest.mark.parametrize(
    ("question", "has_note"),
    [
        ("is my data sent anywhere", True),
        ("Can you search PubMed for me?", True),
        ("does this work offline?", True),
        ("can I use this on a train?", True),
        ("could you tell me what dogs do for autism?", False),
        ("do you have papers on proteins?", False),
        ("does this drug work?", False),
    ],
)
def test_a_refused_question_about_the_program_is_told_of_it(question: str, has_note: bool) -> None:
    assert bool(note_on_program(question)) is has_note
