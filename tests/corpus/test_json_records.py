from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.documents import Document, document_of
from askpapers.corpus.json_records import looks_like, read_json
from askpapers.corpus.json_values import abstract_of, rebuilt
from askpapers.corpus.recognition import recognise
from askpapers.corpus.records import Omitted, Record
from askpapers.errors import CorpusError
from askpapers.metadata import NO_METADATA, Metadata, Notice, Person

SAMPLES = Path(__file__).parent / "formats"
WALLS = "We study how lichens grow on basalt walls"
JOURNAL, DOI, VENUE = "article-journal", "10.1000/jwe.2021.17", "Journal of Wall Ecology"


def document(text: str | bytes, name: str = "a.json") -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return Document(name, name, lambda: cast(BinaryIO, io.BufferedReader(io.BytesIO(data))))


def read(*entries: Any) -> list[Record | Omitted]:
    return list(read_json(document("".join(json.dumps(entry) + "\n" for entry in entries))))


def record(**fields: Any) -> Record:
    (found,) = read({"abstract": "It works.", **fields})
    assert isinstance(found, Record)
    return found


def sample(name: str) -> list[Record | Omitted]:
    file = document_of(SAMPLES / name)
    found = recognise(file)
    assert not isinstance(found, str) and found.name == "JSON", name
    return list(found.read(file))


# Of each: the id, the first author, the date, the type, the DOI, the venue, the volume, issue and pages.
EXPECTED: dict[str, list[tuple[str | None, ...]]] = {
    "ads.json": [
        ("2021JWEco..12..101M", "Ada Moss", "2021-03", JOURNAL, DOI, VENUE, "12 3 101")
    ],
    "arxiv-metadata.json": [
        ("0704.0001", "Ada Moss", "2007-04-02", "article", "10.1000/jwe.2007.17", "J.Wall Ecol.12:101-119,2007", "  "),
        ("hep-ph/0703001", "Bo Fern", "2007-03-01", "article", "", "", "  "),
    ],
    "beir-corpus.jsonl": [("2103.01234", "Ada Moss", "2021-03-05", "", "", "", "  "),
        ("MED-10", None, "", "", "", "", "  ")],
    "better-bibtex.json": [
        ("mossLichens2021", "Ada Moss", "2021-03-05", JOURNAL, "", VENUE, "  ")
    ],
    "biorxiv.json": [
        (None, "A. Moss", "2021-03-05", "article",
        "10.1101/2021.03.05.000001", "", "  ")],
    "by-id.json": [("moss2021", None, "2021", "", "", "", "  "), ("fern2022", None, "2022", "", "", "", "  ")],
    "cord19.json": [("d1aafb70c066a2068b02786f8929fd9c900897fb", "Ada Moss", "", "", "", "", "  ")],
    "core-works.json": [
        ("1", "Ada Moss", "2021-03-05", "", DOI, VENUE, "  "),
    ],
    "crossref-work.json": [(None, "Ada Moss", "2021-03", JOURNAL, DOI, VENUE, "  ")],
    "crossref-works.json": [
        (None, "Ada Moss", "2021-03", JOURNAL, DOI, VENUE, "12 3 101-119"),
        ("no abstract",),
        (None, "Bo Fern", "2022-06-04", "article", "10.21203/rs.3.rs-1/v1", "", "  "),
    ],
    "datacite.json": [("10.1000/wall.17", "Ada Moss", "2021-03-05", JOURNAL, "10.1000/wall.17", "", "  ")],
    "dblp.json": [("no abstract",)],
    "elasticsearch.json": [("moss2021", "Ada Moss", "2021", "", "", "", "  ")],
    "europe-pmc.json": [
        ("33012345", "Ada Moss", "2021-03-05", JOURNAL, DOI, "Journal of wall ecology", "12 3 101-119")
    ],
    "ieee.json": [
        (None, "Bo Fern", "2022-06-04", "paper-conference", "10.1109/kiln.2022.1",
        "2022 Workshop on Kilns (KILN)", "  1-9")
    ],
    "inspire.json": [
        ("1234567", "Ada Moss", "2021-03-02", JOURNAL, DOI, "J.Wall Ecol.", "12  101-119")
    ],
    "openalex-works.json": [
        ("W3130000001", "Ada Moss", "2021-03-05", JOURNAL, DOI, VENUE, "12 3 101-119"),
        ("no abstract",),
    ],
    "openreview.json": [("abcDEF123", "Bo Fern", "2021-03-05", "", "", "KILN 2021 poster", "  ")],
    "pandas-columns.json": [("p1", None, "2021", "", "", "", "  "), ("p2", None, "", "", "", "", "  ")],
    "pandas-split.json": [("p1", None, "2021", "", "", "", "  "), ("p2", None, "", "", "", "", "  ")],
    "scopus-search.json": [
        ("SCOPUS_ID:85100000001", "Ada Moss", "2021-03-05", JOURNAL, DOI, VENUE, "12 3 101-119")
    ],
    "semantic-scholar.json": [
        ("0f1e2d3c4b5a69788796a5b4c3d2e1f001234567", "Ada Moss", "2021-03-05", JOURNAL, DOI, VENUE, "12  101-119"),
        ("no abstract",),
    ],
    "zenodo.json": [("7654321", "Ada Moss", "2021-03-05", JOURNAL, "10.5281/zenodo.7654321", "", "  ")],
    "zotero-api.json": [
        ("ABCD2345", "Ada Moss", "2021-03-05", JOURNAL, DOI, VENUE, "12 3 101-119"),
        ("an attachment of Zotero",),
        ("a note of Zotero",),
        ("CONF2345", "Bo Fern", "2022-06", "paper-conference", "", "Proceedings of the Workshop on Kilns", "  1–9"),
    ],
    "zotero-csl.json": [
        ("mossLichensWalls2021", "Ada Moss", "2021-03-05", JOURNAL, DOI, VENUE, "12 3 101-119"),
        ("no abstract",),
        ("fernKilnNet2022", "Bo Fern", "2022-06", "article", "", "", "  "),
    ],
}  # fmt: skip


