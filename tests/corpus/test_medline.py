"""MEDLINE, PubMed's text, EndNote's tags and Web of Science."""

from __future__ import annotations

import pytest
from formats_read import papers, read, sample

from askpapers.corpus.endnote import looks_like_endnote
from askpapers.corpus.medline import looks_like_medline
from askpapers.corpus.notices import UPDATES
from askpapers.corpus.pubmed_text import looks_like_pubmed_text
from askpapers.corpus.records import Omitted
from askpapers.corpus.web_of_science import looks_like_web_of_science
from askpapers.metadata import Notice, Person


def test_medline() -> None:
    first, second = papers(sample("pubmed.nbib"), "MEDLINE")
    known = first.metadata
    assert first.text == (
        "BACKGROUND: Walls are studied little. METHODS: Growth was measured for 31 months on 412 walls. "
        "RESULTS: Shaded walls carried 2.4 times more lichen (p<0.01)."
    )
    assert first.title == "Lichens on basalt walls: growth of Xanthoria in 412 walls of coastal towns"
    assert first.url == "https://pubmed.ncbi.nlm.nih.gov/31234567/"
    assert known.people == (Person("Moss", "Ada B"), Person("van der Fern", "Bo"), Person("Wall Consortium"))
    assert (known.doi, known.pmid, known.date) == ("10.1000/walls.2019.1", "31234567", "2019-05-03")
    assert (known.venue, known.pages, known.notice) == ("Journal of walls", "101-19", Notice.RETRACTED)
    assert (known.categories, known.tags) == (("Lichens/growth & development", "Humans"), ("basalt", "coast"))
    assert ("medline:PMC", "PMC1234567") in known.extra
    assert (second.title, second.metadata.date, second.metadata.notice) == ("[Kilns in winter]", "2021-12", None)


def test_short_names_stand_in_for_full_ones_and_a_notice_names_its_paper() -> None:
    text = "PMID- 1\nTI  - Retraction.\nAU  - Moss AB\nAB  - We retract.\nROF - J. 2019. doi: 10.1000/x1. PMID: 2\n"
    [record] = papers(text, "MEDLINE")
    assert record.metadata.people == (Person("Moss", "AB"),)
    assert (UPDATES, "retraction 10.1000/x1") in record.metadata.extra
    assert record.metadata.notice is None


def test_a_blank_line_in_a_record_does_not_end_it() -> None:
    [record] = papers("PMID- 1\nTI  - T.\n\nAB  - We study.\n", "MEDLINE")
    assert (record.title, record.text) == ("T", "We study.")


def test_pubmed_text() -> None:
    first, second, third = papers(sample("pubmed-abstracts.txt"), "PubMed text")
    known = first.metadata
    assert first.title == "Lichens on basalt walls: growth of Xanthoria in 412 walls of coastal towns"
    assert [part.partition(":")[0] for part in first.text.split("\n")] == ["BACKGROUND", "METHODS", "RESULTS"]
    assert "each of which was photographed 3. 4 times a year." in first.text
    assert list(map(str, known.people)) == ["AB Moss", "B van der Fern", "C O'Stone Jr", "Wall Consortium"]
    assert (known.venue, known.date, known.volume, known.issue) == ("J Walls", "2019-05-03", "12", "2")
    assert (known.pages, known.doi, known.pmid) == ("101-119", "10.1000/walls.2019.1", "31234567")
    assert known.notice == Notice.RETRACTED
    assert (second.title, list(map(str, second.metadata.people))) == ("[Kilns in winter]", ["C Clay"])
    assert (third.authors, third.text[:20]) == ((), "Potters should wash ")


def test_a_record_of_pubmed_text_without_authors_keeps_its_abstract() -> None:
    text = "1. Kiln. 2020;1:3.\n\nA title.\n\nKilns crack, often, in winter. They do.\n\nPMID: 5\n"
    [record] = papers(text, "PubMed text")
    assert (record.text, record.authors) == ("Kilns crack, often, in winter. They do.", ())


def test_a_numbered_list_in_an_abstract_begins_no_record() -> None:
    text = "1. Kiln. 2020;1:3.\n\nA title.\n\nClay C.\n\nWe found:\n\n1. In 2019 it was hot.\n\nIt was.\n\nPMID: 5\n"
    [record] = papers(text, "PubMed text")
    assert record.text == "We found:\n1. In 2019 it was hot.\nIt was."


def test_endnote() -> None:
    [record] = papers(sample("endnote.enw"), "EndNote")
    known = record.metadata
    assert (
        record.text
        == "We measured how lichens grow on 412 basalt walls.\n\nShaded walls carried 2.4 times more lichen."
    )
    assert (record.id, record.url) == ("moss2019", "https://example.org/walls")
    assert (known.type, known.date, known.tags) == ("article-journal", "2019-05-03", ("lichen", "basalt"))
    assert known.extra == (("endnote:%@", "1234-5678"), ("endnote:%Z", "A note of the reader."))


def test_refer_without_types_has_a_blank_line_between_records() -> None:
    one, other = papers("%A Ada Moss\n%T One\n%X First.\n\n%A Bo Fern\n%T Two\n%X Second.\n", "EndNote")
    assert (one.title, one.text, other.authors) == ("One", "First.", ("Bo Fern",))


def test_web_of_science() -> None:
    [record] = papers(sample("web-of-science.txt"), "Web of Science")
    known = record.metadata
    assert record.text.endswith("found that red roofs had 3.1 bees an hour, grey ones 1.2.")
    assert record.title == "Bees on clay roofs: a count of visits in 64 roofs"
    assert known.people == (Person("Tile", "Rosa"), Person("Hive", "Bert Carl"))
    assert (record.id, known.date, known.doi) == ("WOS:000123456700001", "2018-06-15", "10.1000/roof.7")
    assert known.tags == ("bees", "clay roofs", "POLLINATORS", "CITIES")
    assert known.categories == ("Construction & Building Technology", "Entomology")
    assert (known.type, known.pages, known.pmid) == ("article-journal", "55-61", "29999999")
    assert not [name for name, _ in known.extra if name == "wos:CR"]


@pytest.mark.parametrize(
    ("kind", "document_type", "csl"),
    [("C", "Proceedings Paper", "paper-conference"), ("B", "Article; Book Chapter", "chapter"), ("B", "Book", "book")],
)
def test_types_of_web_of_science(kind: str, document_type: str, csl: str) -> None:
    [record] = papers(f"FN ISI Export\nVR 1.0\nPT {kind}\nDT {document_type}\nAB We study.\nER\n", "Web of Science")
    assert record.metadata.type == csl


def test_a_retracted_paper_of_web_of_science() -> None:
    text = "PT J\nAU Moss, A\nTI T\nDT Article; Retracted Publication\nAB We study.\nER\n"
    [record] = papers(text, "Web of Science")
    assert record.metadata.notice == Notice.RETRACTED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "% a comment of LaTeX\n\\section{A}\n",
        "%!PS-Adobe\n%%Title: x\n",
        "PT J is a tag.\n\nWe study.",
        "1. We study lichens in 2019.\n\n2. We fire pots.\n",
        "PMID- 5 is a number.\nAB  - no",
        "PMID: 5\n",
    ],
)
def test_other_text_is_none_of_them(text: str) -> None:
    tests = (looks_like_endnote, looks_like_medline, looks_like_pubmed_text, looks_like_web_of_science)
    assert not any(looks_like(text) for looks_like in tests)


def test_an_empty_file_with_the_name_of_a_format_says_so() -> None:
    assert read("PMID- 1\nTI  - T\n", "MEDLINE") == [Omitted(1, "no abstract")]
