from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from askpapers.corpus.documents import MAX_LINE, document_of
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.tables import csv_columns, csv_rows, read_csv, read_json_lines
from askpapers.errors import CorpusError


def from_json(folder: Path, *entries: Any) -> list[Record]:
    file = folder / "a.jsonl"
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries), encoding="utf-8")
    return list(read_json_lines(document_of(file)))


def from_csv(folder: Path, text: str) -> list[Record | Omitted]:
    file = folder / "a.csv"
    file.write_bytes(text.encode())
    return list(read_csv(document_of(file)))


def test_json_lines(tmp_path: Path) -> None:
    whole = {
        "id": "1",
        "title": " One ",
        "abstract": " It works.\n",
        "year": 2020,
        "authors": ["A. B.", " C. D. "],
        "url": "https://x",
    }
    assert from_json(tmp_path, whole, {"abstract": "It is fast."}) == [
        Record("It works.", 1, "1", "One", 2020, ("A. B.", "C. D."), "https://x"),
        Record("It is fast.", 2),
    ]


def test_beirs_layout_gzipped(tmp_path: Path) -> None:
    entry = {"_id": 7, "title": "", "text": "It works.", "metadata": {"year": "2019", "authors": "A, B", "_id": "x"}}
    file = tmp_path / "corpus.jsonl.gz"
    file.write_bytes(gzip.compress(b"\n" + json.dumps(entry).encode() + b"\n\n" + b'{"text": "Two."}'))
    assert list(read_json_lines(document_of(file))) == [
        Record("It works.", 2, "7", None, 2019, ("A", "B")),
        Record("Two.", 4),
    ]


def test_the_abstract_goes_before_the_text(tmp_path: Path) -> None:
    (record,) = from_json(tmp_path, {"text": "The whole paper.", "abstract": "The abstract."})
    assert record.text == "The abstract."
    (record,) = from_json(tmp_path, {"text": "The text.", "abstract": " "})
    assert record.text == "The text."


@pytest.mark.parametrize(
    "entry", [{}, {"title": "One"}, {"abstract": ""}, {"abstract": None}, {"text": ["a"]}, [], 5, "x", None]
)
def test_entries_without_an_abstract_have_no_text(tmp_path: Path, entry: Any) -> None:
    records = from_json(tmp_path, entry, {"text": "It works."})
    assert [(record.line, record.text) for record in records] == [(1, ""), (2, "It works.")]


@pytest.mark.parametrize(
    ("field", "value", "year"),
    [
        ("year", 2020, 2020),
        ("year", "2020", 2020),
        ("published", "2017-06-12T17:57:34Z", 2017),
        ("date", "12 June 1998", 1998),
        ("created", "Mon, 3 Apr 2023", 2023),
        ("year", "unknown", None),
        ("year", 20200, None),
        ("year", None, None),
    ],
)
def test_the_year_is_found_in_dates(tmp_path: Path, field: str, value: Any, year: int | None) -> None:
    (record,) = from_json(tmp_path, {"text": "It works.", field: value})
    assert record.year == year


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        (["Smith, J.", "Doe, A."], ("Smith, J.", "Doe, A.")),
        ("J. Smith, A. Doe and B. Anderson", ("J. Smith", "A. Doe", "B. Anderson")),
        ("Smith, J.; Doe, A.", ("Smith, J.", "Doe, A.")),
        ("J. Smith", ("J. Smith",)),
        (["", " "], ()),
        ("", ()),
        (None, ()),
    ],
)
def test_authors_are_a_list_or_a_string(tmp_path: Path, value: Any, authors: tuple[str, ...]) -> None:
    (record,) = from_json(tmp_path, {"text": "It works.", "authors": value})
    assert record.authors == authors


def test_line_ends_within_a_string_end_no_line(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes('\ufeff{"text": "One\u2028two\x85three."}\r\n{"text": "Four."}'.encode())
    assert list(read_json_lines(document_of(file))) == [Record("One\u2028two\x85three.", 1), Record("Four.", 2)]


@pytest.mark.parametrize(
    "line",
    ["{'text': 1}", '{"text": "It', "text", '{"text": "\ud800"}', '{"n": ' + "9" * 5000 + "}", "[" * 100_000],
    ids=["quotes", "cut", "bare", "half a pair", "endless number", "endless list"],
)
def test_what_is_not_json_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "It works."}\n\n' + line.replace("\ud800", r"\ud800") + "\n", encoding="utf-8")
    records = read_json_lines(document_of(file))
    assert next(records).text == "It works."
    with pytest.raises(CorpusError) as caught:
        next(records)
    assert str(caught.value).startswith(f"{file}, line 3, is not JSON: ")
    assert "\n" not in str(caught.value)
    assert '"abstract"' in caught.value.hint


def test_a_whole_surrogate_pair_is_a_character(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(r'{"text": "\ud83d\ude00 works."}', encoding="utf-8")
    assert [record.text for record in read_json_lines(document_of(file))] == ["😀 works."]


def test_csv(tmp_path: Path) -> None:
    text = (
        "\ufeffID, Title ,Abstract,Authors,Year\r\n"
        '1,One,"It ""works"", well.\r\nReally.",A; B,2020\r\n'
        "\r\n"
        "2,Two,It is fast.\r\n"
        "3,Three,,C,2021\r\n"
        "4,,It is new.,,\r\n"
    )
    assert from_csv(tmp_path, text) == [
        Record('It "works", well.\r\nReally.', 2, "1", "One", 2020, ("A", "B")),
        Record("It is fast.", 5, "2", "Two"),
        Record("", 6, "3", "Three", 2021, ("C",)),
        Record("It is new.", 7, "4"),
    ]


def test_columns_and_rows_of_csv(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('Name,"The, Age"\nx,1,more\n')
    assert csv_columns(document_of(file)) == {"name", "the, age"}
    assert list(csv_rows(document_of(file))) == [(2, {"name": "x", "the, age": "1"})]
    file.write_text("")
    assert csv_columns(document_of(file)) == frozenset()
    assert list(csv_rows(document_of(file))) == []


def test_a_csv_field_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"a\.csv, line \d+, is not CSV") as caught:
        from_csv(tmp_path, 'text\n"It never closes\n' + "more\n" * (MAX_LINE // 4))
    assert "UTF-8" in caught.value.hint
