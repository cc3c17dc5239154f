"""Answers made of the corpus's own sentences, and refusals: on the seeds, and on small corpora made for one case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from askpapers.answering.extractive import self_contained
from askpapers.datatypes import Answer, Status
from askpapers.engine import Corpus
from askpapers.index.embedder import MiniLM
from askpapers.text import sentences
from fakes import build, write_papers

AskOf = Callable[[Mapping[str, str], str], Answer]


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("However, cats purr.", "Cats purr."),
        ("In particular, we train it.", "We train it."),
        ("Finally, 56\\% of it is\n preferred.", "56% of it is preferred."),
        ("Finally , a cat purrs .", "A cat purrs ."),
        ("Also cats purr.", "Also cats purr."),
        ("In addition to cats, dogs purr.", "In addition to cats, dogs purr."),
        ("Second language learners read.", "Second language learners read."),
        ("Instead of drugs, honey was given.", "Instead of drugs, honey was given."),
        ("Howeverness is no word.", "Howeverness is no word."),
        ("We, however, do not.", "We, however, do not."),
        ("gpt is small.", "gpt is small."),
        ("pH fell to 5.9.", "pH fell to 5.9."),
        ("However, pH fell.", "pH fell."),
        ("However, p < 0.05 held.", "p < 0.05 held."),
        ("However, d-Glucose fell.", "d-Glucose fell."),
        ("However, k-means won.", "k-means won."),
        ("However, β fell.", "β fell."),
        ("However, ßeta fell.", "ßeta fell."),
        ("However, p53 is bound.", "p53 is bound."),
        ("``It'' costs $10$.", "“It” costs 10."),
        ("However,", "However,"),
    ],
)
def test_a_sentence_by_itself(sentence: str, alone: str) -> None:
    assert self_contained(sentence) == alone


ANSWERED = {
    "how many problems are in GSM8K?": ("2110.14168", "8.5K"),
    "how many parameters does GPT-3 have?": ("2005.14165", "175 billion"),
    "how many hours of audio was the speech model trained on?": ("2212.04356", "680,000 hours"),
    "what is GSM8K?": ("2110.14168", "grade school math"),
    "what is PRM800K?": ("2305.20050", "800,000"),
    "how often are WebGPT's answers preferred to the human demonstrators'?": ("2112.09332", "56%"),
    "what does Codex do?": ("2107.03374", "code"),
    "can CLIP be used without task specific training?": ("2108.02818", "task specific"),
}


@pytest.fixture(scope="module")
def answers(corpus: Corpus) -> dict[str, Answer]:
    return {question: corpus.ask(question) for question in ANSWERED}


@pytest.mark.parametrize("question", ANSWERED)
def test_what_the_seeds_answer(answers: Mapping[str, Answer], question: str) -> None:
    answer = answers[question]
    paper, fact = ANSWERED[question]
    assert answer.status is Status.ANSWERED
    assert answer.closest == ()
    assert answer.coverage is None
    assert any(fact in citation.quote.text and citation.quote.paper == paper for citation in answer.citations)


@pytest.mark.parametrize("question", ANSWERED)
def test_statements_are_sentences_of_the_abstracts(
    corpus: Corpus, answers: Mapping[str, Answer], question: str
) -> None:
    answer = answers[question]
    abstract_of = {paper.id: paper.abstract for paper in corpus.papers()}
    assert 1 <= len(answer.statements) <= 3
    for statement in answer.statements:
        quote = next(c.quote for c in answer.citations if c.number == statement.citations[0])
        assert (quote.start, quote.end) in sentences(abstract_of[quote.paper])
        assert statement.text == self_contained(quote.text)


@pytest.mark.parametrize("question", ANSWERED)
def test_papers_are_told_one_by_one_in_the_order_of_their_text(answers: Mapping[str, Answer], question: str) -> None:
    quotes = [c.quote for c in answers[question].citations]
    papers = list(dict.fromkeys(quote.paper for quote in quotes))
    places = [(papers.index(quote.paper), quote.start) for quote in quotes]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "question",
    [
        "what is the capital of France?",
        "who won the world cup in 1998?",
        "how do I bake bread?",
        "what is the boiling point of water?",
        "what learning rate was GPT-3 trained with?",
        "what BLEU on WMT14 English-German?",
        "how many layers does GPT-3 have?",
        "how many parameters does GPT-4 have?",
        "what is BERT?",
        "what hardware was WebGPT trained on?",
    ],
)
def test_what_the_seeds_do_not_answer(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.statements == ()
    assert answer.text == ""
    assert 1 <= len(answer.closest) <= 3
    assert len({miss.quote.paper for miss in answer.closest}) == len(answer.closest)
    assert all(miss.why.startswith("this paper ") for miss in answer.closest)


def test_a_near_miss_says_what_is_missing(corpus: Corpus) -> None:
    miss = corpus.ask("how many layers does GPT-3 have?").closest[0]
    assert (miss.quote.paper, miss.why) == ("2005.14165", "this paper does not mention “layers”")


# ---- small corpora


@pytest.fixture
def ask_of(tmp_path: Path, embedder: MiniLM) -> Iterator[AskOf]:
    opened: list[Corpus] = []

    def ask(abstracts: Mapping[str, str], question: str) -> Answer:
        write_papers(tmp_path / "corpus", abstracts)
        build(tmp_path / "index", tmp_path / "corpus", embedder)
        opened.append(Corpus(tmp_path / "index", embedder))
        return opened[-1].ask(question)

    yield ask
    for corpus in opened:
        corpus.close()


def test_what_two_papers_say_alike_is_said_once_with_both_cited(ask_of: AskOf) -> None:
    answer = ask_of(
        {
            "one": "Penguins are birds of the south. The emperor penguin weighs about 30 kg when it is grown.",
            "two": "Ice is cold in winter. The emperor penguin weighs about 30 kg, when it is grown!",
            "dogs": "Dogs bark at strangers. They fetch sticks for their owners.",
        },
        "how much does the emperor penguin weigh?",
    )
    statement = answer.statements[0]
    assert len(answer.statements) == 1
    assert statement.citations == (1, 2)
    assert {p.paper.id for p in answer.papers} == {"one", "two"}
    assert answer.text.endswith("[1][2]")
    assert statement.text.startswith("The emperor penguin weighs")


PENGUINS = "We study the emperor penguin. Emperor-3 penguins weigh much when they are grown."


def test_a_figure_is_needed_where_one_is_asked_for(ask_of: AskOf) -> None:
    abstracts = {"p": PENGUINS, "dogs": "Dogs bark at strangers. They fetch sticks."}
    answer = ask_of(abstracts, "how much does the emperor penguin weigh?")
    assert answer.status is Status.NOT_IN_CORPUS
    assert answer.closest[0].why == "this paper gives no such figure"


def test_what_is_counted_per_measure_is_a_count(ask_of: AskOf) -> None:
    abstracts = {
        "y": "We brew beer. The yeast flasks held 10⁶ cells per millilitre.",
        "dogs": "Dogs bark. They fetch sticks.",
    }
    answer = ask_of(abstracts, "how many cells did the yeast flasks hold?")
    assert "10⁶ cells" in answer.text


def test_years_that_papers_tell_of_are_no_bounds(ask_of: AskOf) -> None:
    abstracts = {
        "s": "We price spices. Saffron cost $12 per gram in 2011 and $19 in 2020.",
        "dogs": "Dogs bark at strangers.",
    }
    assert "$12" in ask_of(abstracts, "what did saffron cost per gram in 2011?").text
    bounded = ask_of(abstracts, "what did papers published in 2011 say of saffron?")
    assert bounded.status is Status.NOT_IN_CORPUS


def test_a_figure_of_something_else_is_no_answer(ask_of: AskOf) -> None:
    abstracts = {"p": PENGUINS, "dogs": "Dogs bark at strangers. They weigh 30 kg."}
    assert ask_of(abstracts, "how much does the emperor penguin weigh?").status is Status.NOT_IN_CORPUS


LECTURES = (
    "There is concern that recorded lectures may reduce the attendance of students. To evaluate whether recorded"
    " lectures reduce attendance, 129 students were asked by us. The attendance of students at lectures was not"
    " impacted by recorded lectures."
)


def test_whether_something_is_so_is_told_by_what_was_found(ask_of: AskOf) -> None:
    abstracts = {"l": LECTURES, "dogs": "Dogs bark at strangers. They fetch sticks."}
    answer = ask_of(abstracts, "can recorded lectures make students skip class?")
    assert "was not impacted" in answer.text
    assert "concern" not in answer.text and "To evaluate" not in answer.text


def test_a_comparison_in_acronyms_is_found(ask_of: AskOf) -> None:
    abstracts = {
        "r": "To evaluate whether robotic prostatectomy (RP) is less invasive than open prostatectomy (OP). Blood was"
        " sampled five times. This study showed that RP induces lower tissue trauma than OP.",
        "dogs": "Dogs bark at strangers. They fetch sticks.",
    }
    answer = ask_of(abstracts, "what is the difference between robotic and open prostatectomy?")
    assert "lower tissue trauma" in answer.text and "To evaluate" not in answer.text
