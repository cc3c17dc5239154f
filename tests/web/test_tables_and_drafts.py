"""Evidence tables and checks of drafts on the page: what they show, and that what is known is not looked for again."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import pytest

from askpapers.datatypes import Paper
from askpapers.tables.cells import CellFinder
from askpapers.tables.columns import Column
from askpapers.tables.table import Row
from askpapers.web.calls import PageCalls
from askpapers.web.citing import verbatim
from askpapers.web.desk import Desk
from askpapers.web.draft_checks import DraftChecks
from askpapers.web.evidence_tables import EvidenceTables, Wanted
from askpapers.web.markup import Html

SURVEY = "which papers use RLHF?"
DRAFT = """GSM8K is a dataset of 8.5K problems (arXiv:2110.14168).

GSM8K has 9,500 problems (arXiv:2110.14168). Cats sleep in the sun (Miller, 1999).
"""


def last(coming: AsyncGenerator[Html, None]) -> Html:
    async def read() -> Html:
        return [markup async for markup in coming][-1]

    return asyncio.run(read())


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[str, ...]]]:
    """The papers that were read for a table, each with the columns that it was read for."""
    seen: list[tuple[str, tuple[str, ...]]] = []
    row = CellFinder.row

    def counted(finder: CellFinder, paper: Paper, columns: Sequence[Column]) -> Row:
        seen.append((paper.id, tuple(column.name for column in columns)))
        return row(finder, paper, columns)

    monkeypatch.setattr(CellFinder, "row", counted)
    return seen


def test_a_table_has_cells_that_open_and_an_added_column_costs_itself_only(desk: Desk, read: list[Any]) -> None:
    tables = EvidenceTables(desk)
    shown = last(tables.shown(Wanted(SURVEY, "method, year")))
    papers = [paper for paper, _ in read]
    assert shown.count("<tr") == len(papers) + 1 > 2
    assert 'class="cell"' in shown
    assert "seeds/" not in shown  # a cell opens its paper, no file is named
    read.clear()
    last(tables.shown(Wanted(SURVEY, "method, year, dataset")))
    assert read == [(paper, ("dataset",)) for paper in papers]
    read.clear()
    assert last(tables.shown(Wanted(SURVEY, "year"))).count("<th ") == 2
    assert read == []


def test_a_table_is_saved_as_it_is_shown(desk: Desk, read: list[Any]) -> None:
    calls = PageCalls(desk, writable=False)
    last(calls.tables.shown(Wanted(SURVEY, "method, year")))
    read.clear()
    file = calls.table_file({"question": verbatim(SURVEY), "columns": "method, year", "kind": "csv"})
    assert read == []
    assert file["name"] == "which-papers-use-rlhf.csv"
    header, *rows = csv.reader(io.StringIO(file["text"].removeprefix("\ufeff")))
    assert header[:5] == ["id", "title", "year", "method", "year"]
    assert all(place.startswith("seeds/") for *_, place in rows if "not in the abstract" not in place)
    assert "base64" in calls.table_file({"question": "", "columns": "year", "kind": "xlsx"})
    assert calls.table_file({"question": "", "columns": "", "kind": "csv"})["error"] == "No column is named."
    assert "no kind" in calls.table_file({"question": "", "columns": "year", "kind": "pdf"})["error"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(SURVEY, ""), "No column is named."),
        (Wanted("", "year"), "The question is empty."),
        (Wanted("which papers study the mating of glass frogs?", "year"), "not in this corpus"),
    ],
)
def test_no_table_says_why(wanted: Wanted, said: str, desk: Desk) -> None:
    assert said in last(EvidenceTables(desk).shown(wanted))


def test_a_draft_is_checked_problems_first(desk: Desk, tmp_path: Path) -> None:
    pasted = last(DraftChecks(desk).shown((), DRAFT))
    assert "3 sentences checked against 34 papers" in pasted
    problems, _, rest = pasted.partition("Nothing to look at")
    assert "9,500" in problems
    assert "Miller" in problems
    assert 'class="opener"' in problems
    assert "8.5K" in rest
    file = tmp_path / "draft.md"
    file.write_text(DRAFT)
    assert last(DraftChecks(desk).shown([str(file)], "")) == pasted


@pytest.mark.parametrize(
    ("names", "pasted", "said"),
    [
        ([], " ", "There is no draft."),
        (["a.md", "b.md"], "", "There is more than one draft."),
        (["a.md"], "x", "There is more than one draft."),
        (["a.pdf"], "", "a.pdf is a PDF, which is not read as a draft."),
        (["a.md", "b.bib"], "", "1 sentence checked"),
    ],
)
def test_no_draft_says_why(names: list[str], pasted: str, said: str, desk: Desk, tmp_path: Path) -> None:
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_text("@misc{a, title = {b}}" if file.suffix == ".bib" else DRAFT.partition("\n")[0])
    shown = last(DraftChecks(desk).shown([str(file) for file in files], pasted))
    assert said in shown
    assert str(tmp_path) not in shown
