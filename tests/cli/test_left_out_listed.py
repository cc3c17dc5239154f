"""What of the corpus is no paper is said where it may change an answer, and listed when it is asked for."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from askpapers.engine import Corpus
from askpapers.index.build import refresh
from askpapers.index.generation import Index
from askpapers.index.layout import current_generation
from command_line import Ask
from fakes import WordHash, build

NOTE = "1 file and 2 records of the corpus are left out: ask papers --left-out"
PAPERS = [
    {"id": "cats", "title": "On cats", "abstract": "Cats purr at night because they are content."},
    {"id": "dogs", "title": "On dogs", "abstract": "Dogs fetch sticks in the park by day."},
    {"id": "owls", "title": "On owls"},
    {"id": "bats", "title": "On bats", "abstract": None},
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "corpus"
    root.mkdir()
    (root / "papers.jsonl").write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS), encoding="utf-8")
    (root / "analysis.py").write_text("import cats\n", encoding="utf-8")
    return root


def test_on_the_command_line(run_ask: Ask, root: Path) -> None:
    def ask(*arguments: str) -> str:
        return " ".join(run_ask(*arguments, "--corpus", root).out.split())

    question = "why do cats purr at night?"
    assert NOTE in ask(question)  # the first answer after the index was built
    assert NOTE not in ask(question)
    assert NOTE in ask("which papers are about cats?")
    assert NOTE in ask("what is the price of steel?")
    assert json.loads(run_ask("--json", "what is the price of steel?", "--corpus", root).out)["notes"] == [NOTE]
    summary = ask("index")
    assert "left out: 1 file and 2 records; ask papers --left-out lists them 2 records: no abstract" in summary
    assert "1 file: source code" in summary
    code, three, four = f"{root}/analysis.py", f"{root}/papers.jsonl:3", f"{root}/papers.jsonl:4"
    assert ask("papers", "--left-out") == f"{code}: source code {three}: no abstract {four}: no abstract"
    assert run_ask("papers", "--left-out", "--json", "--corpus", root).json == {
        "files": 1,
        "records": 2,
        "left_out": [
            {"file": f"{root}/analysis.py", "line": None, "reason": "source code"},
            {"file": f"{root}/papers.jsonl", "line": 3, "reason": "no abstract"},
            {"file": f"{root}/papers.jsonl", "line": 4, "reason": "no abstract"},
        ],
    }
    assert run_ask("index", "--json", "--corpus", root).json["left_out"]["records"] == 2
    assert "left out: 1 file and 2 records (most of them: no abstract; ask papers --left-out)" in ask("doctor")


def test_where_nothing_is_left_out_nothing_is_said(run_ask: Ask, root: Path) -> None:
    (root / "analysis.py").unlink()
    (root / "papers.jsonl").write_text(json.dumps(PAPERS[0]), encoding="utf-8")
    for words in (["which papers are about cats?"], ["index"], ["doctor"]):
        assert "left out" not in run_ask(*words, "--corpus", root).out
    assert "Nothing of the corpus is left out." in run_ask("papers", "--left-out", "--corpus", root).out


def test_a_list_that_changes_alone_needs_no_new_generation(tmp_path: Path, root: Path) -> None:
    folder, embedder = tmp_path / "index", WordHash()
    build(folder, root, embedder)
    generation = current_generation(folder)
    assert generation
    with closing(Corpus(folder, embedder, roots=[root])) as corpus:
        assert str(corpus.index.manifest.left_out_count) == "1 file and 2 records"
        (root / "more.py").write_text("import dogs\n", encoding="utf-8")
        refresh(folder, [root], embedder, lambda stage, done, total: None)
        assert current_generation(folder) == generation
        assert str(corpus.index.manifest.left_out_count) == "2 files and 2 records"
        assert len(list(corpus.index.left_out)) == 4
        assert "2 files and 2 records" in " ".join(corpus.ask("why do cats purr at night?").notes)


def test_the_places_are_those_of_the_corpus_as_it_is_named(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "index"
    build(folder, root, WordHash())
    generation = current_generation(folder)
    assert generation
    with closing(Index(generation, roots=[Path("corpus")])) as index:
        assert {item.file for item in index.left_out} == {"corpus/analysis.py", "corpus/papers.jsonl"}
