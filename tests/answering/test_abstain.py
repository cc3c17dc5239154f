from __future__ import annotations

import math

import pytest

from askpapers.answering.abstain import Signals, is_answered, probability, signals, unmentioned, why_not
from askpapers.answering.evidence import PaperText, Sentence
from askpapers.answering.intent import Intent
from askpapers.answering.question import Term, Topic
from askpapers.datatypes import Passage
from askpapers.engine import Corpus

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


def test_the_floor_and_the_probability_both_decide() -> None:
    weights = {"cosine": 0.0, "coverage": 2.0, "missing_names": -2.0, "intercept": -1.0, "floor": 0.3}
    assert is_answered(Signals(0.3, 1.0, 0, noun_missing=False, named=False, same_word=True), weights)
    assert not is_answered(Signals(0.29, 1.0, 0, noun_missing=False, named=False, same_word=True), weights)
    assert not is_answered(Signals(0.9, 0.4, 0, noun_missing=False, named=False, same_word=True), weights)
    assert not is_answered(Signals(0.9, 1.0, 1, noun_missing=False, named=False, same_word=True), weights)
    assert not is_answered(Signals(0.9, 1.0, 0, noun_missing=True, named=False, same_word=True), weights)


def test_a_name_that_a_paper_has_is_enough_where_nothing_else_is_asked() -> None:
    weights = {"cosine": 0.0, "coverage": 2.0, "missing_names": -2.0, "intercept": -1.0, "floor": 0.3}
    assert is_answered(Signals(0.1, 1.0, 0, noun_missing=False, named=True, same_word=True), weights)
    assert not is_answered(Signals(0.1, 0.8, 0, noun_missing=False, named=True, same_word=True), weights)


def test_words_that_are_only_alike_must_lie_near() -> None:
    weights = {"cosine": 0.0, "coverage": 2.0, "missing_names": -2.0, "intercept": -1.0, "floor": 0.3}
    assert not is_answered(Signals(0.4, 1.0, 0, noun_missing=False, named=False, same_word=False), weights)
    assert is_answered(Signals(0.5, 1.0, 0, noun_missing=False, named=False, same_word=False), weights)


def test_the_fitted_weights_point_the_right_way(corpus: Corpus) -> None:
    weights = corpus.weights("abstain")
    assert weights["cosine"] > 0
    assert weights["coverage"] > 0
    assert weights["missing_names"] < 0


def test_signals_are_of_the_best_papers_whole_text_and_the_nearest_sentence() -> None:
    topic = Topic("how many hours does Purrer-3 sleep?", (HOURS, SLEEP, PURRER))
    best = sentence("It has hours.", whole="It has hours. All sleep.", cosine=0.4)
    found = signals(topic, best, [best, sentence("Dogs.", cosine=0.6)])
    assert found == Signals(cosine=0.6, coverage=0.5, missing_names=1, noun_missing=False, named=False, same_word=True)


def test_the_kind_of_thing_that_is_asked_for_must_be_there() -> None:
    topic = Topic("what hardware was used?", (Term("hardware", 1.0, False, ((("hardwar",), 1.0),)),))
    for text, missing in (("The hardware.", False), ("The software.", True)):
        best = sentence(text)
        assert signals(topic, best, [best]).noun_missing is missing


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
