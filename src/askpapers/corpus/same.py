"""Decides which records are of the same paper: by identifiers, by text, and by title, authors and year.

Pairs that can be of one paper are found in blocks: one identifier, one text, one title, or nearly one text (`near`).
Each pair is compared, and the surest are joined first, unless anything in the two groups speaks against it: so what is
joined does not depend on the order of the records, and does not chain through a third record from one paper to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product

from askpapers.corpus.compare import (
    Compared,
    Likeness,
    Titles,
    compare_texts,
    compare_titles,
    read_words,
)
from askpapers.corpus.names import family_names
from askpapers.corpus.near import Sketches, neighbours
from askpapers.corpus.notices import is_only_notice
from askpapers.corpus.records import Record
from askpapers.corpus.traits import Traits

_FEW_WORDS = 8
"""A text of fewer words, such as "This paper has been withdrawn", is that of many papers."""
_FEW_LETTERS = 80  # and no more: some languages write no space between words
_PART = 20  # words from which a text is taken for the beginning of another without a title that says so
_LONG = 40  # words that two papers do not share by chance
_WHOLE = 0.9  # of the words of the longer text: the conference paper is not the journal's under another title
_OF_A_TITLE = 3  # words, fewer are no name: "Editorial", "Reply"
_YEARS = 2  # between two records of one paper
_YEARS_TO_PRINT = 5  # between a preprint and its publication
_WITH_ONE_IDENTIFIER = {
    Titles.SAME: Likeness.DIFFERENT,
    Titles.NEAR: Likeness.DIFFERENT,
    Titles.UNKNOWN: Likeness.DIFFERENT,
    Titles.DIFFERENT: Likeness.VERSION,
    Titles.DISTINCT: Likeness.EDITED,
}
"""How alike texts have to be: the chapters of a book may all give its DOI."""
_COMPARED = 12  # records of a group that speak against another


class Copy:
    """Records that are the same in all that is compared, and what is compared of them."""

    def __init__(self, record: Record, traits: Traits) -> None:
        """Take what is compared from a record."""
        self.record = record
        self.positions: list[int] = []
        self.digest, self.title, self.ids, self.preprint = traits.digest, traits.title, traits.ids, traits.preprint

    @property
    def words(self) -> list[str]:
        """The words of the text."""
        return self._key.split()

    @cached_property
    def _key(self) -> str:
        return " ".join(read_words(self.record.text))  # a tenth of what the words take apart

    @cached_property
    def families(self) -> frozenset[str]:
        """The authors' family names, folded."""
        return family_names(self.record.metadata.people, self.record.authors)

    @cached_property
    def is_template(self) -> bool:
        """Whether its text may be that of many papers."""
        text = self.record.text
        return (len(text) < _FEW_LETTERS and len(self.words) < _FEW_WORDS) or is_only_notice(text)

    @property
    def order(self) -> tuple[object, ...]:
        """A place among copies that does not depend on where they were found."""
        record = self.record
        return (self.digest, self.title.key, sorted(self.ids), record.id or "", record.year or 0, record.authors)


def group_copies(records: Sequence[Record], traits: Iterable[Traits]) -> list[list[int]]:
    """The positions of the records, grouped by paper, in the order in which the papers were first found.

    `traits` are those of each record.
    """
    copies, sketches = _copies(records, traits)
    pairs = []
    for first, second in _candidates(copies, sketches):
        if strength := _strength(copies[first], copies[second]):
            ends = sorted((copies[first].order, copies[second].order))
            pairs.append((-strength, ends, first, second))
    groups = {number: [number] for number in range(len(copies))}
    group_of = list(range(len(copies)))
    for _, _, first, second in sorted(pairs, key=lambda pair: pair[:2]):
        small, large = sorted((group_of[first], group_of[second]), key=lambda group: len(groups[group]))
        if small != large and not _apart([copies[n] for n in groups[small]], [copies[n] for n in groups[large]]):
            for number in groups[small]:
                group_of[number] = large
            groups[large] += groups.pop(small)
    return sorted(sorted(p for number in group for p in copies[number].positions) for group in groups.values())


def _copies(records: Sequence[Record], traits: Iterable[Traits]) -> tuple[list[Copy], Sketches]:
    copies: dict[tuple[object, ...], Copy] = {}
    sketches = Sketches()
    for position, (record, own) in enumerate(zip(records, traits, strict=True)):
        alike = (own.digest, own.title.key, own.ids, record.id, record.year, record.authors)
        if alike not in copies:
            copies[alike] = Copy(record, own)
            sketches.add(own.sketch)
        copies[alike].positions.append(position)
    return list(copies.values()), sketches


