"""Judging all papers: the scores are exact, none is passed over that counts, and the likeliest are read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askpapers.answering import judging
from askpapers.answering.judgement import Judgements
from askpapers.answering.judging import Judge, Weights
from askpapers.answering.long_forms import spell_out
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.relevance import titled
from askpapers.engine import Corpus
from askpapers.index import scan
from askpapers.text import terms
from fakes import ScriptedReader

TOPICS = (
    "use RLHF",
    "images",
    "images or audio",
    "sparse autoencoders",
    "introduce a new dataset",
    "evaluate on HumanEval",
    "train on code",
    "language models",
    "human feedback and summarization",
    "GPT-3",
    "quantum computing",
    "mathematical reasoning with verifiers",
    "pictures",
    "fine-tune",
)
SCORED = {"z_score": 1.5, "in_paper": 3.5, "in_sentence": 3.5, "size": -1.1, "intercept": -1.8}
READ = {
    "z_score": 0.8,
    "in_paper": 1.5,
    "in_sentence": 3.8,
    "size": -0.7,
    "odds": 0.7,
    "top_odds": -0.4,
    "intercept": 0.0,
}
WEIGHTS = Weights(SCORED, READ, match=0.45, mention=0.2, mention_of_few=0.1)


def everyone(corpus: Corpus) -> range:
    return range(len(corpus.papers()))


def silent(stage: str, done: int, total: int | None) -> None:
    pass


@pytest.fixture(scope="module")
def judge(corpus: Corpus) -> Judge:
    return Judge(corpus.index, corpus.embedder, ScriptedReader(), WEIGHTS, silent)


def read(corpus: Corpus, text: str) -> Topic:
    return read_terms(text, corpus.index, corpus.embedder)


# ---- by the scores


@pytest.mark.parametrize("text", TOPICS)
def test_the_scores_are_those_of_every_sentence(corpus: Corpus, judge: Judge, text: str) -> None:
    index, topic = corpus.index, read(corpus, text)
    vector = corpus.embedder.embed([spell_out(text, index)])[0].astype(np.float64)
    papers = corpus.papers()
    nearest = np.array(
        [max(index.vectors[index.passages["paper"] == row].astype(np.float64) @ vector) for row in range(len(papers))]
    )
    z_score = np.minimum((nearest - nearest.mean()) / nearest.std(), 10)
    found = {judgement.paper.id: judgement for judgement in judge.score(topic, everyone(corpus)).likeliest}
    assert set(found) == {paper.id for paper in papers}
    for row, paper in enumerate(papers):
        title = set(terms(paper.title))
        passages = index.passages[index.passages["paper"] == row]
        alone = [set(terms(paper.abstract[p["start"] : p["end"]])) for p in passages]
        expected = {
            "z_score": z_score[row],
            "size": np.log(34),
            "in_paper": topic.coverage(set(terms(paper.abstract)) | title),
            "in_sentence": max(topic.coverage(stems | title) for stems in alone),
        }
        assert dict(found[paper.id].signals) == pytest.approx(expected, abs=1e-4), paper.id
        z = WEIGHTS.scored["intercept"] + sum(WEIGHTS.scored[name] * value for name, value in expected.items())
        assert found[paper.id].chance == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-3)


def test_the_likeliest_comes_first(corpus: Corpus, judge: Judge) -> None:
    for text in TOPICS:
        chances = [judgement.chance for judgement in judge.judge(read(corpus, text), everyone(corpus)).likeliest]
        assert chances == sorted(chances, reverse=True)


def test_a_small_corpus_mentions_from_a_lower_chance() -> None:
    assert WEIGHTS.mention_bound(34) < WEIGHTS.mention_bound(101) == WEIGHTS.mention < WEIGHTS.match


@given(data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_paper_is_passed_over_that_could_be_mentioned(corpus: Corpus, data: st.DataObject) -> None:
    abstract = data.draw(st.sampled_from([paper.abstract for paper in corpus.papers()])).split()
    begin = data.draw(st.integers(0, len(abstract) - 1))
    words = abstract[begin : begin + data.draw(st.integers(1, 6))]
    topic = read(corpus, " ".join([*words, data.draw(st.sampled_from(["", "robots", "image", "not"]))]))
    strict = replace(WEIGHTS, mention=data.draw(st.floats(0.001, 0.99)))
    judge = Judge(corpus.index, corpus.embedder, ScriptedReader(), strict, silent)
    all_of_them = {j.paper.id: j.chance for j in judge.score(topic, everyone(corpus)).likeliest}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "_LOOKED_AT", 3)
        kept = {j.paper.id: j.chance for j in judge.score(topic, everyone(corpus)).likeliest}
    assert len(kept) >= 3
    assert {paper for paper, chance in all_of_them.items() if chance >= strict.mention} <= set(kept)
    assert all(all_of_them[paper] == chance for paper, chance in kept.items())


def test_who_is_not_admitted_takes_no_place(corpus: Corpus, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_LOOKED_AT", 3)
    old = {row: paper.id for row, paper in enumerate(corpus.papers()) if (paper.year or 0) < 2019}
    scored = judge.score(read(corpus, "use RLHF"), list(old))
    assert len(scored.likeliest) >= 3
    assert {judgement.paper.id for judgement in scored.likeliest} <= set(old.values())
    assert scored.checked == len(old)


def test_a_large_corpus_is_compared_block_by_block(
    corpus: Corpus, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = read(corpus, "use RLHF")
    at_once = {j.paper.id: j.chance for j in judge.score(topic, everyone(corpus)).likeliest}
    monkeypatch.setattr(scan, "_BLOCK", 7 * 384)
    assert {j.paper.id: j.chance for j in judge.score(topic, everyone(corpus)).likeliest} == pytest.approx(
        at_once, abs=1e-5
    )


# ---- by reading


def test_the_nearest_sentences_of_the_likeliest_are_read(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "READ", 5)
    monkeypatch.setattr(judging, "WORTH_READING", 0.0)
    reader = ScriptedReader()
    judge = Judge(corpus.index, corpus.embedder, reader, WEIGHTS, silent)
    topic = read(corpus, "sparse autoencoders")
    by_scores = judge.score(topic, everyone(corpus)).likeliest
    judged = judge.judge(topic, everyone(corpus)).likeliest
    vector = corpus.embedder.embed([topic.text])[0]
    assert [text for _, text in reader.given] == [
        titled(j.paper.title, j.paper.abstract[p.start : p.end]) for j in by_scores[:5] for p in j.nearest
    ]
    assert {question for question, _ in reader.given} == {"sparse autoencoders"}
    for judgement in by_scores:
        row = [paper.id for paper in corpus.papers()].index(judgement.paper.id)
        mine = corpus.index.passages["paper"] == row
        cosines = corpus.index.vectors[mine].astype(np.float32) @ vector
        starts = corpus.index.passages["start"][mine][np.argsort(-cosines, kind="stable")[:2]]
        assert [passage.start for passage in judgement.nearest] == starts.tolist()
    assert {j.paper.id for j in judged} == {j.paper.id for j in by_scores}
    assert sum("odds" in j.signals for j in judged) == 5
    unread = {j.paper.id: j.chance for j in by_scores[5:]}
    assert {j.paper.id: j.chance for j in judged if "odds" not in j.signals} == unread


def test_what_reads_as_relevant_is_likelier(corpus: Corpus) -> None:
    topic = read(corpus, "teaching by example")
    low, high = (
        Judge(corpus.index, corpus.embedder, ScriptedReader(says), WEIGHTS, silent)
        .judge(topic, everyone(corpus))
        .likeliest
        for says in (0.01, 0.99)
    )
    chance = {j.paper.id: j.chance for j in low}
    were_read = [j for j in high if "odds" in j.signals]
    assert were_read
    assert all(j.chance > chance[j.paper.id] for j in were_read)


def test_a_topic_with_an_acronym_is_read_in_both_ways(corpus: Corpus) -> None:
    reader = ScriptedReader()
    Judge(corpus.index, corpus.embedder, reader, WEIGHTS, silent).judge(read(corpus, "use RLHF"), everyone(corpus))
    assert {question for question, _ in reader.given} == {"use RLHF", "use reinforcement learning from human feedback"}


def test_what_has_no_chance_by_its_scores_is_not_read(corpus: Corpus) -> None:
    judge = Judge(corpus.index, corpus.embedder, ScriptedReader(), WEIGHTS, silent)
    topic = read(corpus, "sparse autoencoders")
    by_scores = judge.score(topic, everyone(corpus)).likeliest
    judged = judge.judge(topic, everyone(corpus)).likeliest
    worth = {j.paper.id for j in by_scores if j.chance >= judging.WORTH_READING}
    assert {j.paper.id for j in judged if "odds" in j.signals} == worth
    assert 0 < len(worth) < len(by_scores) == len(judged)


def test_an_empty_corpus_of_admitted_papers_is_judged_as_no_papers(judge: Judge, corpus: Corpus) -> None:
    assert judge.judge(read(corpus, "images"), []) == Judgements((), 0)


def test_progress_is_told_of_each_stage(corpus: Corpus) -> None:
    told: list[tuple[str, int, int | None]] = []
    judge = Judge(corpus.index, corpus.embedder, ScriptedReader(), WEIGHTS, lambda *of: told.append(of))
    topic = read(corpus, "images")
    judge.judge(topic, everyone(corpus))
    worth = sum(j.chance >= judging.WORTH_READING for j in judge.score(topic, everyone(corpus)).likeliest)
    assert ("Comparing sentences", len(corpus.index.vectors), len(corpus.index.vectors)) in told
    assert ("Looking at papers", 0, 34) in told
    assert ("Reading papers", 0, worth) in told
