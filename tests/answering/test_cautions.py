"""Papers that were retracted or withdrawn: shown as such, never silent evidence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from io import StringIO

import pytest
from rich.console import Console

from askpapers import render
from askpapers.answering.cautions import cautions, marks
from askpapers.contract import answer_dict
from askpapers.datatypes import Answer, CitedPaper, Paper, Source, Status
from askpapers.engine import Corpus
from askpapers.export.markdown import markdown
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
from askpapers.metadata import Metadata, Notice
from askpapers.web.answers import turn
from askpapers.web.stored_turns import StoredTurn, parse_turn, serialize_turn

RECORDS = [
    {
        "id": "moss",
        "title": "RETRACTED: Moss on walls",
        "abstract": "We grow the moss Tortula muralis on old walls. It grows by 3 mm a year in the shade.",
    },
    {
        "id": "fern",
        "title": "Ferns on walls",
        "abstract": "We grow ferns on old walls. Ferns grow by 40 mm a year in the sun.",
    },
    {"id": "gone", "title": "Lichen on walls", "abstract": "This paper on lichen has been withdrawn by the authors."},
    {
        "id": "2001.00001",
        "title": "Lichen",
        "abstract": "This paper has been withdrawn by the author: lichen is no moss.",
    },
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Iterator[Corpus]:
    folder = tmp_path_factory.mktemp("retracted")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.jsonl").write_text("\n".join(map(json.dumps, RECORDS)))
    refresh(folder / "index", [folder / "corpus"], embedder, lambda stage, done, total: None)
    with closing(Corpus(folder / "index", embedder)) as opened:
        yield opened


def printed(answer: Answer) -> str:
    out = StringIO()
    render.print_answer(answer, Console(file=out, width=200), top=10)
    return out.getvalue()


def test_an_answer_that_cites_a_retracted_paper_says_so(corpus: Corpus) -> None:
    answer = corpus.ask("by how many mm does Tortula muralis grow a year?")
    assert answer.status is Status.ANSWERED
    assert answer.notes == ("The paper here was retracted: [1] “RETRACTED: Moss on walls”.",)
    assert answer_dict(answer)["papers"][0]["notice"] == "retracted"
    assert "Moss on walls [RETRACTED]" in printed(answer)
    assert "**[RETRACTED]**" in markdown(answer)


def test_a_survey_counts_and_marks_them(corpus: Corpus) -> None:
    answer = corpus.ask("which papers grow something on walls?")
    assert {p.paper.id for p in answer.papers} == {"moss", "fern"}
    assert str(answer.coverage) == "4 of 4 papers checked"
    assert "; of these 1 retracted" in printed(answer)
    assert [note.partition(":")[0] for note in answer.notes] == ["1 of the 2 papers here was retracted"]


@pytest.mark.parametrize("question", ["what is said of lichen?", "which papers are about lichen?", "is lichen moss?"])
def test_an_abstract_that_only_says_that_it_was_withdrawn_is_no_evidence(corpus: Corpus, question: str) -> None:
    answer = corpus.ask(question)
    assert not {"gone", "2001.00001"} & {p.paper.id for p in answer.papers}
    assert not {"gone", "2001.00001"} & {miss.quote.paper for miss in answer.closest}


def test_a_list_in_a_reply_marks_them(corpus: Corpus) -> None:
    assert "Lichen on walls [withdrawn]" in corpus.ask("summarise the paper 10.1000/none").text


def test_it_is_found_by_name_and_listed(corpus: Corpus) -> None:
    assert [paper.mark for paper in corpus.papers()] == ["retracted", "", "withdrawn", "withdrawn"]
    assert [p.id for p in corpus.index.papers.named("arXiv:2001.00001v2")] == ["2001.00001"]


def test_a_paper_that_is_retracted_is_marked_on_the_page_beside_the_citation(corpus: Corpus) -> None:
    answer = corpus.ask("by how many mm does Tortula muralis grow a year?")
    given = StoredTurn("a1", answer)
    for stored in (given, parse_turn(json.loads(json.dumps(serialize_turn(given))), lambda paper: None)):
        assert "retracted</span>" in str(turn(stored))


def test_further_papers_are_told_by_their_numbers() -> None:
    details = Metadata(notice=Notice.RETRACTED, notice_details="2020-01-25, Error")
    papers = [Paper(f"p{n}", f"T{n}", "x", (Source("f", n),), metadata=details) for n in range(1, 6)]
    concern = Paper("c", "C", "x", (Source("f", 9),), metadata=Metadata(notice=Notice.CONCERN))
    cited = [CitedPaper(paper, (n,)) for n, paper in enumerate([*papers, concern], 1)]
    detail = "(2020-01-25, Error)"
    assert cautions(cited) == (
        f"5 of the 6 papers here were retracted: [1] “T1” {detail}; [2] “T2” {detail}; [3] “T3” {detail}; [4]; [5].",
        "1 of the 6 papers here has an expression of concern: [6] “C”.",
    )
    assert marks([*papers, concern]) == "5 retracted, 1 expression of concern"
    assert cautions(()) == ()
