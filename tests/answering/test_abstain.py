from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from askpapers.answering.abstain import Signals, is_answered, probability, signals, unmentioned, why_not
from askpapers.answering.evidence import PaperText, Reading, Sentence
from askpapers.answering.intent import Intent
from askpapers.answering.question import Term, Topic
from askpapers.datatypes import Passage
from askpapers.engine import Corpus
from askpapers.reading.protocol import Pair, Probabilities
from askpapers.text import stem

HOURS = Term("hours", 1.0, False, ((("hour",), 1.0),))
SLEEP = Term("sleep", 2.0, False, ((("sleep",), 1.0),))
PURRER = Term("Purrer-3", 3.0, True, ((("purrer", "3"), 1.0),))


def sentence(text: str, title: str = "On cats", whole: str = "", cosine: float = 0.5) -> Sentence:
    return Sentence(PaperText("cats", title, whole or text, 0.5), Passage("cats", 0, len(text)), text, cosine)


def test_the_logistic_function() -> None:
    weights = {"intercept": -1.0, "a": 2.0, "b": -3.0}
    assert probability({"a": 0.5, "b": 0.0}, weights) == 0.5
    assert probability({"a": 2.0, "b": 0.0}, weights) == pytest.approx(1 / (1 + math.exp(-3)))
    assert probability({"a": 0.0, "b": 1.0}, weights) == pytest.approx(1 / (1 + math.exp(4)))


def reading(of: Sentence, odds: float) -> Reading:
    return Reading(0.0, odds, of)


class EvenReader:
    """Finds that every text answers as likely as not: odds of 0."""

    def relevance(self, pairs: Sequence[Pair]) -> Probabilities:
        return np.full((len(pairs), 3), [0.25, 0.25, 0.5], dtype=np.float32)


def read_signals(topic: Topic, read: Sequence[Reading], sentences: Sequence[Sentence], papers: int = 30) -> Signals:
    return signals(topic, read, sentences, papers, EvenReader())


MANY = {"same_words": 2.0, "odds": 1.0, "abstract_odds": 0.0, "missing_names": -2.0, "intercept": -2.0}
WEIGHTS = {"few": {**MANY, "abstract_odds": 1.0, "intercept": -3.0}, "many": MANY}


@pytest.mark.parametrize(
    ("found", "answered"),
    [
        (Signals(1.0, 0.0, 0.0, 0, few_papers=0.0, noun_missing=False), True),
        (Signals(0.0, 2.0, 0.0, 0, few_papers=0.0, noun_missing=False), True),  # in other words
        (Signals(0.9, 0.0, 9.0, 0, few_papers=0.0, noun_missing=False), False),
        (Signals(1.0, 1.0, 0.0, 1, few_papers=0.0, noun_missing=False), False),
        (Signals(1.0, 9.0, 9.0, 0, few_papers=0.0, noun_missing=True), False),
        (Signals(1.0, 0.0, 0.0, 0, few_papers=1.0, noun_missing=False), False),
        (Signals(1.0, 0.0, 1.0, 0, few_papers=1.0, noun_missing=False), True),
        (
            Signals(1.0, 0.2, 0.0, 0, few_papers=0.25, noun_missing=False),
            False,
        ),  # a quarter of one, the rest of the other
        (Signals(1.0, 0.3, 0.0, 0, few_papers=0.25, noun_missing=False), True),
    ],
)
def test_the_weights_of_the_corpus_size_decide_and_a_missing_noun(found: Signals, *, answered: bool) -> None:
    assert is_answered(found, WEIGHTS) is answered


DATA = Term("data", 1.0, False, ((("data",), 1.0),))
AGE = Term("age", 1.0, False, ((("age",), 1.0),))


@pytest.mark.parametrize(
    ("abstract", "title", "is_missing"),
    [
        ("It was trained on images.", "On cats", True),
        ("It was trained on a filtered dataset.", "On cats", False),
        ("It was trained on images.", "Data of cats", False),
    ],
)
def test_the_kind_of_thing_asked_for_may_be_in_a_title_or_a_compound(
    abstract: str, title: str, *, is_missing: bool
) -> None:
    topic = Topic("what data was it trained on", (DATA,))
    best = sentence(abstract, title)
    assert read_signals(topic, [reading(best, 1.0)], [best]).noun_missing is is_missing


