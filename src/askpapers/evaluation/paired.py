"""A run with a model beside the same questions answered without one: what the model won and what it lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

from askpapers.evaluation.rightness import is_right
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.statistics import Estimate, estimate

CITATIONS = ("citation_recall", "citation_precision")
"""The metrics that are given for both runs: ALCE's, by the support check."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One question, answered with the model and without."""

    with_model: Outcome
    without: Outcome

    @property
    def lost(self) -> bool:
        """Whether it is right without the model only."""
        return is_right(self.without) and not is_right(self.with_model)

    @property
    def won(self) -> bool:
        """Whether it is right with the model only."""
        return is_right(self.with_model) and not is_right(self.without)


@dataclass(frozen=True, slots=True)
class Paired:
    """A suite that was run twice. `llm` is the model's name; `pairs` are the questions in the order of the suite."""

    llm: str
    pairs: tuple[Pair, ...]

    @property
    def lost(self) -> tuple[Pair, ...]:
        """The questions that are right without the model only."""
        return tuple(pair for pair in self.pairs if pair.lost)

    @property
    def won(self) -> tuple[Pair, ...]:
        """The questions that are right with the model only."""
        return tuple(pair for pair in self.pairs if pair.won)

    @property
    def right(self) -> tuple[int, int]:
        """How many are right with the model, and without."""
        return sum(is_right(p.with_model) for p in self.pairs), sum(is_right(p.without) for p in self.pairs)

    @property
    def by_model(self) -> int:
        """How many answers the model had a part in; the others need none, or it was not asked."""
        return sum(bool(pair.with_model.reply.engine.get("llm")) for pair in self.pairs)

    @property
    def p_value(self) -> float:
        """The chance of a split of won and lost that is at least as uneven, were the two as good: see `mcnemar`."""
        return mcnemar(len(self.lost), len(self.won))

    def citations(self) -> Mapping[str, tuple[Estimate | None, Estimate | None]]:
        """ALCE's citation recall and precision with the model, and without."""
        return {
            name: (_mean(name, [p.with_model for p in self.pairs]), _mean(name, [p.without for p in self.pairs]))
            for name in CITATIONS
        }


def paired(llm: str, with_model: Run, without: Run) -> Paired:
    """Put the questions of two runs of one suite beside each other."""
    pairs = zip(with_model.outcomes, without.outcomes, strict=True)
    return Paired(llm, tuple(Pair(one, other) for one, other in pairs))


def mcnemar(lost: int, won: int) -> float:
    """The two-sided p value of McNemar's exact test: questions that differ go either way with equal chance.

    1.0 where no question differs. McNemar (1947); exact by the binomial distribution, as few questions differ.
    """
    differing = lost + won
    tail = sum(comb(differing, k) for k in range(min(lost, won) + 1))
    return float(min(1.0, 2 * tail / 2**differing))


def _mean(metric: str, outcomes: Sequence[Outcome]) -> Estimate | None:
    values = [outcome.scores[metric] for outcome in outcomes if metric in outcome.scores]
    return estimate(values) if values else None
