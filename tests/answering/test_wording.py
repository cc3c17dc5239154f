"""A question means the same however it is dressed: held over the development questions and over generated dress."""

from __future__ import annotations

import json
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.query import Query, read_query
from askpapers.answering.wording import plain_question
from askpapers.datatypes import Answer
from askpapers.engine import Corpus
from dresses import DRESSES

_SUITES = Path(__file__).resolve().parents[2] / "eval" / "suites"
QUESTIONS = [
    json.loads(line)["question"]
    for name in ("seeds-dev", "seeds-dev2")
    for line in (_SUITES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
][::10]
# The letters of names that the corpus does not know tell them from words: these two dresses take that away.
_TAKES_NAMES = ("capitals", "small letters", "title case", "headline")


def no_name(word: str) -> None:
    """A corpus without names."""


def meaning(query: Query) -> tuple[object, ...]:
    return query.text, query.intent, query.years


@pytest.fixture(scope="module")
def meanings(corpus: Corpus) -> dict[str, tuple[object, ...]]:
    """What each question means as it stands."""
    return {question: meaning(read_query(question, corpus.index)) for question in QUESTIONS}


@pytest.mark.parametrize("dress", [name for name in DRESSES if name not in _TAKES_NAMES])
def test_a_dressed_question_is_the_same_query(
    corpus: Corpus, meanings: dict[str, tuple[object, ...]], dress: str
) -> None:
    index = corpus.index
    other = [
        question for question in QUESTIONS if meaning(read_query(DRESSES[dress](question), index)) != meanings[question]
    ]
    assert len(other) <= len(QUESTIONS) * 0.02, other


def test_what_the_papers_are_for_is_needed() -> None:
    plain = plain_question("My talk is on gut bacteria. Which papers should I read?", no_name)
    assert plain == "my talk is on gut bacteria. Which papers should I read?"


def _found(answer: Answer) -> tuple[object, ...]:
    return answer.status, frozenset((paper.paper.id, paper.relevance) for paper in answer.papers)


def test_a_dressed_question_has_the_same_answer(corpus: Corpus, meanings: dict[str, tuple[object, ...]]) -> None:
    """Where the query differs, the answer is made and compared: at most two of a hundred differ."""
    dealt = [(q, name) for q, names in zip(QUESTIONS, cycle(_thirds(list(DRESSES))), strict=False) for name in names]
    changed = []
    for question, name in dealt:
        dressed = DRESSES[name](question)
        if meaning(read_query(dressed, corpus.index)) != meanings[question]:
            answers = [corpus.ask(text, llm="none") for text in (question, dressed)]
            if _found(answers[0]) != _found(answers[1]):
                changed.append((name, question))
    assert len(dealt) > 175
    assert len(changed) <= len(dealt) * 0.02, changed


def _thirds(names: list[str]) -> list[list[str]]:
    return [names[start::3] for start in range(3)]


@given(st.text(max_size=80))
def test_the_canonical_form_is_its_own(text: str) -> None:
    once = plain_question(text, no_name)
    assert plain_question(once, no_name) == once


@given(
    st.lists(st.sampled_from(list(DRESSES)), max_size=2, unique=True),
    st.sampled_from([q for q in QUESTIONS if q[-1] == "?"]),
)
def test_dress_over_dress(names: list[str], question: str) -> None:
    dressed = question
    for name in names:
        dressed = DRESSES[name](dressed)
    assert plain_question(dressed, no_name).casefold().rstrip("?") == plain_question(
        question, no_name
    ).casefold().rstrip("?")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I read about CLIP. Is it large?", "i read about CLIP. Is it large?"),
        ("Hi there, what is RLHF? Which papers use it?", "what is RLHF? Which papers use it?"),
        ("so-called weak supervision", "so-called weak supervision"),
        ("papers on well-being", "papers on well-being"),
        ("Thanks", "thanks"),
        ("“on cats” and “on dogs”", '"on cats" and "on dogs"'),
        ("Is it in U.S. data?", "is it in U.S. data?"),
    ],
)
def test_what_is_no_dress_stays(typed: str, read: str) -> None:
    names = {"clip": "CLIP", "rlhf": "RLHF"}
    assert plain_question(typed, lambda word: names.get(word.casefold())) == read


@pytest.mark.parametrize(
    "typed",
    [
        "hi, could u pls tell me whats the price of clay thx",
        "can u tell me whats the price of clay plz",
        "pls whats the price of clay",
    ],
)
def test_chat_writing_is_plain_writing(typed: str) -> None:
    assert plain_question(typed, no_name) == "what's the price of clay?"


@pytest.mark.parametrize("tail", ["like I'm five", "to a beginner", "we should read first", "i need to start with"])
def test_for_whom_it_is_is_no_part_of_what_is_asked(tail: str) -> None:
    assert plain_question(f"papers on clay {tail}", no_name) == "papers on clay"


def test_a_letter_by_itself_is_no_chat_writing() -> None:
    assert plain_question("what is u in U-Net?", no_name) == "what is u in U-Net?"


@given(
    st.sampled_from(
        [
            "i'm curious",
            "I am just wondering",
            "we're curious",
            "curious",
            "I'd like to know",
            "can you tell me",
            "my boss wants to know",
            "one thing we wondered",
            "we are interested",
        ]
    ),
    st.sampled_from([" - ", ": ", "; ", " -- ", " – "]),
    st.sampled_from(
        [
            "do any papers look at smoking?",
            "are there trials of smoking?",
            "has anyone studied smoking?",
            "which studies use rats?",
            "how was smoking measured?",
        ]
    ),
)
def test_what_opens_a_question_before_a_break_is_no_part_of_it(opener: str, pause: str, question: str) -> None:
    assert plain_question(f"{opener}{pause}{question}", no_name) == question


@pytest.mark.parametrize("typed", ["latency - which papers care?", "asthma in children: which trials are there?"])
def test_a_topic_before_a_break_stays(typed: str) -> None:
    assert plain_question(typed, no_name).startswith(typed.split()[0])