def test_a_short_word_makes_no_compound_of_another() -> None:
    best = sentence("Agents were given to cats.")
    assert read_signals(Topic("what age were they", (AGE,)), [reading(best, 1.0)], [best]).noun_missing


def test_the_fitted_weights_point_the_right_way(corpus: Corpus) -> None:
    weights = corpus.weights("abstain")
    for size in ("few", "many"):
        assert weights[size]["same_words"] > 0 > weights[size]["missing_names"]
        assert weights[size]["odds"] > 0
    assert weights["few"]["abstract_odds"] > 0


def test_signals_are_of_the_whole_paper_of_the_sentence_that_reads_best() -> None:
    topic = Topic("how many hours does Purrer-3 sleep?", (HOURS, SLEEP, PURRER))
    best = sentence("It has hours.", whole="It has hours. All sleep.")
    other = sentence("Purrer-3 purrs.")
    found = read_signals(topic, [reading(other, 0.1), reading(best, 0.4)], [best, other])
    assert found.abstract_odds == pytest.approx(0.0, abs=1e-6)
    assert found == Signals(0.5, 0.4, found.abstract_odds, 1, few_papers=1.0, noun_missing=False)


def test_a_word_that_is_only_like_one_of_the_question_is_not_the_same_word() -> None:
    drug = Term("metformin", 1.0, False, (((stem("metformin"),), 1.0), ((stem("bezafibrate"),), 0.7)))
    best = sentence("Bezafibrate was given.")
    topic = Topic("what does metformin do?", (drug,))
    assert topic.coverage(best.paper.stems) == pytest.approx(0.7)
    assert read_signals(topic, [reading(best, 1.0)], [best], 1000).same_words == 0.0


@pytest.mark.parametrize(("papers", "share"), [(1, 1.0), (50, 1.0), (158, 0.5), (500, 0.0), (3_000_000, 0.0)])
def test_how_few_papers_there_are(papers: int, share: float) -> None:
    topic = Topic("how many hours does Purrer-3 sleep?", (HOURS, SLEEP, PURRER))
    best = sentence("It has hours.")
    assert read_signals(topic, [reading(best, 0.0)], [best], papers).few_papers == pytest.approx(share, abs=0.01)


def test_the_kind_of_thing_that_is_asked_for_must_be_there() -> None:
    topic = Topic("what hardware was used?", (Term("hardware", 1.0, False, ((("hardwar",), 1.0),)),))
    for text, missing in (("The hardware.", False), ("The software.", True)):
        best = sentence(text)
        assert read_signals(topic, [reading(best, 0.0)], [best]).noun_missing is missing


@pytest.mark.parametrize(
    ("text", "intent", "why"),
    [
        ("Dogs bark.", Intent.OPEN, "this paper does not mention “Purrer-3”, “sleep” or “hours”"),
        ("Purrer-3 sleeps.", Intent.OPEN, "this paper does not mention “hours”"),
        ("Purrer-3 sleeps for hours.", Intent.QUANTITY, "this paper gives no such figure"),
        ("Purrer-3 sleeps for hours.", Intent.OPEN, "this paper is near the topic but does not say it"),
    ],
)
def test_why_not(text: str, intent: Intent, why: str) -> None:
    topic = Topic("how many hours does Purrer-3 sleep?", (HOURS, SLEEP, PURRER))
    assert why_not(topic, sentence(text), intent) == why


@pytest.mark.parametrize("word", ["benchmarked", "benchmarks", "supervised", "Purrer", "8K"])
def test_a_word_that_is_there_in_another_form_is_not_said_to_be_missing(word: str) -> None:
    asked = Topic(word, (Term(word, 1.0, word == "8K", (((word.casefold(),), 1.0),)),))
    found = sentence("Benchmarking supervision of the Purrer8K.")
    assert not unmentioned(asked, found.paper.stems)
    assert word not in why_not(asked, found, Intent.OPEN)


def test_no_more_than_three_words_are_said_to_be_missing() -> None:
    many = tuple(Term(word, 1.0, False, (((word,), 1.0),)) for word in ("uno", "dos", "tres", "quatro"))
    why = why_not(Topic("", many), sentence("Dogs bark."), Intent.OPEN)
    assert why == "this paper does not mention “uno”, “dos” or “tres”"
