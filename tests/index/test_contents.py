"""What an index holds of papers is the same to the byte, in however many processes it is made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers import corpus, processes
from askpapers.corpus import json_records, read_corpus
from askpapers.index import contents
from askpapers.index.numbered_terms import NumberedTerms, join_terms
from askpapers.index.staging import lay_out
from askpapers.progress import no_progress
from fakes import WordHash, many_papers, write_papers

SEEDS = Path(__file__).parents[2] / "seeds"
TERMS = st.lists(st.sampled_from("abcde"), max_size=6)


def _laid_out(folder: Path, roots: list[Path]) -> dict[str, object]:
    """All files of a generation of a corpus; of the database its rows."""
    folder.mkdir()
    made = lay_out(folder, list(map(str, roots)), read_corpus(roots), WordHash(), no_progress)
    files = [made / "passages.npy", *sorted((made / "words").iterdir())]
    with closing(sqlite3.connect(made / "papers.db")) as db:
        return {file.name: file.read_bytes() for file in files} | {"rows": list(db.iterdump())}


def test_several_processes_lay_out_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = [SEEDS, write_papers(tmp_path / "corpus", many_papers(20))]
    expected = _laid_out(tmp_path / "one", roots)
    monkeypatch.setattr(contents, "FEW", 1)
    monkeypatch.setattr(contents, "_CHUNK", 7)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    started: list[object] = []
    child = processes._Child

    def start(function: object) -> object:
        started.append(function)
        return child(function)  # type: ignore[arg-type]

    monkeypatch.setattr(processes, "_Child", start)
    assert _laid_out(tmp_path / "two", roots) == expected
    assert len(started) == 2


def test_several_processes_read_what_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_papers(tmp_path / "corpus", [*many_papers(40), *many_papers(10)])
    with (root / "papers.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(
            '{"id": "none"}\n{"id": "torn", "abstr\n[1, 2]\n{"id": "\\ud800", "abstract": "Half a sign \\ud83d."}\n'
        )
        stream.write('{"id": "p3", "title": "On p3", "abstract": "An owl hoots."}\n' + "[" * 150 + "]" * 150 + "\n")
    expected = read_corpus([root])
    assert len(expected.papers) > 40
    assert expected.left_out.count.records
    monkeypatch.setattr(processes, "FEW", 2)
    monkeypatch.setattr(processes, "processors", lambda: 2)
    monkeypatch.setattr(json_records, "_CHUNK", 7)
    monkeypatch.setattr(corpus, "_CHUNK", 7)
    read = read_corpus([root])
    assert (read.papers, read.stamps, read.warnings) == (expected.papers, expected.stamps, expected.warnings)
    assert list(read.left_out.groups()) == list(expected.left_out.groups())


def test_what_stayed_of_a_corpus_that_grows_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = read_corpus([write_papers(tmp_path / "corpus", many_papers(9))]).papers
    changed = (*papers[:3], replace(papers[3], title="Another"), *papers[4:])
    monkeypatch.setattr(contents, "_CHUNK", 2)
    made, make = list[int](), contents.content_of

    def note(chunk: contents.Chunk) -> contents.Content:
        made.append(chunk[0])
        return make(chunk)

    monkeypatch.setattr(contents, "content_of", note)
    growing = contents.Contents()
    for some, expected in ((papers[:5], [0, 2, 4]), (papers[:7], [4, 6]), (changed, [2, 6, 8])):
        made.clear()
        found = list(growing.of(some, keep=True))
        assert made == expected
        for one, anew in zip(found, contents.Contents().of(some), strict=True):
            assert (one.rows, one.passages.tolist()) == (anew.rows, anew.passages.tolist())
            assert (one.terms.vocabulary, one.terms.numbers.tolist()) == (
                anew.terms.vocabulary,
                anew.terms.numbers.tolist(),
            )


@given(st.lists(st.lists(TERMS, max_size=3), min_size=1, max_size=4))
def test_terms_numbered_in_parts_are_numbered_as_at_once(parts: list[list[list[str]]]) -> None:
    at_once = NumberedTerms.of([document for part in parts for document in part])
    documents, known = join_terms(map(NumberedTerms.of, parts))
    assert tuple(known) == at_once.vocabulary
    assert [number for document in documents for number in document] == at_once.numbers.tolist()
    assert tuple(map(len, documents)) == at_once.lengths
