from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from askpapers.errors import IndexDamagedError
from askpapers.index.words import WordIndex
from askpapers.text import terms

DOCUMENTS = [
    "R is a language for statistics, and R users share packages.",
    "The C language compiles fast.",
    "Templates of C++ and their errors: a language study.",
    "Speech recognition trained on 680,000 hours of audio.",
    "A language of birds.",
]


@pytest.fixture(scope="module")
def index() -> WordIndex:
    return WordIndex.build(terms(text) for text in DOCUMENTS)


def test_a_repeated_term_counts_again(index: WordIndex) -> None:
    once = index.scores(["languag"])
    assert (once > 0).tolist() == [True, True, True, False, True]
    np.testing.assert_allclose(index.scores(["languag", "languag"]), 2 * once, rtol=1e-6)


def test_scores_add_up_over_terms(index: WordIndex) -> None:
    both = index.scores(["speech", "languag"])
    np.testing.assert_allclose(both, index.scores(["speech"]) + index.scores(["languag"]), rtol=1e-6)


@pytest.mark.parametrize(("question", "row"), [("R", 0), ("C", 1), ("C++", 2), ("680,000", 3)])
def test_terms_of_one_character_and_numbers_are_found(index: WordIndex, question: str, row: int) -> None:
    scores = index.scores(terms(question))
    assert np.flatnonzero(scores).tolist() == [row]
    assert index.documents_with(terms(question)[0]).tolist() == [row]


@pytest.mark.parametrize("question", [[], ["zebra"], ["zebra", "quagga"]])
def test_terms_that_nobody_has_give_zeros(index: WordIndex, question: list[str]) -> None:
    scores = index.scores(question)
    assert scores.shape == (len(DOCUMENTS),)
    assert not scores.any()


def test_unknown_terms_change_nothing(index: WordIndex) -> None:
    np.testing.assert_array_equal(index.scores(["zebra", "speech"]), index.scores(["speech"]))


def test_a_saved_index_is_the_same(index: WordIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "words")
    loaded = WordIndex.load(tmp_path / "words")
    assert len(loaded) == len(index) == len(DOCUMENTS)
    for text in (*DOCUMENTS, "zebra", ""):
        np.testing.assert_array_equal(loaded.scores(terms(text)), index.scores(terms(text)))
        assert [loaded.weight(t) for t in terms(text)] == [index.weight(t) for t in terms(text)]
        assert [t in loaded for t in terms(text)] == [t in index for t in terms(text)]


def test_rarer_terms_weigh_more(index: WordIndex) -> None:
    weights = [index.weight(term) for term in ("languag", "and", "speech", "zebra")]
    assert index.documents_with("languag").tolist() == [0, 1, 2, 4]
    assert 0 < weights[0] < weights[2] < weights[3]
    assert weights[1] == weights[3]  # a stop word is in no document


def test_documents_without_a_term_are_documents() -> None:
    index = WordIndex.build([[], ["speech"], []])
    assert len(index) == 3
    assert np.flatnonzero(index.scores(["speech"])).tolist() == [1]


@pytest.mark.filterwarnings("error")
def test_a_corpus_without_any_term_can_be_indexed(tmp_path: Path) -> None:
    WordIndex.build([[], []]).save(tmp_path / "words")
    index = WordIndex.load(tmp_path / "words")
    assert len(index) == 2
    assert index.scores(["speech"]).tolist() == [0, 0]


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"[]"])
def test_damaged_files_are_said_to_be(index: WordIndex, tmp_path: Path, content: bytes | None) -> None:
    index.save(tmp_path / "words")
    files = sorted((tmp_path / "words").iterdir())
    assert len(files) >= 5
    for file in files:
        kept = file.read_bytes()
        file.unlink()
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(IndexDamagedError, match="words"):
            WordIndex.load(tmp_path / "words")
        file.write_bytes(kept)
    WordIndex.load(tmp_path / "words")


def test_the_words_are_numbered_in_the_order_in_which_they_first_occur(index: WordIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "words")
    numbered = json.loads((tmp_path / "words" / "vocab.index.json").read_text())
    every = dict.fromkeys(term for text in DOCUMENTS for term in terms(text))
    assert numbered == {term: number for number, term in enumerate([*every, ""])}