def _candidates(copies: Sequence[Copy], sketches: Sketches) -> Iterator[tuple[int, int]]:
    """Pairs of copies that can be of one paper, each once."""
    alone = dict[object, int]()
    blocks = dict[object, list[int]]()
    for number, copy in enumerate(copies):
        for name in {*copy.ids, copy.digest, copy.title.key, ("id", copy.record.id)} - {"", ("id", None)}:
            if (other := alone.setdefault(name, number)) != number:
                blocks.setdefault(name, [other]).append(number)
    pairs = set(sketches.pairs())
    for block in blocks.values():
        pairs.update(neighbours(sorted(block, key=lambda number: copies[number].order)))
    yield from {(min(pair), max(pair)) for pair in pairs}


def _strength(one: Copy, other: Copy) -> int:
    """How sure it is that two copies are of one paper: from 5 (the same identifier) to 0 (not, or nobody knows)."""
    if _differ(one, other, "arxiv"):
        return 0
    titles = compare_titles(one.title, other.title)
    if one.ids & other.ids:
        return 5 if _text(one, other).likeness >= _WITH_ONE_IDENTIFIER[titles] else 0
    authors = _authors(one, other)
    if titles is Titles.SAME:
        return _with_one_title(one, other, authors)
    if authors is False or titles in (Titles.DIFFERENT, Titles.DISTINCT) or _conflict(one, other):
        return 0
    text = _text(one, other)
    if text.likeness is not Likeness.COPY:
        return 0
    if titles is Titles.NEAR:
        whole = text.words >= max(_LONG, _WHOLE * max(len(one.words), len(other.words)))
        return 1 if whole and _near_in_time(one, other) else 0
    if one.digest == other.digest:
        return 0 if _differ_in_id(one, other) and one.is_template else 3
    return 2 if text.words >= _PART else 0


def _with_one_title(one: Copy, other: Copy, authors: bool | None) -> int:
    text, near_in_time = _text(one, other), _near_in_time(one, other)
    printed = one.preprint != other.preprint
    edited = text.likeness >= (Likeness.VERSION if printed else Likeness.EDITED)
    if _conflict(one, other):
        return 3 if edited and near_in_time and authors is not False else 0
    if text.likeness is Likeness.COPY:
        doubted = (authors is False and text.words < _LONG) or not near_in_time or _differ_in_id(one, other)
        return 0 if doubted and one.is_template else 4
    own = one.record.id is not None and one.record.id == other.record.id
    if text.likeness is Likeness.EDITED and authors is not False and near_in_time:
        return 3 if authors or own or len(one.title.words) >= _OF_A_TITLE else 0
    return 2 if edited and (authors or own) and near_in_time else 0


def _near_in_time(one: Copy, other: Copy) -> bool:
    first, second = one.record.year, other.record.year
    most = _YEARS if one.preprint == other.preprint else _YEARS_TO_PRINT
    return not first or not second or abs(first - second) <= most


def _conflict(one: Copy, other: Copy) -> bool:
    """Whether two copies have different identifiers of one kind."""
    return any(_differ(one, other, kind) for kind in ("doi", "pmid", "openalex"))


def _differ(one: Copy, other: Copy, kind: str) -> bool:
    mine = {name for name in one.ids if name.startswith(kind)}
    others = {name for name in other.ids if name.startswith(kind)}
    return bool(mine and others and not mine & others)


def _differ_in_id(one: Copy, other: Copy) -> bool:
    return one.record.id is not None and other.record.id is not None and one.record.id != other.record.id


def _authors(one: Copy, other: Copy) -> bool | None:
    """Whether two copies share an author; None where one gives none."""
    return bool(one.families & other.families) if one.families and other.families else None


def _text(one: Copy, other: Copy) -> Compared:
    if one.digest == other.digest:
        return Compared(Likeness.COPY, len(one.words))
    return compare_texts(one.words, other.words)


def _apart(group: Sequence[Copy], other: Sequence[Copy]) -> bool:
    """Whether any two copies of two groups speak against one paper."""
    return any(_oppose(a, b) for a, b in product(group[:_COMPARED], other[:_COMPARED]))


def _oppose(one: Copy, other: Copy) -> bool:
    if one.ids & other.ids or _strength(one, other):
        return False
    titles = compare_titles(one.title, other.title)
    if titles in (Titles.DISTINCT, Titles.DIFFERENT) or _differ(one, other, "arxiv") or _conflict(one, other):
        return True
    if _differ_in_id(one, other) and one.is_template:
        return True
    return _text(one, other).likeness is Likeness.DIFFERENT and not (titles is Titles.SAME and _authors(one, other))
