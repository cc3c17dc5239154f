from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from askpapers.corpus.documents import Document, document_of
from askpapers.corpus.recognition import recognise
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.xml_records import looks_like, read_xml
from askpapers.corpus.xml_stream import xml_records
from askpapers.errors import CorpusError
from askpapers.metadata import Notice, Person

SAMPLES = Path(__file__).parent / "formats"
JOURNAL, DOI, VENUE = "article-journal", "10.1000/jwe.2021.17", "Journal of Wall Ecology"
ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>{0}</PMID><Article><ArticleTitle>T{0}.</ArticleTitle>"
    "<Abstract><AbstractText>{1}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n"
)
BEGIN, END = '<?xml version="1.0"?>\n<PubmedArticleSet>\n', "</PubmedArticleSet>\n"


def document(text: str | bytes) -> Document:
    data = text if isinstance(text, bytes) else text.encode()
    return Document("a.xml", "a.xml", lambda: cast(BinaryIO, io.BufferedReader(io.BytesIO(data))))


def read(text: str | bytes) -> list[tuple[int, str]]:
    """The line of each record, and its text or why it was left out."""
    return [(r.line, r.reason if isinstance(r, Omitted) else r.text) for r in read_xml(document(text))]


def sample(name: str) -> list[Record | Omitted]:
    file = document_of(SAMPLES / name)
    found = recognise(file)
    assert not isinstance(found, str) and found.name == "XML", name
    return list(found.read(file))


# Of each: the id, title, authors, date, type, DOI, venue, and volume, issue and pages.
EXPECTED: dict[str, list[tuple[str | None, ...]]] = {
    "acl-anthology.xml": [
        ("2022.kiln-1.1", "KilnNet: Steady Heat", "Bo Fern", "2022", "paper-conference", "10.1000/kiln.2022.1",
         "Proceedings of the Workshop on Kilns", "  1–9"),
        ("2022.kiln-1.2", "A second paper", "Ada Moss", "2022", "paper-conference", "",
         "Proceedings of the Workshop on Kilns", "  "),
    ],
    "arxiv-atom.xml": [
        (None, "Lichens on basalt walls: growth and shade", "Ada Moss, Jan van der Berg", "2021-03-05", "article", DOI,
         "J. Wall Ecol. 12 (2021) 101", "  "),
    ],
    "arxiv-oai.xml": [
        (None, "Lichens on basalt walls", "Ada Moss, Jan van der Berg", "2007-04-02", "article", "10.1000/jwe.2007.17",
         "J.Wall Ecol.12:101-119,2007", "  "),
        (None, "KilnNet", "Bo Fern", "2007-03-30", "article", "", "", "  "),
        ("oai:example.org:17", "Lichens on basalt walls", "Ada Moss, Jan van der Berg", "2021-03-05", JOURNAL, "", "",
         "  "),
        ("a deleted record",),
    ],
    "dblp.xml": [
        ("journals/jwe/MossB21", "Lichens on Basalt Walls", "Ada Moss, Jörg Müller", "2021", JOURNAL, DOI,
         "J. Wall Ecol.", "12 3 101-119"),
        ("no abstract",),
    ],
    "endnote.xml": [
        (None, "Lichens on basalt walls", "Ada Moss, Jan van der Berg", "2021", JOURNAL, DOI, VENUE, "12 3 101-119"),
    ],
    "jats.xml": [
        (None, "Lichens on basalt walls", "Ada Moss, Coastal Walls Group", "2021-03-05", JOURNAL, DOI, VENUE,
         "12 3 101-119"),
    ],
    "journal-rss.xml": [
        (None, "Lichens on basalt walls", "Ada Moss, Jan van der Berg", "2021-03-05", "", DOI, VENUE, "12  "),
    ],
    "pubmed.xml": [
        ("33012345", "Lichens on basalt walls", "Ada Moss, Jan van der Berg, Coastal Walls Group", "2021-03-05",
         JOURNAL,
         DOI, "Journal of wall ecology", "12 3 101-119"),
        ("1", "Heat in kilns", "B Fern", "1975-07", JOURNAL, "", "Kiln letters", "  "),
        ("no abstract",),
    ],
}  # fmt: skip


def test_every_sample_is_tried() -> None:
    assert {file.name for file in SAMPLES.glob("*.xml")} >= set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_read_of_each_source(name: str) -> None:
    lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    summary: list[tuple[str | None, ...]] = []
    for item in sample(name):
        if isinstance(item, Omitted):
            summary.append((item.reason,))
            continue
        data = item.metadata
        numbers = f"{data.volume} {data.issue} {data.pages}"
        summary.append(
            (item.id, item.title, ", ".join(item.authors), data.date, data.type, data.doi, data.venue, numbers)
        )
        assert item.authors == tuple(map(str, data.people))
        assert item.text.removeprefix("BACKGROUND: ")[:12] in lines[item.line - 1]
    assert summary == EXPECTED[name]


