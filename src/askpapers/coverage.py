"""How many papers a question was looked for in, and how many were left out and why: in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many papers were left out: not among those chosen, before or after the years asked for, without a year."""

    not_chosen: int = 0
    older: int = 0
    newer: int = 0
    without_year: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.not_chosen + self.older + self.newer + self.without_year

    def __str__(self) -> str:
        """In words: "26 older and 2 without a year left out"."""
        counts = (self.older, "older"), (self.newer, "newer"), (self.without_year, "without a year")
        parts = [f"{count:,} {why}" for count, why in counts if count]
        parts += [f"{self.not_chosen:,} other{'s' if self.not_chosen > 1 else ''}"] if self.not_chosen else []
        listed = " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)
        return f"{listed or 'none'} left out"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many papers of the corpus were judged one by one; `checked` and `left_out` together are all of them.

    `since` and `until` are the years that were asked for, both included; None is open.
    """

    checked: int
    total: int
    left_out: LeftOut = LeftOut()
    since: int | None = None
    until: int | None = None

    @property
    def papers(self) -> str:
        """Those that were looked at: "34 papers", "8 papers since 2023", "1 chosen paper of 2021"."""
        chosen = "chosen " if self.left_out.not_chosen else ""
        return f"{self.checked:,} {chosen}paper{'' if self.checked == 1 else 's'}{self._years}"

    def __str__(self) -> str:
        """In words: "34 of 34 papers checked", "8 papers since 2023 checked, 26 older left out"."""
        if not self.left_out.total and not self._years:
            return f"{self.checked:,} of {self.total:,} papers checked"
        return f"{self.papers} checked, {self.left_out}"

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