def test_every_sample_is_tried() -> None:
    assert {file.name for file in SAMPLES.glob("*.json*")} >= set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_read_of_each_source(name: str) -> None:
    found = sample(name)
    lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    summary: list[tuple[str | None, ...]] = []
    for item in found:
        if isinstance(item, Omitted):
            summary.append((item.reason,))
            assert "{" in lines[item.line - 1]
            continue
        data = item.metadata
        author = item.authors[0] if item.authors else None
        numbers = f"{data.volume} {data.issue} {data.pages}"
        summary.append((item.id, author, data.date, data.type, data.doi, data.venue, numbers))
        assert item.authors == tuple(map(str, data.people))
        assert item.year == (int(data.date[:4]) if data.date else None)
        assert item.title in (None, "Heat in kilns") or item.title.startswith(("Lichens on basalt walls", "KilnNet"))
        assert "</" not in item.text + (item.title or "")
        first = item.text.removeprefix("BACKGROUND: ").split("\n")[0][:12]
        assert first in lines[item.line - 1] or f'"{first.split()[0]}"' in lines[item.line - 1]
    assert summary == EXPECTED[name]


def test_what_else_the_sources_know() -> None:
    crossref = sample("crossref-works.json")[0]
    assert isinstance(crossref, Record)
    assert crossref.text == (
        "BACKGROUND: Lichens grow on basalt walls.\nRESULTS: Shaded walls carried 2.4 times more lichen (p<0.01)."
    )
    assert crossref.title == "Lichens on basalt walls: a survey of coastal towns"
    assert crossref.metadata.notice is Notice.RETRACTED
    assert crossref.metadata.people[1] == Person("Coastal Walls Group")
    assert ("csl:ISSN", "1234-5678") in crossref.metadata.extra
    openalex = sample("openalex-works.json")[0]
    assert isinstance(openalex, Record)
    assert openalex.text.startswith(WALLS) and openalex.text.endswith("than sunny ones.")
    assert openalex.metadata.pmid == "33012345"
    assert openalex.metadata.notice is Notice.RETRACTED
    assert openalex.metadata.categories == ("Lichen ecology",)
    europe = sample("europe-pmc.json")[0]
    assert isinstance(europe, Record)
    assert europe.title == "Lichens on basalt walls"
    assert europe.metadata.notice is Notice.RETRACTED
    assert europe.metadata.tags == ("Lichens", "Walls")
    zotero, _, _, _ = sample("zotero-api.json")
    assert isinstance(zotero, Record)
    assert zotero.metadata.key == "moss2021"
    assert zotero.metadata.pmid == "33012345"
    assert zotero.metadata.editors == (Person("Clay", "Cy"),)
    assert zotero.metadata.tags == ("lichens", "walls")
    assert ("zotero:collection", "COLL2345") in zotero.metadata.extra
    _, _, csl = sample("zotero-csl.json")
    assert isinstance(csl, Record)
    assert csl.metadata.arxiv == "2206.01234"
    assert ("csl:number", "arXiv:2206.01234") in csl.metadata.extra
    arxiv, withdrawn = sample("arxiv-metadata.json")
    assert isinstance(arxiv, Record) and isinstance(withdrawn, Record)
    assert arxiv.metadata.categories == ("q-bio.PE", "math.ST")
    assert arxiv.metadata.arxiv == "0704.0001"
    beside = record(title="On lichens", abstract="We map lichens.", categories="q-bio.PE,math.ST,quant-ph")
    assert beside.metadata.categories == ("q-bio.PE", "math.ST", "quant-ph")
    assert withdrawn.metadata.notice is Notice.WITHDRAWN
    semantic = sample("semantic-scholar.json")[0]
    assert isinstance(semantic, Record)
    assert (semantic.metadata.arxiv, semantic.metadata.pmid) == ("2103.01234", "33012345")
    openreview = sample("openreview.json")[0]
    assert isinstance(openreview, Record)
    assert openreview.metadata.tags == ("kilns", "control")
    scopus = sample("scopus-search.json")[0]
    assert isinstance(scopus, Record)
    assert scopus.text.endswith("than sunny ones.")


