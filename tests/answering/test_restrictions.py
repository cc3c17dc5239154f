"""What a question restricts itself to is taken off it, and the words of its topic stay."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from askpapers.answering.restrictions import read_restrictions
from askpapers.datatypes import NO_FILTER, Filter
from askpapers.index.generation import Index
from askpapers.metadata import Notice
from library import open_library

RETRACTED = Filter(notices=frozenset({Notice.RETRACTED}))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("library")
    return cast(Index, open_library(folder))


@pytest.mark.parametrize(
    ("question", "only", "rest"),
    [
        ("papers by Ouyang on pots", Filter(authors=("Ouyang",)), "papers on pots"),
        ("papers by ouyang", Filter(authors=("ouyang",)), "papers"),
        ("papers by Moss since 2020", Filter(authors=("Moss",)), "papers since 2020"),
        ("papers by Moss about clay", Filter(authors=("Moss",)), "papers about clay"),
        ("papers by Ouyang, L. on pots", Filter(authors=("Ouyang, L.",)), "papers on pots"),
        ("which papers on pots are by Ada Moss?", Filter(authors=("Ada Moss",)), "which papers on pots are?"),
        ("papers by Moss or Ng", Filter(authors=("Moss", "Ng")), "papers"),
        ("papers by Moss and Ng", Filter(authors=("Moss",), further=Filter(authors=("Ng",))), "papers"),
        ("papers on pots by Ouyang", Filter(authors=("Ouyang",)), "papers on pots"),
        ("what did Ouyang write about pots?", Filter(authors=("Ouyang",)), "which papers about pots?"),
        ("what has Ada Moss published?", Filter(authors=("Ada Moss",)), "which papers?"),
        ("Moss's papers on clay", Filter(authors=("Moss",)), "papers on clay"),
        ("papers by Qqq on pots", Filter(authors=("Qqq",)), "papers on pots"),
        ("papers by Zorro van Qqq since 2020", Filter(authors=("Zorro van Qqq",)), "papers since 2020"),
        ("all papers written by Qqq", Filter(authors=("Qqq",)), "all papers"),
        ('papers by "wheels"', Filter(authors=('wheels',)), "papers"),
        ("author:Moss pots", Filter(authors=("Moss",)), "pots"),
        ("papers in Nature about clay", Filter(venues=("Nature",)), "papers about clay"),
        ("what was published in Nature?", Filter(venues=("Nature",)), "what was?"),
        ("papers published in ICML", Filter(venues=("ICML",)), "papers"),
        ("papers published in the journal Qqq", Filter(venues=("Qqq",)), "papers"),
        ("Nature papers on clay", Filter(venues=("Nature",)), "papers on clay"),
        ("papers tagged rlhf on pots", Filter(tags=("rlhf",)), "papers on pots"),
        ("what is tagged glazes?", Filter(tags=("glazes",)), "what is?"),
        ("papers with the tags rlhf and glazes", Filter(tags=("rlhf",), further=Filter(tags=("glazes",))), "papers"),
        ("cs.CL papers about pots", Filter(tags=("cs.CL",)), "papers about pots"),
        ("papers in cs.cl", Filter(tags=("cs.CL",)), "papers"),
        ("papers in cs about pots", Filter(tags=("cs",)), "papers about pots"),
        ("math.AG papers", Filter(tags=("math.AG",)), "papers"),
        ("retracted papers on clay", RETRACTED, "papers on clay"),
        ("which papers were retracted?", RETRACTED, "which papers?"),
        (
            "papers by Moss in Nature tagged rlhf",
            Filter(authors=("Moss",), further=Filter(tags=("rlhf",), further=Filter(venues=("Nature",)))),
            "papers",
        ),
    ],
)  # fmt: skip
def test_a_restriction_is_read_and_taken_off(index: Index, question: str, only: Filter, rest: str) -> None:
    assert read_restrictions(question, index) == (only, rest)


@pytest.mark.parametrize(
    "question",
    [
        "which papers train by gradient descent?",
        "glazes that are trained by Adam",
        "papers on learning by doing",
        "can people tell that news articles were written by GPT-3?",
        "can people tell news articles by Codex from those of people?",
        "was the text written by Qqq hard to read?",
        "papers by year",
        "papers by the people who fire pots",
        "papers in nature reserves",
        "papers in English",
        "papers in 2021",
        "which papers use tagged corpora?",
        "papers on retracted articles",
        "who wrote the code by hand?",
        "what did the model write?",
        "papers about labelled data",
        "papers on the wheel's turning",
        "what does the file example.com hold?",
        "which papers compare cs students?",
    ],
)
def test_words_of_a_topic_are_no_restriction(index: Index, question: str) -> None:
    assert read_restrictions(question, index) == (NO_FILTER, question)
