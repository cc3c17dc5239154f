from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus import fingerprint, read_corpus
from askpapers.datatypes import Paper, Source
from askpapers.index.manifest import CONTENT
from askpapers.index.passages import embedded_text, passage_key, passages_of
from askpapers.text import folded

TEXT = st.text(st.sampled_from("aB. ?!\n\té$\\(1\u2028漢"), max_size=80) | st.text(max_size=60)


def _paper(abstract: str, title: str = "A title") -> Paper:
    return Paper(id="p", title=title, abstract=abstract, sources=(Source("f.txt", 1),))


@given(TEXT)
def test_the_passages_cover_the_abstract_in_order(abstract: str) -> None:
    end = 0
    for passage in passages_of(_paper(abstract)):
        assert passage.paper == "p"
        assert end <= passage.start < passage.end <= len(abstract)
        assert not abstract[end : passage.start].strip()
        assert abstract[passage.start : passage.end].strip() == abstract[passage.start : passage.end]
        end = passage.end
    assert not abstract[end:].strip()


def test_a_passage_is_embedded_with_its_title_in_front() -> None:
    paper = _paper("One \\emph{two}.  Three\nfour.", "On ``Five''")
    assert [embedded_text(paper, p) for p in passages_of(paper)] == ["On “Five”. One two.", "On “Five”. Three four."]


def _keys(paper: Paper) -> list[bytes]:
    return [passage_key(paper, n, embedded_text(paper, p)) for n, p in enumerate(passages_of(paper))]


def test_a_key_changes_with_what_is_embedded_and_only_with_that() -> None:
    paper = _paper("One two three. Four five six.")
    first, second = _keys(paper)
    assert len(first) == 16
    assert _keys(replace(paper, year=2024, url="https://x")) == [first, second]
    assert _keys(replace(paper, abstract="One two three. Four five sex."))[0] == first
    assert _keys(replace(paper, abstract="One two three. Four five sex."))[1] != second
    assert not {first, second} & set(_keys(replace(paper, title="Another title")))
    assert not {first, second} & set(_keys(replace(paper, id="q")))


def test_a_sentence_said_twice_has_two_keys() -> None:
    keys = _keys(_paper("Same words. Same words."))
    assert len(set(keys)) == 2


@given(st.lists(TEXT.filter(str.strip), min_size=2, max_size=2, unique=True))
def test_different_texts_have_different_keys(texts: list[str]) -> None:
    paper = _paper("x")
    assert passage_key(paper, 0, texts[0]) != passage_key(paper, 0, texts[1])


_SEEDS = Path(__file__).parents[2] / "seeds"
_OF_THE_SEEDS = {3: "afe1c22bf683f6a2"}


def test_another_way_of_reading_or_cutting_has_another_version() -> None:
    """Where this fails, `CONTENT` in index/manifest.py has to grow, so that indexes that users have are made anew."""
    papers = read_corpus([_SEEDS]).papers
    digest = hashlib.sha256(fingerprint(papers).encode())
    for paper in papers:
        digest.update(b"".join(_keys(paper)))
        digest.update(folded(paper.abstract).encode())
    assert {CONTENT: digest.hexdigest()[:16]} == _OF_THE_SEEDS
