"""The newest and the oldest papers on a topic are found; other superlatives are not ranked by, and that is told."""

from __future__ import annotations

import pytest

from askpapers.answering.years import note_of_ranking
from askpapers.datatypes import Relevance
from askpapers.engine import Corpus


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("what is the most recent paper about diffusion models?", True),
        ("what's the latest work on diffusion models", True),
        ("what is the oldest paper about diffusion models?", False),
        ("the earliest article on diffusion models", False),
    ],
)
def test_the_newest_of_a_topic_is_one_of_all_that_are_on_it(corpus: Corpus, question: str, newest: bool) -> None:
    listed = corpus.ask("which papers are about diffusion models?").papers
    every = [p.paper.year or 0 for p in listed if p.relevance is Relevance.MATCH]
    answer = corpus.ask(question)
    assert answer.coverage
    assert answer.coverage.checked == 34
    assert any(f"{len(every)} papers match;" in note for note in answer.notes)
    assert {p.paper.year for p in answer.papers} == {max(every) if newest else min(every)}


@pytest.mark.parametrize("superlative", ["largest data set", "best results", "most accurate model", "lowest error"])
def test_other_superlatives_are_not_ranked_by(superlative: str) -> None:
    for asks in ("which paper has the", "what papers report the", "which study uses the"):
        assert note_of_ranking(f"{asks} {superlative}?")


@pytest.mark.parametrize(
    "question",
    [
        "which is the most recent paper?",
        "which papers use most of the data?",
        "which papers harvest crops?",
        "what is best?",
    ],
)
def test_what_asks_for_no_superlative_is_not_noted(question: str) -> None:
    assert note_of_ranking(question) == ()
