"""What columns ask for: fields of the record, numbers, words."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.errors import UsageError
from askpapers.metadata import Metadata
from askpapers.tables.columns import FIELDS, MOST_COLUMNS, ColumnKind, read_column, read_columns
from askpapers.tables.kinds import kind_of
from askpapers.tables.measures import Way


@pytest.mark.parametrize(
    ("given_text", "names"),
    [
        (["task, method, dataset, best result"], ["task", "method", "dataset", "best result"]),
        (["task; method", "year"], ["task", "method", "year"]),
        (["task,\n method ,,"], ["task", "method"]),
        (["dataset (name, size), year"], ["dataset (name, size)", "year"]),
        (['"what, exactly, was measured", year'], ["what, exactly, was measured", "year"]),
        (["Task, task, TASK"], ["Task"]),
    ],
)
def test_names_are_parted_by_commas_outside_of_brackets_and_quotation_marks(
    given_text: list[str], names: list[str]
) -> None:
    assert [column.name for column in read_columns(given_text)] == names


@pytest.mark.parametrize("bad", [[""], [","], ["..."], ["a" * 300], [", ".join(map(str, range(MOST_COLUMNS + 1)))]])
def test_columns_that_are_none_or_too_many_are_refused(bad: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        read_columns(bad)
    assert error.value.hint


@given(st.lists(st.text(st.sampled_from("ab cd,;()\"'-%"), max_size=20), max_size=4))
def test_any_text_gives_columns_or_a_usage_error(texts: list[str]) -> None:
    try:
        columns = read_columns(texts)
    except UsageError:
        return
    assert columns
    assert len({column.name.casefold() for column in columns}) == len(columns)


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Authors", "authors"), ("first author", "first_author"), ("year of publication", "year"),
        ("Journal", "venue"),
        ("DOI", "doi"), ("arXiv ID", "arxiv"), ("the venue", "venue"), ("Keywords", "tags"),
        ("publication type", "type"),
        ("cite key", "key"), ("link", "url"), ("Author (year)", "citation"), ("title", "title"),
    ],
)  # fmt: skip
def test_fields_of_the_record_are_known_by_their_names_and_synonyms(name: str, field: str) -> None:
    column = read_column(name)
    assert (column.kind, column.field) == (ColumnKind.RECORD, field)


def test_every_field_of_a_record_that_a_person_may_ask_for_is_a_column() -> None:
    inner = {"aliases", "people", "notice_details", "extra"}
    assert {field.name for field in fields(Metadata)} - inner <= set(FIELDS)
    for field in set(FIELDS) - {"language"}:  # which asks for what a paper is about, too
        assert read_column(field.replace("_", " ")).kind is ColumnKind.RECORD


@pytest.mark.parametrize(
    ("name", "way", "unit"),
    [
        ("parameters", Way.COUNT, "parameter"), ("number of parameters", Way.COUNT, "parameter"),
        ("participants", Way.COUNT, "person"), ("patients", Way.COUNT, "person"), ("sample size", Way.COUNT, "person"),
        ("N", Way.COUNT, "person"), ("hours of training data", Way.COUNT, "hour"), ("# layers", Way.COUNT, "layer"),
        ("number of latents", Way.COUNT, "any"), ("accuracy", Way.MEASURE, "%"), ("test accuracy", Way.MEASURE, "%"),
        ("F1 score", Way.MEASURE, ""), ("BLEU", Way.MEASURE, ""), ("ROUGE-2", Way.MEASURE, ""),
        ("odds ratio", Way.MEASURE, ""), ("p-value", Way.MEASURE, ""), ("dataset size", Way.MEASURE, "example"),
        ("response time", Way.AMOUNT, "ms"), ("mean age", Way.AMOUNT, "year"), ("dose (mg)", Way.AMOUNT, "mg"),
        ("follow-up", Way.AMOUNT, "month"), ("cost", Way.AMOUNT, "dollar"), ("mortality", Way.MEASURE, "%"),
    ],
)  # fmt: skip
def test_columns_of_numbers_are_known_by_their_units_and_measures(name: str, way: Way, unit: str) -> None:
    column = read_column(name)
    assert column.kind is ColumnKind.NUMBER, column
    assert column.number
    assert column.number.way is way
    assert unit in column.number.units


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("task", "task"), ("tasks", "task"), ("method", "method"), ("Proposed method", "method"),
        ("dataset", "dataset"),
        ("datasets used", "dataset"), ("benchmark", "dataset"), ("training data", "training data"),
        ("best result", "result"), ("main findings", "result"), ("limitations", "limitations"),
        ("code availability", "code"), ("evaluation metrics", "metric"), ("baselines", "baseline"),
        ("comparator", "baseline"), ("population", "population"), ("intervention", "intervention"),
        ("primary outcome", "outcome"), ("study design", "design"), ("objective", "aim"), ("conclusion", "conclusion"),
        ("model", "model"), ("country", "country"), ("languages", "language"),
        ("funding", "funding"), ("mood", None), ("theory of change", None),
    ],
)  # fmt: skip
def test_columns_of_words_have_their_kinds(name: str, kind: str | None) -> None:
    assert read_column(name).kind is ColumnKind.WORDS
    found = kind_of(name)
    assert (found.name if found else None) == kind
