"""Yes/no questions over the corpus: counts and quotes of both sides, every paper judged; else the answer as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from askpapers.contract import answer_dict
from askpapers.datatypes import Relevance, Stance
from askpapers.engine import Corpus, open_corpus
from askpapers.service.public_paths import PublicPaths
from command_line import Ask
from fakes import write_papers

ABSTRACTS = {
    "yes1": "A trial was run for a year. Aerobic exercise improves memory in older adults.",
    "yes2": "People walked daily. We found that aerobic exercise clearly improves the memory of older adults.",
    "no": "Two hundred people took part. Aerobic exercise does not improve memory in older adults.",
    "both": "Aerobic exercise improves memory in older adults in some settings. People were asked twice.",
    "other": "Walnut trees grow on hills. They need little water in summer.",
}
QUESTION = "does aerobic exercise improve memory in older adults?"


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("trials")
    return open_corpus(write_papers(folder / "papers", ABSTRACTS), index=folder / "index")


def test_each_side_has_its_papers_with_quotes(trials: Corpus) -> None:
    answer = trials.ask(QUESTION)
    stances = {paper.paper.id: paper.stance for paper in answer.papers}
    assert stances == {"yes1": Stance.YES, "yes2": Stance.YES, "no": Stance.NO, "both": Stance.MIXED}
    assert answer.coverage and (answer.coverage.checked, answer.coverage.total) == (5, 5)
    assert answer.text.startswith(f"“{QUESTION}”: of 5 papers read, 2 say yes, 1 says no, 1 is mixed.")
    for citation in answer.citations:
        quote = citation.quote
        assert ABSTRACTS[quote.paper][quote.start : quote.end] == quote.text
    shown = answer_dict(answer)
    assert {paper["id"]: paper["stance"] for paper in shown["papers"]}["no"] == "no"
    assert [statement["verdict"] for statement in shown["statements"]] == ["supported"] * len(answer.statements)


def test_the_sides_turn_with_the_question(trials: Corpus) -> None:
    answer = trials.ask("does aerobic exercise harm memory in older adults?")
    stances = {paper.paper.id: paper.stance for paper in answer.papers}
    assert stances.get("yes1") is Stance.NO
    assert Stance.YES not in stances.values()


def test_where_no_paper_takes_a_side_that_is_said(trials: Corpus) -> None:
    answer = trials.ask("does water help walnut trees?")
    assert answer.coverage is None
    assert any(note.startswith("“does water help walnut trees?”: of 5 papers read, none") for note in answer.notes)


def _sides(folder: Path, abstracts: dict[str, str], question: str) -> dict[str, Stance | None]:
    corpus = open_corpus(write_papers(folder / "papers", ABSTRACTS | abstracts), index=folder / "index", llm="none")
    return {paper.paper.id: paper.stance for paper in corpus.ask(question).papers if paper.stance}


def test_what_others_found_is_no_side_of_a_paper_that_found_otherwise(tmp_path: Path) -> None:
    told = {
        "own": "Surveys suggest that daily tea improves sleep in nurses. We gave tea to 90 nurses for a month."
        " Daily tea did not improve sleep in nurses."
    }
    assert _sides(tmp_path, told, "does daily tea improve sleep in nurses?") == {"own": Stance.NO}


def test_a_title_takes_no_side_for_a_sentence_that_takes_none(tmp_path: Path) -> None:
    paper = {
        "id": "titled",
        "title": "Effectiveness of daily tea to improve the sleep of nurses: a trial",
        "abstract": "Tea was given to nurses for a year. Sleep was recorded by a watch. These data do not"
        " lend support to the use of tea.",
    }
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper), encoding="utf-8")
    corpus = open_corpus(tmp_path / "papers.jsonl", index=tmp_path / "index", llm="none")
    answer = corpus.ask("does daily tea improve the sleep of nurses?")
    assert [paper.stance for paper in answer.papers if paper.stance is Stance.YES] == []


def test_an_aim_is_no_side(tmp_path: Path) -> None:
    told = {
        "aim": "We assessed the effectiveness of daily tea to improve sleep in nurses. This study is registered."
        " Sleep was recorded by a watch."
    }
    assert _sides(tmp_path, told, "does daily tea improve sleep in nurses?") == {}


def test_a_sentence_is_read_with_the_acronyms_that_its_paper_spells_out(tmp_path: Path) -> None:
    told = {
        "short": "Restless legs syndrome (RLS) is common. Nightly cherry juice (NCJ) is cheap."
        " We gave NCJ to 40 adults. NCJ reduced RLS."
    }
    assert _sides(tmp_path, told, "does cherry juice reduce restless legs syndrome?") == {"short": Stance.YES}


@pytest.mark.parametrize("question", ["is quantum annealing useful for protein folding?", "what improves memory?"])
def test_no_side_no_survey(question: str, trials: Corpus) -> None:
    answer = trials.ask(question)
    assert answer.coverage is None
    assert all(paper.stance is None for paper in answer.papers)


def test_the_terminal_shows_the_sides(run_ask: Ask, tmp_path: Path) -> None:
    folder = write_papers(tmp_path / "papers", ABSTRACTS)
    shown = run_ask(QUESTION, "--corpus", folder, "--index", tmp_path / "index")
    assert shown.code == 0
    assert shown.out.startswith("5 of 5 papers checked: 2 say yes, 1 says no, 1 is mixed")
    assert [line for line in shown.out.splitlines() if line in ("Yes", "No", "Mixed")] == ["Yes", "No", "Mixed"]


def test_the_page_keeps_the_sides(trials: Corpus, tmp_path: Path) -> None:
    answer = trials.ask(QUESTION)
    shown = PublicPaths([tmp_path], tmp_path / "index").answer(answer)
    assert [paper.stance for paper in shown.papers] == [paper.stance for paper in answer.papers]


def test_a_sentence_that_says_what_a_topic_denies_makes_no_match(trials: Corpus) -> None:
    answer = trials.ask("which papers found no improvement of memory by aerobic exercise?")
    matches = {paper.paper.id for paper in answer.papers if paper.relevance is Relevance.MATCH}
    assert "no" in matches and not matches & {"yes1", "yes2"}


def test_a_call_for_studies_makes_no_match(tmp_path: Path) -> None:
    abstracts = {
        "trial": "We ran a randomized trial of yoga for sleep. Sleep improved.",
        "wish": "Nurses were asked about yoga for sleep. Randomized trials of yoga for sleep are needed.",
    }
    corpus = open_corpus(write_papers(tmp_path / "papers", abstracts), index=tmp_path / "index")
    answer = corpus.ask("which papers are randomized trials of yoga?")
    assert {paper.paper.id: paper.relevance for paper in answer.papers} == {
        "trial": Relevance.MATCH,
        "wish": Relevance.MENTION,
    }
