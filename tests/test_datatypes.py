from __future__ import annotations

import dataclasses

import pytest

from askpapers import datatypes
from askpapers.datatypes import NO_FILTER, Filter, Paper, Source, quote_of

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


def test_a_filter_and_another_are_both_passed() -> None:
    moss, nature = Filter(authors=("Moss",)), Filter(venues=("Nature",))
    assert moss.both(NO_FILTER) == NO_FILTER.both(moss) == moss
    assert moss.both(nature) == Filter(authors=("Moss",), further=nature)
    assert moss.both(nature).both(Filter(since=2020)).further == nature.both(Filter(since=2020))
