"""BibTeX: what is written, and what pybtex reads of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string

from askpapers.datatypes import Paper, Source
from askpapers.export.bibtex import bibtex
from askpapers.export.entries import entries_of_answers, entries_of_papers
from askpapers.metadata import Metadata, Person
from cats_and_dogs import CATS, DOGS, answer


def written(*papers: Paper) -> str:
    return bibtex(entries_of_papers(papers))


def paper(title: str = "t", **metadata: object) -> Paper:
    return Paper("p", title, "x", (Source("a", 1),), metadata=Metadata(**metadata))  # type: ignore[arg-type]


def read(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


def test_an_entry() -> None:
    assert written(CATS) == (
        "@misc{ash2021cats,\n"
        "  title = {{On cats}},\n"
        "  author = {Ann Ash and Bo Bark},\n"
        "  year = {2021},\n"
        "  url = {https://cats.org/1},\n"
        f"  abstract = {{{CATS.abstract}}},\n"
        "}\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert written(DOGS) == "@misc{dogs,\n  title = {{On dogs}},\n  abstract = {Dogs bark at strangers.},\n}\n"
    assert written() == ""


def test_quotes_are_in_annote_and_verdicts_in_keywords() -> None:
    entry = read(bibtex(entries_of_answers([answer()]))).entries["ash2021cats"]
    assert "“Cats purr at night because they are content.” (a.txt:3, characters 0–44)" in entry.fields["annote"]
    assert entry.fields["keywords"] == "askpapers: supported"


@pytest.mark.parametrize(
    ("title", "tex"),
    [
        ("Cats & dogs", r"Cats \& dogs"),
        ("100% cats", r"100\% cats"),
        ("#1 at $5", r"\#1 at \$5"),
        ("snake_case", r"snake\_case"),
        (r"Cats \& dogs", r"Cats \& dogs"),
        ("{BERT} & co", r"{BERT} \& co"),  # LaTeX stays LaTeX
        (r"G\"odel", r"G\"odel"),
        ("a } b & c", r"a  b \& c"),  # what would end the entry goes
        (r"a \{ b 5%", r"a  b 5\%"),
        ("} {", ""),
        ("x^2", r"x\^{}2"),
        ("ends so\\", "ends so"),
        ("ends so\\\\", "ends so\\\\"),
        (r"On $\mathcal{O}(n^2)$ & $x_i$", r"On $\mathcal{O}(n^2)$ \& $x_i$"),  # mathematics stays mathematics
        ("~10 of them", r"\textasciitilde{}10 of them"),
        ("Fig.~3", "Fig.~3"),
        ("two\nlines", "two lines"),
    ],
)
def test_a_text_is_escaped(title: str, tex: str) -> None:
    assert f"title = {{{{{tex}}}}}" in written(paper(title))


def test_an_address_stays_what_it_is() -> None:
    for url, expected in (
        ("https://x.org/a_b?c=d&e=%20#f~g", "https://x.org/a_b?c=d&e=%20#f~g"),
        ("https://x.org/}", "https://x.org/%7D"),
    ):
        assert f"url = {{{expected}}}" in written(Paper("p", "t", "x", (Source("a", 1),), url=url))
    assert "doi = {10.1000/a_b(1)}" in written(paper(doi="10.1000/a_b(1)"))


texts = st.text(max_size=30) | st.lists(
    st.sampled_from(["{", "}", "\\", '"', "@", "%", ",", "=", "#", "$", "a", "é", "\n", "~", "and ", "_", "^"]),
    max_size=12,
).map("".join)
people = st.lists(st.builds(Person, texts, texts), max_size=3).map(tuple)


@given(st.lists(st.builds(
    Paper, id=texts, title=texts, abstract=texts, sources=st.just(()), year=st.none() | st.integers(1000, 2999),
    authors=st.lists(texts, max_size=2).map(tuple), url=st.none() | texts,
    metadata=st.builds(
        Metadata, type=st.sampled_from(["", "article-journal", "thesis"]), venue=texts, publisher=texts, volume=texts,
        pages=texts, date=st.sampled_from(["", "2020-02-03", "2020-13", "soon"]), doi=texts, arxiv=texts, key=texts,
        people=people, editors=people, tags=st.lists(texts, max_size=2).map(tuple),
        extra=st.lists(st.tuples(st.sampled_from(["bibtex:file", "bibtex:x y", "bibtex:annote"]), texts)).map(tuple),
    ),
), max_size=3))  # fmt: skip
def test_whatever_stands_in_a_record_the_file_is_read(papers: list[Paper]) -> None:
    found = read(bibtex(entries_of_papers(papers)))
    assert len(found.entries) == len(papers)


def test_a_record_of_a_journal() -> None:
    record = paper(
        "On cats",
        type="article-journal",
        venue="Cats & Co",
        publisher="Paw",
        volume="12",
        issue="3",
        pages="45-67",
        date="2021-03-05",
        doi="10.1000/c",
        arxiv="2101.00001",
        categories=("cs.CL",),
        key="ash2021",
        people=(Person("van der Ash", "Ann"), Person("The Cats and Dogs Group"), Person("Paw, Inc."), Person("Plato")),
        editors=(Person("Claw Jr.", "Cy"),),
        tags=("Learning, Deep", "cats"),
        extra=(("bibtex:isbn", "1-2"), ("bibtex:file", "a_b:c"), ("ris:M1", "9")),
    )
    entry = read(written(record)).entries["ash2021"]
    assert entry.type == "article"
    fields = dict(entry.fields)
    assert fields["journal"] == r"Cats \& Co"
    assert (fields["volume"], fields["number"], fields["pages"]) == ("12", "3", "45--67")
    assert (fields["year"], fields["month"], fields["date"]) == ("2021", "March", "2021-03-05")
    assert (fields["eprint"], fields["archiveprefix"], fields["primaryclass"]) == ("2101.00001", "arXiv", "cs.CL")
    assert (fields["isbn"], fields["file"]) == ("1-2", "a_b:c")
    assert fields["keywords"] == "Learning, Deep; cats"
    names = entry.persons["author"]
    assert [" ".join(name.prelast_names + name.last_names) for name in names] == [
        "van der Ash", "{The Cats and Dogs Group}", "{Paw, Inc.}", "Plato",
    ]  # fmt: skip
    assert " ".join(entry.persons["editor"][0].last_names) == "Claw Jr."


@pytest.mark.parametrize(
    ("kind", "name", "venue"),
    [
        ("article-journal", "article", "journal"),
        ("paper-conference", "inproceedings", "booktitle"),
        ("chapter", "incollection", "booktitle"),
        ("book", "book", "booktitle"),
        ("document", "misc", "journal"),
        ("report", "techreport", "journal"),
        ("", "misc", "journal"),
    ],
)
def test_types_and_where_their_venue_stands(kind: str, name: str, venue: str) -> None:
    (entry,) = read(written(paper(type=kind, venue="Somewhere"))).entries.values()
    assert (entry.type, entry.fields[venue]) == (name, "Somewhere")


def test_two_papers_with_one_key_are_both_there() -> None:
    same = replace(DOGS, metadata=Metadata(key="ash2021cats"))
    assert list(read(written(CATS, same)).entries) == ["ash2021cats", "ash2021catsa"]
