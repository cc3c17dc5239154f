"""Bibliographies as LaTeX and Pandoc write them: .bbl files of Biber, REVTeX and natbib, and divisions of Markdown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.drafts.citations import find_marks
from askpapers.drafts.compiled import read_bibitems, read_compiled
from askpapers.drafts.divs import without_divisions
from askpapers.drafts.draft import Draft, Entry
from askpapers.drafts.latex_macros import group_end, read_macros
from askpapers.drafts.reading import read_draft

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def read(name: str) -> Draft:
    return read_draft(name, (SAMPLES / name).read_bytes(), None)


def test_biber_writes_fields() -> None:
    found = {entry.key: entry for entry in read_compiled(sample("biber.bbl"))}
    verifiers = "Training Verifiers to Solve Math Word Problems"
    ids = frozenset({"arxiv:2110.14168"})
    assert found["cobbe2021"] == Entry("cobbe2021", verifiers, ("Cobbe", "Kosaraju"), 2021, ids)
    assert found["gsm8k"].title == verifiers  # an alias
    assert found["kaiser2019"].families == ("Kaiser",)  # as Biber wrote names before 2.0
    assert found["o1"].ids == frozenset({"arxiv:2412.16720"})
    assert found["stiennon2020"].title == "Learning to Summarize: from Human Feedback"
    assert found["radford2021"].families == ("Radford", "Kim")


def test_labels_of_bibitems_hold_groups_and_addresses_are_read() -> None:
    found = {entry.key: entry for entry in read_compiled(sample("revtex.bbl"))}
    assert list(found) == ["choromanski", "kaiser", "whisper", "wu2021", "nowhere"]
    assert found["choromanski"].ids == frozenset({"arxiv:2009.14794"})
    assert found["wu2021"].ids == frozenset({"arxiv:2109.10862"})
    assert "Robust speech recognition via large-scale weak supervision" in found["whisper"].text
    (entry,) = read_bibitems("\\bibitem[{{Moss} {et~al.}(2021){Moss}, {Ng}}]%\n  {moss21} Moss, A., 2021, {C}lay")
    assert (entry.key, entry.text) == ("moss21", "Moss, A., 2021, Clay")


@given(st.lists(st.sampled_from(["\\bibitem", "[", "]", "{", "}", "{a}", "%\n", "x", "\\entry{k}", "\\field{title}"])))
def test_a_damaged_bbl_file_gives_entries_or_none(pieces: list[str]) -> None:
    assert all(isinstance(entry, Entry) for entry in read_compiled("".join(pieces)))


@pytest.mark.parametrize("name", ["references-div.md", "references-html.md"])
def test_the_divisions_of_pandoc_are_a_reference_list(name: str) -> None:
    draft = read(name)
    prose = " ".join(block.text for block in draft.blocks)
    assert "csl-entry" not in prose and "arXiv preprint" not in prose.replace("Preprint", "preprint")
    assert {"ramesh2021", "nichol2021"} < {e.key for e in draft.bibliography.entries} or draft.bibliography.is_numbered


def test_a_division_of_html_has_numbers_and_keys_and_ends() -> None:
    draft = read("references-html.md")
    bibliography = draft.bibliography
    one, other = bibliography.by_key("1"), bibliography.by_key("chen2021")
    assert one and other
    assert one.text == other.text
    assert any("prose again" in block.text for block in draft.blocks)


@given(st.lists(st.sampled_from([":::", "::: {#refs}", "::: x", "<div id='refs'>", "</div>", "text", "```", ""])))
def test_divisions_change_no_line_but_their_own(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = without_divisions(text)
    changed = found.text.split("\n")
    assert len(changed) == len(lines or [""])
    assert all(new in (old, "") for new, old in zip(changed, lines, strict=False))
    assert all(0 <= line < len(changed) for line in found.keys)


def test_dashes_stand_for_the_authors_before() -> None:
    draft = read_draft(
        "a.md", b"# References\n\nNg, C. (2020). Pots.\n\n\xe2\x80\x94\xe2\x80\x94\xe2\x80\x94. (2021). Jars.\n", None
    )
    assert [entry.text for entry in draft.bibliography.by_authors(("Ng",), "2021")] == ["Ng, C. (2021). Jars."]


def test_the_first_author_tells_works_of_a_year_apart() -> None:
    text = b"# References\n\n- Nichol, A., & Ramesh, A. (2021). Glide.\n- Ramesh, A., & Gray, S. (2021). Images.\n"
    bibliography = read_draft("a.md", text, None).bibliography
    assert [entry.text[:6] for entry in bibliography.by_authors(("Ramesh",), "2021")] == ["Ramesh"]
    assert [entry.text[:6] for entry in bibliography.by_authors(("Gray",), "2021")] == ["Ramesh"]


def test_the_letter_of_a_year_tells_works_of_the_same_people_apart() -> None:
    text = b"Pots crack (Ng, 2020a, b, 2021). Jars last (Ng et al., 2020b).\n\n# References\n\n"
    entries = b"- Ng, A. (2020a). Pots.\n- Ng, A., & Moss, B. (2020b). Jars.\n- Ng, A. (2021). Kilns.\n"
    draft = read_draft("a.md", text + entries, None)
    (block,) = (block for block in draft.blocks if block.text.startswith("Pots"))
    marks = find_marks(block, draft.bibliography, lambda _: False)
    years = [[cited.year for cited in mark.cited] for mark in marks]
    assert years == [["2020a", "2020b", "2021"], ["2020b"]]
    found = [draft.bibliography.by_authors(cited.families, cited.year) for cited in marks[0].cited]
    assert [[entry.text[-6:-1] for entry in entries] for entries in found] == [[" Pots"], [" Jars"], ["Kilns"]]


def shown(text: str, name: str = "a.tex") -> list[str]:
    return [block.text for block in read_draft(name, text.encode(), None).blocks]


@pytest.mark.parametrize(
    ("definition", "use", "expected"),
    [
        (r"\newcommand{\gpt}[1]{GPT-#1}", r"\gpt{3} wins.", "GPT-3 wins."),
        (r"\newcommand{\gpt}[2][4]{GPT-#1#2}", r"\gpt{o} and \gpt[3]{}.", "GPT-4o and GPT-3."),
        (r"\def\pair#1#2{#1 and #2}", r"\pair{Pots}{jars} crack.", "Pots and jars crack."),
        (r"\NewDocumentCommand{\pair}{m m}{#2 or #1}", r"\pair{a}{b} cracks.", "b or a cracks."),
        (r"\newcommand{\see}[1]{\citep{#1}}", r"Pots crack \see{moss}.", r"Pots crack \citep{moss}."),
        (r"\newcommand{\cref}[1]{\citep{#1}}", r"Pots crack \cref{moss}.", r"Pots crack \citep{moss}."),
        (r"\def\ie{i.e.\ }", r"Pots, \ie jars.", "Pots, i.e. jars."),
        (r"\newcommand{\a}{\b}\newcommand{\b}{\a}", r"Pots \a crack.", "Pots crack."),
    ],
)
def test_macros_of_the_draft_have_arguments(definition: str, use: str, expected: str) -> None:
    text = f"{definition}\n\\begin{{document}}\n{use}\n\\end{{document}}"
    assert [" ".join(block.split()) for block in shown(text)] == [expected]


@given(st.text(alphabet="{}\\ab#1"))
def test_a_group_ends_behind_its_brace_or_with_the_text(text: str) -> None:
    assert 0 <= group_end("{" + text, 0) <= len(text) + 1
    assert read_macros(f"\\newcommand{{\\x}}[1]{{{text}}}") is not None
