from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.documents import Document, document_of
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.text_files import read_text
from askpapers.metadata import Metadata, Person

FORMATS = Path(__file__).parent / "formats"
NO_SECTION = "text below an abstract that is no section of it"


def read_all(folder: Path, text: str | bytes) -> list[Record | Omitted]:
    file = folder / "a.txt"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_text(document_of(file)))


def read(folder: Path, text: str | bytes) -> list[Record]:
    return [record for record in read_all(folder, text) if isinstance(record, Record)]


def test_labelled_abstracts_and_nothing_else(tmp_path: Path) -> None:
    text = (
        "Tony\nAbstract:It works.\nAbstract: It is fast.\n\nA remark between.\n"
        "\n\nabstract :  It is new.\nABSTRACT:Last."
    )
    assert read_all(tmp_path, text) == [
        Record("It works.", 2),
        Record("It is fast.", 3),
        Omitted(5, NO_SECTION),
        Record("It is new.", 8),
        Record("Last.", 9),
    ]


def test_a_title_belongs_to_the_next_abstract(tmp_path: Path) -> None:
    text = (
        "Title: One\n\nAbstract: It works.\nTitle: Two\nAbstract: It is fast.\n"
        "Abstract: It has none.\nTitle:\nAbstract: Nor it."
    )
    assert read(tmp_path, text) == [
        Record("It works.", 3, title="One"),
        Record("It is fast.", 5, title="Two"),
        Record("It has none.", 6),
        Record("Nor it.", 8),
    ]


def test_an_abstract_of_several_lines_ends_at_a_blank_line_or_a_label(tmp_path: Path) -> None:
    text = "Abstract: It\nworks  well.\n \nNot this.\nAbstract: It is\nfast.\nTitle: Next\nAbstract: It is\nnew."
    assert read_all(tmp_path, text) == [
        Record("It\nworks  well.", 1),
        Omitted(4, NO_SECTION),
        Record("It is\nfast.", 5),
        Record("It is\nnew.", 8, title="Next"),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \n\n", "\r\n\r\n"])
def test_an_abstract_below_its_label_is_found_where_it_begins(tmp_path: Path, gap: str) -> None:
    text = f"Title: One\nAbstract:{gap}It works\nwell.\n\nAbstract:\n\nAbstract: Two."
    first, second = read(tmp_path, text)
    assert (first.text, first.title) == ("It works\nwell.", "One")
    assert text.splitlines()[first.line - 1] == "It works"
    assert (second.text, second.title) == ("Two.", None)


@pytest.mark.parametrize("text", ["Title: One", "", "\n \n", "---\n\n***\n"])
def test_what_holds_no_abstract(tmp_path: Path, text: str) -> None:
    assert read_all(tmp_path, text) == []


@pytest.mark.parametrize(
    "text", ["\nAbstract:", "\nAbstract: \n\n", "\nAbstract: N/A\n", "# One\n## Abstract\n## Notes\nI."]
)
def test_a_label_without_an_abstract_is_named(tmp_path: Path, text: str) -> None:
    assert read_all(tmp_path, text) == [Omitted(2, "no abstract")]


STRUCTURED = """Title: Lichens on walls
Authors: Ada Moss, Bo Fern
Year: 2019
Abstract: BACKGROUND: Walls are little studied.

METHODS: We measured 412 walls
for 31 months.

Results: Shaded walls carried more lichen.
Keywords: lichen, wall
DOI: https://doi.org/10.1000/X1

Title: KilnNet
Abstract: We fire 17 pots.

They were clay pots of a village.
"""


def test_sections_go_on_over_empty_lines_and_fields_become_metadata(tmp_path: Path) -> None:
    walls, kilns, left = read_all(tmp_path, STRUCTURED)
    assert walls == Record(
        "BACKGROUND: Walls are little studied.\n\nMETHODS: We measured 412 walls\nfor 31 months.\n\n"
        "Results: Shaded walls carried more lichen.",
        4,
        title="Lichens on walls",
        year=2019,
        authors=("Ada Moss", "Bo Fern"),
        metadata=Metadata(
            date="2019", doi="10.1000/x1", people=(Person("Moss", "Ada"), Person("Fern", "Bo")), tags=("lichen", "wall")
        ),
    )
    assert kilns == Record("We fire 17 pots.", 14, title="KilnNet")
    assert left == Omitted(16, NO_SECTION)


@pytest.mark.parametrize(
    "label",
    [
        "Abstract: {}", "**Abstract:** {}", "**Abstract**: {}", "*Abstract* — {}", "ABSTRACT\n{}", "Abstract:\n\n{}",
        "## Abstract\n\n{}", "## Abstract:\n{}", "### **Abstract**\n{}", "**Abstract**\n\n{}",
        "Abstract\n--------\n\n{}", "Abstract—{}", "Summary: {}", "## Summary\n{}", "摘要：{}", "Zusammenfassung: {}",
    ],
)  # fmt: skip
def test_labels_of_an_abstract_in_every_writing(tmp_path: Path, label: str) -> None:
    text = f"# Lichens on walls\n\n{label.format('We dig 12 pits.')}\n"
    (record,) = read_all(tmp_path, text)
    assert isinstance(record, Record)
    assert record.text == "We dig 12 pits."
    if label.startswith(("##", "Abstract\n-")):
        assert record.title == "Lichens on walls"


@pytest.mark.parametrize("title", ["Title: One", "# One", "One\n===", "**Title:** One", "# My list\n\n## One"])
@pytest.mark.parametrize(
    "authors", ["Authors: Ada Moss", "**Authors:** Ada Moss", "### Authors\n\nAda Moss", "- **Author**: Ada Moss"]
)
def test_titles_and_authors_in_every_writing(tmp_path: Path, title: str, authors: str) -> None:
    (record,) = read_all(tmp_path, f"{title}\n\n{authors}\n\n### Abstract\n\nWe dig.\n\nWe fire.\n")
    assert isinstance(record, Record)
    assert (record.text, record.title, record.authors) == ("We dig.\n\nWe fire.", "One", ("Ada Moss",))


def test_a_list_of_papers_in_markdown() -> None:
    first, second = list(read_text(document_of(FORMATS / "reading-list.md")))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.title, first.line, first.authors) == ("Lichens on basalt walls", 10, ("Ada Moss", "Bo Fern"))
    assert first.text == "Walls are little studied.\n\nMethods: \nWe measured 412 walls.".replace(" \n", " ")
    assert (first.metadata.doi, first.metadata.tags) == ("10.1000/x1", ("lichen", "walls"))
    assert (second.title, second.text, second.year) == ("KilnNet", "We fire 17 pots.", 2021)


