"""Evidence tables and checks of drafts on the page: what they show, and that what is known is not looked for again."""

from __future__ import annotations

import asyncio
import base64
import csv
import html
import io
import json
import re
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Paper
from askpapers.service.corpus_service import CorpusService
from askpapers.service.draft_checks import DraftChecks
from askpapers.service.evidence_tables import EvidenceTables, RequestedTable
from askpapers.service.questions import within
from askpapers.tables.cells import CellFinder
from askpapers.tables.columns import Column
from askpapers.tables.table import Row
from askpapers.web.calls import PageCalls
from askpapers.web.messages import TableRequest
from askpapers.web.rendering import Html, read_verbatim, verbatim
from askpapers.web.tables_and_drafts import check_updates, request_json, table_updates, wanted_table

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


def test_a_table_has_cells_that_open_and_an_added_column_costs_itself_only(
    service: CorpusService, read: list[Any]
) -> None:
    tables = EvidenceTables(service)
    shown = last(table_updates(service, tables, RequestedTable(SURVEY, "method, year")))
    papers = [paper for paper, _ in read]
    assert shown.count("<tr") == len(papers) + 1 > 2
    assert 'class="cell"' in shown
    assert "seeds/" not in shown  # a cell opens its paper, no file is named
    read.clear()
    last(table_updates(service, tables, RequestedTable(SURVEY, "method, year, dataset")))
    assert read == [(paper, ("dataset",)) for paper in papers]
    read.clear()
    assert last(table_updates(service, tables, RequestedTable(SURVEY, "year"))).count("<th ") == 2
    assert read == []


def test_a_table_is_saved_as_it_is_shown(service: CorpusService, read: list[Any]) -> None:
    calls = PageCalls(service, writable=False)
    last(table_updates(service, calls.tables, RequestedTable(SURVEY, "method, year")))
    read.clear()
    file = calls.table_file({"question": SURVEY, "columns": "method, year", "kind": "csv"})
    assert read == []
    assert file["name"] == "which-papers-use-rlhf.csv"
    header, *rows = csv.reader(io.StringIO(file["text"].removeprefix("\ufeff")))
    assert header[:5] == ["id", "title", "year", "method", "year"]
    assert all(place.startswith("seeds/") for *_, place in rows if "not in the abstract" not in place)
    assert "base64" in calls.table_file({"question": "", "columns": "year", "kind": "xlsx"})
    assert calls.table_file({"question": "", "columns": "", "kind": "csv"})["error"] == "No column is named."
    assert "no kind" in calls.table_file({"question": "", "columns": "year", "kind": "pdf"})["error"]
    assert "not saved as “ris”" in calls.table_file({"question": "", "columns": "year", "kind": "ris"})["error"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (RequestedTable(SURVEY, ""), "No column is named."),
        (RequestedTable("", "year"), "The question is empty."),
        (RequestedTable("which papers study the mating of glass frogs?", "year"), "not in this corpus"),
    ],
)
def test_no_table_says_why(wanted: RequestedTable, said: str, service: CorpusService) -> None:
    assert said in last(table_updates(service, EvidenceTables(service), wanted))


def sent_again(shown: str) -> str:
    """What the page sends to have a table again that is shown."""
    return read_verbatim(html.unescape(re.findall(r'data-table="([^"]*)"', shown)[0]))


def test_a_table_of_chosen_papers_has_a_row_for_each_and_is_saved_so(service: CorpusService) -> None:
    calls = PageCalls(service, writable=False)
    papers = [paper.id for paper in service.corpus.papers()[3:6]]
    wanted = wanted_table(TableRequest.model_validate({"columns": "year", "papers": [*map(verbatim, papers)]}))
    shown = last(table_updates(service, calls.tables, wanted))
    assert shown.count("<tr") == 1 + len(papers)
    sent = json.loads(sent_again(shown))
    _, *rows = csv.reader(io.StringIO(calls.table_file({**sent, "kind": "csv"})["text"]))
    assert sorted(row[0] for row in rows) == sorted(papers)


@given(ids=st.sets(st.text(min_size=1, max_size=9), max_size=3), question=st.text(max_size=20))
def test_what_a_page_sends_to_have_a_table_again_is_what_was_wanted(ids: set[str], question: str) -> None:
    wanted = RequestedTable(question, "a, b", everything=not question.strip(), within=within(tuple(ids)))
    shown = f'<div data-table="{verbatim(request_json(wanted))}">'
    assert wanted_table(TableRequest.model_validate_json(sent_again(shown))) == wanted


