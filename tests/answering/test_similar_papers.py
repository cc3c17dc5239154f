"""Requests for the papers that are similar to one, which is named, typed or spoken of before."""

from __future__ import annotations

import pytest

from askpapers import Corpus
from askpapers.contract import turn_of
from askpapers.datatypes import Filter, Status
from askpapers.index.similar import similar_papers

INSTRUCT = "2203.02155"


@pytest.mark.parametrize(
    "asked",
    [
        "papers similar to InstructGPT",
        "Which other papers are most similar to the InstructGPT paper?",
        "more like 2203.02155, please",
        "Is there anything like Training language models to follow instructions with human feedback?",
    ],
)
def test_the_papers_most_similar_to_one_are_listed(corpus: Corpus, asked: str) -> None:
    answer = corpus.ask(asked)
    expected = [one.paper.id for one in similar_papers(corpus.index, INSTRUCT, 5)]
    assert answer.intent == "similar"
    assert [cited.paper.id for cited in answer.papers] == expected


def test_one_that_was_spoken_of_before(corpus: Corpus) -> None:
    before = turn_of(corpus.ask("what is InstructGPT?"))
    answer = corpus.ask("papers similar to it", history=[before])
    assert answer.intent == "similar"
    assert "follow instructions" in answer.text


def test_only_those_that_are_asked_of(corpus: Corpus) -> None:
    by_words = corpus.ask("papers similar to InstructGPT since 2022")
    by_filter = corpus.ask("papers similar to InstructGPT", within=Filter(since=2022))
    assert [cited.paper.id for cited in by_words.papers] == [cited.paper.id for cited in by_filter.papers]
    assert all(cited.paper.year and cited.paper.year >= 2022 for cited in by_words.papers)
    assert by_words.papers


def test_what_is_like_no_paper_is_a_topic(corpus: Corpus) -> None:
    assert corpus.ask("studies similar to randomized trials").intent == "survey"


def test_papers_that_disagree_are_listed_by_a_command(corpus: Corpus) -> None:
    answer = corpus.ask("do any papers contradict each other on scaling?")
    assert answer.status is Status.NOT_IN_CORPUS
    assert "ask conflicts" in answer.text