def test_yaml_at_the_top() -> None:
    (record,) = list(read_text(document_of(FORMATS / "obsidian-note.md")))
    assert record == Record(
        "We study lichens on 412 walls.\n\nShaded walls carried more.",
        14,
        id="moss2019",
        title="Lichens: on walls",
        year=2019,
        authors=("Ada Moss", "Bo Fern"),
        url="https://example.org/walls",
        metadata=Metadata(
            date="2019-05-03",
            venue="Journal of Wall Studies",
            doi="10.1000/x1",
            people=(Person("Moss", "Ada"), Person("Fern", "Bo")),
            tags=("lichen", "to read"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "abstract", "line"),
    [
        ("---\ntitle: One\nabstract: We dig.\n---\nMy notes are here.\n", "We dig.", 3),
        ("---\ntitle: One\nabstract: |\n  We dig.\n  We fire.\n---\n", "We dig.\nWe fire.", 4),
        ("---\ntitle: One\n---\n## Abstract\nWe dig.\n\n## Notes\nMine.\n", "We dig.", 5),
        ("---\ntitle: One\n---\n# One\n\nWe dig.\n", "We dig.", 6),
    ],
)
def test_the_abstract_of_a_file_with_yaml(tmp_path: Path, text: str, abstract: str, line: int) -> None:
    (record,) = read_all(tmp_path, text)
    assert isinstance(record, Record)
    assert (record.text, record.line, record.title) == (abstract, line, "One")


@pytest.mark.parametrize("text", ["---\n- a: [\n---\nWe dig.\n", "---\nWe dig.\n", "---\na\n---\nWe dig.\n"])
def test_what_is_no_yaml_is_text(tmp_path: Path, text: str) -> None:
    assert "We dig." in [record.text.splitlines()[-1] for record in read(tmp_path, text)]


def test_lists_tables_and_code_are_no_papers(tmp_path: Path) -> None:
    text = "- buy milk\n- read\n\n| a | b |\n|---|---|\n\n```\nx = 1\n\ny = 2\n```\n\n"
    text += "Title: One\nAuthors: Ada Moss\n\nWe dig.\n"
    listed, table, code, record = read_all(tmp_path, text)
    assert [listed, table, code] == [
        Omitted(1, "a list in a note"), Omitted(4, "a table in a note"), Omitted(7, "code in a note"),
    ]  # fmt: skip
    assert isinstance(record, Record)
    assert (record.text, record.line, record.title, record.authors) == ("We dig.", 16, "One", ("Ada Moss",))


_LINES = st.lists(
    st.sampled_from(
        ["Abstract: a1.", "## Abstract", "Title: T", "# H", "", "w1 w2.", "METHODS: m1.", "Keywords: k", "---"]
    ),
    max_size=10,
)


@given(_LINES)
def test_a_sentence_is_read_once_or_its_loss_is_named(lines: list[str]) -> None:
    text = "\n".join(f"{line[:-1]} n{i}." if line.endswith(".") else line for i, line in enumerate(lines))
    document = Document("a.md", "a.md", lambda: io.BytesIO(text.encode()))
    found = list(read_text(document))
    words = [word for item in found if isinstance(item, Record) for word in item.text.replace(".", " ").split()]
    marks = [word for word in words if word[0] == "n" and word[1:].isdigit()]
    assert len(marks) == len(set(marks))
    for item in found:
        if isinstance(item, Record):
            assert text.split("\n")[item.line - 1].strip().endswith(item.text.splitlines()[0].strip())


def test_a_word_before_the_label_makes_it_none(tmp_path: Path) -> None:
    assert read(tmp_path, "An abstract: it works.") == [Record("An abstract: it works.", 1)]


def test_paragraphs_are_abstracts_where_there_is_no_label(tmp_path: Path) -> None:
    text = "\nIt works\nwell.\n\n\nIt is fast.\n\nIt is new!"
    assert read(tmp_path, text) == [Record("It works\nwell.", 2), Record("It is fast.", 6), Record("It is new!", 8)]


def test_a_short_line_without_a_stop_is_a_title(tmp_path: Path) -> None:
    text = (
        "On Works\n\nIt works.\n\nIt is fast.\n\nWrapped lines begin\nWith a capital letter now and\nthen and go on\n\n"
        + "long " * 60
        + "\n\nIt is new."
    )
    one, none, lines, long, new = read(tmp_path, text)
    assert one == Record("It works.", 3, title="On Works")
    assert none == Record("It is fast.", 5)
    assert (lines.text, lines.title) == ("Wrapped lines begin\nWith a capital letter now and\nthen and go on", None)
    assert (len(long.text), long.title) == (299, None)
    assert new.title is None


def test_a_title_may_stand_right_above_its_abstract(tmp_path: Path) -> None:
    text = "Quokka Transformers\nWe present Quokka, a model of 7B parameters.\nIt is fast.\n\nIt is\nnew.\n"
    titled, untitled = read(tmp_path, text)
    assert titled == Record("We present Quokka, a model of 7B parameters.\nIt is fast.", 2, title="Quokka Transformers")
    assert untitled == Record("It is\nnew.", 5)


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = "\ufeffTitle: One\r\nAbstract: It\r\nworks.\r\n\r\nAbstract: It is fast.\r\n"
    assert read(tmp_path, text) == [Record("It\r\nworks.", 2, title="One"), Record("It is fast.", 5)]
    assert read(tmp_path, "\ufeffAbstract: It works.") == [Record("It works.", 1)]
    assert read(tmp_path, "\ufeffOn Works\r\n\r\nIt works.\r\n\r\nIt is fast.\r\n") == [
        Record("It works.", 3, title="On Works"),
        Record("It is fast.", 5),
    ]


def test_other_line_separators_end_no_line(tmp_path: Path) -> None:
    text = "Abstract: It\u2028works\x0b\x0cwell\x85now.\nAbstract: It is fast."
    assert read(tmp_path, text) == [Record("It\u2028works\x0b\x0cwell…now.", 1), Record("It is fast.", 2)]
