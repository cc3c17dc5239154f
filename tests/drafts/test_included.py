"""Files that a LaTeX draft includes: read in order, each once; what is missing or goes in circles is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.drafts.draft import Draft
from askpapers.drafts.reading import read_draft

MAIN = r"""\documentclass{article}
\input{macros}
\begin{document}
Kilns of \place{} fire pots \cite{m20}.
\input{sections/intro}
\include{sections/method.tex}
% \input{sections/commented}
\begin{verbatim}
\input{sections/shown}
\end{verbatim}
\bibliography{refs}
\end{document}
"""


def write(folder: Path, **files: str) -> Draft:
    for name, text in files.items():
        file = folder / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        Path(f"{file}.tex").write_text(text, encoding="utf-8")
    return read_draft(str(folder / "main.tex"), (folder / "main.tex").read_bytes(), folder)


def test_included_files_are_read_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text("@book{m20, title={Clay}, author={Moss, A.}, year=2020}")
    draft = write(
        tmp_path,
        main=MAIN,
        macros=r"\newcommand{\place}{the north}",
        sections__intro="\nPots of \\place{} crack.\n\n\\input{sections/deep}\n",
        sections__method="Glaze is thin.\n\n\\begin{thebibliography}{1}\\bibitem{k} Ng. Kilns.\\end{thebibliography}\n",
        sections__deep="Ash is \\emph{grey}.",
        sections__commented="Never.",
        sections__shown="Never.",
    )
    assert [file.name.rpartition("/")[2] for file in draft.files] == ["main.tex", "intro.tex", "deep.tex", "method.tex"]
    prose = [" ".join(block.text for block in file.blocks) for file in draft.files]
    assert prose[1:] == ["Pots of the north crack.", "Ash is grey.", "Glaze is thin."]
    assert "Never" not in "".join(prose)
    assert {entry.key for entry in draft.bibliography.entries} == {"m20", "k"}
    for file in draft.files:
        for block in file.blocks:
            assert file.text[block.places[0]] == block.text[0]
    assert draft.files[1].line(draft.files[1].blocks[0].places[0]) == 2
    assert not draft.notes


@pytest.mark.parametrize(
    "command",
    [r"\input{a}", r"\input a ", r"\input{a.tex}", r"\include{a}", r"\subfile{a}", r"\import{./}{a}", r'\input{"a"}'],
)
def test_every_command_that_includes(command: str, tmp_path: Path) -> None:
    draft = write(
        tmp_path, main=f"\\begin{{document}}\nFirst words. {command}\nLast words.\n\\end{{document}}", a="Middle."
    )
    assert [[block.text for block in file.blocks] for file in draft.files] == [
        ["First words.", "Last words."],
        ["Middle."],
    ]


def test_a_circle_is_told_and_read_once(tmp_path: Path) -> None:
    draft = write(tmp_path, main="One. \\input{a}", a="Two. \\input{b}", b="Three. \\input{a} \\input{main}")
    assert [file.name.rpartition("/")[2] for file in draft.files] == ["main.tex", "a.tex", "b.tex"]
    assert draft.notes == (
        "a.tex includes itself (a.tex → b.tex → a.tex): it is read once.",
        "main.tex includes itself (main.tex → a.tex → b.tex → main.tex): it is read once.",
    )


def test_what_is_not_there_or_elsewhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.tex").write_text("Secret.")
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "picture.tex").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    draft = write(folder, main="One. \\input{gone} \\input{../secret} \\input{picture} \\input{" + "x" * 300 + "}")
    assert len(draft.files) == 1
    assert [note.split(",")[0] for note in draft.notes[:2]] == ["main.tex includes gone", "main.tex includes ../secret"]
    assert "picture.tex is not read" in draft.notes[2]
    assert len(draft.notes) == 4


def test_standard_input_has_no_folder() -> None:
    draft = read_draft("-", b"\\begin{document}One two. \\input{a}\\end{document}", None)
    assert any("give the draft by its file" in note for note in draft.notes)
