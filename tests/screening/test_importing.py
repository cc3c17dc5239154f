"""Decisions of other programs: Rayyan, ASReview, a list of Covidence; each on its paper, and no one's is overruled."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from samples_of import SAMPLES, ScriptedJudge, paper, screening

from askpapers.errors import OptionalDependencyError, UsageError
from askpapers.screening.imported import read_export
from askpapers.screening.importing import ImportResult, import_decisions
from askpapers.screening.outcomes import Outcome, Status
from askpapers.screening.screening import Screening, Task
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
    assert found.made == {
        "Ana": {INCLUDE: 2, EXCLUDE: 1, UNCLEAR: 0},
        "Bo": {INCLUDE: 1, EXCLUDE: 2, UNCLEAR: 0},
    }
    assert open_screening.log.outcomes()["s"].status is Status.CONFLICT
    assert open_screening.log.reviewers == ("Ana", "Bo")
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


@pytest.mark.parametrize("name", ["rayyan.ris", "asreview.csv", "asreview.ris", "asreview.xlsx"])
def test_each_export_gives_the_same_labels(open_screening: Screening, name: str) -> None:
    imported(open_screening, name)
    assert {paper: label for paper, (label, _) in decided(open_screening).items()} == {"w": INCLUDE, "k": EXCLUDE}


@pytest.mark.parametrize("name", ["rayyan.csv", "rayyan.xlsx", "two-reviewers.xlsx"])
def test_each_name_becomes_a_reviewer(open_screening: Screening, name: str) -> None:
    found = imported(open_screening, name)
    assert found.reviewers == ("Ana", "Bo")
    labels = {paper: {who: vote.label for who, vote in one.votes.items()} for paper, one in _outcomes(open_screening)}
    assert labels["w"] == {"Ana": INCLUDE, "Bo": INCLUDE}
    assert labels["s"] == {"Ana": INCLUDE, "Bo": EXCLUDE}
    assert decided(open_screening)["k"][1].startswith("wrong population")
    ana = open_screening.doing(Task("Ana", consensus=True))
    assert [one.paper.id for one in ana.queue()] == ["s"]


def _outcomes(of: Screening) -> list[tuple[str, Outcome]]:
    return list(of.log.outcomes().items())


def test_an_export_without_names_is_the_reviewers_who_is_named(open_screening: Screening) -> None:
    imported(open_screening, "asreview.xlsx", "Ana")
    imported(open_screening, "asreview.csv", "Bo")
    assert open_screening.log.reviewers == ("Ana", "Bo")
    assert open_screening.log.outcomes()["k"].status is Status.AGREED
    with pytest.raises(UsageError, match="Whose decisions"):
        imported(open_screening, "asreview.csv")


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("label Ana", "Ana"), ("Decision (Bo Li)", "Bo Li"), ("included: Cy", "Cy"), ("Reviewer 2", "Reviewer 2"),
        ("vote_Di", "Di"), ("俊", ""), ("label_included", ""), ("screening decision", ""), ("reason Ana", ""),
        ("labels of the box and all that is in it", ""),
    ],
)  # fmt: skip
def test_columns_of_reviewers(tmp_path: Path, column: str, name: str) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"title;{column};label\nKilns of the Upper Valley;exclude;include\n")
    (found,) = read_export(file)
    kept = INCLUDE if column not in ("label_included", "screening decision") else found.votes[""]
    assert found.votes == ({name: EXCLUDE} if name else {"": kept})


@pytest.mark.parametrize("name", ["covidence.csv", "covidence.xlsx"])
def test_a_list_without_labels_is_given_one(open_screening: Screening, name: str) -> None:
    with pytest.raises(UsageError, match="has no decisions"):
        imported(open_screening, name)
    imported(open_screening, name, stated=EXCLUDE)
    assert decided(open_screening) == {"k": (EXCLUDE, "Wrong population")}


def test_what_was_decided_here_stays(open_screening: Screening) -> None:
    open_screening.decide(open_screening.find("w"), EXCLUDE, "1")
    found = imported(open_screening, "asreview.csv")
    assert (found.decided, found.labels[INCLUDE], found.labels[EXCLUDE]) == (1, 0, 1)
    assert decided(open_screening)["w"][0] is EXCLUDE
    again = imported(open_screening, "asreview.csv")
    assert (again.decided, sum(again.labels.values())) == (2, 0)


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


def test_a_workbook_that_is_none_or_damaged_is_an_error_with_a_hint(tmp_path: Path) -> None:
    good = (SAMPLES / "two-reviewers.xlsx").read_bytes()
    file = tmp_path / "list.xlsx"
    for content in (b"", b"title,included\n", good[: len(good) // 2], good.replace(b"sheet2.xml", b"sheet9.xml")):
        file.write_bytes(content)
        with pytest.raises(UsageError, match=r"Cannot read|has no decisions") as raised:
            list(read_export(file))
        assert raised.value.hint


def test_a_workbook_without_openpyxl_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(OptionalDependencyError) as raised:
        list(read_export(SAMPLES / "rayyan.xlsx"))
    assert "askpapers[screen]" in raised.value.hint
