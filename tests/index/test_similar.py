"""Similar papers: the same as comparing with every paper, never the paper itself, each with a verbatim sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from askpapers.engine import Corpus
from askpapers.index import similar as module
from askpapers.index.clusters import paper_vectors
from askpapers.index.similar import similar_papers
from command_line import Ask
from fakes import write_papers

GSM8K = "2110.14168"


@pytest.fixture
def ask(run_ask: Ask, seeds: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run the command line on the seeds."""
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    return run_ask


def test_it_is_what_comparing_with_every_paper_gives(corpus: Corpus) -> None:
    index = corpus.index
    (vectors,) = paper_vectors(index, np.arange(34))
    papers = corpus.papers()
    for row, paper in enumerate(papers):
        cosines = vectors @ vectors[row]
        cosines[row] = -2
        expected = [papers[i].id for i in np.argsort(-cosines, kind="stable")[:5]]
        found = similar_papers(index, paper.id, 5)
        assert [one.paper.id for one in found] == expected
        assert [one.similarity for one in found] == pytest.approx(np.sort(cosines)[::-1][:5], abs=1e-5)


def test_few_candidates_find_the_nearest_paper_all_the_same(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    index = corpus.index
    best = {paper.id: similar_papers(index, paper.id, 1)[0].paper.id for paper in corpus.papers()}
    monkeypatch.setattr(module, "_NEAREST", 30)
    same = sum(similar_papers(index, paper, 1)[0].paper.id == nearest for paper, nearest in best.items())
    assert same >= 32


def test_its_sentence_is_verbatim_and_the_nearest_of_its_paper(corpus: Corpus) -> None:
    index = corpus.index
    for one in similar_papers(index, GSM8K, 100):
        assert one.paper.id != GSM8K
        assert one.quote.text == one.paper.abstract[one.start : one.end].strip() != ""
    assert len(similar_papers(index, GSM8K, 100)) == 33


def test_the_command_takes_an_id_its_beginning_and_title_words(ask: Ask) -> None:
    by_id = ask("similar", GSM8K, "--top", "3")
    assert by_id.code == 0
    assert by_id.out.startswith("Most similar to “Training Verifiers to Solve Math Word Problems (2021)”:")
    assert ask("similar", "--top", "3", "2110.1416").out == by_id.out
    assert ask("similar", "math", "problem", "verifiers", "--top", "3").out == by_id.out


def test_the_command_as_json(ask: Ask) -> None:
    shown = ask("similar", GSM8K, "--json", "--top", "4").json
    assert shown["paper"]["id"] == GSM8K
    assert len(shown["similar"]) == 4
    assert [one["similarity"] for one in shown["similar"]] == sorted(
        (s["similarity"] for s in shown["similar"]), reverse=True
    )
    for one in shown["similar"]:
        assert one["abstract"][one["start"] : one["end"]] == one["quote"]
        assert one["source"]["line"] > 0


def test_a_paper_that_is_not_there_or_not_one(ask: Ask) -> None:
    ask("similar", "nothing of the kind").assert_refused(2, "No paper is called", "ask papers")
    ask("similar", "language", "models").assert_refused(2, "fits .* papers", "whole id")


def test_one_paper_alone(run_ask: Ask, tmp_path: Path) -> None:
    folder = write_papers(tmp_path / "papers", ["Only one paper is here. It has two sentences."])
    shown = run_ask("similar", "p0", "--corpus", folder, "--index", tmp_path / "index")
    assert shown.code == 0
    assert shown.out.strip() == "There is no other paper than “On p0”."
