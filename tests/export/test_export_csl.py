"""CSL JSON: what is written, that it keeps to CSL's schema, and that citeproc formats it."""

from __future__ import annotations

import json
import warnings
from dataclasses import replace
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from askpapers.datatypes import Paper
from askpapers.export.csl import csl
from askpapers.export.entries import entries_of_answers, entries_of_papers
from askpapers.metadata import Metadata, Notice, Person
from cats_and_dogs import CATS, DOGS, METADATA, answer

_TEXT = {"type": "string", "minLength": 1}
_NAMES = {
    "type": "array",
    "items": {"type": "object", "properties": {name: {"type": "string"} for name in ("family", "given", "literal")},
              "additionalProperties": False},
}  # fmt: skip
# What of CSL's schema 1.0.2 is written here; the extra fields come after.
SCHEMA = Draft7Validator({
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "properties": {
            **dict.fromkeys(
                "id abstract container-title publisher volume issue page DOI PMID number URL language keyword note"
                " ISSN genre publisher-place edition".split(), _TEXT
            ),
            "title": {"type": "string"},
            "type": {"enum": ["article", "article-journal", "paper-conference", "chapter", "book", "thesis", "report",
                              "dataset", "document", "webpage", "software"]},
            "author": _NAMES,
            "editor": _NAMES,
            "issued": {
                "type": "object",
                "properties": {"date-parts": {"type": "array", "minItems": 1, "maxItems": 2, "items": {
                    "type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}}}},
                "additionalProperties": False,
            },
            "custom": {"type": "object"},
        },
        "additionalProperties": False,
    },
})  # fmt: skip


def written(*papers: Paper) -> Any:
    return json.loads(csl(entries_of_papers(papers)))


RECORD = replace(
    CATS,
    metadata=replace(
        METADATA,
        date="2021-03",
        arxiv="2101.00001",
        categories=(),
        tags=("purring",),
        notice=Notice.RETRACTED,
        extra=(("csl:ISSN", "1234-5678"), ("csl:nonsense", "x"), ("ris:M1", "7")),
    ),
)


def test_an_item() -> None:
    (item,) = written(RECORD)
    custom = item.pop("custom")
    assert item == {
        "id": "ash2021",
        "type": "article-journal",
        "title": "On cats",
        "author": [{"family": "van der Ash", "given": "Ann"}, {"literal": "Cats Group"}],
        "editor": [{"family": "Claw", "given": "Cy"}],
        "container-title": "Journal of Cats",
        "publisher": "Paw",
        "volume": "12",
        "issue": "3",
        "page": "45-67",
        "issued": {"date-parts": [[2021, 3]]},
        "DOI": "10.1000/c",
        "PMID": "123",
        "number": "arXiv:2101.00001",
        "URL": "https://cats.org/1",
        "language": "en",
        "keyword": "purring, retracted",
        "abstract": CATS.abstract,
        "note": "arXiv: 2101.00001\nRetracted.",
        "ISSN": "1234-5678",
    }
    assert custom == {
        "askpapers-id": "2101.1",
        "notice": "retracted",
        "sources": [{"file": "a.txt", "line": 3}],
        "fields": [
            {"name": "csl:ISSN", "value": "1234-5678"},
            {"name": "csl:nonsense", "value": "x"},
            {"name": "ris:M1", "value": "7"},
        ],
    }


def test_the_quotes_of_an_answer_are_in_the_note_and_taken_apart() -> None:
    (item,) = json.loads(csl(entries_of_answers([answer()])))
    assert item["note"].count("\n") == 1
    assert item["keyword"] == "askpapers: supported"
    for quote in item["custom"]["quotes"]:
        assert CATS.abstract[quote["start"] : quote["end"]] == quote["quote"]
        assert (quote["file"], quote["line"], quote["verdict"]) == ("a.txt", 3, "supported")


def test_citeproc_formats_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of the fields that its style does not use
        source = CiteProcJSON(written(RECORD, DOGS))
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        bibliography.register(Citation([CitationItem("ash2021"), CitationItem("dogs")]))
        first = str(bibliography.bibliography()[0])
    assert "Ash" in first
    assert "2021" in first
    assert "Journal of Cats" in first


texts = st.text(max_size=20)


@given(st.lists(st.builds(
    Paper, id=texts, title=texts, abstract=texts, sources=st.just(()), year=st.none() | st.integers(1, 9999),
    authors=st.lists(texts, max_size=2).map(tuple), url=st.none() | texts,
    metadata=st.builds(
        Metadata, type=texts | st.sampled_from(["article", "thesis"]), venue=texts, pages=texts, date=texts, key=texts,
        people=st.lists(st.builds(Person, texts, texts), max_size=2).map(tuple),
        tags=st.lists(texts, max_size=2).map(tuple),
        extra=st.lists(st.tuples(st.sampled_from(["csl:ISSN", "csl:author", "csl:genre"]), texts)).map(tuple),
    ),
), max_size=3))  # fmt: skip
def test_whatever_stands_in_a_record_the_schema_holds(papers: list[Paper]) -> None:
    items = written(*papers)
    SCHEMA.validate(items)
    assert len({item["id"] for item in items}) == len(papers)
