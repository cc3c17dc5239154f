"""What a LaTeX file names: files that it includes, and bibliographies. Pure."""

from __future__ import annotations

import re

INCLUDE = re.compile(
    r"\\(?:(?:input|include|subfile|subfileinclude)|(?:sub)?import\s*\{(?P<folder>[^{}]*)\})(?![A-Za-z])"
    r"\s*(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[^\s{}\\%]+))"
)
"""A command that includes a file: \\input{file}, \\input file, \\include{file}, \\import{folder/}{file}."""
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
