from __future__ import annotations

import numpy as np
import pytest
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.postprocessor import SimilarityPostprocessor
from llama_index.core.schema import TextNode

from askpapers.engine import Corpus
from askpapers.index.embedder import MiniLM
from askpapers.retrieval import PaperRetriever, find_candidates, search
from askpapers.text import terms

OBVIOUS = {
    "How many hours of audio was the speech recognition model trained on?": "2212.04356",
    "What is GSM8K?": "2110.14168",
    "Which benchmark was made of problems whose solutions are Python programs?": "2107.03374",
    "predicting which caption goes with which image": "2103.00020",
    "summarizing entire fiction books": "2109.10862",
    "Atari games with model-based reinforcement learning": "1903.00374",
    "linear attention by Performers": "2009.14794",
}
QUESTIONS = [*OBVIOUS, "R", "C++", "😀", "the of and", "強化学習", "who won the world cup in 1998?", "x" * 3000]


@pytest.fixture(scope="module")
def retriever(corpus: Corpus) -> PaperRetriever:
    return PaperRetriever(lambda: corpus.index, corpus.embedder)


def test_it_is_a_retriever_of_llama_index(retriever: PaperRetriever) -> None:
    assert isinstance(retriever, BaseRetriever)


@pytest.mark.parametrize("question", QUESTIONS)
def test_nodes_are_passages_verbatim_best_first(corpus: Corpus, retriever: PaperRetriever, question: str) -> None:
    nodes = retriever.retrieve(question)
    assert nodes
    abstracts = {paper.id: paper.abstract for paper in corpus.papers()}
    for node in nodes:
        found = node.metadata
        assert node.text == abstracts[found["paper"]][found["start"] : found["end"]]
        assert node.score == pytest.approx(max(0, (found["paper_score"] + found["cosine"]) / 2))
        assert isinstance(node.node, TextNode)
        assert node.node.ref_doc_id == found["paper"]
        assert (node.node.start_char_idx, node.node.end_char_idx) == (found["start"], found["end"])
        assert 0 <= found["paper_score"] <= 1
    scores = [node.score or 0.0 for node in nodes]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1
    assert len({node.node_id for node in nodes}) == len(nodes)


def test_a_similarity_postprocessor_keeps_the_papers_that_are_asked_for(retriever: PaperRetriever) -> None:
    kept = SimilarityPostprocessor(similarity_cutoff=0.5)
    for question, paper in OBVIOUS.items():
        papers = {n.metadata["paper"] for n in kept.postprocess_nodes(retriever.retrieve(question), query_str=question)}
        assert paper in papers
        assert len(papers) < 8


def test_every_passage_of_the_top_papers_is_there(corpus: Corpus, retriever: PaperRetriever) -> None:
    (question, _), *_ = OBVIOUS.items()
    nodes = retriever.retrieve(question)
    papers = {node.metadata["paper"] for node in nodes}
    assert len(papers) == 8
    index = corpus.index
    of_papers = [index.papers.at(int(p["paper"])).id in papers for p in index.passages]
    assert len(nodes) == sum(of_papers)


@pytest.mark.parametrize(("question", "paper"), OBVIOUS.items())
def test_the_right_paper_is_first(corpus: Corpus, embedder: MiniLM, question: str, paper: str) -> None:
    (hit,) = search(question, corpus.index, embedder, 1)
    assert corpus.index.papers.at(hit.row).id == paper


@pytest.mark.parametrize("question", QUESTIONS)
def test_candidates_are_scored_exactly(corpus: Corpus, embedder: MiniLM, question: str) -> None:
    index = corpus.index
    found = find_candidates(question, index, embedder)
    assert len(set(found.rows.tolist())) == len(found.rows) > 0
    asked = embedder.embed([question])[0].astype(np.float64)
    by_words = index.words.scores(terms(question))
    cosine = index.vectors.astype(np.float64) @ asked
    for place, row in enumerate(found.rows):
        of_paper = index.passages["paper"] == row
        mean = index.vectors[of_paper].astype(np.float64).mean(axis=0)
        np.testing.assert_allclose(found.cosines[place], cosine[of_paper], atol=1e-5)
        assert found.parts["best"][place] == pytest.approx(cosine[of_paper].max(), abs=1e-5)
        assert found.parts["mean"][place] == pytest.approx(mean @ asked / np.linalg.norm(mean), abs=1e-5)
        assert found.parts["words"][place] == by_words[row]


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_sides_put_their_candidates_forward(corpus: Corpus, embedder: MiniLM, question: str) -> None:
    index = corpus.index
    rows = set(find_candidates(question, index, embedder).rows.tolist())
    nearest = np.argsort(-(index.vectors.astype(np.float32) @ embedder.embed([question])[0]))[:10]
    assert set(index.passages["paper"][nearest].tolist()) <= rows
    assert set(np.flatnonzero(index.words.scores(terms(question))).tolist()) <= rows


def test_hits_are_ordered_by_their_score(corpus: Corpus, embedder: MiniLM) -> None:
    for question in QUESTIONS:
        scores = [hit.score for hit in search(question, corpus.index, embedder, 34)]
        assert scores == sorted(scores, reverse=True)
        assert len(search(question, corpus.index, embedder, 3)) == 3
