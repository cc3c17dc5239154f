"""Surveys of the seeds: who matches, that every paper is judged, and that the scores are exact."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askpapers.answering.judgement import Judgement
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.survey import Surveyor
from askpapers.datatypes import Answer, Coverage, Relevance, Status
from askpapers.engine import Corpus
from askpapers.text import terms

INSTRUCT_GPT, SUMMARIZE, WEAK_TO_STRONG = "2203.02155", "2009.01325", "2312.09390"
# None of these has to do with human feedback.
UNRELATED = frozenset(
    "1903.00374 2303.01469 2406.04093 2212.04356 2202.01344 2112.10741 2110.05448 2107.03374 2208.03274 2108.02818"
    " 2103.00020 2005.14165 2110.14168 2009.14794 1906.04331 1905.08836 1810.10126 1801.10198 1805.08427 1711.09401"
    " 1608.05046 2602.06964 2601.21571 2201.10005 2102.12092".split()
)
ABSENT = (
    "graph neural networks",
    "quantum computing",
    "climate change",
    "robots",
    "protein folding and drug design",
    "blockchain",
    "self-driving cars",
    "federated learning",
    "recommender systems",
    "medical imaging of tumours",
    "cooking recipes",
    "sports betting",
    "強化学習",
)


def matches(answer: Answer) -> set[str]:
    return {p.paper.id for p in answer.papers if p.relevance is Relevance.MATCH}


def mentions(answer: Answer) -> set[str]:
    return {p.paper.id for p in answer.papers if p.relevance is Relevance.MENTION}


# ---- who matches


@pytest.mark.parametrize(
    "question",
    [
        "which papers use RLHF?",
        "which papers use reinforcement learning from human feedback?",
        "list all papers using RLHF",
        "who uses RLHF?",
    ],
)
def test_which_papers_use_rlhf(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert answer.status is Status.ANSWERED
    assert {INSTRUCT_GPT, SUMMARIZE} <= matches(answer)
    assert WEAK_TO_STRONG in matches(answer) | mentions(answer)
    assert not matches(answer) & UNRELATED
    assert answer.coverage == Coverage(34, 34)


@pytest.mark.parametrize("topic", ABSENT)
@pytest.mark.parametrize("frame", ["which papers are about {}?", "how many papers study {}?", "papers on {}"])
def test_an_absent_topic_is_not_in_the_corpus(corpus: Corpus, topic: str, frame: str) -> None:
    answer = corpus.ask(frame.format(topic))
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.papers == ()
    assert answer.statements == ()
    assert answer.coverage == Coverage(34, 34)
    assert all(miss.why for miss in answer.closest)


@pytest.mark.parametrize(
    ("question", "there", "not_there"),
    [
        ("which papers are about images?", {"2102.12092", "2112.10741", "2103.00020"}, {"1801.10198", "2110.14168"}),
        ("which papers are about sparse autoencoders?", {"2406.04093"}, {"2303.01469", "2203.02155"}),
        ("papers about speech recognition", {"2212.04356"}, {"1810.10126", "2110.14168"}),
        ("who summarizes books?", {"2109.10862"}, {"2303.01469", "1903.00374"}),
        ("which papers deal with math?", {"2110.14168", "2305.20050", "2202.01344"}, {"2212.04356", "2109.10862"}),
        ("anything about regular expressions?", {"1805.08427"}, {"2009.14794"}),
    ],
)
def test_plain_topics(corpus: Corpus, question: str, there: set[str], not_there: set[str]) -> None:
    found = matches(corpus.ask(question))
    assert there <= found
    assert not found & not_there


# ---- years, negation, conjunction


@pytest.mark.parametrize(
    ("years", "holds"),
    [
        ("from 2021", lambda year: year == 2021),
        ("since 2022", lambda year: year >= 2022),
        ("before 2021", lambda year: year < 2021),
        ("from 2021 to 2022", lambda year: 2021 <= year <= 2022),
        ("no later than 2021", lambda year: year <= 2021),
    ],
)
def test_years_leave_out_the_others_and_no_one_else(corpus: Corpus, years: str, holds: Callable[[int], bool]) -> None:
    everyone = corpus.ask("which papers are about images?")
    some = corpus.ask(f"which papers {years} are about images?")
    year_of = {p.paper.id: p.paper.year or 0 for p in everyone.papers}
    assert 0 < len(some.papers) < len(everyone.papers)
    assert matches(some) == {paper for paper in matches(everyone) if holds(year_of[paper])}
    assert some.coverage == Coverage(34, 34)


def test_years_alone_are_a_topic(corpus: Corpus) -> None:
    found = corpus.ask("which papers are from 2018?")
    assert matches(found) == {p.id for p in corpus.papers() if p.year == 2018}


def test_no_paper_is_of_a_year_to_come(corpus: Corpus) -> None:
    assert corpus.ask("which papers since 2040 are about images?").status is Status.NOT_IN_CORPUS


@pytest.mark.parametrize("question", ["which papers do not use RLHF?", "which papers don't use RLHF?"])
def test_a_negation_gives_all_the_others(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert UNRELATED - {"1903.00374"} <= matches(answer)
    assert not (matches(answer) | mentions(answer)) & {INSTRUCT_GPT, SUMMARIZE, WEAK_TO_STRONG}
    assert all(not {"rlhf"} & set(terms(c.quote.text)) for c in answer.citations)


def test_but_not(corpus: Corpus) -> None:
    everyone = matches(corpus.ask("which papers are about diffusion?"))
    some = corpus.ask("which papers are about diffusion but not images?")
    assert "2602.06964" in matches(some)  # diffusion over activations
    assert "2112.10741" in everyone
    assert not {"2112.10741", "2102.12092", "2303.01469"} & (matches(some) | mentions(some))


def test_both_sides_of_an_and_must_be_there(corpus: Corpus) -> None:
    answer = corpus.ask("which papers are about images and text?")
    assert {"2102.12092", "2103.00020"} <= matches(answer)
    assert not matches(answer) & {"1801.10198", "1903.00374"}
    stems_of = {p.id: set(terms(f"{p.title}. {p.abstract}")) for p in corpus.papers()}
    assert all("imag" in stems_of[paper] for paper in matches(answer))


def test_either_side_of_an_or_will_do(corpus: Corpus) -> None:
    found = matches(corpus.ask("which papers are about speech or images?"))
    assert {"2212.04356", "2102.12092", "2103.00020"} <= found


# ---- what is said


def test_a_count_leads_with_its_number(corpus: Corpus) -> None:
    answer = corpus.ask("how many papers use reinforcement learning?")
    lead = answer.text.split("\n\n")[0]
    more = f", {len(mentions(answer))} more mention it" if mentions(answer) else ""
    assert lead == f"{len(matches(answer))} of 34 papers match{more}."
    assert not corpus.ask("which papers use reinforcement learning?").text.startswith(lead)


def test_a_paper_is_cited_once_with_its_decisive_sentence(corpus: Corpus) -> None:
    answer = corpus.ask("which papers use RLHF?")
    assert len(answer.citations) == len(answer.papers) == len(answer.statements)
    quote_of = {c.quote.paper: c.quote.text for c in answer.citations}
    assert "reinforcement learning from human feedback" in quote_of[INSTRUCT_GPT]
    assert "RLHF" in quote_of[WEAK_TO_STRONG]


def test_a_closest_paper_is_told_with_what_it_lacks(corpus: Corpus) -> None:
    answer = corpus.ask("papers on quantum computing")
    assert 1 <= len(answer.closest) <= 3
    assert answer.closest[0].why == "this paper does not mention “quantum”"


# ---- exactly


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
Judge = Callable[..., dict[str, Judgement]]


@pytest.fixture(scope="module")
def judge(corpus: Corpus) -> Judge:
    surveyor = Surveyor(corpus.index, corpus.embedder, corpus.weights("survey"), lambda stage, done, total: None)

    def judged(topic: Topic, least: float | None = None) -> dict[str, Judgement]:
        return {judgement.paper.id: judgement for judgement in surveyor.judge(topic, least)}

    return judged


def read(corpus: Corpus, text: str) -> Topic:
    return read_terms(text, corpus.index, corpus.embedder)


@pytest.mark.parametrize("text", TOPICS)
def test_the_scores_are_those_of_every_sentence(corpus: Corpus, judge: Judge, text: str) -> None:
    index, topic = corpus.index, read(corpus, text)
    vector = corpus.embedder.embed([text])[0].astype(np.float64)
    papers = corpus.papers()
    nearest = np.array(
        [max(index.vectors[index.passages["paper"] == row].astype(np.float64) @ vector) for row in range(len(papers))]
    )
    standing = np.minimum((nearest - nearest.mean()) / nearest.std(), 10)
    weights = corpus.weights("survey")
    found = judge(topic, least=0.0)
    assert list(found) == [paper.id for paper in papers]
    for row, paper in enumerate(papers):
        title = set(terms(paper.title))
        passages = index.passages[index.passages["paper"] == row]
        alone = [set(terms(paper.abstract[p["start"] : p["end"]])) for p in passages]
        expected = {
            "standing": standing[row],
            "size": np.log(34),
            "in_paper": topic.coverage(set(terms(paper.abstract)) | title),
            "in_sentence": max(topic.coverage(stems | title) for stems in alone),
        }
        assert dict(found[paper.id].signals) == pytest.approx(expected, abs=1e-4), paper.id
        z = weights["intercept"] + sum(weights[name] * value for name, value in expected.items())
        assert found[paper.id].chance == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-3)


@pytest.mark.parametrize("text", TOPICS)
def test_no_paper_that_would_be_kept_is_left_unread(corpus: Corpus, judge: Judge, text: str) -> None:
    topic = read(corpus, text)
    everyone = judge(topic, least=0.0)
    assert len(everyone) == 34
    for least in (None, 0.01, 0.05, 0.3, 0.5, 0.9):
        bound = corpus.weights("survey")["mention"] if least is None else least
        assert judge(topic, least) == {paper: j for paper, j in everyone.items() if j.chance >= bound}


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_paper_is_left_unread_whatever_is_asked(corpus: Corpus, judge: Judge, data: st.DataObject) -> None:
    abstract = data.draw(st.sampled_from([paper.abstract for paper in corpus.papers()])).split()
    begin = data.draw(st.integers(0, len(abstract) - 1))
    words = abstract[begin : begin + data.draw(st.integers(1, 6))]
    topic = read(corpus, " ".join([*words, data.draw(st.sampled_from(["", "robots", "image", "not"]))]))
    least = data.draw(st.floats(0.001, 0.99))
    everyone = judge(topic, least=0.0)
    assert set(judge(topic, least)) == {paper for paper, j in everyone.items() if j.chance >= least}


def test_papers_that_cannot_match_are_not_read(corpus: Corpus) -> None:
    told: list[tuple[str, int, int | None]] = []
    surveyor = Surveyor(corpus.index, corpus.embedder, corpus.weights("survey"), lambda *told_of: told.append(told_of))
    list(surveyor.judge(read(corpus, "sparse autoencoders")))
    assert ("Comparing sentences", len(corpus.index.vectors), len(corpus.index.vectors)) in told
    (to_read,) = [total for stage, _, total in told if stage == "Reading papers"]
    assert to_read is not None
    assert 1 <= to_read < 34


def test_a_large_corpus_is_compared_chunk_by_chunk(
    corpus: Corpus, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = read(corpus, "use RLHF")
    at_once = judge(topic, 0.0)
    monkeypatch.setattr("askpapers.answering.survey._CHUNK", 7)
    assert {paper: j.chance for paper, j in judge(topic, 0.0).items()} == pytest.approx(
        {paper: j.chance for paper, j in at_once.items()}, abs=1e-5
    )
