"""Questions for a figure: what can give it, and when it is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.evidence import PaperText, Reading, Sentence
from askpapers.answering.figures import Figure, asked_figure, gives_figure, gives_unnamed, is_figure_found
from askpapers.answering.question import Term, Topic
from askpapers.datatypes import Passage
from askpapers.grounding.units import MEASURES

HOURS = Term("hours", 1.0, False, ((("hour",), 1.0),))
SLEEP = Term("sleep", 2.0, False, ((("sleep",), 1.0),))
PURRER = Term("Purrer-3", 3.0, True, ((("purrer", "3"), 1.0),))
NINETY = Term("90", 3.0, True, ((("90",), 1.0),))
WRITTEN = {
    "ms": "ms",
    "second": "seconds",
    "hour": "hours",
    "day": "days",
    "mg": "mg",
    "km": "km",
    "mL": "ml",
    "GHz": "GHz",
    "dollar": "dollars",
    "euro": "euros",
}


def sentence(text: str, whole: str = "", paper: str = "cats") -> Sentence:
    return Sentence(PaperText(paper, "On cats", whole or text, 0.5), Passage(paper, 0, len(text)), text, 0.5)


def asked_about(question: str) -> Figure:
    terms = tuple(Term(word, 1.0, False, (((word,), 1.0),)) for word in question.casefold().rstrip("?").split())
    return asked_figure(Topic(question, terms))


@pytest.mark.parametrize(
    ("text", "whole", "gives"),
    [
        ("Purrer-3 sleeps 16 hours.", "", True),
        ("It takes 16 hours.", "Purrer-3 sleeps. It takes 16 hours.", True),  # the names stand elsewhere in the paper
        ("Purrer-3 sleeps for hours.", "", False),  # the 3 of a name is no figure
        ("Purrer-3 sleeps 16 days, not hours.", "", False),
        ("Purrer-4 sleeps 16 hours.", "", False),
    ],
)
def test_what_gives_a_figure(text: str, whole: str, gives: bool) -> None:
    topic = Topic("how many hours does Purrer-3 sleep?", (HOURS, SLEEP, PURRER))
    assert gives_figure(sentence(text, whole), topic, asked_figure(topic)) is gives


def test_a_bare_number_is_no_name() -> None:
    topic = Topic("why does Purrer-3 sleep 90 hours?", (HOURS, PURRER, NINETY))
    assert topic.names == [PURRER]
    assert gives_figure(sentence("Purrer-3 sleeps 16 hours."), topic, Figure("hours", "hour"))


@given(st.sampled_from(sorted(WRITTEN)), st.sampled_from(sorted(WRITTEN)), st.integers(2, 10_000))
def test_a_figure_in_one_measure_never_answers_for_another(asked: str, given_in: str, value: int) -> None:
    assert asked in MEASURES
    figure = asked_about(f"How many {WRITTEN[asked]} does the cat sleep?")
    assert figure.fits(sentence(f"The cat sleeps {value} {WRITTEN[given_in]} of the hours.")) is (asked == given_in)


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("How many MW does it take?", "It takes 3 mW.", False),
        ("How many MW does it take?", "It takes 3 MW.", True),
        ("How many mw does it take?", "It takes 3 hours.", False),
        ("What accuracy does it reach?", "It solves 28.8% of them.", True),
        ("What accuracy does it reach?", "It scores 28.8 on them.", True),
        ("What accuracy does it reach?", "It needs 1.28 million examples.", False),
        ("What is its error score?", "It is tested in 30 tasks.", True),
        ("How many parameters has it?", "It reacts in 320 milliseconds.", False),
        ("How many parameters has it?", "The 175B model is large.", True),
        ("How many problems does it solve?", "It solves 70% of our problems.", True),
        ("How many books were read?", "It fails in 5% of cases.", False),
        ("How many examples are needed?", "It needs thousands of examples.", True),
        ("How much cheaper is it?", "It is 50% cheaper.", True),
    ],
)
def test_which_figures_fit(question: str, text: str, fits: bool) -> None:
    assert asked_about(question).fits(sentence(text)) is fits


@pytest.mark.parametrize(
    ("question", "text", "gives"),
    [
        ("how much time does Purrer-3 sleep?", "Purrer-3 sleeps 16 hours.", True),
        ("how much time does Purrer-3 sleep?", "Purrer-4 sleeps 16 hours.", False),
        ("how much time does Purrer-3 sleep?", "Purrer-3 sleeps long.", False),
        ("how many hours does Purrer-3 sleep?", "Purrer-3 sleeps 16 days.", False),  # a unit is asked for
    ],
)
def test_what_can_give_a_figure_in_other_words(question: str, text: str, gives: bool) -> None:
    topic = Topic(question, (HOURS, SLEEP, PURRER))
    assert gives_unnamed(sentence(text), topic, asked_figure(topic)) is gives


def reading(odds: float, paper: str = "cats") -> Reading:
    return Reading(1.0, odds, sentence("It sleeps 16 hours.", paper=paper))


def test_it_is_found_where_one_reads_as_an_answer() -> None:
    named = Topic("how long does Purrer-3 sleep?", (SLEEP, PURRER))
    assert is_figure_found(named, [reading(-3.0), reading(0.1)], [])
    assert not is_figure_found(named, [reading(-3.0), reading(0.0)], [])
    assert not is_figure_found(named, [], [])


def test_without_a_name_another_paper_must_not_read_better() -> None:
    unnamed = Topic("how long do cats sleep?", (SLEEP,))
    assert is_figure_found(unnamed, [reading(2.0)], [reading(2.9, "dogs"), reading(9.0)])
    assert not is_figure_found(unnamed, [reading(2.0)], [reading(3.1, "dogs")])
