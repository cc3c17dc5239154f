"""Which records are of one paper: pairs that are and pairs that are not, and laws of the groups."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.corpus.compare import Likeness, Titles, compare_texts, compare_titles, read_title, read_words
from askpapers.corpus.merge import FileRecord, merge
from askpapers.corpus.near import Sketches, sketch_of
from askpapers.corpus.records import Record
from askpapers.corpus.same import group_copies
from askpapers.corpus.traits import traits_of
from askpapers.datatypes import Paper
from askpapers.metadata import Metadata

TEXT = (
    "We tag 77 white storks with loggers of 9 g in Alsace and follow them over four winters. Storks that feed on"
    " landfills do not cross the sea, and their colour rings are analysed by labelled photographs. Survival was 0.84 a"
    " year for those that stay and 0.61 for those that leave. We discuss what the closing of landfills will mean."
)
TITLE = "Landfills keep white storks from crossing the sea"
RECORD = Record(TEXT, 1, title=TITLE, year=2020, authors=("Ada Moss", "Bo Fern"))
AMERICAN = TEXT.replace("colour", "color").replace("analysed", "analyzed").replace("labelled", "labeled")
EDITED = TEXT.replace("We discuss what", "Finally, we discuss what").replace("follow them over", "track them during")
REVISED = TEXT.replace("0.84", "0.86").replace("We tag 77", "In this study we tag 79").replace("loggers", "GPS loggers")


def doi(name: str, **fields: str) -> Metadata:
    return Metadata(doi=f"10.{name}", **fields)  # type: ignore[arg-type]


def papers(*records: Record) -> list[Paper]:
    return merge([FileRecord(f"{n}.txt", record) for n, record in enumerate(records)], [])[0]


@pytest.mark.parametrize(
    "text",
    [
        TEXT + " © 2020 The Society. All rights reserved.",
        TEXT + " Copyright (c) 2020 Elsevier Ltd.",
        TEXT[:200] + "...",
        TEXT[:203] + " …",
        "Abstract: " + TEXT,
        "BACKGROUND: "
        + TEXT.replace(" Storks that", " METHODS: Storks that").replace(" Survival", " RESULTS: Survival"),
        AMERICAN,
        TEXT.replace("landfills", "land-fills"),
        TEXT.replace("four winters", "4 winters"),
        TEXT.replace("0.84", "0·84"),
    ],
)
def test_copies_of_a_text_are_one_paper_without_a_title(text: str) -> None:
    assert compare_texts(read_words(TEXT), read_words(text)).likeness is Likeness.COPY
    assert len(papers(Record(TEXT, 1), Record(text, 2))) == 1
    assert len(papers(Record(text, 1, id="a"), Record(TEXT, 2, id="b"))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Record("We tag 77 storks with 9 g loggers in Alsace.", 1, "crossref", "Storks"), {"id": "arxiv"}),
        (RECORD, {"text": EDITED}),
        (RECORD, {"title": TITLE.upper() + "."}),
        (RECORD, {"title": "Landfills keep white storks from crossing a sea", "authors": ()}),
        (RECORD, {"title": TITLE + ": a study of four winters"}),
        (RECORD, {"title": "Landfills keep storks from the sea, in winter"}),
        (RECORD, {"title": None, "authors": ("Moss, A.",)}),
        (RECORD, {"authors": ("Moss A", "Fern B"), "text": EDITED, "year": 2021}),
        (
            replace(RECORD, id="2001.00001"),
            {"id": "arXiv:2001.00001v3", "text": "Another abstract.", "title": "New"[:0]},
        ),
        (replace(RECORD, metadata=doi("1000/x1")), {"text": REVISED, "metadata": doi("1000/x1"), "year": 2025}),
        (replace(RECORD, metadata=doi("1000/x1")), {"id": "2001.00001", "metadata": Metadata(), "text": REVISED}),
        (replace(RECORD, metadata=doi("1000/x1")), {"metadata": doi("48550/arxiv.2001.00001"), "text": REVISED}),
        (replace(RECORD, metadata=doi("1000/x1")), {"metadata": doi("1101/2020.01.01.123456"), "text": REVISED}),
        (replace(RECORD, url="https://pubmed.ncbi.nlm.nih.gov/7"), {"metadata": Metadata(pmid="7"), "title": "Other"}),
    ],
)
def test_one_paper(one: Record, other: dict[str, object]) -> None:
    second = replace(one, line=2, **other)  # type: ignore[arg-type]
    assert len(papers(one, second)) == 1
    assert len(papers(second, one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (RECORD, {"title": f"{TITLE}. Part II", "text": EDITED}),
        (RECORD, {"title": f"Erratum: {TITLE}"}),
        (RECORD, {"title": f"Reply to: {TITLE}", "text": EDITED}),
        (replace(RECORD, title="A survey of storks 2019"), {"title": "A survey of storks 2021"}),
        (RECORD, {"title": "A wrong abstract for another work"}),
        (replace(RECORD, title="Storks, part I"), {"title": "Storks, part II"}),
        (RECORD, {"text": REVISED, "authors": ()}),
        (RECORD, {"text": TEXT.replace("do not cross", "cross"), "authors": ()}),
        (RECORD, {"text": TEXT.replace("white storks", "black storks"), "title": TITLE.replace("white", "black")}),
        (RECORD, {"text": EDITED, "year": 2026}),
        (RECORD, {"text": EDITED, "authors": ("Cy Reed",)}),
        (replace(RECORD, title=None), {"text": TEXT.replace("Alsace", "Baden")}),
        (replace(RECORD, id="2001.00001"), {"id": "2001.00002"}),
        (replace(RECORD, metadata=doi("1000/x1")), {"metadata": doi("1000/x2"), "text": REVISED}),
        (replace(RECORD, metadata=doi("1000/x1")), {"metadata": doi("1000/x2"), "title": "Another title"}),
        (replace(RECORD, metadata=doi("1000/book")), {"title": "Moss on walls", "text": "We grow moss on walls."}),
        (Record("This paper has been withdrawn.", 1, title="Moss"), {"title": "Ferns"}),
        (Record("This paper has been withdrawn by the authors due to an error in Lemma 2.", 1, "a"), {"id": "b"}),
        (Record("We study moss on old walls.", 1, "a"), {"text": "We study ferns on old walls.", "id": "b"}),
    ],
)
def test_two_papers(one: Record, other: dict[str, object]) -> None:
    second = replace(one, line=2, **other)  # type: ignore[arg-type]
    assert len(papers(one, second)) == 2
    assert len(papers(second, one)) == 2


def test_a_record_between_two_papers_does_not_join_them() -> None:
    first = replace(RECORD, title="Storks, part I")
    second = replace(RECORD, title="Storks, part II", line=2)
    between = replace(RECORD, title=None, line=3)
    assert [len(paper.sources) for paper in papers(first, second, between)] in ([1, 2], [2, 1])
    by_doi = [replace(first, metadata=doi("1000/a")), replace(second, metadata=doi("1000/b"))]
    assert len(papers(*by_doi, between)) == 2


def test_a_preprint_and_its_publication_are_one_with_the_ids_of_both() -> None:
    preprint = replace(RECORD, id="2001.00001v2", text=REVISED[:150] + "...", year=2019)
    published = replace(RECORD, line=2, id="moss2020", metadata=doi("1000/x1", venue="Birds", key="moss2020"))
    (paper,) = papers(preprint, published)
    assert (paper.id, paper.abstract, paper.year) == ("moss2020", TEXT, 2020)
    assert (paper.metadata.doi, paper.metadata.arxiv, paper.metadata.venue) == ("10.1000/x1", "2001.00001", "Birds")
    assert [source.line for source in paper.sources] == [2, 1]
    assert paper.metadata.aliases == ("2001.00001v2",)


def test_an_identifier_is_the_id_where_the_record_has_none() -> None:
    everything = Metadata(doi="10.1000/x1", arxiv="2001.00001", pmid="7")
    ids = [
        papers(replace(RECORD, metadata=replace(everything, **dict.fromkeys(gone, ""))))[0].id  # type: ignore[arg-type]
        for gone in ((), ("arxiv",), ("arxiv", "doi"))
    ]
    assert ids == ["2001.00001", "10.1000/x1", "7"]


TITLES = ["Storks", TITLE, f"{TITLE}: a study", f"{TITLE} II", "Editorial", None]
TEXTS = [TEXT, AMERICAN, EDITED, REVISED, TEXT[:200] + "...", "This paper has been withdrawn.", "We tag storks."]
RECORDS = st.builds(
    Record,
    text=st.sampled_from(TEXTS),
    line=st.just(1),
    id=st.sampled_from([None, None, "a", "b", "2001.00001", "2001.00002v1"]),
    title=st.sampled_from(TITLES),
    year=st.sampled_from([None, 2019, 2020, 2026]),
    authors=st.sampled_from([(), ("Ada Moss",), ("Moss, A.", "Fern, B."), ("Cy Reed",)]),
    metadata=st.builds(
        Metadata, doi=st.sampled_from(["", "", "10.1000/x1", "10.1000/x2", "10.48550/arxiv.2001.00001"])
    ),
)


@settings(max_examples=60)
@given(st.lists(RECORDS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_decides_the_order_only(records: list[Record], random: object) -> None:
    order = list(range(len(records)))
    random.shuffle(order)  # type: ignore[attr-defined]

    def papers_of(listed: list[Record]) -> list[list[str]]:
        return sorted(sorted(repr(listed[n]) for n in group) for group in group_copies(listed, traits_of(listed)))

    assert papers_of(records) == papers_of([records[n] for n in order])


@settings(max_examples=60)
@given(st.lists(RECORDS, max_size=8))
def test_nothing_is_lost_and_twice_the_files_are_the_same_papers(records: list[Record]) -> None:
    once, twice = papers(*records), papers(*records, *records)
    assert sum(len(paper.sources) for paper in once) == len(records)
    assert [paper.abstract for paper in once] == [paper.abstract for paper in twice]
    assert [paper.id for paper in once] == [paper.id for paper in twice]
    for paper in once:
        number = int(paper.sources[0].file.removesuffix(".txt"))
        assert paper.abstract == records[number].text
    known = {name for p in once for name in (p.id, p.metadata.doi, p.metadata.arxiv, *p.metadata.aliases)}
    for record in records:
        assert record.metadata.doi in known | {""}
        assert record.id is None or any(name.startswith(record.id) for name in known)


@given(st.permutations(read_words(TEXT)[:30]), st.integers(0, 29))
def test_a_text_and_its_beginning_share_a_sketch(words: list[str], at: int) -> None:
    sketches = Sketches()
    for text in (words, [*words[:at], "other", *words[at + 1 :]], words[::-1], words[:24]):
        sketches.add(sketch_of(" ".join(text)))
    assert {(0, 1)} <= set(sketches.pairs())


@given(st.lists(st.sampled_from("we tag 7 8 not storks in the sea".split()), max_size=12))
def test_words_are_a_copy_of_themselves_and_of_no_other_number(words: list[str]) -> None:
    assert compare_texts(words, list(words)).likeness is Likeness.COPY
    changed = [{"7": "8", "8": "7"}.get(word, word) for word in words]
    if changed != words:
        assert compare_texts(words, changed).likeness < Likeness.EDITED


def likeness(one: str, other: str) -> Titles:
    first, second = read_title(one), read_title(other)
    assert compare_titles(first, second) is compare_titles(second, first)
    return compare_titles(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The colour of moss", "The color of moss."),
        ("Moss on walls: a survey", "MOSS ON WALLS"),
        ("RETRACTED: Moss on walls", "Moss on walls"),
        ("$\\alpha$-decay of mosses", "α-decay of mosses"),
        ("Growth of moss on the walls of old towns", "Growth of moss on the walls of..."),
    ],
)
def test_one_title_in_two_ways_of_writing(one: str, other: str) -> None:
    assert likeness(one, other) is Titles.SAME


def test_titles_of_other_papers() -> None:
    for other in ("Moss on walls II", "Moss on walls, 2nd part", "Correction: Moss on walls", "Moss on 3 walls"):
        assert likeness("Moss on walls", other) is Titles.DISTINCT
    assert likeness("Moss on walls", "Ferns in pots") is Titles.DIFFERENT
    assert likeness("Moss on old walls", "Moss on walls") is Titles.NEAR
    assert likeness("", "Moss") is likeness("", "") is Titles.UNKNOWN
