from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.json_stream import NO_OBJECT, Element, elements
from askpapers.corpus.records import Omitted

NAMES = st.sampled_from(["title", "abstract", "Year", 'a "quoted" name', "ünder\\score", "x"])
TEXTS = st.text(st.sampled_from('ab"\\{}[],:\n\r\té😀 '), max_size=8)
VALUES = TEXTS | st.sampled_from(
    [None, True, -1.5e9, [], {}, [1, [2, {"a": "}"}]], [{"items": "]"}, "x"], {"b": {"c": ["{"]}}]
)
RECORDS = st.lists(
    st.dictionaries(NAMES, VALUES, max_size=3).map(lambda fields: {"title": "T", **fields, "abstract": "A", "year": 1}),
    max_size=4,
)
PAPER = {"title": "Lichens", "abstract": "They grow."}


def read(text: str) -> list[Element | Omitted]:
    return list(elements(io.StringIO(text, newline="")))


def values(text: str) -> list[Any]:
    return [found.value if isinstance(found, Element) else found.reason for found in read(text)]


class Sips(io.StringIO):
    """Gives a few characters at a time."""

    def read(self, size: int | None = -1) -> str:
        return super().read(3 if size is None or size < 0 else min(size, 3))


@given(
    RECORDS,
    st.sampled_from(["array", "lines", "wrapped", "deeper", "pages", "with commas", "sequence"]),
    st.sampled_from([None, 0, 2, "\t"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_records_are_the_same_in_whatever_they_are_wrapped(
    records: list[dict[str, Any]], form: str, indent: Any, end: str
) -> None:
    def dumped(value: Any) -> str:
        return json.dumps(value, indent=indent).replace("\n", end)

    text = {
        "array": dumped(records),
        "lines": "".join(dumped(record) + end for record in records),
        "wrapped": dumped({"meta": {"count": 2}, "results": records, "next": None}),
        "deeper": dumped({"status": "ok", "message": {"total": 2, "items": records}}),
        "pages": dumped([{"page": n, "data": [record]} for n, record in enumerate(records)]),
        "with commas": ("," + end).join(map(dumped, records)),
        "sequence": "".join(f"\x1e{dumped(record)}{end}" for record in records),
    }[form]
    assert values(text) == records
    found = [element for element in elements(Sips("\ufeff" + text)) if isinstance(element, Element)]
    assert [element.value for element in found] == records
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for element in found:
        assert "{" in lines[element.line - 1]


@given(RECORDS.filter(bool), st.data())
def test_of_a_file_that_is_cut_everything_before_the_cut_is_read_and_the_rest_is_told(
    records: list[dict[str, Any]], data: st.DataObject
) -> None:
    text = json.dumps(records)
    cut = data.draw(st.integers(1, len(text) - 1))
    *found, last = read(text[:cut])
    assert [element.value for element in found if isinstance(element, Element)] == records[: len(found)]
    assert isinstance(last, Omitted)
    assert "the file ends" in last.reason or "damaged" in last.reason


@given(RECORDS.filter(bool), st.sampled_from(["lines", "array", "indented"]), st.data())
def test_a_damaged_record_costs_no_other(records: list[dict[str, Any]], form: str, data: st.DataObject) -> None:
    wrong = data.draw(
        st.sampled_from(['{"title": "x" "abstract": 1}', "{'title': 1}", '{"title": tru}', '{"title": "x'])
    )
    place = data.draw(st.integers(0, len(records)))
    texts = [json.dumps(record, indent=2 if form == "indented" else None) for record in records]
    texts.insert(place, wrong)
    text = "\n".join(texts) if form == "lines" else "[\n" + ",\n".join(texts) + "\n]"
    found = read(text)
    assert [element.value for element in found if isinstance(element, Element)] == records
    (omitted,) = (element for element in found if isinstance(element, Omitted))
    assert omitted.reason.startswith("damaged JSON: ")
    assert wrong.split("\n")[0] in text.split("\n")[omitted.line - 1]


def test_what_is_no_object_is_left_out_once_in_a_row() -> None:
    assert values("[1, 2, 3]") == [NO_OBJECT]
    assert values('[1, 2, {"a": 1}, null, "x"]') == [NO_OBJECT, {"a": 1}, NO_OBJECT]
    assert values('5\n"x"\ntrue\n') == [NO_OBJECT]
    assert values("[]") == values("[[], []]") == values("") == values(" \n") == values('{"results": []}') == []


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '[{"a": ' + "[" * 100_000], ids=["lists", "objects", "both"]
)
def test_what_is_nested_without_end_is_left_out(text: str) -> None:
    found = values(text + '\n{"title": "T", "abstract": "A"}')
    assert [reason for reason in found if isinstance(reason, str)]
    assert all("damaged" in reason for reason in found if isinstance(reason, str))


def test_values_that_other_parsers_refuse() -> None:
    assert values('{"abstract": NaN, "x": Infinity}') == [{"abstract": None, "x": None}]
    assert values('{"abstract": "Half \\ud83d of a pair, \\ud83d\\ude00 one."}') == [
        {"abstract": "Half \ufffd of a pair, \U0001f600 one."}
    ]
    assert values('{"abstract": "A tab\tand a line\nend."}') == [{"abstract": "A tab\tand a line\nend."}]
    assert values('{"abstract": "First.", "abstract": ""}') == [{"abstract": "First."}]
    assert values('{"abstract": "First.", "abstract": "Last."}') == [{"abstract": "Last."}]
    assert values('{"n": ' + "9" * 5000 + '}\n{"n": 1}')[1:] == [{"n": 1}]


def test_objects_of_objects_and_tables_are_lists_of_records() -> None:
    other = {**PAPER, "title": "Kilns"}
    found = read(json.dumps({"moss": PAPER, "fern": other}))
    assert [(e.name, e.value) for e in found if isinstance(e, Element)] == [("moss", PAPER), ("fern", other)]
    assert values(json.dumps({name: [value, other[name]] for name, value in PAPER.items()})) == [PAPER, other]
    assert values(json.dumps({name: {"0": value, "7": other[name]} for name, value in PAPER.items()})) == [PAPER, other]
    rows = [list(PAPER.values()), list(other.values())]
    assert values(json.dumps({"columns": list(PAPER), "index": [0, 1], "data": rows})) == [PAPER, other]
    assert values(json.dumps([list(PAPER), *rows])) == [PAPER, other]
    assert values(json.dumps({"title": ["Lichens"], "abstract": ["They grow.", "Slowly."]})) == [
        {"title": ["Lichens"], "abstract": ["They grow.", "Slowly."]}
    ]


@pytest.mark.parametrize("wrap", ["[%s]", '{"message": {"items": [%s]}}', '{"papers": {"all": 1}, "results": [%s]}'])
def test_memory_does_not_grow_with_the_file(wrap: str) -> None:
    """A list of 8,000 records on one line is read while it is being written."""
    begin, end = wrap.split("%s")
    record = json.dumps({**PAPER, "abstract": "They grow. " * 50})
    given = 0

    class Endless(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            nonlocal given
            count = min((size or 0) // len(record) + 1, 8_000 - given)
            text = (
                begin * (not given) + ",".join([record] * count) + ("," if given + count < 8_000 else end) * (count > 0)
            )
            given += count
            return text

    ahead, number = 0, 0
    for number, element in enumerate(elements(Endless()), start=1):
        assert isinstance(element, Element)
        ahead = max(ahead, given - number)
    assert number == 8_000
    assert ahead * len(record) < 2_200_000
