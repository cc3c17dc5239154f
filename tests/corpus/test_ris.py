from __future__ import annotations

import pytest
from formats_read import papers, read, sample

from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.ris import looks_like_ris
from askpapers.metadata import Notice, Person


def one(*lines: str) -> Record:
    [record] = papers("\n".join(["TY  - JOUR", "TI  - Lichens", "AB  - We study.", *lines, "ER  - ", ""]), "RIS")
    return record


def test_a_record_of_zotero() -> None:
    record = papers(sample("zotero.ris"), "RIS")[0]
    known = record.metadata
    assert record.text.endswith("sunny ones.\n\nSalt spray slowed growth by 18%.")
    assert (record.title, record.year, record.id) == ("Lichens on basalt walls of coastal towns", 2019, None)
    assert known.people == (Person("Moss", "Ada"), Person("van der Fern", "Bo"))
    assert (known.type, known.venue, known.date) == ("article-journal", "Journal of Walls", "2019-05-03")
    assert (known.volume, known.issue, known.pages, known.doi) == ("12", "2", "101-119", "10.1000/walls.2019.1")
    assert known.tags == ("lichen", "basalt, weathered")
    assert ("ris:N1", "<p>Read again before the talk.</p>\n<p>Second paragraph of the note.</p>") in known.extra


def test_a_preprint_in_a_workshop_has_its_arxiv_id_and_editor() -> None:
    known = papers(sample("zotero.ris"), "RIS")[1].metadata
    assert (known.type, known.arxiv, known.venue) == ("paper-conference", "2111.01234", "Workshop on Ceramics")
    assert known.editors == (Person("Oven", "Ed"),)


def test_endnote_writes_keywords_on_lines_of_their_own() -> None:
    [record] = papers(sample("endnote.ris"), "RIS")
    assert record.metadata.tags == ("bees", "roofs", "clay")
    assert record.metadata.date == "2018-06"
    assert (record.id, record.metadata.key) == (None, "407")
    assert record.text.count("\n") == 2


def test_scopus_and_proquest() -> None:
    [scopus], [proquest] = papers(sample("scopus.ris"), "RIS"), papers(sample("proquest.ris"), "RIS")
    assert scopus.text.endswith("use 31% less power.")
    assert len([value for name, value in scopus.metadata.extra if name == "ris:N1"]) == 3
    assert proquest.text.startswith("Dogs were offered")
    assert (proquest.metadata.doi, proquest.metadata.date) == ("10.1000/jbs-01-2022-0011", "2022-03-15")
    assert proquest.metadata.people[1] == Person("Bone Jr.", "Kim")


def test_one_blank_after_the_tag_no_end_of_a_record_and_text_that_looks_like_a_tag() -> None:
    first, second = papers(sample("publisher.ris"), "RIS")
    assert first.text.endswith("UK - based readers may compare it with water clocks of 11 s a day.")
    assert (first.title, second.title) == ("A clock of sand", "A clock of water")


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["AB  - METHODS: More."], "We study.\nMETHODS: More."),
        (["N2  - We study."], "We study."),
        (["N2  - We study. And it goes on."], "We study. And it goes on."),
        (["N2  - A note."], "We study."),
    ],
)
def test_which_text_is_the_abstract(lines: list[str], text: str) -> None:
    assert one(*lines).text == text


def test_a_note_in_the_field_of_abstracts_is_kept() -> None:
    assert ("ris:N2", "A note.") in one("N2  - A note.").metadata.extra


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        (["DO  - https://doi.org/10.1000/X.1"], "doi", "10.1000/x.1"),
        (["M3  - 10.1000/X.1"], "doi", "10.1000/x.1"),
        (["SP  - DOI: 10.1000/X.1"], "doi", "10.1000/x.1"),
        (["UR  - http://dx.doi.org/10.1000/X.1"], "doi", "10.1000/x.1"),
        (["T2  - arXiv preprint arXiv:2111.01234"], "arxiv", "2111.01234"),
        (["DO  - 10.48550/arXiv.2111.01234"], "arxiv", "2111.01234"),
        (["UR  - https://pubmed.ncbi.nlm.nih.gov/31234567/"], "pmid", "31234567"),
        (["C1  - PMID: 31234567"], "pmid", "31234567"),
        (["DB  - PubMed", "AN  - 31234567"], "pmid", "31234567"),
        (["DB  - Embase", "AN  - 31234567"], "pmid", ""),
        (["PY  - 2019///"], "date", "2019"),
        (["PY  - 2019", "DA  - 2019/05//Spring"], "date", "2019-05"),
        (["PY  - 2019", "Y1  - 2018/12/01/"], "date", "2019"),
        (["SP  - 55-61", "EP  - 61"], "pages", "55-61"),
        (["JO  - J. Walls", "JF  - Journal of Walls"], "venue", "Journal of Walls"),
        (["KW  - a; b"], "tags", ("a", "b")),
        (["M3  - Retracted Publication"], "notice", Notice.RETRACTED),
        (["ID  - moss2019"], "key", "moss2019"),
    ],
)
def test_where_fields_stand(lines: list[str], name: str, value: object) -> None:
    assert getattr(one(*lines).metadata, name) == value


def test_a_field_that_repeats_the_title_or_the_venue_is_no_extra_field() -> None:
    known = one("ST  - Lichens", "T2  - Walls", "JO  - Walls").metadata
    assert (known.venue, known.extra) == ("Walls", ())


def test_a_record_whose_first_line_is_missing_is_read() -> None:
    found = read("TY  - JOUR\nAB  - One.\nER  - \nAB  - Two.\nTI  - T\nER  -\nTY  - JOUR\nER  -", "RIS")
    assert [item.text if isinstance(item, Record) else item for item in found] == [
        "One.",
        "Two.",
        Omitted(7, "no abstract"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Notes on RIS\n\nEach record begins with TY  - JOUR and ends with ER.",
        "\n" * 40 + "TY  - JOUR\nTI  - Lichens\n",
        "TY  - JOUR\n\nWe study lichens.",
        "",
    ],
)
def test_other_text_is_no_ris(text: str) -> None:
    assert not looks_like_ris(text)
