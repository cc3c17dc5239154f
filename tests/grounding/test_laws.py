"""Laws of the check that ships, by the way that a model's sentence goes, over the sentences of the seeds."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.answering.draft import Draft, DraftStatement, WrittenStatement
from askpapers.datatypes import Paper, Passage, Verdict
from askpapers.engine import Corpus
from askpapers.grounding.decisive import Footing, find_footing
from askpapers.grounding.fitted import FittedCheck
from askpapers.grounding.ground import Grounder, ground
from askpapers.index.embedder import MiniLM
from askpapers.text import sentences
from sentence_changes import CHANGES, added_words, sentences_of

RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTIAL: 1, Verdict.SUPPORTED: 2}
HELD = [kind for kind in CHANGES if kind != "halves of two papers"]
few = settings(max_examples=15, deadline=None, derandomize=True)


@pytest.fixture(scope="module")
def check(embedder: MiniLM) -> FittedCheck:
    return FittedCheck(embedder.embed)


@pytest.fixture(scope="module")
def papers(corpus: Corpus) -> list[Paper]:
    return corpus.papers()


@pytest.fixture(scope="module")
def footing(corpus: Corpus, check: FittedCheck) -> Callable[..., Footing]:
    """Where a sentence stands that cites these papers, with four others in the pool."""
    papers = corpus.papers()

    def find(text: str, *cited: Paper) -> Footing:
        ids = tuple(paper.id for paper in cited)
        others = [paper.id for paper in papers if paper.id not in ids]
        pool = [*ids, *Random(text).sample(others, 4)]
        return find_footing(WrittenStatement(text, ids), pool, corpus.index.papers.by_id, check)

    return find


def changed(kind: str, papers: list[Paper], seed: int) -> tuple[Paper, str, str]:
    """A paper, a sentence of it, and the sentence changed."""
    random = Random(seed)
    while True:
        paper = random.choice(papers)
        sentence = random.choice(list(sentences_of(paper)))
        if made := CHANGES[kind](sentence, paper, [p for p in papers if p is not paper], random):
            return paper, sentence, made


@few
@given(st.integers(0, 10**6))
def test_a_sentence_of_its_paper_is_supported_and_quoted(
    footing: Callable[..., Footing], papers: list[Paper], seed: int
) -> None:
    paper = Random(seed).choice(papers)
    sentence = Random(seed).choice(list(sentences_of(paper)))
    found = footing(sentence, paper)
    assert (found.support.verdict, found.repaired) == (Verdict.SUPPORTED, False)
    assert sentence in " ".join(paper.abstract[p.start : p.end] for p in found.passages)


@pytest.mark.parametrize("kind", [k for k in HELD if k not in ("currency", "year", "unit")])
@few
@given(seed=st.integers(0, 10**6))
def test_a_changed_sentence_is_never_supported(
    footing: Callable[..., Footing], papers: list[Paper], kind: str, seed: int
) -> None:
    paper, _, made = changed(kind, papers, seed)
    assert footing(made, paper).support.verdict is not Verdict.SUPPORTED, made


@few
@given(st.integers(0, 10**6))
def test_words_of_another_paper_never_raise_the_verdict(check: FittedCheck, papers: list[Paper], seed: int) -> None:
    random = Random(seed)
    paper, other = random.sample(papers, 2)
    sentence = random.choice(list(sentences_of(random.choice((paper, other)))))
    more = added_words(sentence, paper, [p for p in papers if p is not paper], random)
    if more:
        before, after = (RANK[check(text, paper.abstract).verdict] for text in (sentence, more))
        assert after <= before, more


@few
@given(st.integers(0, 10**6))
def test_a_verdict_does_not_depend_on_other_statements(
    corpus: Corpus, check: FittedCheck, embedder: MiniLM, seed: int
) -> None:
    random = Random(seed)
    papers = corpus.papers()
    drafted = []
    for _ in range(3):
        paper = random.choice(papers)
        start, end = random.choice(sentences(paper.abstract))
        text = random.choice(list(sentences_of(random.choice(papers))))
        drafted.append(DraftStatement(text, (Passage(paper.id, start, end),)))
    together = ground(Draft(statements=tuple(drafted)), corpus.index.papers.by_id, check)
    alone = [
        ground(Draft(statements=(one,)), corpus.index.papers.by_id, FittedCheck(embedder.embed)).statements[0]
        for one in drafted
    ]
    assert [(s.verdict, s.support) for s in together.statements] == [(s.verdict, s.support) for s in alone]


@few
@given(st.integers(0, 10**6), st.sampled_from(HELD))
def test_a_citation_is_a_quote_that_stands_in_its_paper(
    corpus: Corpus, footing: Callable[..., Footing], seed: int, kind: str
) -> None:
    if kind in ("currency",):
        kind = "number"
    paper, _, made = changed(kind, corpus.papers(), seed)
    found = footing(made, paper)
    grounder = Grounder(corpus.index.papers.by_id)
    statement, citations = grounder.state(made, found.passages, found.support)
    assert [c.number for c in citations] == list(statement.citations)
    for citation in citations:
        quote = citation.quote
        assert corpus.index.papers.by_id(quote.paper).abstract[quote.start : quote.end] == quote.text != ""
