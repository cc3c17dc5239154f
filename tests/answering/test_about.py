"""What the corpus is about: the ways of asking for it, and the reply."""

from __future__ import annotations

import re

import pytest

from askpapers.answering.about import asks_about_corpus, year_bars
from askpapers.answering.query import read_query
from askpapers.contract import answer_dict, turn_of
from askpapers.datatypes import Filter, Relevance, Status
from askpapers.engine import Corpus
from askpapers.index.overview import YearCount

ASKED = """
What is this corpus about?|main themes|give me an overview|what topics are there?|what are these papers about?|topics
which topics does this corpus cover?|what are the main topics of this collection?|overview|Summarize the corpus
describe this collection|what kinds of papers are in this corpus?|what is in here?|what does this corpus contain?
what's this corpus about?|please give me a short overview of the papers|list the main topics|what's in this folder?
what areas of research are covered here?|which research areas are represented?|what do these papers talk about?
can you give me an overview of the corpus?|what subjects do the papers cover?|group the papers by topic|main topics?
what research topics are there|WHAT IS THIS CORPUS ABOUT|what is my library mainly about?|What fields does this cover?
what is the gist of these papers?|which themes recur?|what is the scope of the corpus?|sum up these abstracts
what do I have here?|key research areas|what are the papers on?|what are the main research trends in this corpus?
what topics do you know about?|which topics come up most often?|What is all this about?|show me the main themes
what can you tell me about this corpus?|which fields are represented here?|break down the corpus by topic
tell me what the corpus is about|tell me about this corpus|an overview of all papers please|what is everything about?
"""
NOT_ASKED = """
overview of transformers|give me an overview of reinforcement learning|what is RLHF about?|topic models
which papers are about summarization?|what areas does CLIP fail in?|summarise paper 2110.14168|describe the data set
what is in the WebText data set?|themes of summarization papers|how many papers are there?|what is the newest paper?
give me the gist of GPT-4o|which themes recur in the summaries?|what is the focus of WebGPT?|trends in language models
key research areas of reinforcement learning|how would you describe consistency models?|sort the papers by year
list everything|who wrote these papers?|how many papers are from 2021?|what is the scope of the CLIP evaluation?
what domains does WebGPT cover?|list the papers|which subjects were tested in MMLU?|what data is it trained on?
"""


def questions(text: str) -> list[str]:
    return [question for line in text.strip().splitlines() for question in line.split("|")]


@pytest.mark.parametrize("question", questions(ASKED))
def test_an_overview_is_asked_for_in_many_words(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert (answer.intent, answer.status) == ("overview", Status.ANSWERED)
    assert answer.text.startswith("34 papers from 2016 to 2026.")


@pytest.mark.parametrize("question", questions(NOT_ASKED))
def test_a_question_about_a_topic_or_a_paper_asks_for_none(corpus: Corpus, question: str) -> None:
    assert not asks_about_corpus(read_query(question, corpus.index), in_conversation=False)


def test_each_numbered_topic_has_its_question_and_that_finds_papers(corpus: Corpus) -> None:
    answer = corpus.ask("what is this corpus about?")
    numbers = [int(number) for number in re.findall(r"^  (\d+)\. ", answer.text, re.MULTILINE)]
    assert numbers == list(range(1, len(answer.suggestions) + 1))
    assert answer_dict(answer)["suggestions"] == list(answer.suggestions)
    for question in answer.suggestions:
        found = corpus.ask(question)
        assert sum(paper.relevance is Relevance.MATCH for paper in found.papers) >= 2, question


def test_it_keeps_to_the_years_and_papers_that_are_asked_about(corpus: Corpus) -> None:
    assert corpus.ask("what are the papers from 2021 about?").text.startswith("9 papers from 2021.")
    some = frozenset(paper.id for paper in corpus.papers()[:2])
    answer = corpus.ask("what are the main themes?", within=Filter(some))
    assert answer.text.startswith("2 papers from ")
    assert all(paper in answer.text for paper in some)
    assert corpus.ask("overview", within=Filter(since=1900, until=1901)).status is Status.NOT_IN_CORPUS


def test_in_a_conversation_these_papers_are_those_of_the_answer(corpus: Corpus) -> None:
    before = turn_of(corpus.ask("which papers use RLHF?"))
    assert corpus.ask("what are these papers about?", history=[before]).intent != "overview"
    assert corpus.ask("what is this corpus about?", history=[before]).intent == "overview"


@pytest.mark.parametrize(
    ("years", "bars"),
    [
        ({2020: 1}, "█"),
        ({2018: 1, 2020: 8}, "▂ █"),
        ({2018: 7, 2019: 1000}, "▂█"),
    ],
)
def test_a_bar_for_each_year(years: dict[int, int], bars: str) -> None:
    assert year_bars(tuple(YearCount(year, papers) for year, papers in years.items())) == bars


def test_many_years_share_bars() -> None:
    bars = year_bars(tuple(YearCount(year, 1) for year in range(1900, 2021)))
    assert len(bars) == 31
    assert set(bars) <= {"█", "▃"}
