"""Decisions of other programs: Rayyan, ASReview, a list of Covidence; each on its paper, and no one's is overruled."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples_of import SAMPLES, ScriptedJudge, paper, screening

from askpapers.errors import UsageError
from askpapers.screening.imported import read_export
from askpapers.screening.importing import ImportResult, import_decisions
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import Label

WALKING = paper("w", "Walking and blood sugar in adults with type 2 diabetes", doi="10.1000/rq1")
KILNS = paper("k", "Kilns of the Upper Valley.")
SWIMMING = paper("s", "Swimming for older adults with diabetes")
PAPERS = [WALKING, KILNS, SWIMMING, paper("y", "Yoga and sleep"), paper("c", "Cycling in adolescents and adults")]
INCLUDE, EXCLUDE, UNCLEAR = Label.INCLUDE, Label.EXCLUDE, Label.UNCLEAR


@pytest.fixture
def open_screening(tmp_path: Path) -> Screening:
    return screening(tmp_path, ScriptedJudge({}), PAPERS)


def imported(into: Screening, name: str, reviewer: str | None = None, stated: Label | None = None) -> ImportResult:
    return import_decisions(into, list(read_export(SAMPLES / name, stated)), reviewer, lambda *_: None)


def decided(screened: Screening) -> dict[str, tuple[Label, str]]:
    return {name: (one.label, one.reason) for name, one in screened.log.current.items()}


def test_of_rayyan_counts_what_all_reviewers_decided_alike(open_screening: Screening) -> None:
    found = imported(open_screening, "rayyan.csv")
    assert decided(open_screening) == {"w": (INCLUDE, ""), "k": (EXCLUDE, "wrong population, wrong outcome")}
    assert found.made == {INCLUDE: 1, EXCLUDE: 1, UNCLEAR: 0}
    assert found.disputed == ("Swimming for older adults with diabetes",)
    assert found.missing == ("Cycling in adolescents",)  # another title begins so
    assert (found.undecided, found.decided, found.reviewers) == (1, 0, ("Ana", "Bo"))
    ((one, other, agreed),) = found.agreements
    assert (one, other, agreed.papers, agreed.both_keep, agreed.only_first) == ("Ana", "Bo", 3, 1, 1)


def test_of_one_reviewer_all_decisions_count(open_screening: Screening) -> None:
    found = imported(open_screening, "rayyan.csv", "Bo")
    assert decided(open_screening)["s"] == (EXCLUDE, "")
    assert found.disputed == ()
    with pytest.raises(UsageError, match="Cy") as error:
        imported(open_screening, "rayyan.csv", "Cy")
    assert "Ana, Bo" in error.value.hint


@pytest.mark.parametrize("name", ["rayyan.ris", "asreview.csv", "asreview.ris"])
def test_each_export_gives_the_same_labels(open_screening: Screening, name: str) -> None:
    imported(open_screening, name)
    assert {paper: label for paper, (label, _) in decided(open_screening).items()} == {"w": INCLUDE, "k": EXCLUDE}


def test_a_list_without_labels_is_given_one(open_screening: Screening) -> None:
    with pytest.raises(UsageError, match="has no decisions"):
        imported(open_screening, "covidence.csv")
    imported(open_screening, "covidence.csv", stated=EXCLUDE)
    assert decided(open_screening) == {"k": (EXCLUDE, "Wrong population")}


def test_what_was_decided_here_stays(open_screening: Screening) -> None:
    open_screening.decide(open_screening.find("w"), EXCLUDE, "1")
    found = imported(open_screening, "asreview.csv")
    assert (found.decided, found.made[INCLUDE], found.made[EXCLUDE]) == (1, 0, 1)
    assert decided(open_screening)["w"][0] is EXCLUDE
    again = imported(open_screening, "asreview.csv")
    assert (again.decided, sum(again.made.values())) == (2, 0)


@pytest.mark.parametrize("content", ["", "title,included\n", "\x00\x01", "title\nKilns\n"])
def test_a_file_without_decisions_is_said_to_be_one(tmp_path: Path, content: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content)
    with pytest.raises(UsageError):
        list(read_export(file))
    with pytest.raises(UsageError, match="Cannot read"):
        list(read_export(tmp_path / "none.csv"))


def test_latin_letters_of_an_old_export_are_an_error_with_a_hint(tmp_path: Path) -> None:
    file = tmp_path / "latin.csv"
    file.write_bytes("title,included\nÖfen,1\n".encode("latin-1"))
    with pytest.raises(UsageError, match="Cannot read"):
        list(read_export(file))