def test_a_draft_is_checked_problems_first(service: CorpusService, tmp_path: Path) -> None:
    pasted = last(check_updates(service, DraftChecks(service), (), DRAFT))
    assert "3 sentences checked against 34 papers" in pasted
    problems, _, rest = pasted.partition("Nothing to look at")
    assert "9,500" in problems
    assert "Miller" in problems
    assert 'class="opener"' in problems
    assert "8.5K" in rest
    file = tmp_path / "draft.txt"
    file.write_text(DRAFT)
    assert without_key(last(check_updates(service, DraftChecks(service), [file], ""))) == without_key(pasted)


def without_key(shown: str) -> str:
    return re.sub(r' data-check="[^"]*"', "", shown)


def key_of(shown: str) -> str:
    return str(re.findall(r'data-check="([^"]*)"', shown)[0])


def saved(calls: PageCalls, shown: str, kind: str) -> tuple[str, bytes]:
    """The name and the content of a file of a check that is shown."""
    file = calls.draft_file({"check": key_of(shown), "kind": kind})
    return file["name"], base64.b64decode(file["base64"])


def test_a_check_is_saved_as_the_command_line_writes_it(service: CorpusService, tmp_path: Path) -> None:
    calls, markdown, word = PageCalls(service, writable=False), tmp_path / "my draft.md", tmp_path / "chapter.docx"
    markdown.write_text(DRAFT)
    document = docx.Document()
    for paragraph in DRAFT.split("\n\n"):
        document.add_paragraph(paragraph.strip())
    document.save(str(word))
    shown = last(check_updates(service, calls.drafts, [markdown], ""))
    name, copy = saved(calls, shown, "draft")
    assert name == "my draft-checked.md"
    assert re.sub(r" <!-- .*? -->", "", copy.decode()) == DRAFT
    assert copy.count(b"<!-- ask check: ") == shown.count('class="problem"') == 2
    name, report = saved(calls, shown, "html")
    assert name == "my draft-check.html"
    assert b"9,500" in report
    name, report = saved(calls, shown, "json")
    assert json.loads(report)["problems"] == 2
    for content in (copy, report, saved(calls, shown, "html")[1]):
        assert str(tmp_path).encode() not in content
    name, copy = saved(calls, last(check_updates(service, calls.drafts, [word], "")), "draft")
    assert name == "chapter-checked.docx"
    assert len(list(docx.Document(io.BytesIO(copy)).comments)) == 2


def test_plain_text_has_no_copy_with_comments_and_a_check_is_found_by_its_key_only(service: CorpusService) -> None:
    calls = PageCalls(service, writable=False)
    plain = last(check_updates(service, calls.drafts, (), "GSM8K has 9,500 problems (arXiv:2110.14168)."))
    assert 'data-kind="draft"' not in plain
    assert 'data-kind="html"' in plain
    assert calls.draft_file({"check": key_of(plain), "kind": "draft"})["error"] == "Plain text has no comments."
    assert "no kind of file" in calls.draft_file({"check": key_of(plain), "kind": "pdf"})["error"]
    marked = last(check_updates(service, calls.drafts, (), f"# Data\n\n{DRAFT}"))
    assert saved(calls, marked, "draft")[0] == "draft-checked.md"
    assert key_of(marked) != key_of(plain)
    for key in ("", "x", key_of(plain)[:-1]):
        assert "not remembered" in calls.draft_file({"check": key, "kind": "json"})["error"]


def test_old_checks_are_forgotten(service: CorpusService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askpapers.service.draft_checks._MOST_BYTES", 100)
    calls = PageCalls(service, writable=False)
    shown = [
        last(check_updates(service, calls.drafts, (), f"# Data\n\nCats sleep for {n} hours a day (Miller, 1999)."))
        for n in range(3)
    ]
    assert "error" in calls.draft_file({"check": key_of(shown[0]), "kind": "json"})
    assert saved(calls, shown[2], "json")


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
def test_no_draft_says_why(names: list[str], pasted: str, said: str, service: CorpusService, tmp_path: Path) -> None:
    files = [tmp_path / name for name in names]
    for file in files:
        file.write_text("@misc{a, title = {b}}" if file.suffix == ".bib" else DRAFT.partition("\n")[0])
    shown = last(check_updates(service, DraftChecks(service), files, pasted))
    assert said in shown
    assert str(tmp_path) not in shown
