"""Questions that name papers: by id, address or title."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from askpapers.answering.query import read_query
from askpapers.datatypes import Status
from askpapers.engine import Corpus
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM

ABSTRACTS = """{"id": "smith2020", "title": "Kilns", "abstract": "We fire kilns at 900 degrees. They crack by 17%."}
{"id": "4983", "title": "Bees", "abstract": "We count bees in 4983 hives. They like clover and thyme."}
{"id": "ash9", "url": "https://doi.org/10.1000/X(1)2", "title": "Ash", "abstract": "Ash burns. It smokes for 9 days."}
{"id": "PMC77-b", "title": "Owls", "abstract": "We hear owls at night. They hunt mice in barns."}
"""


@pytest.fixture(scope="module")
def other_ids(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("other-ids")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.jsonl").write_text(ABSTRACTS, encoding="utf-8")
    refresh(folder / "index", [folder / "corpus"], embedder, lambda stage, done, total: None)
    with closing(Corpus(folder / "index", embedder)) as corpus:
        yield corpus


def _named(corpus: Corpus, question: str) -> list[str]:
    return [paper.id for paper in read_query(question, corpus.index).named.papers]


@pytest.mark.parametrize(
    ("question", "paper"),
    [
        ("summarise paper smith2020", "smith2020"),
        ("Smith2020", "smith2020"),
        ("what does the paper PMC77-b say?", "PMC77-b"),
        ("in paper 4983, what do bees like?", "4983"),
        ("summarise 10.1000/x(1)2", "ash9"),
        ("what does https://doi.org/10.1000/X(1)2 say of ash?", "ash9"),
        ("How long does it smoke (doi: 10.1000/x(1)2)?", "ash9"),
    ],
)
def test_ids_of_every_kind_are_known(other_ids: Corpus, question: str, paper: str) -> None:
    assert _named(other_ids, question) == [paper]
    answer = other_ids.ask(question)
    assert answer.status is Status.ANSWERED
    assert {p.paper.id for p in answer.papers} == {paper}


@pytest.mark.parametrize(
    "question", ["how many of 4983 hives?", "what cracks by 17%?", "which papers fire at 900 degrees?"]
)
def test_a_number_is_no_id(other_ids: Corpus, question: str) -> None:
    assert _named(other_ids, question) == []


@pytest.mark.parametrize(
    "question",
    [
        "what does the paper Area Attention propose?",
        "what does 1810.10126 propose?",
        "https://arxiv.org/abs/1810.10126",
        "which tasks is the paper Area Attention evaluated on?",
    ],
)
def test_a_paper_that_is_named_is_the_one_that_answers(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert answer.status is Status.ANSWERED
    assert {p.paper.id for p in answer.papers} == {"1810.10126"}


def test_a_thing_that_a_title_begins_with_can_be_asked_for(corpus: Corpus) -> None:
    answer = corpus.ask("what is weak-to-strong generalization?")
    assert answer.intent == "definition"
    assert "a phenomenon we call weak-to-strong generalization" in answer.text
    assert corpus.ask("how is weak-to-strong generalization defined?").status is Status.ANSWERED