def test_what_else_the_sources_know() -> None:
    pubmed = sample("pubmed.xml")[0]
    assert isinstance(pubmed, Record)
    assert pubmed.text == (
        "BACKGROUND: Lichens grow on basalt walls.\n"
        "RESULTS: Shaded walls carried 2.4 times more lichen (p<0.01), about 10³ patches."
    )
    assert pubmed.metadata.notice is Notice.RETRACTED
    assert (pubmed.metadata.pmid, pubmed.metadata.language) == ("33012345", "eng")
    assert (pubmed.metadata.categories, pubmed.metadata.tags) == (("Lichens",), ("walls", "shade"))
    assert ("csl:PMCID", "PMC7654321") in pubmed.metadata.extra
    (jats,) = sample("jats.xml")
    assert isinstance(jats, Record)
    assert jats.text == (
        "BACKGROUND: Lichens grow on basalt walls.\nRESULTS: Shaded walls carried 2.4 times more lichen (p<0.01)."
    )
    assert jats.metadata.editors == (Person("Clay", "Cy"),)
    (atom,) = sample("arxiv-atom.xml")
    assert isinstance(atom, Record)
    assert (atom.metadata.arxiv, atom.metadata.categories) == ("2103.01234", ("q-bio.PE", "stat.AP"))
    assert atom.text.endswith("with $p < 0.01$.")


def test_a_damaged_record_costs_no_other() -> None:
    good = ARTICLE.format(1, "One.")
    for wrong, why in (
        (ARTICLE.format(2, "It works.").replace("</Abstract>", ""), "damaged XML: "),
        (ARTICLE.format(2, "It works.").replace("</PubmedArticle>", ""), "damaged XML: "),
        (ARTICLE.format(2, "It <i>works."), "damaged XML: "),
        (ARTICLE.format(2, ""), "no abstract"),
    ):
        found = read(BEGIN + good + wrong + ARTICLE.format(3, "Three.") + END)
        assert found[0] == (3, "One.")
        assert found[2] == (5, "Three.")
        assert found[1][0] == 4
        assert found[1][1].startswith(why)
    assert read(BEGIN + good + ARTICLE.format(2, "Salt & sugar &c; 1 & 2.") + END)[1] == (4, "Salt & sugar &c; 1 & 2.")
    assert read(BEGIN + good + ARTICLE.format(2, "A\x01 sign.") + END) == [(3, "One."), (4, "A sign.")]


@pytest.mark.parametrize("cut", [0.55, 0.7, 0.8, 0.9, 0.99])
def test_a_file_that_is_cut_gives_what_stands_before_the_cut_and_the_rest_is_told(cut: float) -> None:
    text = BEGIN + "".join(ARTICLE.format(n, f"Number {n}.") for n in range(50)) + END
    *found, (_, last) = read(text[: int(len(text) * cut)])
    assert [content for _, content in found] == [f"Number {n}." for n in range(len(found))]
    assert len(found) >= 20
    assert last.startswith("damaged XML: the file ends")


def test_entities_open_no_file_and_do_not_swell(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("A secret.")
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE PubmedArticleSet [<!ENTITY e0 "ha"><!ENTITY s SYSTEM "{secret.as_uri()}">{bomb}]>'
    found = read(
        '<?xml version="1.0"?>\n' + doctype + "<PubmedArticleSet>" + ARTICLE.format(1, "It &s; &e11; works.") + END
    )
    assert "secret" not in str(found)
    assert len(str(found)) < 1000


def test_other_encodings_and_named_characters() -> None:
    text = (
        BEGIN.replace('"1.0"', '"1.0" encoding="ISO-8859-1"')
        + ARTICLE.format(1, "Größe, caf&eacute; &#945; &amp; b.")
        + END
    )
    assert read(text.encode("latin-1")) == [(3, "Größe, café α & b.")]
    assert read((BEGIN + ARTICLE.format(1, "Größe.") + END).encode("utf-16")) == [(3, "Größe.")]


def test_what_is_no_list_of_papers_is_told() -> None:
    assert read(BEGIN + END) == [(0, "XML of a kind that is not read, or without records (<PubmedArticleSet>)")]
    assert read("<rss><item><name>x</name></item></rss>")[0][1] == "no paper: an empty object"
    with pytest.raises(CorpusError, match=r"a\.xml is not XML"):
        read("nothing")


def test_many_records_are_read_as_a_stream() -> None:
    """No record is in memory any more when the next ones are read."""
    given = 0

    class Stream(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            nonlocal given
            given += 1
            if given > 3001:
                return ""
            return BEGIN if given == 1 else END if given == 3001 else ARTICLE.format(given, "x " * 500)

    ahead = [given - number for number, _ in enumerate(xml_records(Stream(), ("PubmedArticle",)))]
    assert len(ahead) == 2999
    assert max(ahead) < 200


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (BEGIN, True), ("<PubmedArticle>", True), ("\ufeff<?xml version='1.0'?><!-- x --><feed xmlns='x'>", True),
        ("<rdf:RDF xmlns:rdf='x'>", True), ("<!DOCTYPE dblp SYSTEM 'dblp.dtd' [<!ENTITY a 'b'>]>\n<dblp>", True),
        ("<xml><records>", True), ("<html><article>", False), ("<svg>", False), ("<feedback>", False),
        ("<article> says so.", True), ("We study <article>", False), ("", False), ("<opml version='2.0'>", False),
    ],
)  # fmt: skip
def test_recognition(head: str, fits: bool) -> None:
    assert looks_like(head) is fits
