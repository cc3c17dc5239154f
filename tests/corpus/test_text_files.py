from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.corpus.documents import document_of
from askpapers.corpus.records import Record
from askpapers.corpus.text_files import read_text


def read(folder: Path, text: str | bytes) -> list[Record]:
    file = folder / "a.txt"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_text(document_of(file)))


def test_labelled_abstracts_and_nothing_else(tmp_path: Path) -> None:
    text = (
        "Tony\nAbstract:It works.\nAbstract: It is fast.\n\nA remark between.\n"
        "\n\nabstract :  It is new.\nABSTRACT:Last."
    )
    assert read(tmp_path, text) == [
        Record("It works.", 2),
        Record("It is fast.", 3),
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
    assert read(tmp_path, text) == [
        Record("It\nworks  well.", 1),
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


@pytest.mark.parametrize("text", ["Abstract:", "Abstract: \n\n", "Title: One", "", "\n \n"])
def test_what_holds_no_abstract(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == []


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
    assert read(tmp_path, text) == [Record("It\u2028works\x0b\x0cwell\x85now.", 1), Record("It is fast.", 2)]
