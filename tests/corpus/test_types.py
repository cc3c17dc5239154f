from __future__ import annotations

import pytest

from askpapers.corpus.types import (
    TYPES,
    RecordType,
    bibtex_type,
    ris_type,
    type_of_bibtex,
    type_of_endnote,
    type_of_ris,
)


def test_each_type_has_one_row() -> None:
    assert len({row.csl for row in TYPES}) == len(TYPES)


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row.csl)
def test_a_type_that_is_written_as_ris_is_read_as_the_same(row: RecordType) -> None:
    assert type_of_ris(ris_type(row.csl)) == row.csl
    assert type_of_ris(ris_type(row.csl).lower()) == row.csl


@pytest.mark.parametrize("row", TYPES, ids=lambda row: row.csl)
def test_every_name_is_read(row: RecordType) -> None:
    assert all(type_of_bibtex(name) for name in row.bibtex.split())
    assert all(type_of_endnote(name) == row.csl for name in row.endnote.split(", "))


@pytest.mark.parametrize(
    "name", "article inproceedings book incollection phdthesis techreport unpublished dataset patent".split()
)
def test_the_usual_types_of_bibtex_come_back(name: str) -> None:
    assert bibtex_type(type_of_bibtex(name.upper())) == name


@pytest.mark.parametrize(
    ("name", "csl"),
    [
        ("InProceedings", "paper-conference"),
        ("conference", "paper-conference"),
        ("inbook", "chapter"),
        ("mastersthesis", "thesis"),
        ("online", "webpage"),
        ("misc", "document"),
        ("newtype", "document"),
    ],
)
def test_types_of_bibtex(name: str, csl: str) -> None:
    assert type_of_bibtex(name) == csl


def test_unknown_types_have_a_general_name() -> None:
    assert (bibtex_type("song"), ris_type("song")) == ("misc", "GEN")
    assert (type_of_ris("XXXX"), type_of_endnote("Hologram")) == ("document", "document")
    assert bibtex_type("article") == "unpublished"
