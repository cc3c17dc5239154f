"""Surveys of the seeds: who matches, who does not, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from askpapers.answering.judgement import Judgement, Judgements, ModelVerdict
from askpapers.answering.judging import Judge, Weights
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.survey import UNLIKELY, Surveyed, Surveyor
from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import Answer, Filter, Passage, Relevance, Status
from askpapers.engine import Corpus
from askpapers.progress import no_progress
from askpapers.text import terms
from fakes import ScriptedReader

INSTRUCT_GPT, SUMMARIZE, WEAK_TO_STRONG = "2203.02155", "2009.01325", "2312.09390"
WEBGPT, BOOKS = "2112.09332", "2109.10862"  # the seeds have a title and a line of each
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


def test_a_small_corpus_shows_what_it_has_a_line_of(corpus: Corpus) -> None:
    answer = corpus.ask("which papers use RLHF?")
    assert {WEBGPT, BOOKS} <= matches(answer) | mentions(answer)


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
    assert {WEAK_TO_STRONG, WEBGPT} <= matches(answer) | mentions(answer)
    assert not matches(answer) & UNRELATED
    assert answer.coverage == Coverage(34, 34)


@pytest.mark.parametrize(
    "verb_and_thing", [("use", "uses", "using", "RLHF"), ("train", "trains", "training", "a reward model")]
)
def test_the_same_survey_in_other_words_finds_the_same_papers(corpus: Corpus, verb_and_thing: tuple[str, ...]) -> None:
    base, third, ing, thing = verb_and_thing
    first, *others = (
        corpus.ask(question)
        for question in (f"which papers {base} {thing}?", f"who {third} {thing}?", f"papers {ing} {thing}")
    )
    for other in others:
        assert (matches(other), mentions(other)) == (matches(first), mentions(first))


def test_a_refusal_of_a_wish_offers_the_nearest(corpus: Corpus) -> None:
    answer = corpus.ask("which of these papers would help me make a chatbot more honest?")
    assert WEBGPT in {miss.quote.paper for miss in answer.closest} | matches(answer)


@pytest.mark.parametrize("topic", ABSENT)
@pytest.mark.parametrize("frame", ["which papers are about {}?", "how many papers study {}?", "papers on {}"])
def test_an_absent_topic_is_not_in_the_corpus(corpus: Corpus, topic: str, frame: str) -> None:
    answer = corpus.ask(frame.format(topic))
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.papers == ()
    assert answer.statements == ()
    assert answer.coverage == Coverage(34, 34)
    assert 1 <= len(answer.closest) <= 3  # a refusal offers the nearest
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
    assert some.coverage
    assert some.coverage.checked == sum(holds(paper.year or 0) for paper in corpus.papers())
    assert some.coverage.checked + some.coverage.left_out.total == some.coverage.total == 34


def test_years_alone_are_a_topic(corpus: Corpus) -> None:
    found = corpus.ask("which papers are from 2018?")
    assert matches(found) == {p.id for p in corpus.papers() if p.year == 2018}


def test_no_paper_is_of_a_year_to_come(corpus: Corpus) -> None:
    answer = corpus.ask("which papers since 2040 are about images?")
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.coverage == Coverage(0, 34, LeftOut(older=34), since=2040)


class Judging(Judge):
    """A judge that writes down the rows whose papers it gave exact scores."""

    scored: set[int]

    def score(self, topic: Topic, rows: Sequence[int]) -> Judgements:
        self.scored |= set(rows)
        return super().score(topic, rows)


YEAR = st.none() | st.integers(2015, 2027)


@given(data=st.data(), since=YEAR, until=YEAR, unwanted=st.sampled_from(["", " but not images"]))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_checked_is_what_was_judged(
    corpus: Corpus, data: st.DataObject, since: int | None, until: int | None, unwanted: str
) -> None:
    ids = [paper.id for paper in corpus.papers()]
    chosen = data.draw(st.frozensets(st.sampled_from(ids), max_size=6))
    weights = Weights.of(corpus.weights("survey"))
    judge = Judging(corpus.index, corpus.embedder, ScriptedReader(), weights, no_progress)
    judge.scored = set()
    coverage = Surveyor(judge, Filter(chosen, since, until)).judge(f"diffusion{unwanted}").coverage
    assert coverage.checked == len(judge.scored)
    assert coverage.checked + coverage.left_out.total == coverage.total == 34


@given(
    chance=st.floats(0, 1),
    is_quoted=st.booleans(),
    on_topic=st.booleans(),
    said=st.sampled_from([Relevance.MATCH, Relevance.MENTION, None]),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_models_match_of_an_unlikely_paper_has_to_be_shown(
    corpus: Corpus, chance: float, is_quoted: bool, on_topic: bool, said: Relevance | None
) -> None:
    """A small model finds that everything matches: its match counts where the scores or its own quote bear it out."""
    weights = Weights.of(corpus.weights("survey"))
    reader = ScriptedReader(answers=0.9 if on_topic else 0.1)
    surveyor = Surveyor(Judge(corpus.index, corpus.embedder, reader, weights, no_progress))
    paper = corpus.papers()[0]
    quote = Passage(paper.id, 0, 40)
    verdict = ModelVerdict(Judgement(paper, {"odds": 0.0}, chance, quote), said, quote, is_quoted=is_quoted)
    topic = read_terms("diffusion", corpus.index, corpus.embedder)
    draft = surveyor.draft_of(Surveyed(topic, (), {}, (), Coverage(34, 34)), [verdict])
    is_shown = chance >= UNLIKELY or (is_quoted and on_topic)
    expected = Relevance.MENTION if said is Relevance.MATCH and not is_shown else said
    assert [judged.relevance for judged in draft.judged] == ([expected] if expected else [])


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


@pytest.mark.parametrize(("answers", "relevance"), [(0.3, Relevance.MATCH), (0.2, Relevance.MENTION)])
def test_a_side_in_other_words_must_be_read(corpus: Corpus, answers: float, relevance: Relevance) -> None:
    weights = Weights.of(corpus.weights("survey"))
    judge = Judge(corpus.index, corpus.embedder, ScriptedReader(answers=answers), weights, no_progress)
    found = Surveyor(judge).judge("consistency models and likeness of photographs").found
    assert found["2303.01469"] is relevance


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


def test_what_only_lies_near_is_closest_and_no_match(corpus: Corpus) -> None:
    answer = corpus.ask("mixture of experts: which ones?")  # one trains by expert iteration
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.closest


def test_other_words_for_it_are_understood(corpus: Corpus) -> None:
    """Its scores alone leave the second paper out: critiques are not called feedback there."""
    found = matches(corpus.ask("who gathers feedback from people to improve summaries?"))
    assert {"2009.01325", "2206.05802"} <= found
