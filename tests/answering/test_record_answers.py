"""Questions about records are answered from the records, exactly, or with what the files do not give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from askpapers.answering.guidance import Guidance
from askpapers.answering.intent import read_intent
from askpapers.answering.metadata import RecordAnswerer
from askpapers.answering.metadata_questions import read_metadata
from askpapers.answering.query import NOTHING_NAMED, Query
from askpapers.answering.record_question import Field
from askpapers.answering.record_sentences import values_of
from askpapers.answering.restrictions import read_restrictions
from askpapers.answering.years import Years, read_times
from askpapers.coverage import Coverage
from askpapers.datatypes import NO_FILTER, Filter, Status
from askpapers.engine import Corpus
from askpapers.index.generation import Index
from library import PAPERS, open_library

KILN = "“KilnNet: Firing Pots by Learning” (2022)"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder: Path = tmp_path_factory.mktemp("library")
    return cast(Index, open_library(folder))


def survey(topic: str) -> tuple[Sequence[str], Coverage]:
    """Every paper with the word, as if a survey had found it."""
    found = [paper.id for paper in PAPERS if topic in f"{paper.title} {paper.abstract}".casefold()]
    return found, Coverage(len(PAPERS), len(PAPERS))


def answer(index: Index, question: str, within: Filter = NO_FILTER) -> Guidance | None:
    only, text = read_restrictions(question, index)
    times = read_times(text, 2022)
    query = Query(
        question, times.text, times.text, read_intent(times.text), Years(), (), NOTHING_NAMED, times.newest,
        times.count, only, read_metadata(times.text),
    )  # fmt: skip
    return RecordAnswerer(index, query.within(within), survey).answer(query)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "who wrote KilnNet?",
            f"{KILN} is by Long Ouyang, Ada Moss and Bo Fern.",
        ),
        ("who is the first author of kiln22?", f"The first author of {KILN} is Long Ouyang."),
        ("did Moss write KilnNet?", f"Yes: {KILN} is by Long Ouyang, Ada Moss and Bo Fern."),
        ("is Qqq an author of Glazes of the North?", "No: “Glazes of the North” (2021) is by Moss, A. and Ng, Cy."),
        ("how many authors does the KilnNet paper have?", f"{KILN} has 3 authors: Long Ouyang, Ada Moss and Bo Fern."),
        ("when was KilnNet published?", "“KilnNet: Firing Pots by Learning” (kiln22) is from 2022-03-05."),
        ("in which journal was A Survey of Clay published?", "“A Survey of Clay” (2019) was published in Nature."),
        ("doi of KilnNet", f"The DOI of {KILN} is 10.1/kiln."),
        ("link to KilnNet", f"The link of {KILN} is https://doi.org/10.1/kiln."),
        ("tags of KilnNet", f"The tags of {KILN} are cs.CL and rlhf."),
        ("was A Survey of Clay retracted?", "“A Survey of Clay” (2019) is marked as retracted."),
        ("was KilnNet retracted?", f"{KILN} is not marked as retracted or withdrawn."),
        ("who wrote the papers on glazes?", "“Glazes of the North” (2021) is by Moss, A. and Ng, Cy."),
        ("how many papers are there?", "There are 4 papers."),
        ("papers by Moss", "There are 3 papers by Moss; 1 without authors left out."),
        ("how many papers by Ng?", "There is 1 paper by Ng; 2 by others and 1 without authors left out."),
        (
            "how many papers in Nature?",
            "There are 2 papers in Nature; 1 of other venues and 1 without a venue left out.",
        ),
        ("the newest paper", "The newest of this corpus, from 2022.\n1 of 4 papers have no year."),
        ("the two oldest papers by Moss", "The 2 oldest of 3 papers by Moss, from 2019 to 2021."),
        ("which papers have no year?", "1 of 4 papers does not give a year."),
        ("how many papers have a DOI?", "1 of 4 papers gives a DOI."),
        ("which years does this cover?", "4 papers, from 2019 to 2022. 1 of them gives no year."),
        ("how many venues are there?", "The records of 4 papers give 2 venues."),
        (
            "papers per venue",
            "Venues of 4 papers, with the number of papers of each:\n  Nature: 2\n  Proceedings of ICML 2021: 1\n"
            "1 of 4 papers do not give a venue.",
        ),
        (
            "top 1 tags",
            "Tags or categories of 4 papers, with the number of papers of each:\n  rlhf: 2\n"
            "2 of 4 papers do not give tags.",
        ),
        (
            "papers on glazes per year",
            "Years of 1 matching paper, with the number of papers of each:\n  2021: 1",
        ),
    ],
)  # fmt: skip
def test_an_answer_from_records(index: Index, question: str, text: str) -> None:
    given = answer(index, question)
    assert given is not None
    assert (given.text, given.answered) == (text, True)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("who wrote Notes on Wheels?", "The record of “Notes on Wheels” does not give authors."),
        ("what is the PMID of KilnNet?", f"The record of {KILN} does not give a PMID."),
        ("who wrote the Hamlet paper?", "No paper here goes by the name “Hamlet”."),
        ("who wrote the Adam paper?", "No paper here goes by the name “Adam”. These mention it:"),
    ],
)  # fmt: skip
def test_what_records_do_not_give_is_said(index: Index, question: str, text: str) -> None:
    given = answer(index, question)
    assert given is not None
    assert (given.text, given.answered) == (text, False)


@pytest.mark.parametrize(
    "question", ["who wrote the glazing code?", "was the clay written by hand?", "who fires pots?"]
)
def test_what_names_no_paper_is_left_to_the_abstracts(index: Index, question: str) -> None:
    assert answer(index, question) is None


def test_a_list_counts_what_was_left_out(index: Index) -> None:
    given = answer(index, "papers tagged rlhf", Filter(since=2022))
    assert given is not None and given.coverage is not None
    assert [paper.id for paper in given.papers] == ["kiln22"]
    assert (given.coverage.checked, given.coverage.total) == (1, 4)
    assert str(given.coverage) == "1 paper tagged rlhf since 2022 checked, 2 older and 1 without a year left out"


def test_a_link_is_made_of_an_identifier_where_the_record_has_none() -> None:
    assert values_of(PAPERS[0], Field.LINK) == ["https://doi.org/10.1/kiln"]
    assert values_of(PAPERS[3], Field.LINK) == []


def test_the_years_of_the_seeds_are_answered_exactly(corpus: Corpus) -> None:
    for year in range(2015, 2028):
        right = {paper.id for paper in corpus.papers() if paper.year == year}
        listed = corpus.ask(f"which papers are from {year}?")
        assert {found.paper.id for found in listed.papers} == right
        assert (listed.status is Status.ANSWERED) == bool(right)
        counted = corpus.ask(f"how many papers were published in {year}?")
        assert (f" {len(right)} paper" in counted.text) == bool(right)


def test_a_list_can_be_followed_up(corpus: Corpus) -> None:
    from askpapers.contract import turn_of

    listed = corpus.ask("which papers are from 2021?")
    turn = turn_of(listed)
    second = corpus.ask("when was the second one published?", history=[turn])
    assert [found.paper.id for found in second.papers] == [listed.papers[1].paper.id]
    assert "2021" in second.text
    who = corpus.ask("and who wrote the second one?", history=[turn])
    assert "the files do not give authors (0 of 34 papers)" in who.text
    assert [found.paper.id for found in who.papers] == [listed.papers[1].paper.id]
    fewer = corpus.ask("only those on diffusion", history=[turn])
    assert {found.paper.id for found in fewer.papers} < {found.paper.id for found in listed.papers}


def test_a_name_that_no_paper_has_is_the_answer(corpus: Corpus) -> None:
    for question in ("papers by Ouyang on RLHF", "which papers on RLHF were published in Nature?"):
        refused = corpus.ask(question)
        assert refused.status is Status.NOT_IN_CORPUS
        assert refused.text.startswith("The files do not give ")
    refused = corpus.ask("which papers use RLHF?", within=Filter(authors=("Ouyang",)))
    assert refused.text == "The files do not give authors (0 of 34 papers)."
