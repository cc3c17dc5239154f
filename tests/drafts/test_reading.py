"""The readers of drafts: whatever they are given, every character of a block stands where it is said to stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.drafts.citations import find_marks
from askpapers.drafts.claims import read_sentences
from askpapers.drafts.draft import Block, Entry
from askpapers.drafts.reading import read_draft
from askpapers.errors import AskPapersError, UsageError

PIECES = st.sampled_from(
    [
        *("Codex solves 28.8% [1].", "Moss et al. (2020) show that", "(Moss and Fern, 2020; see Ng, 2021a)", "¹²", "é"),
        *("[@moss2020; -@b]", "@moss2020 [p. 3]", "\\citep[see][p. 2]{a,b}", "\\citet{", "}", "{", "$x_1$", "$$", "\n"),
        *("\n\n", "# Head\n", "- item\n", "> quote\n", "```\n", "**", "_", "[text](https://arxiv.org/abs/2107.03374)"),
        *("[^1]", "\n[^1]: A note, 2020.\n", "![a](b)", "<!--", "-->", "<sup>1,2</sup>", "\\footnote{", "%", "&amp;"),
        *("\\begin{equation}", "\\end{equation}", "\\begin{figure}", "\\caption{A}", "\\end{figure}", "\\section{S}"),
        *("\n## References\n\n1. Moss, A. (2020). Clay. 10.1/x\n", "\t", "\r\n", "\\'e", "\\\\", "[[wiki|name]]"),
        *("^[a note]", "^[see @moss2020]", "(ibid.)", "Moss et al., 2020 show", "::: {#refs}\n", "\n:::\n", "<div>\n"),
        *("\\newcommand{\\m}[2]{a #1 \\cite{#2}}", "\\m{b}{c}", "\\parencites(see)[3]{a}[5]{b}", "{#fig:a}", "$3$"),
        *("https://a.b/c", "---\n", "| a | b |\n|---|---|\n| c | d |\n"),
    ]
)
NAMES = ("a.md", "a.tex", "a.txt", "a")


def shown(text: str, block: Block) -> bool:
    """Whether the letters of a block stand in the draft where it says."""
    return all(
        text[place] == char or not char.isascii() or not char.isalpha() or "&" in text or "\\" in text
        for char, place in zip(block.text, block.places, strict=False)
    )


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=5), max_size=14).map("".join), st.sampled_from(NAMES))
def test_any_draft_is_read_and_knows_its_places(text: str, name: str) -> None:
    try:
        draft = read_draft(name, text.encode("utf-8", "surrogatepass"), None)
    except AskPapersError as error:
        assert error.hint
        return
    for block in draft.blocks:
        assert len(block.places) == len(block.text) + 1
        assert list(block.places) == sorted(block.places)
        assert block.places[0] >= 0 and block.places[-1] <= len(draft.text)
        assert shown(draft.text, block)
        marks = find_marks(block, draft.bibliography, lambda key: False)
        assert all(0 <= mark.start <= mark.end <= len(block.text) for mark in marks)
        ends = [mark.end for mark in marks]
        assert all(mark.start >= end for end, mark in zip(ends, marks[1:], strict=False))
        sentences = list(read_sentences(block, marks))
        found = "".join(block.text[one.start : one.end] for one in sentences)
        assert "".join(found.split()) == "".join(block.text.split())
        cited = [mark.start for one in sentences for part in one.parts for mark in part.marks]
        assert cited == [mark.start for mark in marks if mark.cited]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A b c d e.[1] F g h i j.", ["A b c d e.[1]", "F g h i j."]),
        ("A b c d e. [1] F g h i j.", ["A b c d e. [1]", "F g h i j."]),
        ("A b c d e. [1] shows f g h.", ["A b c d e.", "[1] shows f g h."]),
        ("A b c. Moss et al. (2020) show d.", ["A b c.", "Moss et al. (2020) show d."]),
        ("A b c (Moss et al., 2020, pp. 3). D e f.", ["A b c (Moss et al., 2020, pp. 3).", "D e f."]),
        ("A b c.¹ D e f.", ["A b c.¹", "D e f."]),
        ('He said “a b c.” [1] Then d.', ['He said “a b c.” [1]', "Then d."]),
    ],
)  # fmt: skip
def test_a_citation_belongs_to_its_sentence(text: str, expected: list[str]) -> None:
    draft = read_draft("a.md", f"{text}\n\n# References\n\n1. Moss, A. (2020). Clay.\n".encode(), None)
    (block, *_) = draft.blocks
    marks = find_marks(block, draft.bibliography, lambda key: False)
    assert [block.text[one.start : one.end] for one in read_sentences(block, marks)] == expected
    assert len(marks) == 1


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("However, Moss and Fern (2020) agree.", [("Moss", "Fern")]),
        ("Moss, Fern, and Ng (2020) agree.", [("Moss", "Fern", "Ng")]),
        ("For GLIDE, Nichol et al. (2021) agree.", [("Nichol",)]),
        ("It works (see Moss, 2020; van der Berg & Ng, 2021, p. 3).", [("Moss",), ("van der Berg", "Ng")]),
        ("It works (Moss 2019, 2020).", [("Moss",), ("Moss",)]),
        ("It works [Makhzani and Frey, 2013].", [("Makhzani", "Frey")]),
        ("Müller-Lüdenscheidt’s (2020) pots.", [("Müller-Lüdenscheidt",)]),
        ("In May (2020), at ICML (2021), in Table (2020) and (March 2020).", []),
        ("Ouyang et al. [2022] agree (Moss, 2020; in press).", [("Ouyang",), ("Moss",)]),
        ("O'Brien and d'Arcy (2020) agree.", [("O'Brien", "d'Arcy")]),
        ("In 2020 (see Section 3) it rained (see 2019).", []),
    ],
)
def test_names_and_years(text: str, names: list[tuple[str, ...]]) -> None:
    draft = read_draft("a.txt", text.encode(), None)
    marks = find_marks(draft.blocks[0], draft.bibliography, lambda key: False)
    assert [cited.families for mark in marks for cited in mark.cited] == names


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("What is a kiln?", "a question"),
        ("In this paper, we fire many pots.", "about the draft itself"),
        ("Section 3 describes the kilns of the north.", "about the draft itself"),
        ("We follow Moss et al. (2020) and fire pots twice.", "what the draft does with a work"),
        ("Figure 3: Pots that were fired in kilns.", "a caption"),
        ("Below are the kilns and pots of the north.", "a transition"),
        ("Kilns matter.", "too short to say something"),
        ("Kilns fire pots at 900 degrees.", ""),
        ("We note that pots crack in kilns (Moss, 2020).", ""),
        ("Weather is what kilns fear most.", ""),
    ],
)
def test_what_is_passed_over(text: str, why: str) -> None:
    draft = read_draft("a.txt", f"{text}\n".encode(), None)
    (sentence,) = read_sentences(draft.blocks[0], find_marks(draft.blocks[0], draft.bibliography, lambda key: False))
    assert sentence.passed_over == why


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.4"),
        ("a.doc", b"\xd0\xcf\x11\xe0"),
        ("a.docx", b"no zip"),
        ("a.docx", b"PK\x03\x04 damaged"),
        ("a.md", b" \n\n"),
        ("-", b""),
        ("a.tex", b"{" * 100_000),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0"),
    ],
)
def test_what_is_no_draft_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(UsageError) as raised:
        read_draft(name, content, None)
    assert str(raised.value).endswith(".")
    assert raised.value.hint


def test_bibliographies_of_every_kind(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '[{"id": "m20", "title": "Clay", "author": [{"family": "Moss"}], "DOI": "10.1234/C",'
        ' "issued": {"date-parts": [[2020]]}}]'
    )
    (tmp_path / "b.bib").write_text("@book{n21, title={Pots}, author={Ng, Cy}, year=2021}\n@book{bad, title={\n")
    (tmp_path / "c.bbl").write_text(
        "\\begin{thebibliography}{1}\\bibitem{o} O. \\newblock Kilns. \\end{thebibliography}"
    )
    files = [tmp_path / name for name in ("a.json", "b.bib", "c.bbl")]
    draft = read_draft("a.md", b"Text.", None, files)
    assert draft.bibliography.by_key("M20") == Entry("m20", "Clay", ("Moss",), 2020, frozenset({"doi:10.1234/c"}))
    assert draft.bibliography.by_key("n21") == Entry("n21", "Pots", ("Ng",), 2021)
    assert draft.bibliography.by_key("o") == Entry("o", text="O. Kilns.")
    assert any("line 2" in note for note in draft.notes)
    with pytest.raises(UsageError, match="no bibliography"):
        read_draft("a.md", b"Text.", None, [tmp_path / "none.bib"])