@given(st.lists(st.text(st.sampled_from("abcé.,"), min_size=1, max_size=3), min_size=1, max_size=30))
def test_an_inverted_abstract_is_rebuilt_exactly(words: list[str]) -> None:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        index.setdefault(word, []).append(place)
    assert rebuilt(index) == abstract_of(index) == " ".join(words)
    backwards = dict(reversed(index.items()))
    assert rebuilt(backwards) == " ".join(words)
    assert abstract_of({"IndexLength": len(words), "InvertedIndex": index}) == " ".join(words)
    assert abstract_of(json.dumps(index)) == " ".join(words)


def test_a_position_without_a_word_leaves_no_trace() -> None:
    assert rebuilt({"Lichens": [0, 5], "grow": [2], "x": [None, True, "4"], "y": 3}) == "Lichens grow Lichens"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("It works.", "It works."),
        (["It works.", "It is fast."], "It works. It is fast."),
        ({"text": "It works."}, "It works."),
        ({"value": "It works."}, "It works."),
        ({"format": "html", "content": "It <b>works</b>."}, "It works."),
        ([{"text": "It works."}, {"text": "It is fast."}], "It works.\nIt is fast."),
        ([{"label": "Aims", "text": "To work."}, {"label": "RESULTS", "text": "It does."}],
        "AIMS: To work.\nRESULTS: It does."),
        ({"aim": "To work.", "results": ["It does.", "Fast."]}, "AIM: To work.\nRESULTS: It does. Fast."),
        ({"de": "Es geht.", "en": "It works."}, "It works."),
        ({"#text": "It works.", "@lang": "en"}, "It works."),
        ([["It works."], ["It is fast."]], "It works. It is fast."),
    ],
)  # fmt: skip
def test_an_abstract_is_read_in_whatever_form(value: Any, text: str) -> None:
    assert record(abstract=value).text == text


