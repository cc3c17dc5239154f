from __future__ import annotations

import hashlib
from importlib import resources

import numpy as np
import pytest

from askpapers.datatypes import Passage
from askpapers.engine import Corpus
from askpapers.index.embedder import MiniLM
from askpapers.index.passages import embedded_text

TEXTS = [
    "Scaling laws for neural language models.",
    "cat",
    "We study empirical scaling laws for language model performance on the cross-entropy loss, " * 4,
    "强化学习",
    "A picture of an avocado armchair",
    "\x00\x1b[31m",
    "",
]
# Activations are quantised by the range of what is run together: texts are run one by one.
SAME = 0.9999
SAME_PASSAGE = 0.9999  # beside float16

pytestmark = pytest.mark.usefixtures("models_run_anew")


@pytest.fixture(scope="module")
def vectors(embedder: MiniLM) -> np.ndarray:
    return embedder.embed(TEXTS)


def test_a_row_of_length_one_for_each_text(embedder: MiniLM, vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(embedder: MiniLM) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_a_text_has_the_same_vector_alone_and_in_any_place(embedder: MiniLM, vectors: np.ndarray) -> None:
    turned = embedder.embed(TEXTS[::-1])[::-1]
    for row, text in enumerate(TEXTS):
        alone = embedder.embed([text])[0]
        assert alone @ vectors[row] > SAME, text
        assert turned[row] @ vectors[row] > SAME, text
        assert np.argmax(vectors @ alone) == row, text


def test_a_passage_has_the_same_vector_alone_and_in_a_batch(embedder: MiniLM, corpus: Corpus) -> None:
    index = corpus.index
    for row in range(0, index.manifest.passages, 40):
        place = index.passages[row]
        paper = index.papers.at(int(place["paper"]))
        alone = embedder.embed([embedded_text(paper, Passage(paper.id, int(place["start"]), int(place["end"])))])[0]
        cosines = index.vectors.astype(np.float32) @ alone
        assert np.argmax(cosines) == row
        assert cosines[row] > SAME_PASSAGE


def test_the_same_texts_give_the_same_vectors_to_the_bit(embedder: MiniLM, vectors: np.ndarray) -> None:
    np.testing.assert_array_equal(MiniLM().embed(TEXTS), vectors)


def test_a_long_text_is_cut_at_256_word_pieces(embedder: MiniLM) -> None:
    begin = "Language models are few shot learners . " * 40
    cut, cut_too, other = embedder.embed([begin, begin + "Bananas are yellow . " * 5000, "Bananas are yellow . "])
    np.testing.assert_allclose(cut, cut_too, atol=1e-6)
    assert cut @ other < 0.5


def test_meaning_counts_more_than_words(embedder: MiniLM) -> None:
    picture, image, law = embedder.embed(["a picture of a dog", "photo of a puppy", "a law of scaling"])
    assert picture @ image > picture @ law + 0.2


def test_the_name_changes_with_the_model(embedder: MiniLM) -> None:
    model = resources.files("askpapers").joinpath("assets", "minilm", "model.onnx").read_bytes()
    assert embedder.name == f"all-MiniLM-L6-v2-int8@{hashlib.sha256(model).hexdigest()[:8]}"
