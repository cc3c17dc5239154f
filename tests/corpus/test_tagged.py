from __future__ import annotations

import re
import string

import pytest
from formats_read import papers, read, sample
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus import tagged
from askpapers.corpus.fields import Field, Fields, keywords, pages_of
from askpapers.corpus.records import Omitted
from askpapers.corpus.tagged import Dialect, Tagged, split_records

SAMPLES = {
    "zotero.ris": ("RIS", 2, [44]),
    "endnote.ris": ("RIS", 1, []),
    "scopus.ris": ("RIS", 1, [26]),
    "proquest.ris": ("RIS", 1, []),
    "publisher.ris": ("RIS", 2, []),
    "endnote.enw": ("EndNote", 1, [23]),
    "pubmed.nbib": ("MEDLINE", 2, [54]),
    "pubmed-abstracts.txt": ("PubMed text", 3, [44]),
    "web-of-science.txt": ("Web of Science", 1, [38]),
}
DIALECT = Dialect(re.compile(r"([A-Z]{2})  -(.*)"), frozenset(["TY"]), "ER")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_recognised_and_read_and_what_has_no_abstract_is_left_out(name: str) -> None:
    kind, count, lines = SAMPLES[name]
    found = read(sample(name), kind)
    assert len([record for record in found if not isinstance(record, Omitted)]) == count
    assert [item for item in found if isinstance(item, Omitted)] == [Omitted(line, "no abstract") for line in lines]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", SAMPLES)
def test_the_line_of_a_record_is_where_its_abstract_begins(name: str, ends: str) -> None:
    text = sample(name).decode("utf-8-sig").replace("\r\n", "\n").replace("\n", ends)
    lines = re.split("\r\n|\n|\r", text)
    for record in papers(text, SAMPLES[name][0]):
        assert record.text[:30] in lines[record.line - 1]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_that_is_cut_anywhere_gives_papers_or_says_what_is_left_out(name: str) -> None:
    text = sample(name).decode("utf-8-sig")
    full = {record.text for record in papers(text, SAMPLES[name][0])}
    half = papers(text[: len(text) // 2], SAMPLES[name][0])
    assert all(any(text.startswith(record.text[:40]) for text in full) for record in half)


VALUES = st.text(string.ascii_lowercase + " .:-", min_size=1, max_size=20).map(str.strip).filter(bool)
RECORDS = st.lists(st.lists(st.tuples(st.sampled_from(["AB", "TI", "KW"]), VALUES), min_size=1, max_size=4), max_size=4)


@given(RECORDS, st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read(records: list[list[tuple[str, str]]], ended: bool, end: str) -> None:
    """Each record with its fields in order, whether or not its end is marked, and each field with its line."""
    written = "".join(
        f"TY  - JOUR{end}"
        + "".join(f"{tag}  - {value}{end}" for tag, value in record)
        + (f"ER  - {end}{end}" if ended else "")
        for record in records
    )
    lines = list(enumerate(written.splitlines(keepends=True), start=1))
    found = [record for record in split_records(lines, DIALECT) if isinstance(record, Tagged)]
    assert [[(field.name, field.value) for field in record.fields[1:]] for record in found] == records
    for record in found:
        assert all(field.value in lines[field.line - 1][1] for field in record.fields)


def test_text_outside_of_records_is_left_out_where_it_may_be_an_abstract() -> None:
    lines = ["Provider: Press", "", "TY  - JOUR", "ER  -", "long text " * 40, "more", "", "TY  - BOOK"]
    found = list(split_records(enumerate(lines, start=1), DIALECT))
    assert found == [
        Tagged(3, (Field("TY", "JOUR", 3),)),
        Omitted(5, "text outside of a record"),
        Tagged(8, (Field("TY", "BOOK", 8),)),
    ]


def test_an_endless_record_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagged, "LONGEST", 100)
    lines = ["TY  - JOUR", *["a line"] * 50, "TY  - BOOK"]
    first, second = split_records(enumerate(lines, start=1), DIALECT)
    assert first == Omitted(1, "a record of more than 100 characters")
    assert second == Tagged(52, (Field("TY", "BOOK", 52),))


def test_fields_that_are_not_taken_are_extra_fields_in_their_order() -> None:
    fields = Fields([Field("M1", "1", 1), Field("TI", "A  <i>b</i>", 2), Field("N1", "n", 3), Field("M1", "2", 4)])
    assert (fields.take("T1", "TI"), fields.take("T1"), fields.seen("M1")) == ("A b", "", ["1", "2"])
    assert fields.extra("ris") == (("ris:M1", "1"), ("ris:M1", "2"), ("ris:N1", "n"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "b, c"], ("a", "b, c")),
        (["a; b;c."], ("a", "b", "c")),
        (["a, b, c"], ("a", "b", "c")),
        (["a\nb"], ("a", "b")),
        (["a", "a", "N/A", ""], ("a",)),
    ],
)
def test_keywords(values: list[str], expected: tuple[str, ...]) -> None:
    assert keywords(values) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [("1", "9", "1-9"), ("1--9", "", "1-9"), ("425-437", "437", "425-437"), ("e17", "", "e17"), ("", "9", "9")],
)
def test_pages(first: str, last: str, expected: str) -> None:
    assert pages_of(first, last) == expected
