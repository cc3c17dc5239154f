"""Finds papers that may be the same though they were not joined when they were read: a person decides on each pair.

Reading joins records only where that is sure. What is left are copies of one study with another year, a preprint beside
its article, a paper of a meeting beside the one in a journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from askpapers.corpus.compare import Likeness, Titles, compare_texts, compare_titles, read_title, read_words
from askpapers.corpus.names import family_names
from askpapers.corpus.near import Sketches, neighbours, sketch_of
from askpapers.corpus.traits import is_preprint
from askpapers.datatypes import Paper
from askpapers.identifiers import identifiers_in

_OF_A_TITLE = 3  # words; fewer are no name: "Editorial", "Reply"
_LONG = 40  # words that two papers do not share by chance


@dataclass(frozen=True, slots=True)
class PossibleDuplicate:
    """Two papers that may be the same, the likelier one to keep first, and why they may be."""

    paper: Paper
    other: Paper
    why: str


class _Compared:
    """What is compared of a paper."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.title = read_title(paper.title)

    @cached_property
    def words(self) -> list[str]:
        return read_words(self.paper.abstract)

    @cached_property
    def families(self) -> frozenset[str]:
        return family_names(self.paper.metadata.people, self.paper.authors)

    @cached_property
    def is_preprint(self) -> bool:
        data = self.paper.metadata
        ids = identifiers_in(self.paper.id, self.paper.url, data.doi, data.arxiv, *data.aliases)
        return is_preprint(data.type, ids)


def possible_duplicates(papers: Iterable[Paper]) -> Iterator[PossibleDuplicate]:
    """Yield the pairs of papers that may be the same, in the order of the corpus."""
    sketches, compared, by_title = Sketches(), list[_Compared](), dict[str, list[int]]()
    for number, paper in enumerate(papers):
        compared.append(_Compared(paper))
        sketches.add(sketch_of(paper.abstract))
        for key in _keys(compared[-1]):
            by_title.setdefault(key, []).append(number)
    pairs = {(min(pair), max(pair)) for block in by_title.values() for pair in neighbours(block)}
    pairs.update((min(pair), max(pair)) for pair in sketches.pairs())
    for first, second in sorted(pairs):
        if why := _why(compared[first], compared[second]):
            one, other = sorted((compared[first], compared[second]), key=_is_kept_before)
            yield PossibleDuplicate(one.paper, other.paper, why)


def _keys(one: _Compared) -> set[str]:
    """What papers are looked for by: the title, and the one before a subtitle."""
    main = one.title.main
    return {one.title.key, " ".join(main) if len(main) >= _OF_A_TITLE else ""} - {""}


def _is_kept_before(one: _Compared) -> tuple[bool, int]:
    """The article before its preprint, the later paper before the earlier."""
    return one.is_preprint, -(one.paper.year or 0)


def _why(one: _Compared, other: _Compared) -> str:
    """Why two papers may be the same, "" where nothing says so."""
    titles = compare_titles(one.title, other.title)
    if titles is Titles.DISTINCT:  # a part, an erratum, a reply
        return ""
    text = compare_texts(one.words, other.words)
    strangers = bool(one.families and other.families and not one.families & other.families)
    if titles is Titles.SAME:
        named = len(one.title.words) >= _OF_A_TITLE and not strangers
        found = "the same title" if named or text.likeness >= Likeness.VERSION else ""
    elif text.likeness >= Likeness.EDITED and text.words >= _LONG:
        found = "nearly the same abstract"
    else:
        near = titles is Titles.NEAR and not strangers and text.likeness is Likeness.VERSION
        found = "nearly the same title and abstract" if near else ""
    return ", ".join((found, *_differences(one, other))) if found else ""


def _differences(one: _Compared, other: _Compared) -> Iterator[str]:
    if one.is_preprint != other.is_preprint:
        yield "a preprint and an article"
    years = sorted(year for paper in (one.paper, other.paper) if (year := paper.year))
    if len(set(years)) == 2:
        yield f"{years[0]} and {years[1]}"
