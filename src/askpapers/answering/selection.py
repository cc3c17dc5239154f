"""Which papers a question is looked for in, and what is left out by the filter and the years that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from askpapers.answering.years import Years
from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import Filter


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of the papers that are looked at, in order, and the count of the others."""

    rows: tuple[int, ...]
    left_out: LeftOut
    within: Filter

    def coverage(self, checked: int) -> Coverage:
        """What is said of a survey that judged so many of them."""
        total = len(self.rows) + self.left_out.total
        return Coverage(checked, total, self.left_out, self.within.since, self.within.until)


def select(papers: Iterable[tuple[str, int | None]], within: Filter) -> Selection:
    """Select from papers, given by id and year in the order of their rows, those that `within` admits."""
    rows: list[int] = []
    left_out: Counter[str] = Counter()
    for row, (paper, year) in enumerate(papers):
        if why := _left_out(paper, year, within):
            left_out[why] += 1
        else:
            rows.append(row)
    return Selection(tuple(rows), LeftOut(**left_out), within)


def narrowed(within: Filter, years: Years) -> Filter:
    """A filter that also keeps to the years of a question."""
    since = max((y for y in (within.since, years.first) if y is not None), default=None)
    until = min((y for y in (within.until, years.last) if y is not None), default=None)
    return Filter(within.papers, since, until)


def _left_out(paper: str, year: int | None, within: Filter) -> str:
    if within.papers and paper not in within.papers:
        return "not_chosen"
    if within.since is None and within.until is None:
        return ""
    if year is None:
        return "without_year"
    if within.since is not None and year < within.since:
        return "older"
    return "newer" if within.until is not None and year > within.until else ""
