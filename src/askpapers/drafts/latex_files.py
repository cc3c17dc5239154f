"""What a LaTeX file names: files that it includes, bibliographies, and the entries of a `thebibliography`. Pure."""

from __future__ import annotations

import re
from itertools import zip_longest

from askpapers.drafts.draft import Entry
from askpapers.text.latex import undo_latex

INCLUDE = re.compile(
    r"\\(?:(?:input|include|subfile|subfileinclude)|(?:sub)?import\s*\{(?P<folder>[^{}]*)\})(?![A-Za-z])"
    r"\s*(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[^\s{}\\%]+))"
)
"""A command that includes a file: \\input{file}, \\input file, \\include{file}, \\import{folder/}{file}."""
_BIBITEM = re.compile(r"\\bibitem\s*(?:\[(?:[^\[\]{}]|\{[^{}]*\})*\])?\s*\{(?P<key>[^{}]*)\}")
_FILES = re.compile(r"(?<!%)\\(?:bibliography|addbibresource)\s*(?:\[[^\[\]]*\]\s*)?\{(?P<names>[^{}]*)\}")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")


def without_comments(text: str) -> str:
    """A LaTeX text without its comments."""
    return _COMMENT.sub("", text)


def included_name(match: re.Match[str]) -> str:
    """The file that a match of `INCLUDE` names."""
    return f"{match['folder'] or ''}{match['braced'] or match['bare'] or ''}".strip().strip('"')


def bibliographies_of(text: str) -> list[str]:
    """The bibliography files that a text without comments names."""
    named = [name.strip() for match in _FILES.finditer(text) for name in match["names"].split(",")]
    return [_with_ending(name) for name in named if name]


def _with_ending(name: str) -> str:
    return name if "." in name.rpartition("/")[2] else f"{name}.bib"


def read_bibitems(text: str) -> list[Entry]:
    """The entries of a `thebibliography`, as they stand in a draft or a .bbl file."""
    items = list(_BIBITEM.finditer(text))
    entries = []
    for item, following in zip_longest(items, items[1:]):
        end = following.start() if following else text.find("\\end{thebibliography}", item.end())
        shown = text[item.end() : end if end >= 0 else len(text)].replace("\\newblock", " ")
        shown = re.sub(r"\\[A-Za-z]+\s?|[{}]", "", undo_latex(shown))
        entries.append(Entry(key=item["key"].strip(), text=" ".join(shown.split())))
    return entries
