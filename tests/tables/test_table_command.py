"""`ask table`: from a question or --all to text, JSON, CSV, Markdown and a workbook."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from askpapers.cli.table_view import print_table
from askpapers.datatypes import Paper, Source
from askpapers.export.evidence import table_csv, table_json, table_markdown, table_workbook
from askpapers.tables.build import TableStoppedError, fill
from askpapers.tables.cells import CellFinder
from askpapers.tables.columns import read_columns
from askpapers.tables.table import EvidenceTable, Row
from command_line import Ask
from fakes import ScriptedReader

ABSTRACTS = ("We propose KilnNet, a kiln. It has 3 billion parameters.", "We propose =GlazeNet for pots | and more.")
PAPERS = tuple(
    Paper(f"p{n}", f"On pots {n}", text, (Source("a.txt", n),), 2020 + n) for n, text in enumerate(ABSTRACTS, start=1)
)
COLUMNS = read_columns(["method, parameters, year, doi"])


def table() -> EvidenceTable:
    finder = CellFinder(ScriptedReader(0.9))
    empty = EvidenceTable("pots?", COLUMNS, (), len(PAPERS), notes=("a note",))
    return fill(empty, PAPERS, lambda paper: finder.row(paper, COLUMNS), lambda stage, done, total: None)


def test_json_says_where_each_cell_is_from(run_ask: Ask, seed_index_folder: Path, seeds: Path) -> None:
    done = run_ask(
        "table", "which papers use RLHF?", "--columns", "method, year, participants", "--json",
        "--corpus", seeds, "--index", seed_index_folder,
    )  # fmt: skip
    assert done.code == 0, done
    made = done.json
    assert made["schema"] == 1
    assert made["finished"]
    assert made["coverage"]["checked"] == made["coverage"]["total"] == 34
    assert [column["from"] for column in made["columns"]] == ["words", "record", "number"]
    row = next(row for row in made["rows"] if row["paper"] == "2203.02155")
    method, year, people = row["cells"]
    assert method["from"] == "abstract"
    assert method["end"] - method["start"] == len(method["quote"])
    assert method["source"]["line"] > 0
    assert (year["text"], year["from"], year["quote"]) == ("2022", "record", None)
    assert (people["text"], people["reason"]) == (None, "not in the abstract")


def test_all_papers_of_a_filter_make_a_table_without_a_question(
    run_ask: Ask, seed_index_folder: Path, seeds: Path, tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    done = run_ask(
        "table", "--all", "--columns", "title, code", "--year", "2022", "-o", file,
        "--corpus", seeds, "--index", seed_index_folder,
    )  # fmt: skip
    assert done.code == 0, done
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert {row["year"] for row in rows} == {"2022"}
    assert f"{len(rows)} papers, 2 columns, CSV" in done.err
    assert {"id", "title", "code", "code: place"} <= set(rows[0])


def test_a_question_about_nothing_in_the_corpus_has_no_table(
    run_ask: Ask, seed_index_folder: Path, seeds: Path
) -> None:
    place = ("--corpus", seeds, "--index", seed_index_folder)
    done = run_ask("table", "which papers are about volcanic soil chemistry?", "--columns", "task", *place)
    assert done.code == 3
    empty = run_ask("table", "which papers are about volcanic soil chemistry?", "--columns", "task", "--json", *place)
    assert (empty.code, empty.json["rows"], empty.json["coverage"]["checked"]) == (3, [], 34)
    run_ask("table", "--columns", "task", *place).assert_refused(2, "question is empty", "--all")
    run_ask("table", "pots", "--columns", " , ", *place).assert_refused(2, "No column", "--columns")
    run_ask("table", "pots", "--columns", "a", "-o", "x.bib", *place).assert_refused(2, "x.bib", r"\.csv")


def test_csv_and_workbook_hold_every_cell_and_its_place() -> None:
    rows = list(csv.reader(io.StringIO(table_csv(table()))))
    assert rows[0] == [
        "id",
        "title",
        "year",
        "method",
        "parameters",
        "year",
        "doi",
        "method: place",
        "parameters: place",
    ]
    assert rows[1][3:] == [
        "KilnNet", "3 billion parameters", "2021", "", "a.txt:1, characters 11–18", "a.txt:1, characters 35–55"
    ]  # fmt: skip
    assert rows[2][4] == ""
    assert rows[2][-1] == "not in the abstract"
    book = openpyxl.load_workbook(io.BytesIO(table_workbook(table())))
    assert book.sheetnames == ["Table", "Evidence"]
    evidence = list(book["Evidence"].iter_rows(values_only=True))
    assert evidence[1][2:] == ("method", "KilnNet", "KilnNet", "a.txt", 1, 11, 18, "abstract")
    assert evidence[4][2:] == ("doi", None, None, None, None, None, None, "not in the record")
    assert {cell.data_type for row in book["Table"].iter_rows() for cell in row} <= {"s", "n"}


def test_markdown_numbers_the_places_and_escapes_what_cells_hold() -> None:
    text = table_markdown(table())
    assert "| KilnNet [1] | 3 billion parameters [2] | 2021 | — |" in text
    assert "1. p1 · a.txt:1, characters 11–18" in text
    assert all(line.count(" | ") == len(COLUMNS) for line in text.splitlines() if line.startswith("| "))
    assert "2 papers; 5 of 8 cells filled" in text
    assert "*note:* a note" in text


@pytest.mark.parametrize("width", [20, 60, 100])
def test_a_table_fits_the_terminal(width: int) -> None:
    out = io.StringIO()
    print_table(table(), Console(file=out, width=width), 1)
    assert max(map(len, out.getvalue().splitlines())) <= width
    joined = " ".join(out.getvalue().split())
    assert "KilnNet" in joined
    assert "and 1 more" in joined


def test_a_table_that_is_stopped_keeps_the_rows_that_are_done() -> None:
    def row_of(paper: Paper) -> Row:
        if paper.id == "p2":
            raise KeyboardInterrupt
        return CellFinder(ScriptedReader(0.9)).row(paper, COLUMNS)

    with pytest.raises(TableStoppedError) as stopped:
        fill(EvidenceTable("", COLUMNS, (), 2), PAPERS, row_of, lambda stage, done, total: None)
    left = stopped.value.table
    assert [row.paper.id for row in left.rows] == ["p1"]
    assert left.notes == ("Stopped after 1 of 2 papers.",)
    assert '"finished": false' in table_json(left)
