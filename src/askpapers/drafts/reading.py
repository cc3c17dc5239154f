"""Opens a draft of any of the formats, with its bibliography."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

from askpapers.corpus.documents import Document
from askpapers.corpus.other_files import binary_kind
from askpapers.drafts.bibliography import read_bibliography
from askpapers.drafts.docx import read_docx
from askpapers.drafts.draft import Bibliography, Block, Draft, Entry
from askpapers.drafts.latex import read_latex
from askpapers.drafts.markdown import read_markdown
from askpapers.drafts.plain import read_plain
from askpapers.drafts.references import split_references
from askpapers.errors import UsageError

_STANDARD_INPUT = "-"
_LARGEST = 5_000_000
"""Characters: a long book has a million."""
_MARKDOWN = (".md", ".markdown", ".mkd", ".mdx", ".qmd", ".rmd")
_LATEX = (".tex", ".ltx", ".latex")
_IS_LATEX = re.compile(r"\\(?:documentclass|begin|(?:sub)*section|chapter)\b|\\[a-z]*cite[a-z]*\*?(?:\[[^\]]*\])*\{")
_IS_MARKDOWN = re.compile(r"^#{1,6} \S|\]\([^)\s]{1,300}\)|\[@[\w{]|^```|^[ \t]*+[-*] \S|\*\*\S", re.MULTILINE)
_INCLUDED = re.compile(r"^[^%\n]*\\(?:input|include|subfile)\{", re.MULTILINE)
_OTHERS = {
    ".pdf": "a PDF",
    ".doc": "an old Word document",
    ".odt": "an OpenDocument text",
    ".rtf": "RTF",
    ".html": "HTML",
}


def format_of(name: str, content: bytes, text: str) -> str:
    """The format of a draft: "docx", "latex", "markdown" or "text", by its name, else by what is in it.

    Raises UsageError for what is none.
    """
    suffix = Path(name).suffix.lower()
    if suffix == ".docx" or content.startswith(b"PK\x03\x04"):
        return "docx"
    if kind := _OTHERS.get(suffix) or ("a PDF" if content.startswith(b"%PDF") else binary_kind(content[:4096])):
        raise UsageError(
            f"{name} is {kind}, which is not read as a draft.",
            hint="Give Markdown, LaTeX, .docx or plain text; Pandoc converts: pandoc FILE -o draft.md",
        )
    if suffix in _LATEX:
        return "latex"
    if suffix in _MARKDOWN:
        return "markdown"
    return "latex" if _IS_LATEX.search(text) else "markdown" if _IS_MARKDOWN.search(text) else "text"


def read_draft(name: str, content: bytes, folder: Path | None, bibliographies: Sequence[Path] = ()) -> Draft:
    """Read a draft that is called `name`; files that it names are looked for in `folder`.

    Its bibliography is its own reference list and, of `bibliographies`, else what it names, else the .bib files beside
    it, every entry. Raises UsageError for what cannot be read as a draft, CorpusError for a damaged bibliography.
    """
    document = Document(name, Path(name).name, lambda: io.BytesIO(content))
    is_docx = Path(name).suffix.lower() == ".docx" or content.startswith(b"PK\x03\x04")
    text = "" if is_docx else re.sub(r"\r(?!\n)", "\n", document.text()).removeprefix("\ufeff")
    kind = format_of(name, content, text)
    if len(text) > _LARGEST:
        raise UsageError(f"{name} is longer than {_LARGEST:,} characters.", hint="Check it in parts.")
    blocks, entries, left_out, named = list[Block](), list[Entry](), list[str](), list[str]()
    if kind == "docx":
        text, blocks, left_out = read_docx(content)
    elif kind == "latex":
        blocks, entries, left_out, named = read_latex(text)
    elif kind == "markdown":
        blocks, left_out, named = read_markdown(text)
    else:
        blocks = read_plain(text)
    if not text.strip():
        raise UsageError(
            f"{'Standard input' if name == _STANDARD_INPUT else name} is empty.", hint="Give a draft with text."
        )
    prose, listed = split_references(blocks)
    notes = list[str]()
    files = list(bibliographies) or _files(name, folder, named, notes)
    for file in files:
        found, more = read_bibliography(file)
        entries += found
        notes += more
    if kind == "latex" and _INCLUDED.search(text):
        notes.append("Files that the draft includes are not followed: check each of them, too.")
    return Draft(name, kind, text, tuple(prose), Bibliography((*entries, *listed)), tuple(left_out), tuple(notes))


def _files(name: str, folder: Path | None, named: Sequence[str], notes: list[str]) -> list[Path]:
    """The bibliography files of a draft: those that it names, its .bbl, else every .bib beside it."""
    if folder is None:
        return []
    found = [folder / file for file in named]
    notes += [f"The bibliography {file} that the draft names is not there." for file in found if not file.is_file()]
    found = [file for file in found if file.is_file()]
    if not found and (compiled := folder / f"{Path(name).stem}.bbl").is_file():
        found = [compiled]
    return found or ([] if named else sorted(folder.glob("*.bib")))