@pytest.mark.parametrize("name", [
    "abstract", "Abstract", "ABSTRACT", "abstractNote", "Abstract Note", "abstract_text",
        "dc:abstract", "AB", "paperAbstract", "summary", "text", "contents"
])  # fmt: skip
def test_an_abstract_is_read_under_whatever_name(name: str) -> None:
    (found,) = read({"ID": "1", "Title": "One", name: "It works."})
    assert found == Record("It works.", 1, "1", "One")


def test_the_abstract_goes_before_the_text() -> None:
    assert record(text="The whole paper.").text == "It works."
    (found,) = read({"text": "The text.", "abstract": " "})
    assert isinstance(found, Record) and found.text == "The text."
    (found,) = read({"title": "T", "tldr": {"text": "Short."}, "description": "A package."})
    assert found == Omitted(1, "no abstract")


@pytest.mark.parametrize("value", [
    None, "", " ", [], {}, "N/A", "null", "[No abstract available]", ["", None], {"text": "-"}, 5, True
])  # fmt: skip
def test_a_record_without_an_abstract_is_left_out(value: Any) -> None:
    assert read({"title": "T", "abstract": value}) == [Omitted(1, "no abstract")]
    assert read({"abstract": value}) == [Omitted(1, "no abstract")]


NO_PAPERS = {
    "package.json": {"name": "walls", "version": "1.0.0", "description": "Walls.", "dependencies": {"kiln": "^2.0.0"}},
    "notebook": {"cells": [{"cell_type": "code", "source": ["1 + 1"]}], "metadata": {"kernelspec": {}}, "nbformat": 4},
    "GeoJSON": {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "wall"}}]},
    "schema": {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Wall", "description": "A wall."},
    "suite": {"id": "q1", "question": "Which papers are about kilns?", "must": ["p1"], "answerable": True},
    "settings": {"compilerOptions": {"target": "es2020"}, "files": ["a.ts"]},
    "empty": {},
}


@pytest.mark.parametrize("name", NO_PAPERS)
def test_what_is_json_and_no_paper_is_left_out_with_its_reason(name: str) -> None:
    (found,) = read(NO_PAPERS[name])
    assert isinstance(found, Omitted)
    assert found.reason.startswith("no abstract" if name == "schema" else "no paper: ")
    assert len(found.reason) < 300


@pytest.mark.parametrize(
    ("fields", "date", "year"),
    [
        ({"year": 2020}, "2020", 2020),
        ({"year": "2020"}, "2020", 2020),
        ({"published": "2017-06-12T17:57:34Z"}, "2017-06-12", 2017),
        ({"date": "12 June 1998"}, "1998-06-12", 1998),
        ({"created": "Mon, 3 Apr 2023"}, "2023-04-03", 2023),
        ({"issued": {"date-parts": [["2020", "3"]]}}, "2020-03", 2020),
        ({"issued": {"date-parts": [[None]]}}, "", None),
        ({"publication_date": {"year": 2020, "month": "Mar"}}, "2020-03", 2020),
        ({"year": "unknown"}, "", None),
        ({"year": 20200}, "", None),
        ({"year": None}, "", None),
        ({"year": True}, "", None),
    ],
)
def test_the_year_is_found_in_dates(fields: dict[str, Any], date: str, year: int | None) -> None:
    found = record(**fields)
    assert (found.metadata.date, found.year) == (date, year)


@pytest.mark.parametrize("value", [None, True, False, {}, [], {"$oid": "x"}, " ", "N/A"])
def test_what_is_no_id_is_none(value: Any) -> None:
    assert record(id=value).id is None


def test_ids_and_addresses() -> None:
    assert record(_id=7).id == "7"
    assert record(id="https://openalex.org/W1").id == "W1"
    assert record(id="http://zotero.org/users/1/items/ABCD2345").id == "ABCD2345"
    assert record(id="https://doi.org/10.1000/X.1").id == "10.1000/x.1"
    assert record(doi="https://doi.org/10.1000/X.1").metadata.doi == "10.1000/x.1"
    assert record(doi="10.48550/arXiv.2103.01234").metadata.arxiv == "2103.01234"
    assert record(url="see here").url is None
    assert record(links=[{"type": "download", "url": "https://example.org/a.pdf"}]).url == "https://example.org/a.pdf"


