from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.corpus.documents import MAX_LINE, document_of
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.tables import csv_columns, csv_rows, read_csv
from askpapers.errors import CorpusError


def from_csv(folder: Path, text: str) -> list[Record | Omitted]:
    file = folder / "a.csv"
    file.write_bytes(text.encode())
    return list(read_csv(document_of(file)))


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
