"""What a kind of column of words is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.tables.rules import Rule


@dataclass(frozen=True, slots=True)
class WordKind:
    """A kind of column: the names that ask for it, its rules, the labels of the sections that it is said in."""

    name: str
    names: re.Pattern[str]
    rules: tuple[Rule, ...]
    sections: str = ""
