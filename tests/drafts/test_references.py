"""The reference list of a draft is found in every format, below a heading or a bare line, in the usual styles."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_docx import document

from askpapers.drafts.draft import Draft
from askpapers.drafts.reading import read_draft
from askpapers.drafts.references import is_list_title

WORKS = [
    ("Moss, A., & Fern, B. (2020). Clay pots of the north. Journal of Kilns, 3(2), 12–15.", "Moss"),
    ("Ng, C. (2021). Pots that crack. https://doi.org/10.1234/pots", "Ng"),
    ("van der Berg, D. (2019). Walnut ash. In press.", "Berg"),
]
TITLES = [
    "References",
    "REFERENCES:",
    "**References**",
    "**Bibliography:**",
    "7. Literature",
    "Works cited (3)",
    "*Sources*",
]
SAYS = "Kilns of the north fire pots at 900 degrees"


def listed(draft: Draft) -> list[str]:
    return [entry.text for entry in draft.bibliography.entries]


def prose(draft: Draft) -> str:
    return " ".join(block.text for block in draft.blocks)


@pytest.mark.parametrize("style", ["[{}] ", "{}. ", "({}) ", "- ", ""])
@pytest.mark.parametrize("name", ["a.md", "a.txt"])
def test_a_list_below_a_bare_line(style: str, name: str) -> None:
    lines = [f"{style.format(number)}{text}" for number, (text, _) in enumerate(WORKS, start=1)]
    for title, between in product(TITLES, ["\n", "\n\n"]):
        text = f"{SAYS} [1].\n\n{title}{between}{between.join(lines)}\n\nAppendix A\n\nThe kilns are old.\n"
        draft = read_draft(name, text.encode(), None)
        assert [entry.key for entry in draft.bibliography.entries] == ["1", "2", "3"], text
        assert all(name in text for (_, name), text in zip(WORKS, listed(draft), strict=True))
        assert "Walnut" not in prose(draft) and "The kilns are old." in prose(draft) and SAYS in prose(draft)


@pytest.mark.parametrize("title", ["\\textbf{References}", "\\noindent\\textbf{References:}", "{\\large References}"])
@pytest.mark.parametrize("below", ["\\\\\n", "\n\n"])
def test_a_list_below_a_bare_line_in_latex(title: str, below: str) -> None:
    lines = "\n\n".join(f"[{number}] {text}" for number, (text, _) in enumerate(WORKS, start=1)).replace("&", "\\&")
    text = f"\\documentclass{{article}}\\begin{{document}}{SAYS} [1].\n\n{title}{below}{lines}\n\\end{{document}}"
    draft = read_draft("a.tex", text.encode(), None)
    assert [entry.key for entry in draft.bibliography.entries] == ["1", "2", "3"]
    assert "Walnut" not in prose(draft)


def test_a_bibliography_of_latex_wherever_it_stands() -> None:
    items = "".join(f"\\bibitem{{k{number}}} {text}\n" for number, (text, _) in enumerate(WORKS)).replace("&", "\\&")
    text = (
        f"\\documentclass{{a}}\\begin{{document}}{SAYS} \\cite{{k0}}.\\begin{{small}}"
        f"\\begin{{thebibliography}}{{9}}{items}\\end{{thebibliography}}\\end{{small}}\\end{{document}}"
    )
    draft = read_draft("a.tex", text.encode(), None)
    assert [entry.key for entry in draft.bibliography.entries] == ["k0", "k1", "k2"]
    assert "Walnut" not in prose(draft)


@pytest.mark.parametrize("numbered", [True, False])
def test_a_list_below_a_bare_line_in_word(numbered: bool) -> None:
    entries: list[tuple[str, list[str | list[str]]]] = [
        ("", [f"[{n}]\t{text}" if numbered else text]) for n, (text, _) in enumerate(WORKS, start=1)
    ]
    content = document(
        ("", [f"{SAYS} [1]."]), ("", ["References"]), *entries, ("", ["Appendix"]), ("", ["Kilns are old."])
    )
    draft = read_draft("a.docx", content, None)
    assert [entry.key for entry in draft.bibliography.entries] == ["1", "2", "3"]
    assert "Walnut" not in prose(draft) and "Kilns are old." in prose(draft)


@pytest.mark.parametrize(
    "text",
    [
        "Sources\n\nThe river has two sources that never dry.\n",
        "References\n\nwere asked of every applicant.\n",
        "- Literature\n- Methods of the north\n",
        "# Kilns\n\nSources of heat differ. They crack pots.\n",
    ],
)
def test_a_line_that_names_no_list(text: str) -> None:
    for name in ("a.md", "a.txt"):
        assert not listed(read_draft(name, text.encode(), None))


def test_lines_that_wrap_are_one_entry() -> None:
    text = (
        "References\n[1] A. Moss and B. Fern, “Clay pots of the\nnorth,” J. Kilns, pp. 4–\n12. Springer, 2020.\n"
        "[2] C. Ng, “Pots that crack,” 2021.\n"
    )
    assert len(listed(read_draft("a.md", text.encode(), None))) == 2
    text = (
        "References\n\nMoss, A. (2020). Clay pots of the\nnorth. Journal of Kilns.\nNg, C. (2021). Pots that\ncrack.\n"
    )
    assert len(listed(read_draft("a.txt", text.encode(), None))) == 2
    text = "References\n\nMoss, A. (2020). Pots - a history. Journal of Kilns.\n"
    assert listed(read_draft("a.md", text.encode(), None)) == ["Moss, A. (2020). Pots - a history. Journal of Kilns."]


@given(
    st.sampled_from(["references", "Bibliography", "WORKS CITED", "Literatur"]),
    st.sampled_from(["", "3 ", "IV. ", "A. ", "2.1 "]),
)
def test_titles_with_and_without_numbers(title: str, number: str) -> None:
    assert is_list_title(f"{number}{title}") and is_list_title(f"**{number}{title}:**")
    assert not is_list_title(f"{number}{title} are listed below")
