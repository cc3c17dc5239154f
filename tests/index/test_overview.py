"""The overview of an index: counts that are exact, topics that are found, and one file that may be lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from askpapers.engine import Corpus
from askpapers.index import overview as module
from askpapers.index.generation import Index
from askpapers.index.layout import current_generation
from askpapers.index.overview import make_overview, overview_dict, overview_of
from fakes import WordHash, build

SUBJECTS = {
    "protein folding": "The protein folding of a protein chain in water is measured by protein folding rates.",
    "wireless networks": "Wireless networks share spectrum and wireless networks route packets over wireless networks.",
    "option pricing": "Option pricing under stochastic volatility makes option pricing hard for a market maker.",
}


def written(folder: Path, each: int) -> Path:
    """Papers of three subjects, alternating."""
    folder.mkdir()
    lines = [
        {
            "id": f"p{number}",
            "title": f"On {subject} {number}",
            "abstract": f"{text} Case {number}.",
            "year": 2000 + number if number % 5 else None,
            "authors": ["Ann Author", f"Bob {'ABCDEFGHIJKLMNOPQRSTUVWX'[number]}berg"],
        }
        for number in range(each)
        for number, (subject, text) in enumerate(SUBJECTS.items(), start=3 * number)
    ]
    (folder / "papers.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    build(tmp_path / "index", written(tmp_path / "papers", 8), WordHash())
    generation = current_generation(tmp_path / "index")
    assert generation
    opened = Index(generation)
    yield opened
    opened.close()


def test_topics_are_the_subjects_of_the_papers(index: Index) -> None:
    overview = overview_of(index)
    assert {topic.phrases[0] for topic in overview.topics} == set(SUBJECTS)
    for topic in overview.topics:
        assert topic.question == f"Which papers are about {topic.phrases[0]}?"
        assert all(topic.phrases[0] in paper.title for paper in topic.typical)
        assert len({paper.id for paper in topic.typical}) == len(topic.typical) >= 2
    assert sum(topic.papers for topic in overview.topics) + overview.other == overview.papers == 24


def test_counts_are_those_of_the_papers(index: Index) -> None:
    overview = overview_of(index)
    assert {(count.year, count.papers) for count in overview.years} == {(2000 + n, 1) for n in range(24) if n % 5}
    assert overview.without_year == 5
    assert [(count.name, count.papers) for count in overview.authors] == [("Ann Author", 24)]
    assert overview.venues == ()


def test_it_is_made_once_for_a_generation(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    made = overview_of(index)
    monkeypatch.setattr(module, "make_overview", None)
    assert overview_of(index) == made
    assert overview_of(index, range(24)) == made


@pytest.mark.parametrize("damage", [b"", b"{}", b"not a digest\n{}"])
def test_a_damaged_file_is_made_anew(index: Index, damage: bytes) -> None:
    made = overview_of(index)
    (file,) = index.generation.glob("overview-*")
    content = file.read_bytes()
    for written in (damage, content.replace(b"Ann", b"Eve")):
        file.write_bytes(written)
        assert overview_of(index) == made
        assert file.read_bytes() == content


def test_the_index_is_as_sound_as_before(index: Index, tmp_path: Path) -> None:
    overview_of(index)
    assert not index.was_touched()
    index.close()
    assert build(tmp_path / "index", tmp_path / "papers", WordHash()).mended == ()


def test_some_papers_have_an_overview_of_their_own(index: Index) -> None:
    some = overview_of(index, range(0, 24, 3))
    assert some.papers == 8
    assert some.topics == ()
    assert [paper.id for paper in some.titles] == [f"p{row}" for row in range(0, 24, 3)]
    assert overview_of(index).papers == 24


def test_json_has_every_field(index: Index) -> None:
    fields = json.loads(json.dumps(overview_dict(overview_of(index))))
    assert fields["papers"] == 24
    assert fields["years"][0] == {"year": 2001, "papers": 1}
    assert set(fields["topics"][0]) == {"name", "phrases", "question", "papers", "typical"}
    assert set(fields["topics"][0]["typical"][0]) == {"id", "title", "year", "mark"}


def test_the_same_corpus_has_the_same_topics(corpus: Corpus) -> None:
    index = corpus.index
    assert make_overview(index, range(34)) == make_overview(index, range(34))


def test_a_retracted_paper_shows_no_topic_and_is_marked_in_a_list(tmp_path: Path) -> None:
    folder = written(tmp_path / "papers", 8)
    file = folder / "papers.jsonl"
    file.write_text(
        file.read_text(encoding="utf-8").replace('"On option', '"Retracted: On option', 4), encoding="utf-8"
    )
    build(tmp_path / "index", folder, WordHash())
    generation = current_generation(tmp_path / "index")
    assert generation
    with closing(Index(generation)) as index:
        assert {paper.mark for topic in overview_of(index).topics for paper in topic.typical} == {""}
        assert [paper.mark for paper in overview_of(index, [2, 3]).titles] == ["retracted", ""]
