from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.merge import FileRecord, merge
from askpapers.corpus.records import Record
from askpapers.corpus.titles import Facts
from askpapers.datatypes import Paper, Source
from askpapers.metadata import Metadata, Notice, Person
from askpapers.text import same_text_key

TEXT = r"We gain 50% on it. It works."


def papers(*records: Record) -> list[Paper]:
    found, warnings = merge([FileRecord(f"{n}.txt", record) for n, record in enumerate(records)], [])
    assert warnings == []
    return found


def texts(*abstracts: str) -> list[str]:
    return [paper.abstract for paper in papers(*(Record(abstract, 1) for abstract in abstracts))]


def test_near_identical_copies_are_one_paper_as_first_found() -> None:
    copies = [
        TEXT,
        "We  gain 50%\non it.  It works.",
        "WE GAIN 50% ON IT. It Works.",
        r"We gain 50\% on it. It works.",
        r"We gain $50\%$ on \emph{it}. It works.",
        "We gain\u00a050% on it. It works.",
        "We gain 50% on it. It\r\nworks.",
    ]
    (paper,) = papers(*(Record(copy, line) for line, copy in enumerate(copies, 1)))
    assert paper.abstract == TEXT
    assert paper.sources == tuple(Source(f"{n}.txt", n + 1) for n in range(len(copies)))


def test_different_texts_are_different_papers() -> None:
    different = [TEXT, TEXT[:-1], TEXT.replace("50", "51"), TEXT.replace("gain", "lose"), TEXT + " Yes.", "It works."]
    assert texts(*different) == different


words = st.lists(st.sampled_from("we gain lose 50% 51% it. It's on-par a b".split()), min_size=1, max_size=5)


@given(st.lists(words, min_size=1, max_size=6), st.data())
def test_what_is_merged_is_the_same_text_and_nothing_else(abstracts: list[list[str]], data: st.DataObject) -> None:
    separators = st.sampled_from([" ", "  ", "\n"])
    written = [data.draw(separators).join(abstract) for abstract in abstracts]
    merged = papers(*(Record(text, n) for n, text in enumerate(written)))
    assert sum(len(paper.sources) for paper in merged) == len(written)
    assert len({paper.id for paper in merged}) == len(merged)
    for paper in merged:
        letters = {"".join(written[source.line].split()).casefold() for source in paper.sources}
        assert letters == {"".join(paper.abstract.split()).casefold()}
    assert len({same_text_key(paper.abstract) for paper in merged}) == len(merged)


def test_what_any_copy_knows_the_paper_knows() -> None:
    (paper,) = papers(
        Record(TEXT, 1),
        Record(TEXT, 2, title="One", year=2020),
        Record(TEXT, 3, id="a", year=2021, authors=("A",), url="https://x"),
    )
    assert (paper.id, paper.title, paper.year, paper.authors, paper.url) == ("a", "One", 2020, ("A",), "https://x")


def test_facts_go_before_what_the_records_say() -> None:
    known = Facts("We gain", "papers.csv:2", "Known", 2021, ("B",), "k", "https://k")
    found, warnings = merge([FileRecord("a", Record(TEXT, 1, "a", "One", 2020, ("A",), "https://x"))], [known])
    assert warnings == []
    (paper,) = found
    assert (paper.id, paper.title, paper.year, paper.authors, paper.url) == ("k", "Known", 2021, ("B",), "https://k")


def test_an_id_is_made_of_the_text_where_none_is_given() -> None:
    (one,), (same,), (other,) = papers(Record(TEXT, 1)), papers(Record(TEXT.upper(), 5)), papers(Record("Other.", 1))
    assert one.id == same.id != other.id
    assert re.fullmatch("[0-9a-f]{12}", one.id)


@given(st.permutations(["a", "b", "a", None, None]))
def test_a_text_that_many_papers_have_is_one_paper_for_each_id(ids: list[str | None]) -> None:
    withdrawn = "This paper has been withdrawn."
    merged = papers(*(Record(withdrawn, line, id=own) for line, own in enumerate(ids)))
    assert sorted(paper.id for paper in merged) == ["a", "b"]
    for paper in merged:
        assert {ids[source.line] for source in paper.sources} <= {paper.id, None}
    assert sorted(source.line for paper in merged for source in paper.sources) == list(range(len(ids)))
    nameless = [{paper.id for source in paper.sources if ids[source.line] is None} for paper in merged]
    assert sorted(map(len, nameless)) == [0, 1]  # the copies without an id stay together


