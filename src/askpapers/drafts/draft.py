"""What the readers of drafts give: prose without markup, each character with its place, and bibliographies."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from askpapers.text import folded, words

_AUTHORS_WITHIN = 400  # characters of an entry that is plain text: names come first


@dataclass(frozen=True, slots=True)
class Entry:
    """A work in a bibliography: by its fields, or as `text` where it is a line of a reference list.

    `key` is its cite key or number, `ids` its identifiers in the form of `identifiers_in`.
    """

    key: str = ""
    title: str = ""
    families: tuple[str, ...] = ()
    year: int | None = None
    ids: frozenset[str] = frozenset()
    text: str = ""

    @property
    def shown(self) -> str:
        """What it is called in a message."""
        return self.title or self.text or self.key

    def is_by(self, families: Sequence[str], year: int | None) -> bool:
        """Whether these people may have written it in that year."""
        if self.title or self.families:
            mine = {name.casefold() for name in map(folded, self.families)}
            return self.year == year and all(folded(name).casefold() in mine for name in families)
        there = {word.casefold() for word, *_ in words(folded(self.text[:_AUTHORS_WITHIN]))}
        named = all({word.casefold() for word, *_ in words(folded(name))} <= there for name in families)
        return named and str(year) in self.text

    def is_led_by(self, family: str) -> bool:
        """Whether a person is its first author: a line of a reference list begins with the name, or with initials."""
        name = folded(family).casefold()
        if self.families:
            return folded(self.families[0]).casefold() == name
        there = re.sub(r"^\W*(?:[^\W\d_]{1,2}\.[\s-]?)*", "", folded(self.text)).casefold()
        return re.match(rf"{re.escape(name)}\b", there) is not None


@dataclass(frozen=True)
class Bibliography:
    """The works that a draft says it cites."""

    entries: tuple[Entry, ...] = ()

    def by_key(self, key: str) -> Entry | None:
        """The entry of a cite key or number; of several the first."""
        return self._by_key.get(key.casefold()) if key else None

    def by_authors(self, families: Sequence[str], year: str) -> list[Entry]:
        """The entries by these people of that year ("2020", "2020a").

        Where some are led by the first of them, or have the letter of the year, too, it is those.
        """
        found = [entry for entry in self.entries if entry.is_by(families, int(year[:4]))] if families else []
        found = [entry for entry in found if entry.is_led_by(families[0])] or found
        return [entry for entry in found if not year.isdecimal() and year in entry.text] or found

    @cached_property
    def is_numbered(self) -> bool:
        """Whether an entry has a number for its key."""
        return any(entry.key.isdecimal() for entry in self.entries)

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        return {entry.key.casefold(): entry for entry in reversed(self.entries)}


@dataclass(frozen=True, slots=True)
class Link:
    """A citation that markup makes (a hyperlink, a field of Word): where it is in a block, and what it cites."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Kind(StrEnum):
    """What a block is."""

    PROSE = "prose"
    HEADING = "heading"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or footnote without markup; LaTeX's and Pandoc's citations stay as they are written.

    `places[i]` is where `text[i]` stands in the draft; the last place is where the block ends. `label` is the number of
    a list item or the name of a footnote.
    """

    text: str
    places: tuple[int, ...]
    links: tuple[Link, ...] = ()
    kind: Kind = Kind.PROSE
    label: str = ""


@dataclass(frozen=True)
class DraftFile:
    """A file of a draft: its name, its text, to which the places of its prose refer, and its prose."""

    name: str
    text: str
    blocks: tuple[Block, ...]

    def line(self, place: int) -> int:
        """The line (from 1) of a place."""
        return bisect_left(self._line_ends, place) + 1

    @cached_property
    def _line_ends(self) -> list[int]:
        return [place for place, character in enumerate(self.text) if character == "\n"]


@dataclass(frozen=True)
class Draft:
    """A draft: its text, to which places refer, its prose, its bibliography, and what is to be said of it.

    `format` is "markdown", "latex", "docx" or "text". `included` are the files that a LaTeX draft includes.
    """

    name: str
    format: str
    text: str
    blocks: tuple[Block, ...]
    bibliography: Bibliography = Bibliography()
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    included: tuple[DraftFile, ...] = ()

    @cached_property
    def files(self) -> tuple[DraftFile, ...]:
        """The draft itself, then what it includes."""
        return (DraftFile(self.name, self.text, self.blocks), *self.included)


@dataclass(slots=True)
class BlockBuilder:
    """Puts a block together from pieces of a draft."""

    pieces: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)

    @property
    def length(self) -> int:
        """Characters so far."""
        return len(self.places)

    def copy(self, text: str, start: int, end: int) -> None:
        """Add what stands in the draft from start to end."""
        self.pieces.append(text[start:end])
        self.places.extend(range(start, end))

    def put(self, shown: str, place: int) -> None:
        """Add a text that stands for something else at a place."""
        self.pieces.append(shown)
        self.places.extend([place] * len(shown))

    def block(self, end: int, kind: Kind = Kind.PROSE, label: str = "") -> Block | None:
        """The block, without the white space around it; None where nothing is left."""
        text = "".join(self.pieces)
        first, last = len(text) - len(text.lstrip()), len(text.rstrip())
        if first >= last:
            return None
        places = (*self.places[first:last], self.places[last] if last < len(text) else end)
        links = tuple(Link(link.start - first, min(link.end, last) - first, link.entries) for link in self.links)
        return Block(
            text[first:last], places, tuple(link for link in links if 0 <= link.start <= link.end), kind, label
        )


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where the paragraphs of a plain text stand: runs of lines between blank ones."""
    start, place = None, 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None
        place += len(line)
    if start is not None:
        yield start, place
