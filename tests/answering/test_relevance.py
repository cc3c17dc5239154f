"""The embedded cross-encoder: what answers scores above what only sounds alike, the same in any company."""

from __future__ import annotations

import numpy as np
import pytest

from askpapers.answering.relevance import MiniLMCrossEncoder

QUESTION = "how many people live in Berlin?"
ANSWER = "The city of Berlin has 3.7 million inhabitants."
TEXTS = [
    ANSWER,
    "Berlin is well known for its museums.",
    "Bananas are yellow.",
    "",
    "強化学習",
    "\x00\x1b[31m",
]


@pytest.fixture(scope="module")
def cross_encoder() -> MiniLMCrossEncoder:
    return MiniLMCrossEncoder()


def test_an_answer_scores_above_what_sounds_alike(cross_encoder: MiniLMCrossEncoder) -> None:
    scores = cross_encoder.relevance(QUESTION, TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert scores[0] > 0 > scores[1] > scores[2]


def test_a_text_has_the_same_score_alone_and_in_any_place(cross_encoder: MiniLMCrossEncoder) -> None:
    together = cross_encoder.relevance(QUESTION, TEXTS)
    np.testing.assert_array_equal(cross_encoder.relevance(QUESTION, TEXTS[::-1])[::-1], together)
    np.testing.assert_array_equal([cross_encoder.relevance(QUESTION, [text])[0] for text in TEXTS], together)


def test_question_and_text_are_told_apart(cross_encoder: MiniLMCrossEncoder) -> None:
    there, back = cross_encoder.relevance(QUESTION, [ANSWER])[0], cross_encoder.relevance(ANSWER, [QUESTION])[0]
    assert abs(there - back) > 0.1


def test_no_texts_give_no_scores(cross_encoder: MiniLMCrossEncoder) -> None:
    assert cross_encoder.relevance(QUESTION, []).shape == (0,)


def test_long_texts_are_cut(cross_encoder: MiniLMCrossEncoder) -> None:
    short, long = cross_encoder.relevance(QUESTION, [ANSWER, ANSWER + " It has streets." * 5000])
    assert long > 0
    assert short > 0
    assert cross_encoder.relevance(QUESTION * 2000, [ANSWER]).shape == (1,)
