"""Sentences of a draft that cite nothing: what a paper contradicts is to be looked at, the rest is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.drafts.checking import check_draft
from askpapers.drafts.findings import DraftCheck, Finding
from askpapers.drafts.reading import read_draft
from askpapers.engine import Corpus, open_corpus
from askpapers.grounding.checks import FITTED, open_check
from askpapers.index.embedder import MiniLM
from askpapers.progress import no_progress

CONTRADICTED = (
    "GSM8K contains 85K grade school math word problems.",
    "Codex solves 38.8% of the problems of HumanEval.",
    "Larger models write less helpful critiques.",
)
NOT_CONTRADICTED = (
    "GPT-3 has 175 billion parameters.",  # supported
    "PaLM solves 38.8% of the problems of HumanEval.",  # of another model
    "Whales sleep for two hours a day.",
)


@pytest.fixture(scope="module")
def checked(corpus: Corpus) -> DraftCheck:
    text = " ".join((*CONTRADICTED, *NOT_CONTRADICTED))
    draft = read_draft("notes.md", text.encode(), None, [])
    return check_draft(draft, corpus.index, corpus.embedder, open_check(FITTED, corpus.embedder), no_progress)


@pytest.mark.parametrize("sentence", CONTRADICTED)
def test_what_a_paper_contradicts_is_a_problem(checked: DraftCheck, sentence: str) -> None:
    found = next(one for one in checked.sentences if one.text == sentence)
    assert found.finding is Finding.CONTRADICTED
    assert found.is_problem and found in checked.problems
    assert found.parts[0].quotes


@pytest.mark.parametrize("sentence", NOT_CONTRADICTED)
def test_what_no_paper_contradicts_is_none(checked: DraftCheck, sentence: str) -> None:
    assert not any(one.is_problem for one in checked.sentences if one.text == sentence)


def test_what_was_only_to_be_found_out_supports_nothing(tmp_path: Path, embedder: MiniLM) -> None:
    (tmp_path / "noise.txt").write_text(
        "Abstract: No study has measured the noise of high flow nasal cannulae (HFNC). To study whether HFNC are"
        " noisier than bubble CPAP (BCPAP) for preterm infants. At the flows studied, HFNC are not noisier than BCPAP.",
        encoding="utf-8",
    )
    corpus = open_corpus(tmp_path, index=tmp_path / "index")
    draft = read_draft("notes.md", b"High flow nasal cannulae are noisier than bubble CPAP for infants.", None, [])
    check = open_check(FITTED, embedder)
    (found,) = check_draft(draft, corpus.index, corpus.embedder, check, no_progress).sentences
    assert found.finding is Finding.CONTRADICTED
    assert found.parts[0].quotes[0].text == "At the flows studied, HFNC are not noisier than BCPAP."


def test_the_exit_code_is_kept_for_what_is_cited(checked: DraftCheck) -> None:
    assert not checked.is_contradicted


def test_a_paper_that_goes_by_its_pubmed_number_is_cited_by_its_pubmed_id(tmp_path: Path, embedder: MiniLM) -> None:
    (tmp_path / "papers.jsonl").write_text(
        '{"id": "16564683", "abstract": "Sonography has no place in the diagnosis of undescended testis."}\n'
        '{"id": "23677366", "abstract": "There is no difference between four-view and two-view radiographs in the'
        ' diagnosis of spondylolysis."}\n'
    )
    says = "Sonography is of no use for the diagnosis of undescended testis (PMID {})."
    draft = read_draft("notes.md", f"{says.format(16564683)} {says.format(23677366)}".encode(), None, [])
    corpus = open_corpus(tmp_path, index=tmp_path / "index")
    check = open_check(FITTED, embedder)
    right, wrong = check_draft(draft, corpus.index, corpus.embedder, check, no_progress).sentences
    assert right.finding is Finding.SUPPORTED
    assert wrong.finding is Finding.ELSEWHERE  # though the reader takes one finding for the other
