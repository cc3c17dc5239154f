from __future__ import annotations

import io
from typing import BinaryIO, cast

import pytest

from askpapers.corpus.documents import Document
from askpapers.corpus.recognition import FORMATS, TEXT, recognise

NOTES = "Lichens on walls\n\nWe study how lichens grow on basalt walls. Growth was measured for 31 months.\n"
RECORD = '{"title": "Lichens", "abstract": "We study lichens."}\n'


def recognised(name: str, data: str | bytes) -> str:
    """The name of the format, or why it is left out."""
    data = data.encode() if isinstance(data, str) else data
    found = recognise(Document(name, name, lambda: cast(BinaryIO, io.BufferedReader(io.BytesIO(data)))))
    return found if isinstance(found, str) else found.name


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt", "a", "a.md", "export.dat"])
def test_a_format_is_seen_by_what_is_in_the_file(name: str) -> None:
    assert recognised(name, RECORD) == "JSON"


@pytest.mark.parametrize("known", [known for known in FORMATS if known.endings], ids=lambda known: known.name)
def test_what_is_named_as_a_format_is_never_taken_for_notes(known: object) -> None:
    """So that its reader says what is wrong with it."""
    for ending in known.endings:  # type: ignore[attr-defined]
        assert recognised(f"a{ending}", "We found it.\n\nIt is damaged.\n") != TEXT.name


@pytest.mark.parametrize("name", ["a.txt", "a.md", "A.TXT", "notes", "moss 2019.markdown"])
def test_notes_are_papers(name: str) -> None:
    assert recognised(name, NOTES) == "text"


@pytest.mark.parametrize("name", ["README.md", "notes.rst", "a.org", "settings.yaml", "v1.2"])
def test_a_label_makes_text_of_any_name_a_paper(name: str) -> None:
    assert recognised(name, f"Title: Lichens\nAbstract: {NOTES}") == "text"
    assert recognised(name, f"# Lichens\n\n## Abstract\n\n{NOTES}") == "text"
    assert recognised(name, NOTES) not in ("text", "JSON")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("README.md", "# My papers\n\nThese are the papers of my thesis. Do not change them.\n", "about the files"),
        ("LICENSE", "Permission is hereby granted, free of charge, to any person.\n", "about the files"),
        ("requirements.txt", "numpy>=2\nscipy\n", "about the files"),
        ("read.py", "import json\n\nprint('We study lichens.')\n", "source code"),
        ("run", "#!/bin/sh\nask index .\n", "source code"),
        ("a.txt", "int main() {\n  return 0;\n}\nint x;\nint y;\nvoid f() {\n}\n", "source code"),
        ("paper.tex", "We study lichens.", "LaTeX"),
        ("a.txt", "% a paper\n\\documentclass{article}\n\\begin{document}\nWe study.\n\\end{document}\n", "LaTeX"),
        ("a.html", "<!DOCTYPE html>\n<html><body><p>We study lichens.</p></body></html>", "a web page"),
        ("a.txt", "\n<html lang='en'><p>Abstract</p></html>", "a web page"),
        ("a.xml", "<opml version='2.0'><body/></opml>", "XML of a kind"),
        ("a.txt", "<?xml version='1.0'?>\n<opml><body/></opml>", "XML of a kind"),
        ("settings.toml", "[papers]\nfolder = 'seeds'\n", "settings"),
        (
            "refs.txt",
            "RT Journal\nSR Electronic\nA1 Moss, Ada\nT1 Lichens on walls\nYR 2019\n",
            "begin with tags (“RT”)",
        ),
        ("refs.txt", "XT  - JOUR\nXI  - Lichens\nXA  - Moss\n      Ada\nXY  - 2019\n", "begin with tags (“XT”)"),
        ("a.dat", "We study lichens.", ".dat is none of the formats"),
        ("a.dat", "entry {\n  abstract = {We study lichens.}\n}\n", ".dat is none of the formats"),
    ],
)
def test_what_is_no_paper_is_left_out_with_its_reason(name: str, text: str, reason: str) -> None:
    assert reason in recognised(name, text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{\\rtf1 We study lichens.}", "RTF"),
        (b"PAR1" + bytes(50), "Parquet"),
        (b"BZh91AY&SY", "bzip2"),
        (b"x" * 257 + b"ustar\x00", "tar"),
        (b"SQLite format 3\x00", "database"),
        (bytes(range(256)) * 4, "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no text"),
    ],
)
def test_what_is_no_text_is_left_out(data: bytes, reason: str) -> None:
    assert reason in recognised("a.txt", data)


def test_wide_letters_and_a_stray_zero_byte_are_text() -> None:
    assert recognised("a.txt", NOTES.encode("utf-16")) == "text"
    assert recognised("a.txt", NOTES.encode("utf-16-be")) == "text"
    assert recognised("a.txt", NOTES.encode() * 3 + b"\0") == "text"
    assert recognised("a.txt", b"") == "text"


def test_prose_with_capitals_and_signs_is_no_export_and_no_code() -> None:
    prose = "DNA is long; we read it.\nRNA is short.\nWe import it from cells;\nWhat for?\nTo see {a, b}.\n\n"
    assert recognised("a.txt", prose * 5) == "text"
