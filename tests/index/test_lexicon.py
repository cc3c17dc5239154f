from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from askpapers import processes
from askpapers.datatypes import Paper, Source
from askpapers.engine import Corpus
from askpapers.errors import IndexDamagedError
from askpapers.index import lexicon
from askpapers.index.embedder import Embedder, MiniLM
from askpapers.index.lexicon import Lexicon
from askpapers.text import stem
from fakes import WordHash, build, write_papers


def _papers(*abstracts: str) -> list[Paper]:
    return [Paper(id=f"p{i}", title="", abstract=a, sources=(Source("f", 1),)) for i, a in enumerate(abstracts)]


def _built(papers: list[Paper], embedder: Embedder) -> Lexicon:
    lexicon = Lexicon.collect(papers, embedder.dimension)
    assert not len(lexicon.vectors)
    return replace(lexicon, vectors=embedder.embed(lexicon.surface.tolist()).astype(np.float16))


def test_names_are_told_by_how_the_corpus_writes_them() -> None:
    found = _built(
        _papers(
            "We read Wikipedia and score GSM8K. Images matter. We like images and ImageNet.",
            "The editors of Wikipedia write about images; Language models read.",
            "We train language models on DALL and iPhone pictures.",
        ),
        WordHash(),
    )
    assert {stem(w) for w in ("wikipedia", "gsm8k", "imagenet", "dall")} <= found.names
    assert not found.names & {stem(w) for w in ("images", "language", "we", "the", "editors", "train")}
    assert not found.names & set(found.stems.tolist())


def test_the_commonest_form_of_a_stem_is_the_one_embedded() -> None:
    lexicon = _built(_papers("one image, two images, many images"), WordHash())
    row = lexicon.stems.tolist().index(stem("images"))
    assert lexicon.surface[row] == "images"
    assert lexicon.stems.tolist().count(stem("images")) == 1
    assert lexicon.vectors[row].tolist() == WordHash().embed(["images"])[0].astype(np.float16).tolist()


def test_several_processes_collect_the_words_that_one_does_and_of_equals_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stems = [f"{a}{b}lur" for a in "bdfgklmnpr" for b in "aeiou"]
    papers = _papers(*(f"Of {word} and {word}s in DALL{n % 3}." for n, word in enumerate(stems)))
    papers = [replace(paper, title=f"{word}s {word}") for word, paper in zip(stems, papers, strict=True)]
    here = Lexicon.collect(papers, 16)
    assert {f"{word}s" for word in stems} <= set(here.surface.tolist())
    monkeypatch.setattr(processes, "FEW", 3)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    monkeypatch.setattr(lexicon, "_CHUNK", 7)
    elsewhere = Lexicon.collect(papers, 16)
    assert (elsewhere.stems.tolist(), elsewhere.surface.tolist()) == (here.stems.tolist(), here.surface.tolist())
    assert elsewhere.names == here.names


def test_vectors_of_words_that_stay_are_not_made_again(tmp_path: Path) -> None:
    first, second = WordHash(), WordHash()
    root = write_papers(tmp_path / "corpus", {"a": "Alpha beta gamma."})
    build(tmp_path / "index", root, first)
    write_papers(root, {"a": "Gamma delta alpha."})
    build(tmp_path / "index", root, second)
    assert sorted(text for text in first.embedded if "." not in text) == ["alpha", "beta", "gamma"]
    assert [text for text in second.embedded if "." not in text] == ["delta"]


def test_a_corpus_without_words_has_an_empty_lexicon(tmp_path: Path) -> None:
    _built(_papers("🤖", "1 2"), WordHash()).save(tmp_path / "lexicon.npz")
    lexicon = Lexicon.load(tmp_path / "lexicon.npz")
    assert lexicon.alike(WordHash().embed(["word"])[0]) == []


def test_a_saved_lexicon_is_the_same(tmp_path: Path) -> None:
    lexicon = _built(_papers("alpha BLEU beta", "so is BLEU"), WordHash())
    lexicon.save(tmp_path / "lexicon.npz")
    loaded = Lexicon.load(tmp_path / "lexicon.npz")
    assert loaded.names == lexicon.names == {"bleu"}
    assert loaded.stems.tolist() == lexicon.stems.tolist()
    assert loaded.surface.tolist() == lexicon.surface.tolist()
    np.testing.assert_array_equal(loaded.vectors, lexicon.vectors)


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"PK\x03\x04 cut", b"\x93NUMPY"])
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "lexicon.npz").write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"lexicon\.npz cannot be read"):
        Lexicon.load(tmp_path / "lexicon.npz")


@pytest.mark.parametrize(("asked", "found"), [("picture", "image"), ("photo", "image"), ("math", "mathematical")])
def test_words_of_one_sense_are_near(corpus: Corpus, embedder: MiniLM, asked: str, found: str) -> None:
    near = dict(corpus.index.lexicon.alike(embedder.embed([asked])[0]))
    assert 0.4 <= near[stem(found)] <= 1


def test_a_language_does_not_stand_for_another(embedder: MiniLM) -> None:
    lexicon = _built(_papers("a french corpus, a german corpus, an image"), embedder)
    assert {"french", "german", "imag"} <= set(lexicon.stems.tolist())
    assert [s for s, _ in lexicon.alike(embedder.embed(["german"])[0])] == ["german"]
    assert [s for s, _ in lexicon.alike(embedder.embed(["picture"])[0])] == ["imag"]


@pytest.mark.parametrize(("asked", "other"), [("picture", "speech"), ("summarization", "translation")])
def test_words_of_one_kind_are_not(corpus: Corpus, embedder: MiniLM, asked: str, other: str) -> None:
    lexicon = corpus.index.lexicon
    everything = set(lexicon.stems.tolist()) | lexicon.names
    assert stem(other) in everything
    assert stem(other) not in dict(lexicon.alike(embedder.embed([asked])[0]))


def test_a_word_is_nearest_to_itself(corpus: Corpus, embedder: MiniLM) -> None:
    near = dict(corpus.index.lexicon.alike(embedder.embed(["image"])[0]))
    assert max(near, key=lambda s: near[s]) == stem("image")
    assert near[stem("image")] > 0.9
