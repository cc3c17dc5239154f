"""Follow-ups without a model: a question of a conversation becomes one that stands by itself, or stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.follow_up import complete
from askpapers.datatypes import Turn


def follow(question: str, *before: str) -> str:
    return complete(question, [Turn(text, "An answer.") for text in before])


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        ("what is GSM8K?", "and how large is it?", "how large is GSM8K?"),
        ("what is GSM8K?", "how many problems does it have?", "how many problems does GSM8K have?"),
        ("what is Whisper?", "what are its limits?", "what are Whisper's limits?"),
        ("what is Whisper?", "But how many hours was this model trained on?", "how many hours was Whisper trained on?"),
        ("how does CLIP work?", "what about Whisper?", "how does Whisper work?"),
        ("how does CLIP work?", "and how about DALL-E?", "how does DALL-E work?"),
        ("which papers use RLHF?", "which of them are about images?", "which papers use RLHF about images?"),
        (r"what is \alpha?", "what is its value?", r"what is \alpha's value?"),
        ("what is GSM8K?", "why?", "why?"),
        ("what is GPT-4's context?", "is it long?", "is GPT-4 long?"),
    ],
)
def test_what_it_stands_for_is_put_in(before: str, question: str, completed: str) -> None:
    assert follow(question, before) == completed


@pytest.mark.parametrize(
    "question",
    ["what is CLIP?", "which papers use RLHF?", "is it true that GPT-4 passes exams?", "how many hours of audio?"],
)
def test_a_question_that_stands_by_itself_stays(question: str) -> None:
    assert follow(question, "what is GSM8K?") == question


def test_the_last_question_counts() -> None:
    assert follow("how large is it?", "what is CLIP?", "what is GSM8K?") == "how large is GSM8K?"


def test_without_a_conversation_nothing_is_completed() -> None:
    assert complete("how large is it?", []) == "how large is it?"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_conversation_gives_a_question(before: str, question: str) -> None:
    completed = follow(question, before)
    assert completed.strip() or not question.strip()
    assert len(completed) <= len(before) * 3 + len(question) * 2 + 10
