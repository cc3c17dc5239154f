from __future__ import annotations

import sys
from pathlib import Path

import pytest

from askpapers.corpus import read_corpus
from askpapers.corpus.documents import document_of
from askpapers.corpus.pdf import read_pdf
from askpapers.corpus.records import Omitted, Record
from askpapers.errors import CorpusError

TITLE = "Lichens on Basalt Walls"
LINES = [
    "We study how lichens grow on basalt walls in coastal towns. Growth was mea-",
    "sured for 31 months on 412 walls. Shaded walls carried 2.4 times more lichen",
    "than sunny ones.",
]
ABSTRACT = (
    "We study how lichens grow on basalt walls in coastal towns. Growth was measured for 31 months on 412 walls."
    " Shaded walls carried 2.4 times more lichen than sunny ones."
)


def pdf(*lines: tuple[int, str], title: str = "") -> bytes:
    """A page of lines, each with the size of its type."""
    content = ["BT", "72 750 Td"]
    for size, line in lines:
        escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        content += [f"/F1 {size} Tf", f"({escaped}) Tj", f"0 -{size + 4} Td"]
    stream = "\n".join([*content, "ET"])
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) >>",
    ]
    text, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(text)
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    text += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return text.encode("latin-1")


PAGE = [(18, TITLE), (10, "Ada Moss and Bo Fern"), (12, "Abstract"), *((10, line) for line in LINES)]
BODY = [(12, "1 Introduction"), (10, "Walls have been studied little.")]


def read(folder: Path, data: bytes) -> Record | Omitted:
    (folder / "a.pdf").write_bytes(data)
    (found,) = read_pdf(document_of(folder / "a.pdf"))
    return found


@pytest.mark.parametrize("given", ["", "untitled", "Microsoft Word - paper.docx", "main.tex", TITLE])
def test_the_title_and_abstract_of_the_first_page(tmp_path: Path, given: str) -> None:
    assert read(tmp_path, pdf(*PAGE, *BODY, title=given)) == Record(ABSTRACT, 1, title=TITLE)


@pytest.mark.parametrize(
    "end", ["1. Introduction", "I. INTRODUCTION", "Introduction", "Keywords: walls, lichens", "Index Terms - walls"]
)
def test_an_abstract_ends_where_the_paper_begins(tmp_path: Path, end: str) -> None:
    found = read(tmp_path, pdf(*PAGE, (12, end), (10, "Walls have been studied little.")))
    assert isinstance(found, Record)
    assert found.text == ABSTRACT


def test_an_abstract_behind_its_heading(tmp_path: Path) -> None:
    inline = [(18, TITLE), (10, f"Abstract. {LINES[0]}"), *((10, line) for line in LINES[1:])]
    assert read(tmp_path, pdf(*inline, *BODY)) == Record(ABSTRACT, 1, title=TITLE)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf((18, TITLE), *BODY), "no abstract on its first page"),
        (pdf(), "without text"),
        (pdf(*PAGE)[:300], "a damaged PDF"),
        (b"%PDF-1.7\n", "a damaged PDF"),
    ],
)
def test_a_pdf_without_an_abstract_is_left_out(tmp_path: Path, data: bytes, reason: str) -> None:
    found = read(tmp_path, data)
    assert isinstance(found, Omitted)
    assert reason in found.reason
    assert found.line == 0


def test_a_damaged_file_is_told_of_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\nhello")
    with pytest.raises(CorpusError, match="a damaged PDF"):
        read_corpus([tmp_path])
    assert not caplog.records


def test_that_only_a_part_is_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(*PAGE, *BODY))
    assert read_corpus([tmp_path]).warnings == (f"{tmp_path}/a.pdf: only the title and abstract are read",)


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (tmp_path / "a.pdf").write_bytes(pdf(*PAGE, *BODY))
    with pytest.raises(CorpusError, match=r"a\.pdf: left out, a PDF, .* pip install 'askpapers\[pdf\]'"):
        read_corpus([tmp_path])
