"""Plots: what is where on them. `templates/plot.html` draws them.

Colours are classes, so that the page's light and dark both fit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.evaluation.gates import Judged, Result
from askpapers.evaluation.report.content import mean_text, times
from askpapers.evaluation.runs import Outcome
from askpapers.evaluation.scoring import METRICS
from askpapers.evaluation.statistics import Estimate, estimate, percentiles

_WIDTH = 350  # of every plot: about the pixels that a card gives it, so that text keeps its size
_ROW, _LABELS, _VALUE = 20, 178, 44
_SUPPORT = (
    ("citation_recall", "its quotes"),
    ("supported_by_cited", "a cited paper"),
    ("supported_by_any", "any paper"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A line, text, upward text, dot, diamond or bar; `style` is its classes.

    `at` is where it is, in pixels: ends, place, place and radius, corners, box. `text` is what a text says, and what a
    dot shows under the pointer.
    """

    form: str
    style: str
    at: Sequence[str]
    text: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of so many pixels; later shapes are drawn over earlier ones."""

    title: str
    height: int
    shapes: Sequence[Shape]
    width: int = _WIDTH


def scores(judged: Judged) -> Plot:
    """Every metric of a suite: mean and interval, the accepted mean as a diamond, the floor as a tick."""
    left, right = _LABELS, _WIDTH - _VALUE
    y = top = 8.0

    def x(value: float) -> float:
        return left + value * (right - left)

    rows: list[Shape] = []
    for heading, results in judged.groups.items():
        y += _ROW
        rows.append(_text(0, y, heading, "head"))
        for result in results:
            y += _ROW
            failed = " failed" if result.failures else ""
            middle = y - 4
            rows.append(_text(10, y, METRICS[result.metric].title, "label" + failed))
            if result.gate and result.gate.floor is not None:
                rows.append(_line(x(result.gate.floor), middle - 7, x(result.gate.floor), middle + 7, "floor"))
            if result.before is not None and not _is_same(result):
                rows.append(_diamond(x(result.before), middle, 5.5, "accepted"))
            if now := result.estimate:
                rows.append(_line(x(now.low), middle, x(now.high), middle, "range" + failed))
                tip = f"{METRICS[result.metric].title}: {mean_text(now)}. {METRICS[result.metric].gist}"
                rows.append(_dot(x(now.mean), middle, 4, "mean" + failed, tip))
                rows.append(_text(_WIDTH, y, f"{now.mean:.3f}", "value" + failed, "end"))
            else:
                rows.append(_text(_WIDTH, y, "–", "value" + failed, "end"))
    bottom = y + 6
    grid = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        grid.append(_line(x(tick), top + 6, x(tick), bottom, "grid"))
        grid.append(_text(x(tick), bottom + 14, f"{tick:g}", "tick", "middle"))
    return Plot(f"Scores of {judged.run.suite.name}", round(bottom + 20), [*grid, *rows])


def support(suites: Sequence[Judged]) -> Plot:
    """How much of what is said is supported, by the intent of the question."""
    by_intent: dict[str, list[Outcome]] = {}
    for outcome in (outcome for judged in suites for outcome in judged.run.outcomes):
        by_intent.setdefault(outcome.case.intent, []).append(outcome)
    left, right, y = 84, 300, 10.0
    rows: list[Shape] = []
    for intent, asked in sorted(by_intent.items()):
        estimates = {name: _estimate(asked, name) for name, _ in _SUPPORT}
        if not any(estimates.values()):
            continue
        rows.append(_text(0, y + 24, intent, "label"))
        alike = len({f"{found.mean:.3f}" for found in estimates.values() if found}) == 1  # one figure says it
        for place, (name, source) in enumerate(_SUPPORT):
            found = estimates[name]
            if found is None:
                continue
            middle = y + 8 + place * 12
            low, mean, high = (left + value * (right - left) for value in (found.low, found.mean, found.high))
            rows.append(_line(low, middle, high, middle, f"range s{place}"))
            rows.append(_dot(mean, middle, 3.5, f"s{place}", f"{intent}, supported by {source}: {mean_text(found)}"))
            if place == 1 or not alike:
                rows.append(_text(_WIDTH, middle + 4, f"{found.mean:.3f}", "tick", "end"))
        y += 46
    grid = []
    for tick in (0.0, 0.5, 1.0):
        at = left + tick * (right - left)
        grid.append(_line(at, 8, at, y, "grid"))
        grid.append(_text(at, y + 14, f"{tick:g}", "tick", "middle"))
    return Plot("Support by intent", round(y + 20), [*grid, *rows])


def precision(suites: Sequence[Judged]) -> Plot | None:
    """Right of answered against refused of unanswerable, a point a suite; diamonds are the accepted runs."""
    shown = [(judged.run.suite.name, *pair) for judged in suites if (pair := _refused_and_right(judged))]
    if not shown:
        return None
    left, right, top, bottom = 52, _WIDTH - 10, 12, 262
    # From the quarter below everything that is shown.
    least = math.floor(4 * min(min(_least(refused), _least(right_of)) for _, refused, right_of in shown)) / 4
    least = min(least, 0.75)

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = (x - least) / (1 - least), (y - least) / (1 - least)
        return left + across * (right - left), bottom - up * (bottom - top)

    parts = []
    for tick in (least + step * (1 - least) / 5 for step in range(6)):
        x, y = at(tick, tick)
        parts += [_line(x, top, x, bottom, "grid"), _line(left, y, right, y, "grid")]
        parts.append(_text(x, bottom + 16, f"{tick:.2g}", "tick", "middle"))
        parts.append(_text(left - 8, y + 4, f"{tick:.2g}", "tick", "end"))
    labels: list[float] = []
    for number, (name, refused, right_of) in enumerate(shown):
        across, up = refused.estimate, right_of.estimate
        assert across and up
        x, y = at(across.mean, up.mean)
        if (
            refused.before is not None
            and right_of.before is not None
            and not (_is_same(refused) and _is_same(right_of))
        ):
            was = at(refused.before, right_of.before)
            parts += [_line(*was, x, y, "path"), _diamond(*was, 6, "accepted")]
        parts.append(_line(*at(across.low, up.mean), *at(across.high, up.mean), f"range s{number % 3}"))
        parts.append(_line(*at(across.mean, up.low), *at(across.mean, up.high), f"range s{number % 3}"))
        tip = f"{name}: right, of answered {mean_text(up)}; refused, of unanswerable {mean_text(across)}"
        parts.append(_dot(x, y, 5.5, f"s{number % 3}", tip))
        height = y - 10
        while any(abs(height - other) < 15 for other in labels):
            height += 15
        labels.append(height)
        parts.append(_text(x - 10, height, name, f"name s{number % 3}", "end"))
    parts.append(_text((left + right) / 2, bottom + 36, "refused, of the unanswerable", "axis", "middle"))
    parts.append(Shape("upward text", "axis", _at(12, (top + bottom) / 2), "right, of the answered"))
    return Plot("Answered precision against refusal", bottom + 44, parts)


def _refused_and_right(judged: Judged) -> tuple[Result, Result] | None:
    results = {result.metric: result for result in judged.results if result.estimate}
    names = ("refused", "answered_right")
    return (results[names[0]], results[names[1]]) if results.keys() >= {*names} else None


def _least(result: Result) -> float:
    assert result.estimate
    return min(result.estimate.low, 1.0 if result.before is None else result.before)


def latency(suites: Sequence[Judged]) -> Plot | None:
    """How long questions took, a histogram a suite on one logarithmic axis, with median and 95th percentile."""
    known = {judged.run.suite.name: values for judged in suites if (values := times(judged.run))}
    if not known:
        return None
    low = 10 ** math.floor(math.log10(max(min(map(min, known.values())), 0.1)))
    high = 10 ** math.ceil(math.log10(max(max(map(max, known.values())), low * 10)))
    left, right, height, y = 4, _WIDTH - 4, 54, 22.0
    span = math.log10(high / low)

    def x(value: float) -> float:
        return left + (right - left) * math.log10(max(value, low) / low) / span

    bins, parts, top = 50, [], y
    for number, (name, values) in enumerate(known.items()):
        counts = [0] * bins
        for value in values:
            counts[min(int((x(value) - left) / (right - left) * bins), bins - 1)] += 1
        base, step = y + height, (right - left) / bins
        parts.append(_text(left, y, name, f"name s{number % 3}"))
        for place, count in enumerate(counts):
            if count:
                tall = max(count / max(counts) * (height - 12), 1.5)
                parts.append(Shape("bar", f"s{number % 3}", _at(left + place * step, base - tall, step - 1.5, tall)))
        middle, upper = percentiles(values)
        for value in (middle, upper):
            parts.append(_line(x(value), y + 8, x(value), base, "mark"))
        parts.append(_text(right, y, f"median {middle:,.0f} ms · 95% {upper:,.0f} ms", "tick", "end"))
        parts.append(_line(left, base, right, base, "grid"))
        y = base + 30
    decade = low
    while decade <= high * 1.001:
        anchor = "start" if decade == low else "end" if decade >= high * 0.999 else "middle"
        parts.insert(0, _line(x(decade), top + 6, x(decade), y - 26, "grid"))
        parts.append(
            _text(x(decade), y - 10, f"{decade:,g} ms" if decade < 1000 else f"{decade / 1000:g} s", "tick", anchor)
        )
        decade *= 10
    return Plot("Latency", round(y), parts)


def _is_same(result: Result) -> bool:
    """Whether the accepted mean would be drawn under the mean."""
    return bool(result.estimate and result.before is not None and abs(result.estimate.mean - result.before) < 0.0005)


def _estimate(outcomes: Sequence[Outcome], metric: str) -> Estimate | None:
    values = [o.scores[metric] for o in outcomes if metric in o.scores]
    return estimate(values) if values else None


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> Shape:
    return Shape("line", style, _at(x1, y1, x2, y2))


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> Shape:
    return Shape("text", style, _at(x, y), text, anchor)


def _dot(x: float, y: float, radius: float, style: str, tip: str) -> Shape:
    return Shape("dot", style, _at(x, y, radius), tip)


def _diamond(x: float, y: float, size: float, style: str) -> Shape:
    return Shape("diamond", style, _at(x, y - size, x + size, y, x, y + size, x - size, y))


def _at(*pixels: float) -> list[str]:
    return [f"{number:.1f}" for number in pixels]
