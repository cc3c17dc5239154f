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

from askpapers.reading.protocol import Pair, SupportLabel, SupportReader
from askpapers.reading.support_model import SupportModel

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
def reader() -> SupportModel:
    return SupportModel(HERE, "tiny_reader")


def reader_with(folder: Path, calibration: object) -> SupportModel:
    (folder / "mine").mkdir(exist_ok=True)
    (folder / "mine" / "model.onnx").write_bytes(MODEL)
    (folder / "mine" / "reader.json").write_text(json.dumps(calibration), encoding="utf-8")
    return SupportModel(folder, "mine")


def test_a_row_of_probabilities_for_each_pair(reader: SupportReader) -> None:
    rows = reader.support(PAIRS)
    assert rows.shape == (len(PAIRS), 3)
    assert rows.dtype == np.float32
    assert rows.min() >= 0
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)


def test_the_two_texts_are_told_apart(reader: SupportReader) -> None:
    support = reader.support(PAIRS)
    assert np.abs(support[0] - support[1]).max() > 0.01


def test_no_pairs_give_no_rows(reader: SupportReader) -> None:
    assert reader.support([]).shape == (0, 3)


@settings(max_examples=30)
@given(pairs)
def test_a_pair_has_the_same_row_alone_and_in_any_company(asked: list[Pair]) -> None:
    together = SupportModel(HERE, "tiny_reader").support(asked)
    alone = SupportModel(HERE, "tiny_reader")
    np.testing.assert_array_equal([alone.support([pair])[0] for pair in reversed(asked)][::-1], list(together))


@pytest.mark.parametrize(("first", "second"), [("", "Cats purr."), ("cats", " \n"), ("", "")])
def test_a_blank_text_says_nothing(reader: SupportReader, first: str, second: str) -> None:
    assert reader.support([(first, second)])[0, SupportLabel.NOT_SAID] == 1


def test_a_first_text_that_is_too_long_is_cut(reader: SupportReader) -> None:
    long = "cats and dogs " * 200
    first, second = reader.support([(long, "Cats purr."), (long + "of stone", "Cats purr.")])
    np.testing.assert_array_equal(first, second)


def test_the_support_of_a_long_source_is_that_of_its_best_window(tmp_path: Path) -> None:
    sentences = [f"Sentence number {number} of this source is here." for number in range(12)]
    reader = reader_with(tmp_path, {"temperature": 1, "window": 9})
    whole = reader.support([("a statement", " ".join(sentences))])[0]
    alone = reader.support([("a statement", sentence) for sentence in sentences])
    best = alone[:, SupportLabel.SUPPORTED].argmax()
    assert whole[SupportLabel.SUPPORTED] == alone[best, SupportLabel.SUPPORTED]
    nearest = alone[:, SupportLabel.NOT_SAID].argmin()
    assert best != nearest
    expected = min(alone[nearest, SupportLabel.CONTRADICTED], 1 - whole[SupportLabel.SUPPORTED])
    assert whole[SupportLabel.CONTRADICTED] == pytest.approx(expected)


def test_logits_are_divided_by_the_temperature(tmp_path: Path) -> None:
    cold = reader_with(tmp_path, {"temperature": 1}).support(PAIRS[:1])[0]
    warm = reader_with(tmp_path, {"temperature": 5}).support(PAIRS[:1])[0]
    np.testing.assert_allclose(np.ptp(np.log(warm)), np.ptp(np.log(cold)) / 5, rtol=1e-4)


@pytest.mark.parametrize("calibration", [{}, {"temperature": 0}, {"temperature": 1, "window": 0}])
def test_a_wrong_calibration_is_refused(tmp_path: Path, calibration: object) -> None:
    with pytest.raises(ValidationError):
        reader_with(tmp_path, calibration).support(PAIRS[:1])


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


def test_a_pair_that_is_read_again_does_not_run_again(runs: list[Any]) -> None:
    reader = SupportModel(HERE, "tiny_reader")
    support = reader.support(PAIRS[1:4])
    assert len(runs) == 3
    np.testing.assert_array_equal(reader.support([PAIRS[1], *PAIRS[1:4]])[1:], support)
    assert len(runs) == 3


def test_the_model_is_opened_once_and_only_when_it_is_used(runs: list[Any]) -> None:
    reader = SupportModel(HERE, "tiny_reader")
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
    SupportModel(HERE, "tiny_reader").support(PAIRS)
    assert max(len(pieces) for _, pieces in runs) == 256


def test_a_long_text_is_read_to_its_end(runs: list[Any]) -> None:
    reader = SupportModel(HERE, "tiny_reader")
    reader.support([("do cats purr?", "They sleep all day long. " * 200 + "Zebras graze.")])
    last = min((pieces for _, pieces in runs), key=len)
    reader.support([("do cats purr?", "Zebras graze.")])
    end = runs[-1][1]
    assert last[-5:] == end[-5:]
    assert last[:6] == end[:6]


def test_no_word_of_a_source_is_lost_where_it_just_fits_or_does_not(runs: list[Any]) -> None:
    SupportModel(HERE, "tiny_reader").support([("cats", "dog.")])
    *_, dog, stop, separator = runs.pop()[1]
    for words in range(245, 258):
        runs.clear()
        SupportModel(HERE, "tiny_reader").support([("cats", "cat " * words + "dog.")])
        assert any(pieces[-3:] == [dog, stop, separator] for _, pieces in runs), words
