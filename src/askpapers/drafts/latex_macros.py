"""Macros that a LaTeX draft defines for itself, with their arguments put in; no other macro is run. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand|(?:New|Renew|Provide|Declare)DocumentCommand|def)\*?\s*"
    r"(?:\{\s*\\(?P<braced>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))\s*"
    r"(?:\[(?P<count>[0-9])\]\s*(?P<default>\[[^\[\]]*\]\s*)?|(?P<marks>(?:#[1-9])+)\s*|\{(?P<kinds>[mMsoO+\s]*)\}\s*)?"
    r"(?=\{)"
)
_MARK = re.compile(r"#([1-9])")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_LONGEST = 2_000  # characters of what a macro stands for


@dataclass(frozen=True, slots=True)
class Macro:
    """A macro: how many arguments it has, the value of its first where that may be left out, and what it stands for."""

    arguments: int
    default: str | None
    body: str

    def with_arguments(self, given: Sequence[str | None]) -> str:
        """What it stands for with these arguments; None is one that was left out."""
        values = [self.default or "" if value is None else value for value in given]
        return _MARK.sub(lambda match: next(iter(values[int(match[1]) - 1 : int(match[1])]), ""), self.body)


def group_end(text: str, start: int) -> int:
    """Where the group in braces that begins at `start` ends, behind its brace; the length of the text if nowhere."""
    depth = 0
    for match in _BRACES.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    return len(text)


def read_macros(text: str) -> dict[str, Macro]:
    """The macros that a text defines, by name; the last definition counts."""
    found = {}
    for match in _DEFINITION.finditer(text):
        end = group_end(text, match.end())
        body = text[match.end() + 1 : end - 1]
        kinds = re.findall(r"[mMsoO]", match["kinds"] or "")
        count = int(match["count"] or 0) or len(match["marks"] or "") // 2 or len(kinds)
        default = match["default"].strip()[1:-1] if match["default"] else "" if kinds[:1] in (["o"], ["O"]) else None
        if len(body) <= _LONGEST:
            found[match["braced"] or match["bare"]] = Macro(count, default, body)
    return found
