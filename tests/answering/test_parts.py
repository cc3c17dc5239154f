"""Questions of two parts."""

from __future__ import annotations

import pytest

from askpapers.answering.parts import note_of_several, split_parts
from askpapers.datatypes import Status
from askpapers.engine import Corpus


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "how many parameters has GPT-3 and what was it trained on?",
            ("how many parameters has GPT-3?", "what was GPT-3 trained on?"),
        ),
        ("what is GSM8K and how many problems does it have?", ("what is GSM8K?", "how many problems does GSM8K have?")),
        (
            "what is area attention and on how many tasks was it tried?",
            ("what is area attention?", "on how many tasks was area attention tried?"),
        ),
        ("What is GSM8K? How many problems does it have?", ("What is GSM8K?", "How many problems does GSM8K have?")),
        ("what is GSM8K? And how large is it?", ("what is GSM8K?", "how large is GSM8K?")),
        ("what is it and how large is it?", ()),
        ("what is the difference between CLIP and GLIDE?", ()),
        ("how do humans and models compare?", ()),
        ("how many hours was the model trained on and in how many milliseconds does it react?", ()),
        ("which papers use RLHF and which use images?", ()),
    ],
)
def test_the_parts_of_a_question(question: str, parts: tuple[str, ...]) -> None:
    assert split_parts(question) == parts


def test_each_part_is_answered_or_said_to_be_missing(corpus: Corpus) -> None:
    both = corpus.ask("how was InstructGPT trained and how many problems are in GSM8K?")
    assert {p.paper.id for p in both.papers} >= {"2203.02155", "2110.14168"}
    one = corpus.ask("how many GPUs did CLIP use and how many problems are in GSM8K?")
    assert one.status is Status.ANSWERED
    assert "Not in this corpus: “how many GPUs did CLIP use?”" in one.notes


def test_several_questions_that_are_answered_as_one_are_told(corpus: Corpus) -> None:
    several = [
        note for note in corpus.ask("Which papers use CLIP? And what is CLIP anyway?").notes if "several" in note
    ]
    assert len(several) == 1


@pytest.mark.parametrize("question", ["what is CLIP?", "what is CLIP??", "who wrote “Are kilns hot? A study”?"])
def test_one_question_is_not_several(question: str) -> None:
    assert note_of_several(question) == ()
