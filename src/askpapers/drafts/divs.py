"""The divisions of a Markdown text, as Pandoc writes them: `::: {#refs}` and `<div id="refs">`. Pure.

Their lines are taken away, so that what stands between them is read as the Markdown that it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"\s*(?P<colons>:{3,})(?P<what>[^\n]*)$")
_CODE = re.compile(r"\s{0,3}(?P<fence>`{3,}|~{3,})")
_OPENING = re.compile(r"\s*<(?:div|section)\b(?P<what>[^<>]*)>", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:div|section)>\s*$", re.IGNORECASE)
_LIST = re.compile(r"#refs\b|\bid=[\"']?refs\b|\bcsl-bib-body\b|[.\"'\s]references\b")
_KEY = re.compile(r"(?:#|\bid=[\"']?)ref-(?P<key>[^\s{}\"'<>]+)")


@dataclass(frozen=True, slots=True)
class Divisions:
    """A text without the lines of its divisions, as long in lines as before, and the lines of its reference list.

    `keys[n]` is the cite key of the work that line n (from 0) is of, "" where the list gives none.
    """

    text: str
    keys: dict[int, str]


def without_divisions(text: str) -> Divisions:
    """Take the lines away that begin and end divisions; code stays."""
    lines, keys = text.split("\n"), dict[int, str]()
    stack = list[tuple[bool, str]]()  # of each open division whether it is of the reference list, and the key
    code = ""
    for number, line in enumerate(lines):
        fence = _CODE.match(line)
        if code or fence:
            if fence and not code:
                code = fence["fence"]
            elif fence and fence["fence"].startswith(code) and not line.strip(f" \t\r{code[0]}"):
                code = ""
            continue
        is_list, key = stack[-1] if stack else (False, "")
        if (colons := _FENCE.match(line)) is not None:
            lines[number] = ""
            if what := colons["what"].strip(" :\t\r"):
                stack.append(_opened(what, is_list, key))
            elif stack:
                stack.pop()
            continue
        opened = 0
        while opening := _OPENING.match(line):
            stack.append(_opened(opening["what"], is_list, key))
            is_list, key = stack[-1]
            line, opened = line[opening.end() :], opened + 1
        if is_list:
            keys[number] = key
        while closing := _CLOSING.search(line):
            line = line[: closing.start()].rstrip()
            if stack:
                stack.pop()
        lines[number] = line.lstrip() if opened else line
    return Divisions("\n".join(lines), keys)


def _opened(what: str, is_list: bool, key: str) -> tuple[bool, str]:
    found = _KEY.search(what)
    return is_list or bool(_LIST.search(f" {what}")) or bool(found), found["key"] if found else key
