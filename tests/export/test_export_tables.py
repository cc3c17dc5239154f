"""CSV and Excel: what each cell holds, and that none is a formula. Read again by csv and openpyxl."""

from __future__ import annotations

import csv
import io
from dataclasses import fields, replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Answer, Citation, CitedPaper, Paper, Source, quote_of
from askpapers.export import KINDS, content_of, list_of
from askpapers.export.tables import Table, csv_text
from askpapers.export.workbook import workbook
from askpapers.metadata import NO_METADATA, Metadata, Notice, Person
from cats_and_dogs import CATS, DOGS, METADATA, PURR, REFUSAL, answer, survey

FULL = replace(
    CATS,
    metadata=replace(
        METADATA,
        doi="10.1000/cats.1",
        arxiv="2101.00001",
        pmid="123456",
        key="ash2021cats",
        people=(Person("Ash", "Ann"), Person("Bark", "Bo")),
        notice=Notice.RETRACTED,
        extra=(("ris:M1", "7"),),
    ),
)


def csv_rows(found: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(str(KINDS["csv"].write(content_of([found]))))))


def sheets(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_csv_begins_with_the_columns_that_it_always_had() -> None:
    head, row = csv.reader(io.StringIO(str(KINDS["csv"].write(content_of([answer()])))))
    assert head[:9] == ["id", "title", "year", "authors", "url", "verdict", "quote", "file", "line"]
    assert row[:5] == ["2101.1", "On cats", "2021", "Ann Ash; Bo Bark", "https://cats.org/1"]
    assert row[5:11] == ["supported", PURR.quote.text, "a.txt", "3", "0", "44"]


def test_csv_has_a_row_for_each_paper_however_many() -> None:
    rows = csv_rows(survey(30))
    assert len(rows) == 30
    assert (rows[0]["id"], rows[0]["verdict"], rows[0]["quote"]) == ("p0", "match", "Cat 0 purrs.")
    assert csv_rows(REFUSAL) == []


def test_every_field_of_a_record_has_a_column() -> None:
    (row,) = csv_rows(answer(papers=(CitedPaper(FULL, (1, 2)),)))
    for name in ("type", "venue", "publisher", "volume", "issue", "pages", "date", "doi", "arxiv", "pmid", "key"):
        assert row[name] == getattr(FULL.metadata, name)
    assert (row["editors"], row["categories"], row["tags"]) == ("Claw, Cy", "cs.CL", "purring; sleep")
    assert (row["notice"], row["language"], row["other"]) == ("retracted", "en", "ris:M1 = 7")
    assert row["abstract"] == FULL.abstract
    assert row["notes"].count("\n") == 2


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "\x00=", "\ufeff=", "\u202e="])
def test_no_cell_is_a_formula(sign: str) -> None:
    bad = f'{sign}HYPERLINK("http://x","y"),1'
    names = [field.name for field in fields(Metadata)]
    texts = dict.fromkeys(name for name in names if isinstance(getattr(NO_METADATA, name), str))
    metadata = Metadata(
        **dict.fromkeys(texts, bad),  # type: ignore[arg-type]
        **dict.fromkeys(("aliases", "categories", "tags"), (bad,)),  # type: ignore[arg-type]
        **dict.fromkeys(("people", "editors"), (Person(bad, bad),)),  # type: ignore[arg-type]
        extra=((bad, bad),),
    )
    paper = Paper(bad, bad, bad, (Source(bad, 1),), None, (bad,), bad, metadata)
    found = answer(
        question=bad, citations=(Citation(1, quote_of(paper, 0, len(bad))),), papers=(CitedPaper(paper, (1,)),)
    )
    for row in csv.reader(io.StringIO(str(KINDS["csv"].write(content_of([found]))))):
        assert not [cell for cell in row if cell.lstrip()[:1] in tuple("=+-@＝＋－＠") and cell]
    assert len(sheets(KINDS["xlsx"].bytes_of(content_of([found])))) == 3  # which looks for formulas, too


def test_a_workbook_has_papers_quotes_and_answers() -> None:
    found = sheets(KINDS["xlsx"].bytes_of(content_of([answer(), survey(2)])))
    assert list(found) == ["Papers", "Quotes", "Answers"]
    head, *rows = found["Papers"]
    assert [row[head.index("id")] for row in rows] == ["2101.1", "p0", "p1"]
    assert (rows[0][head.index("year")], rows[0][head.index("start")]) == (2021, 0)
    assert found["Quotes"][1][0] == "what do cats do?"
    assert found["Quotes"][1][-6:] == ("a.txt", 3, 0, 44, None, None)
    assert len(found["Quotes"]) == 5
    assert [row[2] for row in found["Answers"][1:]] == ["answered", "answered"]
    assert list(sheets(KINDS["xlsx"].bytes_of(list_of([DOGS])))) == ["Papers"]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=5))
def test_text_comes_back_from_both(cells: list[str]) -> None:
    from askpapers.export.values import value

    clean = [value(cell) for cell in cells]
    table = Table("Papers", tuple(f"c{n}" for n in range(len(cells))), (tuple(clean),))
    (_, row) = csv.reader(io.StringIO(csv_text(table), newline=""))
    assert [cell.removeprefix("'") for cell in row] == [cell.removeprefix("'") for cell in clean]


def test_text_stays_what_it_is_in_a_workbook() -> None:
    texts = ("1706.03762", "=1+1", "https://x.org", "_x0041_", "a\nb\tc", "ä😀", "x" * 40_000, "😀" * 20_000)
    (_, row) = sheets(workbook([Table("T", tuple("abcdefgh"), (texts,))]))["T"]
    assert row[:6] == texts[:6]
    for cut in row[6:]:
        assert cut.endswith("… [cut: a cell holds 32,767 characters]")
        assert len(cut.encode("utf-16-le")) // 2 <= 32_767


def test_how_sure_a_survey_is_stands_in_the_last_columns() -> None:
    found = survey(2)
    papers = (replace(found.papers[0], confidence=0.8123456), found.papers[1])
    sure = replace(found, papers=papers)
    rows = csv_rows(sure)
    assert [(row["confidence"], row["confidence_word"]) for row in rows] == [("0.812", "likely"), ("", "")]
    assert list(rows[0])[-2:] == ["confidence", "confidence_word"]
    book = KINDS["xlsx"].write(content_of([sure]))
    assert isinstance(book, bytes)
    head, first, _ = sheets(book)["Papers"]
    assert dict(zip(head, first, strict=True))["confidence"] == 0.812
    _, quote, _ = sheets(book)["Quotes"]
    assert quote[-2:] == (0.812, "likely")