@pytest.mark.parametrize("value", [
    "Moss, Ada and Fern, Bo", [{"given": "Ada", "family": "Moss"}, {"name": "Bo Fern"}],
        [["Moss", "Ada", ""], ["Fern", "Bo", ""]], [None, "Ada Moss", "Bo Fern"], "['Ada Moss', 'Bo Fern']"
])  # fmt: skip
def test_authors_in_whatever_form(value: Any) -> None:
    assert record(authors=value).metadata.people == (Person("Moss", "Ada"), Person("Fern", "Bo"))


def test_fields_of_what_a_record_is_wrapped_in() -> None:
    entry = {
        "_id": 7,
        "title": "",
        "text": "It works.",
        "metadata": {"year": "2019", "authors": "Ada Moss, Bo Fern", "_id": "x"},
    }
    assert read(entry)[0] == record_of(
        "7", metadata=Metadata(date="2019", people=(Person("Moss", "Ada"), Person("Fern", "Bo")))
    )
    assert record(metadata={"abstract": "Not this one."}).text == "It works."
    (found,) = read({"status": "ok", "paper": {"title": "One", "abstract": "It works."}})
    assert isinstance(found, Record) and (found.title, found.id) == ("One", None)


def record_of(own: str, metadata: Metadata = NO_METADATA) -> Record:
    names = tuple(map(str, metadata.people))
    return Record("It works.", 1, own, None, int(metadata.date), names, metadata=metadata)


def test_what_this_program_writes_is_read_again() -> None:
    metadata = Metadata(
        type="article", venue="Walls", date="2021-03", doi="10.1000/x", people=(Person("Moss", "Ada"),),
        notice=Notice.CONCERN, extra=(("ris:M1", "12"),),
    )  # fmt: skip
    written = {
        "type": "article", "venue": "Walls", "date": "2021-03", "doi": "10.1000/x", "notice": "expression of concern",
        "people": [{"family": "Moss", "given": "Ada"}], "extra": [["ris:M1", "12"]],
    }  # fmt: skip
    (found,) = read({"schema": 1, "question": "?", "papers": [{"id": "x", "title": "T",
        "abstract": "A.", "authors": ["Ada Moss"], "metadata": written}]})  # fmt: skip
    assert found == Record("A.", 1, "x", "T", 2021, ("Ada Moss",), metadata=metadata)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_is_that_on_which_the_abstract_begins(end: str) -> None:
    entries = [
        {"id": 1, "note": "abstract", "x": {"abstract": "no"}, "abstract": ["One.", "Two."]},
        {"title": "T", "abstract": {"text": "Three."}},
    ]
    text = json.dumps(entries, indent=1).replace("\n", end)
    lines = text.split(end)
    found = [item for item in read_json(document(text)) if isinstance(item, Record)]
    assert ["One." in lines[found[0].line - 1], "Three." in lines[found[1].line - 1]] == [True, True]


def test_a_damaged_file_gives_what_can_be_read_of_it_and_is_refused_where_nothing_can() -> None:
    found = list(read_json(document('{"text": "It works."}\n\n{"text": "It\n{"text": "It is fast."}\n')))
    assert [item.text for item in found if isinstance(item, Record)] == ["It works.", "It is fast."]
    assert [item.line for item in found if isinstance(item, Omitted)] == [3]
    with pytest.raises(CorpusError, match=r"a\.json, line 1, is not JSON: ") as caught:
        list(read_json(document("{nothing\n{'text': 'x'}\n")))
    assert '"abstract"' in caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        ('{"a": 1}', True), ("\ufeff \n{}", True), ('[{"a"', True), ("[\n  {", True), ("[]", True), ("{\n", True),
        ('[["title", "abstract"]', True), ("[null, {", True), ("\x1e{\"a\"", True),
        ("{Moss, 2020} says so.", False), ("[1] Moss, A. Lichens.", False), ("", False), ("@article{x,", False),
        ("{\\rtf1 x}", False), ("Title: {x}", False), ("[Moss 2020] We study.", False),
    ],
)  # fmt: skip
def test_recognition(head: str, fits: bool) -> None:
    assert looks_like(head) is fits
