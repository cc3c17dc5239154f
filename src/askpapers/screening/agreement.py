"""Agreement of two screenings, and when to stop one: statistics over labels. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

RECALL = 0.95
"""The part of all papers to include that a screening is to find before it may stop."""
_MOST_REVIEWERS = 6  # of whom each two are compared


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two screenings of the same papers agree on keeping or excluding them.

    `kappa` is Cohen's, None where it is not defined (both gave all papers one label); `pabak` is the kappa that is
    adjusted for prevalence and bias, 2 p - 1.
    """

    both_keep: int
    only_first: int
    only_second: int
    both_exclude: int

    @property
    def papers(self) -> int:
        """How many papers were screened twice."""
        return self.both_keep + self.only_first + self.only_second + self.both_exclude

    @property
    def observed(self) -> float:
        """The part of the papers on which they agree."""
        return (self.both_keep + self.both_exclude) / self.papers

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa."""
        first, second = self.both_keep + self.only_first, self.both_keep + self.only_second
        n = self.papers
        expected = (first * second + (n - first) * (n - second)) / (n * n)
        return None if expected == 1 else (self.observed - expected) / (1 - expected)

    @property
    def pabak(self) -> float:
        """The prevalence-adjusted, bias-adjusted kappa."""
        return 2 * self.observed - 1


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement | None:
    """The agreement of two labels, kept or not, on each paper; None for no papers."""
    if not pairs:
        return None
    return Agreement(*(pairs.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))


def agreements(votes: Sequence[Mapping[str, bool]]) -> tuple[tuple[str, str, Agreement], ...]:
    """How each two of the first reviewers agree on the papers that both labelled, kept or not."""
    names = list(dict.fromkeys(name for paper in votes for name in paper))[:_MOST_REVIEWERS]
    found = (
        (one, other, agreement([(paper[one], paper[other]) for paper in votes if one in paper and other in paper]))
        for one, other in combinations(names, 2)
    )
    return tuple((one, other, made) for one, other, made in found if made)


def chance_of_less(kept: Sequence[bool], total: int, recall: float = RECALL) -> float:
    """How likely what was seen would be if less than `recall` of the papers to keep had been found; 1.0 at the start.

    `kept` says of each screened paper, in order, whether it was kept; `total` is how many papers there are. This is the
    test of Callaghan and Müller-Hansen (2020): the last papers that were screened are taken for a random sample of
    those that were left then. Where the likelier ones come first, as in a ranking, that is on the safe side.
    """
    found, least = sum(kept), 1.0
    if not found:
        return 1.0
    in_sample = 0
    for size, was_kept in enumerate(reversed(kept), start=1):
        in_sample += was_kept
        before = found - in_sample
        left = total - (len(kept) - size)
        wanted = math.floor(found / recall - before + 1)  # so many were left if recall is missed
        if wanted > left:  # there are not so many papers
            return 0.0
        least = min(least, _at_most(in_sample, left, wanted, size))
    return least


def _at_most(found: int, population: int, wanted: int, sample: int) -> float:
    """The chance of at most `found` of `wanted` in a sample drawn without replacement."""
    low = max(0, sample - (population - wanted))
    high = min(found, wanted, sample)
    if high >= min(wanted, sample):
        return 1.0
    every = _log_choose(population, sample)
    return min(
        1.0,
        math.fsum(
            math.exp(_log_choose(wanted, k) + _log_choose(population - wanted, sample - k) - every)
            for k in range(low, high + 1)
        ),
    )


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
