"""The runner, on a tiny model with random weights; what it is given is told by what it answers."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from askpapers.reading.onnx import OnnxReader
from askpapers.reading.protocol import Pair, Reader, RelevanceLabel, SupportLabel

HERE = Path(__file__).parent
MODEL = (HERE / "tiny_reader" / "model.onnx").read_bytes()
PAIRS: list[Pair] = [
    ("do cats purr?", "Cats purr. They sleep sixteen hours a day."),
    ("Cats purr. They sleep sixteen hours a day.", "do cats purr?"),
    ("do cats purr?", "Dogs bark."),
    ("強化学習", "Lernen durch Verstärkung"),
    ("\x00\x1b[31m", "\ud7ff\U0001f431 👩‍👩‍👧"),
    ("cats", "cat " * 2000),
    ("cats " * 2000, "Cats purr."),
    ("", ""),
]
pairs = st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=6)


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader(HERE, "tiny_reader")


def reader_with(folder: Path, heads: object) -> OnnxReader:
    (folder / "mine").mkdir(exist_ok=True)
    (folder / "mine" / "model.onnx").write_bytes(MODEL)
    (folder / "mine" / "reader.json").write_text(json.dumps(heads), encoding="utf-8")
    return OnnxReader(folder, "mine")


def test_a_row_of_probabilities_for_each_pair(reader: Reader) -> None:
    for rows in (reader.relevance(PAIRS), reader.support(PAIRS)):
        assert rows.shape == (len(PAIRS), 3)
        assert rows.dtype == np.float32
        assert rows.min() >= 0
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)


def test_the_two_heads_and_the_two_texts_are_told_apart(reader: Reader) -> None:
    relevance, support = reader.relevance(PAIRS), reader.support(PAIRS)
    assert np.abs(relevance - support).max() > 0.1
    assert np.abs(support[0] - support[1]).max() > 0.01


def test_no_pairs_give_no_rows(reader: Reader) -> None:
    assert reader.relevance([]).shape == reader.support([]).shape == (0, 3)


@settings(max_examples=30, deadline=None)
@given(pairs)
def test_a_pair_has_the_same_row_alone_and_in_any_company(asked: list[Pair]) -> None:
    together = OnnxReader(HERE, "tiny_reader").support(asked)
    alone = OnnxReader(HERE, "tiny_reader")
    np.testing.assert_array_equal([alone.support([pair])[0] for pair in reversed(asked)][::-1], list(together))


@pytest.mark.parametrize(("first", "second"), [("", "Cats purr."), ("cats", " \n"), ("", "")])
def test_a_blank_text_answers_nothing_and_says_nothing(reader: Reader, first: str, second: str) -> None:
    assert reader.relevance([(first, second)])[0, RelevanceLabel.NEITHER] == 1
    assert reader.support([(first, second)])[0, SupportLabel.NOT_SAID] == 1


def test_a_first_text_that_is_too_long_is_cut(reader: Reader) -> None:
    long = "cats and dogs " * 200
    first, second = reader.support([(long, "Cats purr."), (long + "of stone", "Cats purr.")])
    np.testing.assert_array_equal(first, second)


def test_the_support_of_a_long_source_is_that_of_its_best_window(tmp_path: Path) -> None:
    sentences = [f"Sentence number {number} of this source is here." for number in range(12)]
    reader = reader_with(tmp_path, {"relevance": {"temperature": 1}, "support": {"temperature": 1, "window": 9}})
    whole = reader.support([("a statement", " ".join(sentences))])[0]
    alone = reader.support([("a statement", sentence) for sentence in sentences])
    best = alone[:, SupportLabel.SUPPORTED].argmax()
    assert whole[SupportLabel.SUPPORTED] == alone[best, SupportLabel.SUPPORTED]
    nearest = alone[:, SupportLabel.NOT_SAID].argmin()
    assert best != nearest
    expected = min(alone[nearest, SupportLabel.CONTRADICTED], 1 - whole[SupportLabel.SUPPORTED])
    assert whole[SupportLabel.CONTRADICTED] == pytest.approx(expected)


def test_each_head_has_its_temperature(tmp_path: Path) -> None:
    cold = reader_with(tmp_path, {"relevance": {"temperature": 1}, "support": {"temperature": 1}})
    one_cold, other_cold = cold.relevance(PAIRS[:1])[0], cold.support(PAIRS[:1])[0]
    warm = reader_with(tmp_path, {"relevance": {"temperature": 2}, "support": {"temperature": 5}})
    np.testing.assert_allclose(np.ptp(np.log(warm.relevance(PAIRS[:1])[0])), np.ptp(np.log(one_cold)) / 2, rtol=1e-4)
    np.testing.assert_allclose(np.ptp(np.log(warm.support(PAIRS[:1])[0])), np.ptp(np.log(other_cold)) / 5, rtol=1e-4)


@pytest.mark.parametrize(
    "heads", [{"support": {"temperature": 1}}, {"relevance": {"temperature": 0}, "support": {"temperature": 1}}]
)
def test_a_file_of_heads_that_is_wrong_is_refused(tmp_path: Path, heads: object) -> None:
    with pytest.raises(ValidationError):
        reader_with(tmp_path, heads).support(PAIRS[:1])


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What sessions that are opened from now on are run with: the number of the session, and the word pieces."""
    made: list[Any] = []

    class Counted:
        opened = 0

        def __init__(self, *given: Any, **named: Any) -> None:
            Counted.opened += 1
            self._session = onnx_session(*given, **named)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._session, name)

        def run(self, names: Any, given: dict[str, Any]) -> Any:
            made.append((Counted.opened, given["input_ids"][0].tolist()))
            return self._session.run(names, given)

    onnx_session = onnxruntime.InferenceSession
    monkeypatch.setattr(onnxruntime, "InferenceSession", Counted)
    return made


