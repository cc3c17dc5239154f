"""Which papers are looked at: those left out are counted, each once, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import NO_FILTER, Filter, Paper, Source
from askpapers.index.papers import PaperStore
from askpapers.index.selection import select
from askpapers.metadata import Metadata, Notice

YEAR = st.none() | st.integers(1999, 2004)
IDS = st.sampled_from("abcdefgh")
NAMES = ("Moss", "Ouyang", "Ng")
VENUES = ("", "Nature", "ICML")
TAGS = ("rlhf", "cs.CL")
NOTICES = st.sampled_from((None, Notice.RETRACTED))


def made(
    name: str, year: int | None, authors: Sequence[str], venue: str, tags: Sequence[str], notice: Notice | None
) -> Paper:
    metadata = Metadata(venue=venue, tags=tuple(tags), notice=notice)
    return Paper(name, name, "Text.", (Source("f.txt", 1),), year, tuple(authors), metadata=metadata)


def some(names: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True)


PAPERS = st.lists(
    st.builds(made, IDS, YEAR, some(NAMES), st.sampled_from(VENUES), some(TAGS), NOTICES),
    unique_by=lambda paper: paper.id,
)
FILTERS = st.builds(
    Filter,
    st.frozensets(IDS),
    YEAR,
    YEAR,
    some((*NAMES, "Qqq")).map(tuple),
    some(VENUES[1:]).map(tuple),
    some((*TAGS, "cs")).map(tuple),
    st.frozensets(st.just(Notice.RETRACTED)),
)


def admits(within: Filter, paper: Paper) -> bool:
    """What a filter is, said paper by paper."""
    tags = {*paper.metadata.tags, *(tag.partition(".")[0] for tag in paper.metadata.tags)}
    return (
        (not within.papers or paper.id in within.papers)
        and (within.since is None or (paper.year is not None and paper.year >= within.since))
        and (within.until is None or (paper.year is not None and paper.year <= within.until))
        and (not within.authors or not {*within.authors}.isdisjoint(paper.authors))
        and (not within.venues or paper.metadata.venue in within.venues)
        and (not within.tags or not tags.isdisjoint(within.tags))
        and (not within.notices or paper.metadata.notice in within.notices)
        and (not within.further or admits(within.further, paper))
    )


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[Paper]], PaperStore]:
    def store(papers: Sequence[Paper]) -> PaperStore:
        file = tmp_path_factory.mktemp("store") / "papers.db"
        PaperStore.write(file, papers, ())
        return PaperStore(file)

    return store


@settings(max_examples=60)
@given(papers=PAPERS, one=FILTERS, other=FILTERS)
def test_every_paper_is_looked_at_or_left_out_for_one_reason(
    stored: Callable[[Sequence[Paper]], PaperStore], papers: list[Paper], one: Filter, other: Filter
) -> None:
    within = one.both(other)
    selection = select(stored(papers), within)
    assert list(selection.rows) == [row for row, paper in enumerate(papers) if admits(within, paper)]
    coverage = selection.coverage(len(selection.rows))
    assert coverage.checked + coverage.left_out.total == coverage.total == len(papers)


def test_without_a_filter_nothing_is_left_out(stored: Callable[[Sequence[Paper]], PaperStore]) -> None:
    papers = [made(name, None, (), "", (), None) for name in "abc"]
    assert select(stored(papers), NO_FILTER).left_out == LeftOut()


def test_what_is_left_out_is_counted_by_its_reason(stored: Callable[[Sequence[Paper]], PaperStore]) -> None:
    papers = [
        made("a", 2021, ("Ada Moss",), "Nature", ("rlhf",), None),
        made("b", 2021, ("Ng, B.",), "Nature", ("rlhf",), None),
        made("c", 2021, (), "Nature", ("rlhf",), None),
        made("d", 2021, ("A. Moss",), "ICML", ("rlhf",), None),
        made("e", 2021, ("Moss, Ada",), "", ("rlhf",), None),
        made("f", 2021, ("Moss A",), "Nature", ("vision",), None),
        made("g", 2019, ("Ada Moss",), "Nature", ("rlhf",), None),
    ]
    within = Filter(since=2020, authors=("Moss, A.",), venues=("nature",), tags=("RLHF",))
    selection = select(stored(papers), within)
    assert selection.rows == (0,)
    assert str(selection.coverage(1)) == (
        "1 paper by Moss, A. in nature tagged RLHF since 2020 checked, 1 older, 1 by others, 1 without authors,"
        " 1 of other venues, 1 without a venue and 1 with other tags left out"
    )


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
        (Coverage(2, 34, LeftOut(by_others=32), named="by Moss"), "2 papers by Moss checked, 32 by others left out"),
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
