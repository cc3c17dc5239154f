"""Which papers a filter admits, and how many it leaves out and why: found without reading a paper."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import Filter
from askpapers.index.facets import Facet
from askpapers.index.papers import PaperStore


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of the papers that are looked at, in order, and the count of the others."""

    rows: tuple[int, ...]
    left_out: LeftOut
    within: Filter

    def coverage(self, checked: int, embedded: int | None = None) -> Coverage:
        """What is said of a survey that judged so many of them; only the first `embedded` papers have vectors (all)."""
        total = len(self.rows) + self.left_out.total
        years = Filter()
        for part in _parts(self.within):
            years = years.of_years(part.since, part.until)
        by_words = 0 if embedded is None else min(checked, len(self.rows) - bisect_left(self.rows, embedded))
        return Coverage(
            checked, total, self.left_out, years.since, years.until, in_words(self.within), by_words=by_words
        )


def select(papers: PaperStore, within: Filter) -> Selection:
    """Select the papers that a filter admits."""
    admitted = np.ones(len(papers), dtype=np.bool_)
    left_out: dict[str, int] = {}
    for part in _parts(within):
        for why, ruled_out in _ruled_out(papers, part):
            left_out[why] = left_out.get(why, 0) + int(np.count_nonzero(admitted & ruled_out))
            admitted &= ~ruled_out
    return Selection(tuple(np.flatnonzero(admitted).tolist()), LeftOut(**left_out), within)


def in_words(within: Filter) -> str:
    """What a filter restricts papers to besides ids and years: "by Moss in Nature tagged rlhf"."""
    found = list[str]()
    for part in _parts(within):
        named = (("by", part.authors), ("in", part.venues), ("tagged", part.tags))
        found += [f"{word} {' or '.join(names)}" for word, names in named if names]
        found += [f"marked as {' or '.join(sorted(part.notices))}"] if part.notices else []
    return " ".join(found)


def _parts(within: Filter) -> Iterator[Filter]:
    part: Filter | None = within
    while part:
        yield part
        part = part.further


Mask = npt.NDArray[np.bool_]


def _ruled_out(papers: PaperStore, within: Filter) -> Iterator[tuple[str, Mask]]:
    """The reasons to leave papers out, in the order in which they are counted, each with the papers that it fits."""
    facets, count = papers.facets, len(papers)
    if within.papers:
        yield "not_chosen", ~_mask(papers.rows_of(within.papers), count)
    if within.since is not None or within.until is not None:
        years = papers.years
        yield "without_year", years == 0
        yield "older", years < (within.since or 0)
        yield "newer", years > (within.until if within.until is not None else years.max(initial=0))
    for kind, names, without, other in (
        (Facet.AUTHOR, within.authors, "without_authors", "by_others"),
        (Facet.VENUE, within.venues, "without_venue", "other_venues"),
        (Facet.TAG, within.tags, "without_tags", "other_tags"),
    ):
        if names:
            values = [value for name in names for value in facets.find(kind, name)]
            yield without, _mask(facets.without(kind), count)
            yield other, ~_mask(facets.rows(kind, values), count)
    if within.notices:
        yield "without_notice", ~_mask(facets.rows(Facet.NOTICE, within.notices), count)


def _mask(rows: Collection[int], count: int) -> Mask:
    mask = np.zeros(count, dtype=np.bool_)
    mask[list(rows)] = True
    return mask
