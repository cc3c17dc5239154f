"""Papers that may be the same are found for a person, who decides which one goes; the counts follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from samples_of import ScriptedJudge, paper, screening

from askpapers.datatypes import Paper
from askpapers.errors import UsageError
from askpapers.screening.duplicates import possible_duplicates
from askpapers.screening.report import report
from askpapers.screening.verdicts import Label

TITLE = "Firing clay pots in kilns of the upper valley"
TEXT = (
    "We fired ninety clay pots in nine kilns of the upper valley and measured the glaze of each with a meter. Pots"
    " that were fired at night were darker than those of noon, and cracks were found in four of them after weeks."
)
OTHER = "We asked forty potters of the lower valley what they think of gas, of wood and of straw as fuel for a kiln."
MEETING = paper("m", TITLE, TEXT, year=2015, doi="10.1000/m")
PREPRINT = paper("a", TITLE + ": a field study", OTHER, year=2018, arxiv="1801.00001", type="article")
JOURNAL = paper("j", TITLE, OTHER + " Most of them like wood.", year=2020, doi="10.1000/j")


def found(*papers: Paper) -> list[tuple[str, str, str]]:
    return [(one.paper.id, one.other.id, one.why) for one in possible_duplicates(papers)]


def test_the_same_title_in_another_year_and_a_preprint_beside_its_article() -> None:
    assert found(MEETING, PREPRINT) == [("m", "a", "the same title, a preprint and an article, 2015 and 2018")]
    assert found(MEETING, JOURNAL) == [("j", "m", "the same title, 2015 and 2020")]
    assert found(paper("x", "Pots that crack", TEXT), MEETING)[0][2].startswith("nearly the same abstract")


@pytest.mark.parametrize(
    ("author", "is_same"),
    [("Moss A", True), ("Moss, Ada", True), ("Ada Moss", True), ("Birch A", False), (", Ada", True)],
)
def test_authors_are_compared_by_family_name_however_it_is_written(author: str, is_same: bool) -> None:
    """A name without a family name tells nothing."""
    one, other = replace(MEETING, authors=("Moss, Ada",)), replace(JOURNAL, authors=(author,))
    assert bool(found(one, other)) is is_same


def test_what_also_has_the_doi_of_an_article_is_no_preprint() -> None:
    both = paper("b", TITLE, OTHER, year=2018, doi="10.48550/arXiv.1801.00001", aliases=("10.1000/b",))
    assert found(MEETING, both) == [("b", "m", "the same title, 2015 and 2018")]


@pytest.mark.parametrize(
    "other",
    [
        paper("o", "What potters burn", OTHER),
        paper("o", TITLE + ", part 2", TEXT),
        paper("o", "Erratum: " + TITLE, TEXT),
        paper("o", TITLE.replace("upper", "lower") + " and of the hills by the sea", OTHER),
    ],
)
def test_other_papers_are_no_pair(other: Paper) -> None:
    assert found(MEETING, other) == []


def test_a_general_title_is_that_of_many_papers() -> None:
    assert found(paper("a", "Editorial", TEXT), paper("b", "Editorial", OTHER)) == []


def test_a_duplicate_goes_and_is_counted(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge({}), [MEETING, PREPRINT, JOURNAL, paper("o", "What potters burn", OTHER)])
    assert len(one.possible_duplicates()) == 3
    one.decide_duplicate("a", "j", Label.DUPLICATE)
    assert [(pair.paper.id, pair.other.id) for pair in one.possible_duplicates()] == [("j", "m")]
    one.decide_duplicate("m", "j", Label.DIFFERENT)
    assert one.possible_duplicates() == []
    prisma = report(one).prisma
    assert (prisma.records, prisma.duplicates, prisma.removed, prisma.screened) == (4, 1, 1, 3)
    assert [s.paper.id for s in one.queue()].count("a") == 0
    (removed,) = one.removed()
    assert (removed.paper.id, removed.label, removed.duplicate_of) == ("a", Label.DUPLICATE, "j")
    with pytest.raises(UsageError, match="a was removed: it is j"):
        one.decide(one.find("a"), Label.INCLUDE)
    with pytest.raises(UsageError, match="no duplicate"):
        one.decide_duplicate("j", "a", Label.DUPLICATE)
    one.undo()
    one.undo()
    assert len(one.possible_duplicates()) == 3
    assert report(one).prisma.screened == 4


def test_a_decision_on_a_duplicate_counts_no_more(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge({}), [MEETING, JOURNAL])
    one.decide(one.find("m"), Label.INCLUDE)
    one.decide_duplicate("m", "j", Label.DUPLICATE)
    found = report(one)
    assert (found.prisma.screened, found.prisma.sought, found.stopping.decided) == (1, 0, 0)
    assert one.sample(1) == []
