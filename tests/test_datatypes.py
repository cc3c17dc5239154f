from __future__ import annotations

import dataclasses

import pytest

from askpapers import datatypes
from askpapers.datatypes import Filter, Paper, Source, quote_of

VALUES = [kind for kind in vars(datatypes).values() if isinstance(kind, type) and dataclasses.is_dataclass(kind)]


def test_a_quote_is_verbatim_and_knows_its_place() -> None:
    paper = Paper("2101.00001", "A Title", "It works. It is fast.", (Source("a.txt", 3), Source("b.txt", 1)))
    quote = quote_of(paper, 10, 21)
    assert quote.text == "It is fast." == paper.abstract[quote.start : quote.end]
    assert quote.paper == paper.id
    assert quote.source == Source("a.txt", 3)


def test_values_are_frozen() -> None:
    assert Paper in VALUES
    source = Source("a.txt", 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        source.line = 4  # type: ignore[misc]


@pytest.mark.parametrize("value", VALUES)
def test_every_value_is_frozen_and_has_slots(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(value)


@pytest.mark.parametrize(
    ("within", "admitted"),
    [
        (Filter(), {"old", "new", "undated"}),
        (Filter(since=2020), {"new"}),
        (Filter(until=2019), {"old"}),
        (Filter(since=2010, until=2021), {"old", "new"}),
        (Filter(frozenset({"old", "undated"})), {"old", "undated"}),
        (Filter(frozenset({"old", "undated"}), since=1900), {"old"}),
    ],
)
def test_a_filter_admits(within: Filter, admitted: set[str]) -> None:
    years = {"old": 2010, "new": 2021, "undated": None}
    papers = [Paper(name, name, "Text.", (Source("a", 1),), year) for name, year in years.items()]
    assert {p.id for p in papers if within.admits(p)} == admitted
