"""Undoes what BibTeX adds to a text: braces that hold letters together, and lines that are broken anywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from askpapers.corpus.cleaning import clean_line

_PARAGRAPH = re.compile(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
# Mathematics, and the arguments of commands, keep their braces.
_GROUP = re.compile(
    r"\$[^$]{1,300}\$|(?:\\(?:[A-Za-z]+\*?\s*|.)|[\^_}\]])\{[^{}]*\}|\{\\(?P<sign>[%&_#])\}"
    r"|\{\\(?P<name>textless|textgreater|textbar|textasciitilde|textquotesingle|textquoteright|textunderscore)(?:\{\})?\s*\}"
    r"|\{(?P<group>[^{}\\$]*)\}"
)
_NAMED = {
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textasciitilde": "~",
    "textquotesingle": "'",
    "textquoteright": "’",
    "textunderscore": "_",
}
_DEEPEST = 3


def without_grouping(text: str) -> str:
    r"""A text of BibTeX without the braces of "{BERT}" and Mendeley's "{\%}"; other LaTeX stays.

    Blank lines become line breaks, all other white space one blank.
    """
    text = "\n".join(" ".join(part.split()) for part in _PARAGRAPH.split(text.strip()))
    for _ in range(_DEEPEST if "{" in text else 0):
        text = _GROUP.sub(_inner, text)
    return text


@lru_cache(maxsize=10_000)
def in_one_line(text: str) -> str:
    """A title, a name of a journal or the like without braces and LaTeX."""
    line = clean_line(without_grouping(text.replace("\n", " ")))
    return line.replace("{", "").replace("}", "") if "{" in line or "}" in line else line


def _inner(match: re.Match[str]) -> str:
    if match["sign"]:
        return f"\\{match['sign']}"
    if match["name"]:
        return _NAMED[match["name"]]
    return match["group"] if match["group"] is not None else match.group()
