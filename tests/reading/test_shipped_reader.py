"""The reader that ships: what answers is above what only sounds alike, the same in any company."""

from __future__ import annotations

import numpy as np
import pytest

from askpapers.reading.cross_encoder import CrossEncoderReader
from askpapers.reading.protocol import Pair, RelevanceLabel

NEITHER, MENTIONS, ANSWERS = RelevanceLabel
QUESTION = "how many people live in Berlin?"
ANSWER = "The city of Berlin has 3.7 million inhabitants."
TEXTS = [ANSWER, "Berlin is well known for its museums.", "Bananas are yellow.", "", "強化学習", "\x00\x1b[31m"]
PAIRS: list[Pair] = [(QUESTION, text) for text in TEXTS]


@pytest.fixture(scope="module")
def reader() -> CrossEncoderReader:
    return CrossEncoderReader()


def test_an_answer_is_above_what_sounds_alike(reader: CrossEncoderReader) -> None:
    rows = reader.relevance(PAIRS)
    assert rows.shape == (len(PAIRS), 3)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-5)
    answers = rows[:, ANSWERS]
    assert answers[0] > 0.5 > answers[1]
    assert answers[0] > answers[2]
    assert rows[2].argmax() == NEITHER


@pytest.mark.usefixtures("models_run_anew")
def test_a_pair_has_the_same_row_alone_and_in_any_place() -> None:
    def read(pairs: list[Pair]) -> list[list[float]]:
        rows: list[list[float]] = CrossEncoderReader().relevance(pairs).tolist()  # a reader remembers its pairs
        return rows

    together = read(PAIRS)
    assert read(PAIRS[::-1])[::-1] == together
    assert [read([pair])[0] for pair in PAIRS[:2]] == together[:2]


def test_question_and_text_are_not_interchangeable(reader: CrossEncoderReader) -> None:
    there, back = reader.relevance([(QUESTION, ANSWER), (ANSWER, QUESTION)])
    assert np.abs(there - back).max() > 0.01


def test_a_long_text_and_a_long_question_are_cut(reader: CrossEncoderReader) -> None:
    rows = reader.relevance(
        [(QUESTION, ANSWER), (QUESTION, ANSWER + " It has streets." * 5000), (QUESTION * 2000, ANSWER)]
    )
    assert rows.shape == (3, 3)
    assert rows[:2, ANSWERS].min() > 0.5


def test_no_pairs_have_no_rows(reader: CrossEncoderReader) -> None:
    assert reader.relevance([]).shape == (0, 3)