def test_a_pair_that_both_heads_read_runs_once(runs: list[Any]) -> None:
    reader = OnnxReader(HERE, "tiny_reader")
    relevance, support = reader.relevance(PAIRS[:3]), reader.support(PAIRS[1:4])
    assert len(runs) == 4
    np.testing.assert_array_equal(reader.relevance(PAIRS[:3]), relevance)
    np.testing.assert_array_equal(reader.support([PAIRS[1], *PAIRS[1:4]])[1:], support)
    assert len(runs) == 4


def test_pairs_are_forgotten_at_last(runs: list[Any]) -> None:
    reader = OnnxReader(HERE, "tiny_reader")
    reader.support(PAIRS[:5])
    many = [(f"statement {number}", "source") for number in range(1024)]
    assert reader.support(many).shape == (1024, 3)
    reader.support(many[-5:])
    assert len(runs) == 1029
    reader.support(PAIRS[:5])
    assert len(runs) == 1034


def test_the_model_is_opened_once_and_only_when_it_is_used(runs: list[Any]) -> None:
    reader = OnnxReader(HERE, "tiny_reader")
    reader.support([])
    assert runs == []
    start = threading.Barrier(4)

    def ask(number: int) -> None:
        start.wait()
        reader.support([(f"statement {number}", f"source {part}") for part in range(3)])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))
    assert len(runs) == 12
    assert {opened for opened, _ in runs} == {1}


def test_no_input_is_longer_than_the_model_reads(runs: list[Any]) -> None:
    OnnxReader(HERE, "tiny_reader").relevance(PAIRS)
    assert max(len(pieces) for _, pieces in runs) == 256


@pytest.mark.parametrize("head", ["relevance", "support"])
def test_a_long_text_is_read_to_its_end(runs: list[Any], head: str) -> None:
    reader = OnnxReader(HERE, "tiny_reader")
    read = getattr(reader, head)
    read([("do cats purr?", "They sleep all day long. " * 200 + "Zebras graze.")])
    last = min((pieces for _, pieces in runs), key=len)
    read([("do cats purr?", "Zebras graze.")])
    end = runs[-1][1]
    assert last[-5:] == end[-5:]
    assert last[:6] == end[:6]


def test_no_word_of_a_source_is_lost_where_it_just_fits_or_does_not(runs: list[Any]) -> None:
    OnnxReader(HERE, "tiny_reader").support([("cats", "dog.")])
    *_, dog, stop, separator = runs.pop()[1]
    for words in range(245, 258):
        runs.clear()
        OnnxReader(HERE, "tiny_reader").support([("cats", "cat " * words + "dog.")])
        assert any(pieces[-3:] == [dog, stop, separator] for _, pieces in runs), words
