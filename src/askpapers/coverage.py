"""How many papers a question was looked for in, and how many were left out and why: in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass, fields

from askpapers.counts import counted


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many papers were left out, each for the first reason that fits, in this order.

    Not among those chosen, before or after the years asked for, without a year; by others, in other venues, with other
    tags, or without authors, a venue or tags; without the notice ("retracted") that was asked for.
    """

    not_chosen: int = 0
    older: int = 0
    newer: int = 0
    without_year: int = 0
    by_others: int = 0
    without_authors: int = 0
    other_venues: int = 0
    without_venue: int = 0
    other_tags: int = 0
    without_tags: int = 0
    without_notice: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, part.name) for part in fields(self))

    def __str__(self) -> str:
        """In words: "26 older and 2 without a year left out"."""
        parts = [f"{count:,} {why}" for name, why in _REASONS if (count := getattr(self, name))]
        parts += [counted(self.not_chosen, "other")] if self.not_chosen else []
        listed = " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
        return f"{listed or 'none'} left out"


_REASONS = (
    ("older", "older"),
    ("newer", "newer"),
    ("without_year", "without a year"),
    ("by_others", "by others"),
    ("without_authors", "without authors"),
    ("other_venues", "of other venues"),
    ("without_venue", "without a venue"),
    ("other_tags", "with other tags"),
    ("without_tags", "without tags"),
    ("without_notice", "without such a notice"),
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many papers of the corpus were judged one by one; `checked` and `left_out` together are all of them.

    `since` and `until` are the years that were asked for, both included; None is open. `named` says what else the
    papers were restricted to, in words: "by Moss in Nature". `read_by_model` is how many of those
    checked a language model read, None where there was none. `by_words` are those of the checked that have no vectors
    yet, as the index is being built, and were judged by their words. With `reading_on`, more papers of the corpus are
    being read: `total` counts those that were read so far.
    """

    checked: int
    total: int
    left_out: LeftOut = LeftOut()
    since: int | None = None
    until: int | None = None
    named: str = ""
    read_by_model: int | None = None
    by_words: int = 0
    reading_on: bool = False

    @property
    def papers(self) -> str:
        """Those that were looked at: "34 papers", "8 papers since 2023", "1 chosen paper of 2021"."""
        chosen = "chosen " if self.left_out.not_chosen else ""
        return f"{counted(self.checked, f'{chosen}paper')}{self._named}{self._years}"

    def __str__(self) -> str:
        """In words: "34 of 34 papers checked", "8 papers since 2023 checked, 26 older left out"."""
        if not self.left_out.total and not self._years and not self.named:
            so_far = " read so far" if self.reading_on else ""
            return f"{self.checked:,} of {counted(self.total, 'paper')}{so_far} checked{self._by_words}"
        so_far = " of those read so far" if self.reading_on else ""
        return f"{self.papers}{so_far} checked{self._by_words}, {self.left_out}"

    @property
    def _by_words(self) -> str:
        return f" ({self.by_words:,} of them by their words alone)" if self.by_words else ""

    @property
    def _named(self) -> str:
        return f" {self.named}" if self.named else ""

    @property
    def _years(self) -> str:
        match self.since, self.until:
            case None, None:
                return ""
            case since, None:
                return f" since {since}"
            case None, until:
                return f" until {until}"
            case since, until if since == until:
                return f" of {since}"
            case since, until:
                return f" from {since} to {until}"
