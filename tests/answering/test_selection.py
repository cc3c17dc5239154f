"""Which papers are looked at: those left out are counted, each once, and said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.selection import narrowed, select
from askpapers.answering.years import Years
from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import EVERYTHING, Filter, Paper

YEAR = st.none() | st.integers(1999, 2004)
IDS = st.sampled_from("abcdefgh")
PAPERS = st.dictionaries(IDS, YEAR).map(lambda years: list(years.items()))


@given(PAPERS, st.builds(Filter, st.frozensets(IDS), YEAR, YEAR), st.builds(Years, YEAR, YEAR))
def test_every_paper_is_looked_at_or_left_out_for_one_reason(
    papers: list[tuple[str, int | None]], within: Filter, years: Years
) -> None:
    selection = select(papers, narrowed(within, years))
    expected = [
        row
        for row, (name, year) in enumerate(papers)
        if within.admits(Paper(name, "", "", (), year=year)) and year in years
    ]
    assert list(selection.rows) == expected
    coverage = selection.coverage(len(selection.rows))
    assert coverage.checked + coverage.left_out.total == coverage.total == len(papers)


@given(PAPERS)
def test_without_a_filter_nothing_is_left_out(papers: list[tuple[str, int | None]]) -> None:
    assert select(papers, EVERYTHING).left_out == LeftOut()


@pytest.mark.parametrize(
    ("coverage", "words"),
    [
        (Coverage(34, 34), "34 of 34 papers checked"),
        (Coverage(1234, 1234), "1,234 of 1,234 papers checked"),
        (Coverage(8, 34, LeftOut(older=26), since=2023), "8 papers since 2023 checked, 26 older left out"),
        (Coverage(0, 34, LeftOut(older=34), since=2040), "0 papers since 2040 checked, 34 older left out"),
        (Coverage(1, 2, LeftOut(newer=1), until=2018), "1 paper until 2018 checked, 1 newer left out"),
        (Coverage(5, 5, since=2000), "5 papers since 2000 checked, none left out"),
        (
            Coverage(3, 10, LeftOut(older=4, newer=1, without_year=2), since=2021, until=2021),
            "3 papers of 2021 checked, 4 older, 1 newer and 2 without a year left out",
        ),
        (Coverage(5, 34, LeftOut(not_chosen=29)), "5 chosen papers checked, 29 others left out"),
        (
            Coverage(1, 6, LeftOut(not_chosen=1, older=4), since=2016, until=2018),
            "1 chosen paper from 2016 to 2018 checked, 4 older and 1 other left out",
        ),
    ],
)
def test_what_was_looked_at_is_said_in_words(coverage: Coverage, words: str) -> None:
    assert str(coverage) == words


def test_all_are_counted_that_are_said() -> None:
    left_out = LeftOut(1, 2, 3, 4)
    assert left_out.total == 10
    assert str(left_out) == "2 older, 3 newer, 4 without a year and 1 other left out"
