"""Citations as they stand in a block: where, and what they name."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.drafts.draft import Entry


@dataclass(frozen=True, slots=True)
class Cited:
    """One work that a citation names: by key or number, names and year, identifiers, or an entry of its own."""

    shown: str
    key: str = ""
    families: tuple[str, ...] = ()
    year: str = ""
    ids: frozenset[str] = frozenset()
    entry: Entry | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation in a block. `is_subject`: it is a part of the sentence, as in "Moss et al. (2020) show".

    `repeats`: it cites what was cited last ("ibid."). One that cites nothing else is the mark of a footnote.
    """

    start: int
    end: int
    cited: tuple[Cited, ...]
    is_subject: bool = False
    repeats: bool = False
