"""What is exported and read again by this program's own readers is the same: nothing of a record is lost."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.corpus.documents import Document
from askpapers.corpus.recognition import Format, recognise
from askpapers.corpus.records import Record
from askpapers.datatypes import Paper, Source
from askpapers.export import KINDS, list_of
from askpapers.metadata import Metadata, Person
from askpapers.text import plain

FORMATS = Path(__file__).parents[1] / "corpus" / "formats"


def read(content: bytes, name: str) -> list[Record]:
    document = Document(name, name, lambda: io.BufferedReader(io.BytesIO(content)))
    found = recognise(document)
    assert isinstance(found, Format), found
    return [record for record in found.read(document) if isinstance(record, Record)]


def paper_of(record: Record, number: int) -> Paper:
    return Paper(
        record.id or record.metadata.key or f"p{number}",
        record.title or "",
        record.text,
        (Source("a", record.line),),
        record.year,
        record.authors,
        record.url,
        record.metadata,
    )


def exported(papers: list[Paper], kind: str) -> list[Record]:
    return read(KINDS[kind].bytes_of(list_of(papers)), f"a{KINDS[kind].endings[0]}")


def bare(record: Record) -> Record:
    """A record without what has to change: its line, a key that it was given, the order of its other fields."""
    metadata = replace(record.metadata, key="", extra=tuple(sorted(record.metadata.extra)))
    # Texts are compared as they are shown: LaTeX escapes what has to be escaped ("17\\%"), and in RIS a line that
    # begins as a tag does ("UK - based") is joined to the one before.
    return replace(record, text=plain(record.text), line=0, id=None, metadata=metadata)


def samples(ending: str) -> list[str]:
    return sorted(path.name for path in FORMATS.glob(f"*{ending}"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, "ris") for name in samples(".ris")]
    + [(name, "bibtex") for name in samples(".bib")]
    + [(name, "csl") for name in samples("-csl.json")],
)
def test_a_file_comes_back_with_every_field(name: str, kind: str) -> None:
    records = read((FORMATS / name).read_bytes(), name)
    again = exported([paper_of(record, number) for number, record in enumerate(records)], kind)
    assert [bare(record) for record in again] == [bare(record) for record in records]
    for record, other in zip(records, again, strict=True):
        assert not record.metadata.key or other.metadata.key == record.metadata.key


words = st.lists(
    st.sampled_from("Rain falls on slate roofs é ß 12 % & $5 a_b \\alpha < > ‘quoted’ 数据".split()),
    min_size=1,
    max_size=6,
)
lines = words.map(" ".join)
names = st.lists(
    st.sampled_from([Person("Moss", "Ada"), Person("van der Fern", "Bo"), Person("O’Hara", "C. D."), Person("Å", "Ö")]),
    unique=True,
    max_size=3,
).map(tuple)
records = st.builds(
    Paper,
    id=st.just("moss:2021"),
    title=lines.map("On {}".format),
    abstract=st.lists(lines.map(lambda line: f"We measure rain. {line}."), min_size=1, max_size=3).map("\n".join),
    sources=st.just((Source("a", 1),)),
    year=st.just(2021),
    url=st.none() | st.just("https://x.org/a_b?c=d%20e"),
    metadata=st.builds(
        Metadata,
        type=st.sampled_from(["article-journal", "paper-conference", "book", "chapter", "thesis", "report", "dataset"]),
        venue=st.sampled_from(["", "Journal of Rain & Snow", "Slate, Roofs, and Walls"]),
        publisher=st.sampled_from(["", "Slate Press"]),
        volume=st.sampled_from(["", "12"]),
        pages=st.sampled_from(["", "1-9", "e12"]),
        date=st.sampled_from(["2021", "2021-03", "2021-03-05"]),
        doi=st.sampled_from(["", "10.1000/rain_1(2)"]),
        pmid=st.sampled_from(["", "1234567"]),
        key=st.just("moss:2021"),
        language=st.sampled_from(["", "en"]),
        people=names,
        tags=st.sampled_from([(), ("rain", "slate roofs")]),
    ),
)


@pytest.mark.parametrize("kind", ["ris", "bibtex", "csl", "json"])
@settings(max_examples=30)
@given(paper=records)
def test_what_is_written_is_read_as_the_same(kind: str, paper: Paper) -> None:
    paper = replace(paper, authors=tuple(map(str, paper.metadata.people)))
    (record,) = exported([paper], kind)
    same_as(paper, record)


def same_as(paper: Paper, record: Record) -> None:
    """Whether the record is the paper, but for white space, and the fields that say the same twice."""
    assert plain(record.text) == plain(paper.abstract)
    assert record.title == plain(paper.title)
    assert (record.year, record.authors, record.url) == (paper.year, paper.authors, paper.url)
    key = record.metadata.key or record.id or ""  # JSON has the cite key as the id
    assert replace(record.metadata, key=key, extra=()) == paper.metadata
