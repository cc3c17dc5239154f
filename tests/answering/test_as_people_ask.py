"""Questions in people's own words, of invented papers of several fields (`field/`) and of the seeds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from askpapers.datatypes import Status
from askpapers.engine import Corpus
from askpapers.index.embedder import MiniLM
from fakes import build

FIELD = Path(__file__).parent / "field"


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("field")
    build(folder, FIELD, embedder)
    with_field = Corpus(folder, embedder)
    yield with_field
    with_field.close()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how much does eDNA cost per pond?", "180 euros"),
        ("what does it cost to survey a pond by trapping?", "430 euros"),
        ("what is the price of the spirometer?", "31 US dollars"),
        ("how much time do teachers need for the garden programme?", "three hours a week"),
        ("by how much did yield drop?", "18%"),
        ("how many babies were studied?", "34 infants"),
    ],
)
def test_a_figure_is_found_in_other_words(field: Corpus, question: str, said: str) -> None:
    assert said in field.ask(question).text


@pytest.mark.parametrize(
    "question",
    ["how much does the garden programme cost?", "how much do wolves weigh?", "how many teachers took part?"],
)
def test_a_figure_that_no_paper_gives_is_refused(field: Corpus, question: str) -> None:
    assert field.ask(question).status is Status.NOT_IN_CORPUS


@pytest.mark.parametrize(
    "question",
    [
        "what is the context length of GPT-4o?",
        "what is the dropout rate of GPT-3?",
        "what learning rate was used for GPT-3?",
        "what is the vocabulary size of WebGPT?",
        "how much energy did GPT-3 need?",
    ],
)
def test_a_property_that_no_paper_tells_of_a_named_thing_is_refused(corpus: Corpus, question: str) -> None:
    assert corpus.ask(question).status is Status.NOT_IN_CORPUS


@pytest.mark.parametrize("question", ["how many hour of audio they use", "how many hours of audio were used?"])
def test_a_paper_that_says_less_of_the_question_does_not_keep_a_figure_back(corpus: Corpus, question: str) -> None:
    assert "680,000 hours" in corpus.ask(question).text


def test_the_sentence_before_the_right_one_is_not_said(corpus: Corpus) -> None:
    [statement] = corpus.ask("Does InstructGPT lose a lot on the usual public NLP test sets?").statements
    assert "minimal performance regressions" in statement.text


@pytest.mark.parametrize(
    ("question", "field_name"),
    [
        ("who are the authors of CLIP?", "authors"),
        ("who are the authors of clip?", "authors"),
        ("where was CLIP published?", "venues"),
        ("what is the DOI of CLIP?", "a DOI"),
        ("which conference was BERT presented at?", "venues"),
    ],
)
def test_what_no_record_gives_is_said_also_of_what_no_paper_introduces(
    corpus: Corpus, question: str, field_name: str
) -> None:
    answer = corpus.ask(question)
    assert answer.status is Status.NOT_IN_CORPUS
    assert f"The files do not give {field_name} (0 of 34 papers)." in answer.text


def test_a_question_on_content_is_not_taken_for_one_on_records(corpus: Corpus) -> None:
    assert corpus.ask("who wrote the critiques?").statements


def test_a_study_is_found_by_what_it_is_about(field: Corpus) -> None:
    answer = field.ask("who are the authors of the newt study?")
    assert [paper.paper.title for paper in answer.papers] == ["Environmental DNA and traps for great crested newts"]
    assert "do not give authors" in answer.text
