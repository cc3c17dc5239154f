"""Gates: what a run must reach, and how far it may fall behind the accepted one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from askpapers.errors import UsageError
from askpapers.evaluation.accepted import AcceptedQuestion, AcceptedSuite, rounded
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.scoring import GROUPS, METRICS
from askpapers.evaluation.statistics import Difference, Estimate, difference

_SURE = 2.0  # paired standard errors
_HINT = "A gate is written: [SUITE] and below it METRIC = { floor = 0.9, drop = 0.02 }"


@dataclass(frozen=True, slots=True)
class Gate:
    """The least mean, and the mean drop that is let pass; None where it is not set."""

    floor: float | None = None
    drop: float | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A metric of a run beside the accepted run and its gate. `failures` say in words which bounds are broken."""

    metric: str
    estimate: Estimate | None
    before: float | None
    change: Difference | None
    gate: Gate | None
    failures: tuple[str, ...]
    below_floor: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A question that scores otherwise than in the accepted run: before and now of each metric that moved."""

    outcome: Outcome
    before: AcceptedQuestion
    moved: Mapping[str, tuple[float, float]]

    @property
    def net(self) -> float:
        """The sum of what moved: below 0 the question is lost, above it is won."""
        return sum(now - before for before, now in self.moved.values())


@dataclass(frozen=True, slots=True)
class Judged:
    """A run, judged. `renewed` are fingerprints that differ from the accepted run's: name, before, now.

    `lost` and `won` are the questions that score worse and better, the worst and best first.
    """

    run: Run
    accepted: AcceptedSuite | None
    results: tuple[Result, ...]
    renewed: tuple[tuple[str, str, str], ...]
    lost: tuple[Change, ...]
    won: tuple[Change, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        """The results that break a gate."""
        return tuple(result for result in self.results if result.failures)

    @property
    def groups(self) -> dict[str, list[Result]]:
        """The results under the headings of their metrics, as far as there are any."""
        by_name = {result.metric: result for result in self.results}
        return {
            heading: found
            for heading, metrics in GROUPS.items()
            if (found := [by_name[metric.name] for metric in metrics if metric.name in by_name])
        }


def read_gates(file: Path) -> dict[str, dict[str, Gate]]:
    """Gates by suite and metric. Raises UsageError for a file that cannot be read or holds what is no gate."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"The gates {file} cannot be read: {error}.", hint=_HINT) from error
    gates: dict[str, dict[str, Gate]] = {}
    for suite, table in content.items():
        if not isinstance(table, dict):
            raise UsageError(f"{file}: “{suite}” is no table.", hint=_HINT)
        gates[suite] = {metric: _read_gate(file, suite, metric, bounds) for metric, bounds in table.items()}
    return gates


def _read_gate(file: Path, suite: str, metric: str, bounds: object) -> Gate:
    if metric not in METRICS:
        raise UsageError(f"{file}, [{suite}]: there is no metric “{metric}”.", hint=f"There are: {', '.join(METRICS)}")
    if not isinstance(bounds, dict) or not bounds or not bounds.keys() <= {"floor", "drop"}:
        raise UsageError(f"{file}, [{suite}]: “{metric}” is no gate.", hint=_HINT)
    if not all(type(bound) in (int, float) and 0 <= bound <= 1 for bound in bounds.values()):
        raise UsageError(f"{file}, [{suite}]: the bounds of “{metric}” are numbers from 0 to 1.", hint=_HINT)
    return Gate(**{name: float(bound) for name, bound in bounds.items()})


def judge(run: Run, gates: Mapping[str, Gate], accepted: AcceptedSuite | None) -> Judged:
    """Hold a run against its gates and against the accepted run, if there is one."""
    estimates = run.estimates()
    names = [name for name in METRICS if name in estimates or name in gates]
    results = tuple(_result(name, run, estimates.get(name), gates.get(name), accepted) for name in names)
    changes = _changes(run, accepted) if accepted else []
    return Judged(
        run,
        accepted,
        results,
        _renewed(run, accepted) if accepted else (),
        tuple(sorted((c for c in changes if c.net <= 0), key=lambda c: c.net)),
        tuple(sorted((c for c in changes if c.net > 0), key=lambda c: -c.net)),
    )


def _result(metric: str, run: Run, now: Estimate | None, gate: Gate | None, accepted: AcceptedSuite | None) -> Result:
    before = accepted.values(metric) if accepted else {}
    change = difference(before, {key: rounded(value) for key, value in run.values(metric).items()})
    failures = []
    # Compared as they are shown: a mean of 0.9 is not below a floor of 0.9 for its last binary digit.
    below = gate is not None and gate.floor is not None and (now is None or rounded(now.mean) < gate.floor)
    if below and gate:
        failures.append(f"{f'{now.mean:.3f}' if now else 'not measured'}, below the floor of {gate.floor:.3f}")
    if gate and gate.drop is not None and change and rounded(-change.mean) > max(gate.drop, _SURE * change.error):
        failures.append(
            f"fell by {-change.mean:.3f} ± {change.error:.3f} over {change.n} questions; allowed are {gate.drop:.3f}"
            " and twice the standard error"
        )
    mean = sum(before.values()) / len(before) if before else None
    return Result(metric, now, mean, change, gate, tuple(failures), below)


def _changes(run: Run, accepted: AcceptedSuite) -> list[Change]:
    changes = []
    for outcome in run.outcomes:
        before = accepted.questions.get(outcome.case.id)
        if before is None:
            continue
        now = {name: rounded(value) for name, value in outcome.scores.items()}
        moved = {
            name: (before.scores[name], now[name])
            for name in METRICS
            if name in now and name in before.scores and now[name] != before.scores[name]
        }
        if moved:
            changes.append(Change(outcome, before, moved))
    return changes


def _renewed(run: Run, accepted: AcceptedSuite) -> tuple[tuple[str, str, str], ...]:
    names = dict.fromkeys([*accepted.fingerprints, *run.fingerprints])
    pairs = ((name, accepted.fingerprints.get(name, ""), run.fingerprints.get(name, "")) for name in names)
    return tuple((name, before, now) for name, before, now in pairs if before != now)
