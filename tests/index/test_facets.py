"""What papers can be chosen by: found as people write it, and the nearest names where nobody has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.datatypes import Paper, Source
from askpapers.index.facets import Facet
from askpapers.index.papers import PaperStore
from askpapers.metadata import Metadata, Person


def paper(name: str, *authors: str, **fields: object) -> Paper:
    metadata = Metadata(**fields)  # type: ignore[arg-type]
    return Paper(name, name, "Text.", (Source("f.txt", 1),), 2021, authors, metadata=metadata)


PAPERS = (
    paper("a", "Ada Moss", "Long Ouyang", venue="Nature", categories=("cs.CL", "cs.LG")),
    paper("b", "Moss, A. B.", "Alan Moss", venue="Proceedings of NeurIPS 2021", tags=("Deep_learning",)),
    paper("c", "G. Márquez", venue="Nature Communications", people=(Person("García Márquez", "Gabriel"),)),
    paper("d"),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> PaperStore:
    file: Path = tmp_path_factory.mktemp("facets") / "papers.db"
    PaperStore.write(file, PAPERS, ())
    return PaperStore(file)


@pytest.mark.parametrize(
    ("kind", "name", "papers"),
    [
        (Facet.AUTHOR, "Moss", "ab"),
        (Facet.AUTHOR, "Ada Moss", "ab"),
        (Facet.AUTHOR, "moss, alan", "b"),
        (Facet.AUTHOR, "Ouyang Long", "a"),
        (Facet.AUTHOR, "ouyang", "a"),
        (Facet.AUTHOR, "Marquez", "c"),
        (Facet.AUTHOR, "García", "c"),
        (Facet.AUTHOR, "Gabriel García Márquez", "c"),
        (Facet.AUTHOR, "Qqq", ""),
        (Facet.AUTHOR, "%", ""),
        (Facet.AUTHOR, "", ""),
        (Facet.VENUE, "nature", "a"),
        (Facet.VENUE, "NeurIPS", "b"),
        (Facet.VENUE, "Nat", ""),
        (Facet.TAG, "CS.cl", "a"),
        (Facet.TAG, "cs", "a"),
        (Facet.TAG, "deep-learning", "b"),
        (Facet.TAG, "learning", ""),
    ],
)
def test_papers_are_found_by_what_people_write(store: PaperStore, kind: Facet, name: str, papers: str) -> None:
    rows = store.facets.rows(kind, store.facets.find(kind, name))
    assert "".join(store.at(row).id for row in sorted(rows)) == papers


def test_papers_without_a_value_are_found(store: PaperStore) -> None:
    assert store.facets.without(Facet.AUTHOR) == {3}
    assert store.facets.without(Facet.TAG) == {2, 3}
    assert store.facets.without(Facet.DOI) == {0, 1, 2, 3}


def test_the_nearest_names_are_shown_as_the_files_write_them(store: PaperStore) -> None:
    assert store.facets.nearest(Facet.AUTHOR, "L. Oyang") == ["Long Ouyang"]
    assert store.facets.nearest(Facet.VENUE, "Natur")[0] == "Nature"
    assert store.facets.nearest(Facet.AUTHOR, "Qqq") == []


def test_values_are_counted_the_most_frequent_first(store: PaperStore) -> None:
    assert store.facets.counts(Facet.VENUE)[0][1] == 1
    assert dict(store.facets.counts(Facet.AUTHOR, among={0})) == {"moss\tada": 1, "ouyang\tlong": 1}
