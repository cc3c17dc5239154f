"""RIS: what is written, and what rispy reads of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import rispy
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Paper
from askpapers.export.entries import entries_of_answers, entries_of_papers
from askpapers.export.ris import ris
from askpapers.metadata import Metadata, Person
from cats_and_dogs import CATS, DOGS, METADATA, answer, survey


def written(*papers: Paper) -> str:
    return ris(entries_of_papers(papers))


def read(text: str) -> list[dict[str, Any]]:
    return list(rispy.loads(text))


FIELDS = (("ris:SN", "1234-5678"), ("ris:N1", "read twice"), ("ris:TY", "X"), ("bibtex:file", "a.pdf"))
RECORD = replace(CATS, metadata=replace(METADATA, extra=FIELDS))


def test_a_reference() -> None:
    assert written(RECORD) == (
        "TY  - JOUR\nID  - ash2021\nTI  - On cats\nAU  - van der Ash, Ann\nAU  - Cats Group\nA2  - Claw, Cy\n"
        "T2  - Journal of Cats\nPB  - Paw\nVL  - 12\nIS  - 3\nSP  - 45\nEP  - 67\nPY  - 2021\nDA  - 2021/03/05/\n"
        "DO  - 10.1000/c\nAN  - 123\nDB  - PubMed\nUR  - https://cats.org/1\nLA  - en\nKW  - cs.CL\nKW  - purring\n"
        f"KW  - sleep\nAB  - {CATS.abstract}\nSN  - 1234-5678\nN1  - read twice\nER  - \n"
    )


def test_rispy_reads_every_field() -> None:
    (found,) = read(written(RECORD))
    assert (found["type_of_reference"], found["id"], found["title"]) == ("JOUR", "ash2021", "On cats")
    assert found["authors"] == ["van der Ash, Ann", "Cats Group"]
    assert (found["secondary_title"], found["volume"], found["number"]) == ("Journal of Cats", "12", "3")
    assert (found["start_page"], found["end_page"], found["doi"]) == ("45", "67", "10.1000/c")
    assert (found["year"], found["date"], found["abstract"]) == ("2021", "2021/03/05/", CATS.abstract)
    assert (found["keywords"], found["notes"]) == (["cs.CL", "purring", "sleep"], ["read twice"])


def test_each_quote_is_a_note_and_each_verdict_a_keyword() -> None:
    (found,) = read(ris(entries_of_answers([answer()])))
    assert [note.partition("“")[2] for note in found["notes"]] == [
        "Cats purr at night because they are content.” (a.txt:3, characters 0–44)",
        "They sleep 16 hours a day, which is long for an animal.” (a.txt:3, characters 45–101)",
    ]
    assert found["keywords"] == ["askpapers: supported"]
    assert [paper["keywords"][-1] for paper in read(ris(entries_of_answers([survey(4)])))] == [
        *["askpapers: match"] * 3,
        "askpapers: mention",
    ]


def test_what_is_not_known_is_left_out() -> None:
    assert written(DOGS) == "TY  - GEN\nID  - dogs\nTI  - On dogs\nAB  - Dogs bark at strangers.\nER  - \n"
    assert written() == ""


def test_a_paper_of_arxiv_has_its_number_and_address() -> None:
    text = written(replace(DOGS, metadata=Metadata(arxiv="2203.02155", type="article")))
    assert "TY  - UNPB\n" in text
    assert "AN  - arXiv:2203.02155\nDB  - arXiv\nUR  - https://arxiv.org/abs/2203.02155\n" in text


def test_pages_that_are_no_range_stay() -> None:
    for pages, expected in (
        ("e1001", "SP  - e1001\n"),
        ("12–15", "SP  - 12\nEP  - 15\n"),
        ("1, 3-5", "SP  - 1, 3-5\n"),
    ):
        assert expected in written(replace(DOGS, metadata=Metadata(pages=pages)))


def test_an_abstract_keeps_its_lines() -> None:
    text = written(replace(DOGS, abstract="One.\n\n\nTwo.\nER  - three\n  TY - four"))
    assert "AB  - One.\n\nTwo. ER - three TY - four\nER  - \n" in text
    (found,) = read(text)
    assert " ".join(found["abstract"].split()) == "One. Two. ER - three TY - four"


texts = st.text(max_size=30) | st.sampled_from(
    ["ER  - ", "a\nER  - \nTY  - X", "\r\nAB  - x", "\u2028", "\x0c", "a\x85b"]
)


@given(st.lists(st.builds(
    Paper, id=texts, title=texts, abstract=texts, sources=st.just(()), year=st.none() | st.integers(1, 9999),
    authors=st.lists(texts, max_size=2).map(tuple), url=st.none() | texts,
    metadata=st.builds(
        Metadata, type=texts, venue=texts, volume=texts, pages=texts, date=texts, doi=texts, key=texts,
        people=st.lists(st.builds(Person, texts, texts), max_size=2).map(tuple),
        tags=st.lists(texts, max_size=2).map(tuple),
        extra=st.lists(st.tuples(st.sampled_from(["ris:M1", "ris:ER", "ris:toolong", "ris:TY"]), texts)).map(tuple),
    ),
), max_size=3))  # fmt: skip
def test_whatever_stands_in_a_record_no_line_is_taken_for_another_field(papers: list[Paper]) -> None:
    text = written(*papers)
    tags = [line[:6] for line in text.split("\n") if re.match(r"\s*[A-Z][A-Z0-9]\s*-", line)]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - ", tag) for tag in tags)
    assert tags.count("TY  - ") == tags.count("ER  - ") == len(papers)
    assert text.splitlines() == text.split("\n")[:-1]
    assert len(read(text)) == len(papers) if papers else text == ""
