from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.datatypes import Paper, Source
from askpapers.errors import IndexDamagedError
from askpapers.index.manifest import MEND_HINT
from askpapers.index.papers import PaperStore
from askpapers.metadata import Metadata, Notice, Person

PAPERS = (
    Paper(
        id="2110.14168",
        title="Training 100% of Verifiers",
        abstract="Quotes “as they are”, \x1b[31m escapes\nand lines.",
        sources=(Source("a folder/f.txt", 3), Source("g.csv", 10)),
        year=2021,
        authors=("Ann Ö", "B, C"),
        url="https://arxiv.org/abs/2110.14168",
        metadata=Metadata(
            doi="10.1000/x",
            pmid="77",
            key="Ann21",
            aliases=("W1", "10.1000/Y"),
            people=(Person("Ö", "Ann"),),
            notice=Notice.RETRACTED,
            extra=(("ris:M1", "12"),),
        ),
    ),
    Paper(id="2110.1", title="Snake_case", abstract="x", sources=(Source("f.txt", 9),)),
    Paper(id="a%b", title="Snakes and cases", abstract="y", sources=(Source("f.txt", 12),)),
)


@pytest.fixture
def store(tmp_path: Path) -> PaperStore:
    PaperStore.write(
        tmp_path / "papers.db", PAPERS, [("rlhf", "reinforc learn"), ("rl", "reinforc learn"), ("rl", "x y")] * 2
    )
    return PaperStore(tmp_path / "papers.db")


def test_papers_come_back_as_they_were(store: PaperStore) -> None:
    assert tuple(store) == PAPERS
    assert len(store) == 3
    assert [store.at(row) for row in (2, 0)] == [PAPERS[2], PAPERS[0]]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("2110.14168", [0]),
        ("2110.1", [1]),  # a whole id, though another begins so
        ("2110", [0, 1]),
        ("verifiers", [0]),
        ("100%", [0]),
        ("Snake_", [1]),  # % and _ are no wildcards
        ("a%", [2]),
        ("%", [0]),
        ("nobody", []),
        ("https://doi.org/10.1000/X", [0]),
        ("doi:10.1000/y", [0]),
        ("arXiv:2110.14168v3", [0]),
        ("PMID: 77", [0]),
        ("77", [0]),
        ("ann21", [0]),
        ("w1", [0]),
        ("'; drop table papers; --", []),
    ],
)
def test_a_paper_is_found_by_id_or_its_beginning_or_by_title(store: PaperStore, name: str, rows: list[int]) -> None:
    assert store.find(name) == [PAPERS[row] for row in rows]


def test_acronyms_are_found_both_ways(store: PaperStore) -> None:
    assert sorted(store.long_forms("rl")) == ["reinforc learn", "x y"]
    assert sorted(store.short_forms("reinforc learn")) == ["rl", "rlhf"]
    assert store.long_forms("gan") == []


def test_a_store_is_opened_by_a_relative_path_too(
    store: PaperStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert tuple(PaperStore(Path("papers.db"))) == PAPERS


def test_a_store_is_only_read(store: PaperStore) -> None:
    with pytest.raises(Exception, match="readonly"):
        store._db.execute("delete from papers")


@pytest.mark.parametrize("content", [None, b"", b"garbage" * 1000])
def test_a_damaged_file_is_said_to_be_one(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "papers.db"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"papers\.db cannot be read") as error:
        PaperStore(file)
    assert error.value.hint == MEND_HINT
    assert file.exists() == (content is not None)


def test_a_file_damaged_further_in_is_said_to_be_one_when_read(tmp_path: Path) -> None:
    papers = [Paper(id=f"p{i}", title="t", abstract="word " * 400, sources=(Source("f", 1),)) for i in range(200)]
    file = tmp_path / "papers.db"
    PaperStore.write(file, papers, [])
    content = bytearray(file.read_bytes())
    content[50 * 4096 : -20 * 4096] = b"\xff" * (len(content) - 70 * 4096)
    file.write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"papers\.db cannot be read"):
        list(PaperStore(file))
