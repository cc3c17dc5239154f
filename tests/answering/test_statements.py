"""A yes/no question as the statement that "yes" would say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.statements import read_statement, sides_in_words
from askpapers.datatypes import Stance
from askpapers.text import words

SUBJECTS = ["larger models", "reinforcement learning from human feedback", "model-free methods", "training on code"]
VERBS = ["improve accuracy", "need more data", "hallucinate less", "lead to better answers"]
PREDICATES = ["better than small ones", "necessary", "preferred by people", "as robust as humans", "able to plan"]


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("does scaling help robustness?", "Scaling helps robustness."),
        ("do larger models hallucinate less?", "Larger models hallucinate less."),
        (
            "Does X carry over to Y tasks?",
            "X carry over to Y tasks.",
        ),  # no verb that is known: all its words all the same
        ("does zero-shot transfer require fine-tuning?", "Zero-shot transfer requires fine-tuning."),
        ("is training on code better than training on text?", "Training on code is better than training on text."),
        ("is model-free learning sample efficient?", "Model-free learning is sample efficient."),
        ("can a smaller model beat a larger one?", "A smaller model can beat a larger one."),
        ("has scaling led to safer models?", "Scaling has led to safer models."),
        ("doesn't scaling help robustness?", "Scaling helps robustness."),
        ("is it true that larger models lie more?", "Larger models lie more."),
        ("do the papers agree that dropout helps?", "Dropout helps."),
        ("is there evidence that exercise helps memory?", "Exercise helps memory."),
        ("do small nets ever have an advantage?", "Small nets have an advantage."),
        ("is the removal of the tumor better than radiation?", "The removal of the tumor is better than radiation."),
        ("is lung cancer deadlier than other cancers?", "Lung cancer is deadlier than other cancers."),
        ("is load positively related to pressure?", "Load is positively related to pressure."),
        ("are guided and planned operations safe?", "Guided and planned operations are safe."),
        ("could you tell me if dropout helps?", ""),
        ("is adam or sgd better?", ""),
        ("does it help?", ""),
        ("which papers use dropout?", ""),
        ("what is dropout?", ""),
        ("why does dropout help?", ""),
        ("is?", ""),
        ("", ""),
    ],
)
def test_the_statement_of(question: str, statement: str) -> None:
    assert read_statement(question) == statement


@given(st.sampled_from(SUBJECTS), st.sampled_from(VERBS), st.sampled_from(["do", "can", "will", "did"]))
def test_the_subject_comes_first_before_a_verb(subject: str, verb: str, aux: str) -> None:
    expected = f"{subject} {verb}" if aux in ("do", "did") else f"{subject} {aux} {verb}"
    assert read_statement(f"{aux} {subject} {verb}?").casefold() == f"{expected}.".casefold()


@given(st.sampled_from(SUBJECTS), st.sampled_from(PREDICATES), st.sampled_from(["is", "are", "was"]))
def test_the_subject_comes_first_before_an_adjective(subject: str, predicate: str, aux: str) -> None:
    assert read_statement(f"{aux} {subject} {predicate}?").casefold() == f"{subject} {aux} {predicate}.".casefold()


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    read_statement(text)
    statement = read_statement(f"does {text}?")
    given_words = [word.casefold() for word, *_ in words(text)]
    assert not statement or len(list(words(statement))) >= len(given_words) - 1


def test_sides_in_words() -> None:
    assert sides_in_words({Stance.YES: 2, Stance.NO: 1, Stance.MIXED: 1}) == "2 say yes, 1 says no, 1 is mixed"
    assert sides_in_words({}) == "none takes a side"
