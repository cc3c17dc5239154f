"""How sure a mean is: bootstrap intervals, and paired differences. Seeded: the same values give the same figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 1_000
_SEED = 20_240_501


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` questions with its 95% bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The mean of (now - before) over the `n` questions that both have, and its standard error."""

    mean: float
    error: float
    n: int


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of one or more values, and the 2.5 and 97.5 percentiles of the means of 1,000 resamples."""
    sample = np.asarray(values, dtype=np.float64)
    chosen = np.random.default_rng(_SEED).integers(0, len(sample), (RESAMPLES, len(sample)))
    low, high = np.percentile(sample[chosen].mean(axis=1), [2.5, 97.5])
    mean = float(sample.mean())
    # Means are rounded in the last place, each in its own way; the interval is to hold its mean.
    return Estimate(mean, min(float(low), mean), max(float(high), mean), len(sample))


def difference(before: Mapping[str, float], now: Mapping[str, float]) -> Difference | None:
    """The paired difference over the questions of both, or None where there are none.

    The error is the standard deviation of the differences over the root of their number; 0 for one question.
    """
    shared = sorted(before.keys() & now.keys())
    if not shared:
        return None
    gaps = np.array([now[key] - before[key] for key in shared], dtype=np.float64)
    error = float(gaps.std(ddof=1) / np.sqrt(len(gaps))) if len(gaps) > 1 else 0.0
    return Difference(float(gaps.mean()), error, len(gaps))


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """The 50th and 95th percentile of one or more values."""
    middle, high = np.percentile(np.asarray(values, dtype=np.float64), [50, 95])
    return float(middle), float(high)
