"""Measures a support check on labelled pairs of source and claim."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from askpapers.datatypes import Verdict
from askpapers.errors import CorpusError, UsageError
from askpapers.grounding.support import Support, SupportCheck
from askpapers.progress import Progress

Floats = npt.NDArray[np.float64]

_RESAMPLES = 1000
_BINS = 10
_CONTRADICTS = {"CONTRADICT", "REFUTES"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the text that it is held against, and whether that text supports it."""

    source: str
    claim: str
    supported: bool
    relation: str  # the finer label, as the file writes it: SUPPORT, Refutes, ...; "" where there is none
    fault: str  # the kind of fault that was put in, "" if none

    @property
    def contradicted(self) -> bool:
        """Whether the source says the opposite of the claim."""
        return self.relation.upper() in _CONTRADICTS


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95% interval (percentile bootstrap), and how many pairs it is of."""

    value: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The pairs whose scores lie in one tenth of the range: their mean score and the share that is supported."""

    low: float
    high: float
    pairs: int
    mean_score: float
    supported: float


@dataclass(frozen=True, slots=True)
class GroundingReport:
    """How well a check tells claims that their source supports from those that it does not.

    A claim is accepted when its verdict is "supported". `balanced_accuracy_at_best` uses the threshold on the score
    that is best on these very pairs, so it is a bound and not a prospect. Figures of contradictions are None where
    the pairs name none.
    """

    pairs: int
    supported: int
    balanced_accuracy: Figure
    balanced_accuracy_at_best: Figure
    best_threshold: float
    auroc: Figure
    accepted_of_supported: Figure
    false_accepts: Figure
    false_accepts_of_contradicted: Figure | None
    balanced_accuracy_of_contradicted: Figure | None
    auroc_of_contradicted: Figure | None
    faults_detected: Mapping[str, Figure]
    verdicts: Mapping[str, Mapping[str, int]]
    calibration: tuple[Bin, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as plain values, for JSON."""
        return asdict(self)


def measure(pairs_file: Path, check: SupportCheck, progress: Progress = lambda *_: None) -> GroundingReport:
    """Run a check over a file of pairs."""
    pairs = read_pairs(pairs_file)
    found = []
    for number, pair in enumerate(pairs, start=1):
        found.append(check(pair.claim, pair.source))
        progress("checking", number, len(pairs))
    return report(pairs, found)


def read_pairs(file: Path) -> tuple[Pair, ...]:
    """Read JSON lines with `source_text`, `claim`, `label` (1 supported, 0 not), and perhaps `meta` and `fault`."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read {file}: {error}.", hint="Give a file of JSON lines, one pair a line.") from error
    pairs = tuple(_read_pair(line, f"{file}:{number}") for number, line in enumerate(lines, 1) if line.strip())
    if len({pair.supported for pair in pairs}) < 2:
        raise CorpusError(
            f"{file} needs claims of both kinds, and all {len(pairs)} are of one." if pairs else f"{file} is empty.",
            hint="Label some pairs 1 (the source supports the claim) and some 0.",
        )
    return pairs


def _read_pair(line: str, where: str) -> Pair:
    hint = 'A line is {"source_text": "...", "claim": "...", "label": 0 or 1}; see docs/evaluation.md.'
    try:
        row = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where} is not JSON: {error}.", hint=hint) from error
    if not isinstance(row, dict):
        raise CorpusError(f"{where} is not a JSON object.", hint=hint)
    for key in ("source_text", "claim"):
        if not isinstance(row.get(key), str):
            raise CorpusError(f"{where} has no text under {key!r}.", hint=hint)
    if row.get("label") not in (0, 1):
        raise CorpusError(f"{where} has label {row.get('label')!r}, not 0 or 1.", hint=hint)
    meta = row["meta"] if isinstance(row.get("meta"), dict) else {}
    relation = str(meta.get("label3") or meta.get("label_raw") or "")
    fault = str(row.get("fault") or meta.get("fault") or "")
    return Pair(row["source_text"], row["claim"], bool(row["label"]), relation, fault)


