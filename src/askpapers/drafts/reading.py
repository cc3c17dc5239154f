"""Opens a draft of any of the formats, with its bibliography."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from askpapers.corpus.documents import Document
from askpapers.corpus.other_files import binary_kind
from askpapers.drafts.bibliography import read_bibliography
from askpapers.drafts.docx import read_docx
from askpapers.drafts.draft import Bibliography, Draft, DraftFile, Entry
from askpapers.drafts.included import Includes
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
    """Read a draft that is called `name`; files that it names or includes are looked for in `folder`.

    Its bibliography is its own reference list and, of `bibliographies`, else what it names, else the .bib files beside
    it, every entry. Raises UsageError for what cannot be read as a draft, CorpusError for a damaged bibliography.
    """
    document = Document(name, Path(name).name, lambda: io.BytesIO(content))
    is_docx = Path(name).suffix.lower() == ".docx" or content.startswith(b"PK\x03\x04")
    text = "" if is_docx else re.sub(r"\r(?!\n)", "\n", document.text()).removeprefix("\ufeff")
    kind = format_of(name, content, text)
    if len(text) > _LARGEST:
        raise UsageError(f"{name} is longer than {_LARGEST:,} characters.", hint="Check it in parts.")
    if kind == "docx":
        text, blocks, left_out = read_docx(content)
        read = _Read([DraftFile(name, text, tuple(blocks))], left_out=left_out)
    elif kind == "latex":
        read = _latex(name, text, folder)
    elif kind == "markdown":
        blocks, left_out, named = read_markdown(text)
        read = _Read([DraftFile(name, text, tuple(blocks))], left_out=left_out, named=named)
    else:
        read = _Read([DraftFile(name, text, tuple(read_plain(text)))])
    if not text.strip():
        raise UsageError(
            f"{'Standard input' if name == _STANDARD_INPUT else name} is empty.", hint="Give a draft with text."
        )
    files, listed = list[DraftFile](), list[Entry]()
    for file in read.files:
        prose, entries = split_references(file.blocks)
        files.append(replace(file, blocks=tuple(prose)))
        listed += entries
    notes = read.notes
    for bibliography in list(bibliographies) or _files(name, folder, read.named, notes):
        found, more = read_bibliography(bibliography)
        read.entries += found
        notes += more
    return Draft(
        name,
        kind,
        text,
        files[0].blocks,
        Bibliography((*read.entries, *listed)),
        tuple(read.left_out),
        tuple(notes),
        tuple(files[1:]),
    )


@dataclass(slots=True)
class _Read:
    """What the files of a draft hold, the draft's own first, and the bibliographies that they name."""

    files: list[DraftFile]
    entries: list[Entry] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _latex(name: str, text: str, folder: Path | None) -> _Read:
    """A LaTeX draft with the files that it includes, where its folder is known."""
    included = Includes(name, text, folder, _LARGEST) if folder else None
    own = read_latex(text, included.definitions if included else "")
    read = _Read([])
    for file, shown, latex in ((name, text, own), *(included.follow(own) if included else ())):
        read.files.append(DraftFile(file, shown, latex.blocks))
        read.entries += latex.entries
        read.left_out += latex.left_out
        read.named += latex.bibliographies
    read.notes += included.notes if included else []
    if own.included and not included:
        read.notes.append("Files that the draft includes are not known here: give the draft by its file.")
    return read


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