def test_two_texts_that_claim_one_id_are_both_kept() -> None:
    records = [Record(TEXT, 1, id="a"), Record("Other.", 2, id="a"), Record("Third.", 3, id="a")]
    found, warnings = merge([FileRecord("x.jsonl", record) for record in records], [])
    assert [paper.abstract for paper in found] == [TEXT, "Other.", "Third."]
    assert found[0].id == "a"
    assert len({paper.id for paper in found}) == 3
    assert [warning.partition(" the id ")[0] for warning in warnings] == ["x.jsonl:2:", "x.jsonl:3:"]
    assert found[1].id in warnings[0]


@given(
    st.lists(st.builds(Record, st.sampled_from(["x", "y", "z"]), st.just(1), st.sampled_from([None, "a", "b", "c"])))
)
def test_ids_are_never_shared(records: list[Record]) -> None:
    found, _ = merge([FileRecord("f", record) for record in records], [])
    assert len({paper.id for paper in found}) == len(found)
    assert sum(len(paper.sources) for paper in found) == len(records)


def test_names_taken_apart_and_the_date_are_those_of_the_authors_and_the_year() -> None:
    first = Record(TEXT, 1, year=2020, authors=("Ada Moss",), metadata=Metadata(people=(Person("Moss", "Ada"),)))
    second = Record(
        TEXT, 2, year=2021, authors=("A. Moss",), metadata=Metadata(date="2021-03", people=(Person("Moss", "A."),))
    )
    (paper,) = papers(first, second)
    assert (paper.year, paper.metadata.date, paper.metadata.people) == (2020, "", (Person("Moss", "Ada"),))
    (paper,) = papers(second, first)
    assert (paper.year, paper.metadata.date, paper.metadata.people) == (2021, "2021-03", (Person("Moss", "A."),))


def test_the_gravest_notice_of_the_copies_counts() -> None:
    concern, retracted = (Record(TEXT, 1, metadata=Metadata(notice=n)) for n in (Notice.CONCERN, Notice.RETRACTED))
    assert [p.metadata.notice for p in papers(concern, retracted)] == [Notice.RETRACTED]


def test_a_notice_marks_the_paper_of_its_title_and_that_of_its_doi() -> None:
    paper = Record(f"{TEXT} We have tried it on six machines.", 1, title="How to gain half of it", id="a")
    notice = Record("The data were made up.", 2, title="Retraction: How to gain half of it", id="b")
    other = Record(
        "The data of that work were made up.",
        3,
        id="c",
        metadata=Metadata(extra=(("crossref:update-to", "retraction 10.1000/x"),)),
    )
    marked = Record("We lose half of it on six machines.", 4, id="d", metadata=Metadata(doi="10.1000/x"))
    assert [(p.id, p.mark) for p in papers(paper, notice, other, marked)] == [
        ("a", "retracted"),
        ("b", "retracted"),
        ("c", ""),
        ("d", "retracted"),
    ]


def test_a_text_of_many_papers_gives_each_an_id() -> None:
    titles = ["Moss", "Ferns", "Lichen", "Algae"]
    records = [Record("This paper has been withdrawn.", n, title=title) for n, title in enumerate(titles * 2)]
    for listed in (records, [replace(record, id="x") for record in records]):
        found, _ = merge([FileRecord("f", record) for record in listed], [])
        assert [paper.title for paper in found] == titles
        assert len({paper.id for paper in found}) == len(titles)


def test_papers_come_in_the_order_in_which_they_were_found() -> None:
    records = [
        Record("One.", 1),
        Record("Same.", 2, id="a"),
        Record("Two.", 3),
        Record("Same.", 4, id="b"),
        Record("One.", 5),
    ]
    assert [(paper.sources[0].line) for paper in papers(*records)] == [1, 2, 3, 4]


def test_what_copies_do_not_agree_on_is_noted() -> None:
    records = [
        Record(f"{TEXT} We have tried it on six machines.", n, title="On gains", year=year)
        for n, year in enumerate((2019, 2020, 2024), 1)
    ]
    (paper,), warnings = merge([FileRecord("a.bib", record) for record in records], [])
    assert paper.year == 2019
    assert warnings == ["a.bib:1 and a.bib:3 are one paper, of 2019 and 2024: 2019 is used"]