def report(pairs: Sequence[Pair], found: Sequence[Support]) -> GroundingReport:
    """The figures of what a check said of labelled pairs."""
    scores = np.array([support.score for support in found])
    accepted = np.array([float(support.verdict is Verdict.SUPPORTED) for support in found])
    yes = np.array([pair.supported for pair in pairs])
    against = np.array([pair.contradicted for pair in pairs]) & ~yes
    best = best_threshold(scores[yes], scores[~yes])
    above = (scores >= best).astype(float)
    by_fault: dict[str, list[float]] = {}
    for pair, taken in zip(pairs, accepted, strict=True):
        if pair.fault and not pair.supported:
            by_fault.setdefault(pair.fault, []).append(1 - taken)
    return GroundingReport(
        pairs=len(pairs),
        supported=int(yes.sum()),
        balanced_accuracy=_estimate(balanced_accuracy, accepted[yes], accepted[~yes]),
        balanced_accuracy_at_best=_estimate(balanced_accuracy, above[yes], above[~yes]),
        best_threshold=best,
        auroc=_estimate(auroc, scores[yes], scores[~yes]),
        accepted_of_supported=_estimate(_mean, accepted[yes]),
        false_accepts=_estimate(_mean, accepted[~yes]),
        false_accepts_of_contradicted=_estimate(_mean, accepted[against]) if against.any() else None,
        balanced_accuracy_of_contradicted=(
            _estimate(balanced_accuracy, accepted[yes], accepted[against]) if against.any() else None
        ),
        auroc_of_contradicted=_estimate(auroc, scores[yes], scores[against]) if against.any() else None,
        faults_detected={fault: _estimate(_mean, np.array(caught)) for fault, caught in sorted(by_fault.items())},
        verdicts=_verdicts(pairs, found),
        calibration=tuple(calibration(scores, yes)),
    )


def auroc(positive: Floats, negative: Floats) -> float:
    """The chance that a positive scores above a negative, ties counted half (Mann-Whitney)."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, side="left")
    not_above = np.searchsorted(ordered, positive, side="right")
    return float((below + not_above).mean() / (2 * len(negative)))


def balanced_accuracy(positive: Floats, negative: Floats) -> float:
    """The mean of the share of positives that are accepted and of negatives that are not (1.0: accepted)."""
    return float((positive.mean() + 1 - negative.mean()) / 2)


def best_threshold(positive: Floats, negative: Floats) -> float:
    """The score at and above which accepting gives the best balanced accuracy; of equals, the strictest."""
    bounds = np.unique(np.concatenate([positive, negative]))
    recall = 1 - np.searchsorted(np.sort(positive), bounds, side="left") / len(positive)
    refused = np.searchsorted(np.sort(negative), bounds, side="left") / len(negative)
    balance = (recall + refused) / 2
    return float(bounds[np.flatnonzero(balance >= balance.max() - 1e-12)[-1]])


def calibration(scores: Floats, supported: npt.NDArray[np.bool_]) -> list[Bin]:
    """Ten bins of equal width, those that hold a pair."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    return [
        Bin(
            low=number / _BINS,
            high=(number + 1) / _BINS,
            pairs=int((bins == number).sum()),
            mean_score=float(scores[bins == number].mean()),
            supported=float(supported[bins == number].mean()),
        )
        for number in range(_BINS)
        if (bins == number).any()
    ]


def _verdicts(pairs: Sequence[Pair], found: Sequence[Support]) -> dict[str, dict[str, int]]:
    """How often each verdict was given, by label, or by the finer label where the file has one."""
    counts: dict[str, Counter[str]] = {}
    for pair, support in zip(pairs, found, strict=True):
        label = pair.relation or ("supported" if pair.supported else "not supported")
        counts.setdefault(label, Counter({str(verdict): 0 for verdict in Verdict}))[str(support.verdict)] += 1
    return {label: dict(count) for label, count in sorted(counts.items())}


def _mean(values: Floats) -> float:
    return float(values.mean())


def _estimate(figure: Callable[..., float], *groups: Floats) -> Figure:
    """A figure and its interval. Each group is resampled by itself, so that none is ever empty."""
    rng = np.random.default_rng(0)
    drawn = [figure(*(group[rng.integers(len(group), size=len(group))] for group in groups)) for _ in range(_RESAMPLES)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Figure(figure(*groups), float(low), float(high), sum(len(group) for group in groups))
