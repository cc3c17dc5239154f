"""Says of a file what it is where it is no paper and no list of papers, so that it is left out by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from askpapers.corpus.encodings import has_wide_letters

TEXT_ENDINGS = (".txt", ".text", ".md", ".markdown", "")

_SIGNATURES = (
    (0, b"{\\rtf", "rich text (RTF); save it as plain text"),
    (0, b"\xd0\xcf\x11\xe0", "an old office document; save it as text or CSV"),
    (0, b"SQLite format 3", "a database"),
    (0, b"PAR1", "a Parquet table; save it as CSV or JSON lines"),
    (0, b"PK\x03\x04", "a zip archive; unpack it"),
    (0, b"BZh", "packed by bzip2; unpack it"),
    (0, b"\xfd7zXZ", "packed by xz; unpack it"),
    (0, b"\x28\xb5\x2f\xfd", "packed by zstandard; unpack it"),
    (0, b"7z\xbc\xaf", "a 7z archive; unpack it"),
    (0, b"Rar!", "a rar archive; unpack it"),
    (257, b"ustar", "a tar archive; unpack it"),
)
_CONTROLS = bytes(sorted({*range(9), *range(14, 27), *range(28, 32)}))
_MOST_CONTROLS = 0.01

_CODE = """.py .pyi .r .js .ts .c .h .cc .cpp .hpp .cs .java .jl .m .sh .bash .zsh .bat .ps1 .pl .rb .go .rs .sql .css
    .ipynb .php .lua .scala .swift .kt .f .f90 .do .sas""".split()
_LATEX = ".tex .sty .cls .bst .bbl .aux .ltx".split()
_SETTINGS = ".toml .ini .cfg .conf .yaml .yml .lock .env .cff .log .properties .desktop .gitignore".split()
_ABOUT = """readme license licence copying notice changelog changes contributing contributors authors citation makefile
    dockerfile requirements code_of_conduct security todo install manifest""".split()
_ABSTRACT = re.compile(r"^(?:[^\w\n]|_)*+abstract(?:[*_\s]*+[:.—–-]|(?:[^\S\n]|[*_])*+$)", re.IGNORECASE | re.MULTILINE)
_LATEX_BEGINS = re.compile(r"^[^\S\n]*+\\(?:documentclass|begin\{(?:document|thebibliography)\})", re.MULTILINE)
_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)
_XML = re.compile(r"\s*<(?:\?xml|!DOCTYPE|[A-Za-z][\w:.-]*(?:\s[^<>]*)?>)")
_CODE_LINE = re.compile(
    r"[;{}]\s*$|^(?:import|from|def|class|#include|using|return|function|const|let|var|public)\b[^.]*$"
)
_TAGGED_LINE = re.compile(r"[A-Z][A-Z0-9]{1,3} {0,2}- |[A-Z][A-Z0-9] [^\s-]|%[A-Z0-9] |<[A-Z]{2,4}> |[A-Z]{2,4}: ")
_LOOKED_AT, _FEWEST = 200, 4
"""How many lines that are not empty are looked at, and from how many something follows."""


def binary_kind(beginning: bytes) -> str | None:
    """What a file is that begins with these bytes, where that is no text."""
    for place, signature, kind in _SIGNATURES:
        if beginning[place : place + len(signature)] == signature:
            return kind
    if has_wide_letters(beginning):
        return None
    controls = len(beginning) - len(beginning.translate(None, _CONTROLS))
    return "no text" if controls > _MOST_CONTROLS * len(beginning) else None


def other_kind(name: str, head: str) -> str | None:
    """What a text is by its name and how it begins, where no format fits and it is no notes either."""
    path = PurePosixPath(name.lower())
    if path.suffix in _CODE or head.startswith("#!"):
        return "source code"
    if path.suffix in _LATEX or _LATEX_BEGINS.search(head):
        return "LaTeX; save its title and abstract as text"
    if _PAGE.match(head):
        return "a web page; save what is wanted of it as text"
    if path.suffix == ".xml" or _XML.match(head):
        return "XML of a kind that is not read"
    if _ABSTRACT.search(head):
        return None
    if path.suffix in _SETTINGS:
        return "a file of settings"
    if path.stem in _ABOUT and path.suffix in (*TEXT_ENDINGS, ".rst"):
        return "a file about the files beside it"
    lines = [line for line in head.splitlines() if line.strip()][:_LOOKED_AT]
    if _share(_TAGGED_LINE, lines) > 0.5:
        return (
            f"it looks like an export of a kind that is not read; its lines begin with tags (“{lines[0].split()[0]}”)"
        )
    if _share(_CODE_LINE, lines) > 0.4:
        return "source code"
    if path.suffix not in TEXT_ENDINGS:
        return f"{path.suffix} is none of the formats that are read; is it text, name it .txt"
    return None


def _share(wanted: re.Pattern[str], lines: list[str]) -> float:
    """The share of lines that a pattern fits; lines that begin with a blank go on from the one before."""
    begun = [line for line in lines if not line[0].isspace()]
    fits = sum(1 for line in begun if (wanted.match if wanted is _TAGGED_LINE else wanted.search)(line))
    return fits / len(begun) if len(begun) >= _FEWEST else 0.0
