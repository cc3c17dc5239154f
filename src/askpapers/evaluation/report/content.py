"""What every form of the report says: the judged suites, what they took, and figures in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from askpapers.counts import counted
from askpapers.evaluation.gates import Change, Judged, Result
from askpapers.evaluation.judge import Grades
from askpapers.evaluation.paired import Pair, Paired
from askpapers.evaluation.rightness import Wrong, is_right, wrong_questions
from askpapers.evaluation.runs import Run
from askpapers.evaluation.scoring import METRICS
from askpapers.evaluation.statistics import Estimate, percentiles
from askpapers.text import printable

TRUST = (
    "Judged by the support check, which errs: of 167 faulty answer sentences it caught four in five, of 150 sound ones"
    " it doubted one in six (docs/evaluation.md)."
)
FINGERPRINTS = {
    "suite": "the suite's text",
    "version": "the program's version",
    "synthesizer": "the synthesizers",
    "llm": "the language model",
    "prompts": "the prompts",
    "embedder": "the embedder",
    "index": "the index",
    "check": "the support check",
}


@dataclass(frozen=True, slots=True)
class Report:
    """All suites of a run. `seconds` is how long it took; `corpus` says what was asked.

    By suite: `grades` are those of a judge, where one was asked; `paired` are runs with a model beside those without.
    """

    suites: tuple[Judged, ...]
    corpus: str
    seconds: float
    grades: Mapping[str, Grades] = field(default_factory=dict)
    paired: Mapping[str, Paired] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether no gate is broken."""
        return not any(judged.failed for judged in self.suites)

    @property
    def gates(self) -> int:
        """How many gates it was held against."""
        return sum(result.gate is not None for judged in self.suites for result in judged.results)

    @property
    def right(self) -> int:
        """How many questions were answered rightly."""
        return sum(is_right(outcome) for judged in self.suites for outcome in judged.run.outcomes)

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return sum(len(judged.run.outcomes) for judged in self.suites)


@dataclass(frozen=True, slots=True)
class Took:
    """What a run took: milliseconds (50th and 95th percentile), tokens, US dollars; None where unknown."""

    middle_ms: float | None
    high_ms: float | None
    tokens: int
    cost_usd: float | None


def times(run: Run) -> list[float]:
    """How many milliseconds the answers of a run took, as far as that is known."""
    reply_costs = (outcome.reply.cost.milliseconds for outcome in run.outcomes)
    return [milliseconds for milliseconds in reply_costs if milliseconds is not None]


def took(run: Run) -> Took:
    """Sum up what the answers of a run took."""
    reply_costs = [outcome.reply.cost for outcome in run.outcomes]
    known = times(run)
    middle, high = percentiles(known) if known else (None, None)
    costs = [cost.cost_usd for cost in reply_costs if cost.cost_usd is not None]
    tokens = sum(cost.prompt_tokens + cost.completion_tokens for cost in reply_costs)
    return Took(middle, high, tokens, sum(costs) if costs else None)


def took_line(run: Run) -> str:
    """What a run took, in a line."""
    spent = took(run)
    parts = []
    if spent.middle_ms is not None and spent.high_ms is not None:
        parts.append(f"a question takes {spent.middle_ms:.0f} ms (median), {spent.high_ms:.0f} ms (95th percentile)")
    parts.append(f"{spent.tokens:,} tokens" if spent.tokens else "no language model")
    if spent.cost_usd is not None:
        parts.append(f"${spent.cost_usd:.4f}")
    return ", ".join(parts)


def grades_line(report: Report, suite: str) -> str:
    """What a judge made of a suite, in a line; "" where none was asked."""
    grades = report.grades.get(suite)
    if grades is None:
        return ""
    found = grades.estimate
    figure = mean_text(found) if found else "nothing readable"
    unreadable = f"; {grades.unreadable} replies unreadable" if grades.unreadable else ""
    return f"Graded by {grades.llm}, advisory: {figure}{unreadable}."


def paired_lines(report: Report, suite: str) -> list[str]:
    """How a model's run compares with the one without it, in two lines; none where there was no model."""
    both = report.paired.get(suite)
    if both is None:
        return []
    (right, without), count = both.right, len(both.pairs)
    compared = (
        f"With {both.llm} {right} of {count} right, without a model {without}: lost {len(both.lost)},"
        f" won {len(both.won)} (McNemar's exact test: p = {both.p_value:.3f})."
        f" The model had a part in {both.by_model} answers."
    )
    figures = [
        f"{METRICS[name].title.lower()} {mean_text(one)}, without {mean_text(other)}"
        for name, (one, other) in both.citations().items()
    ]
    return [compared, f"{'; '.join(figures).capitalize()} (ALCE's measures, by the support check)."]


def lost_lines(report: Report, judged: Judged) -> list[str]:
    """A line for each question that is right without the model only; of held-back suites there is none."""
    both = report.paired.get(judged.run.suite.name)
    if both is None or judged.run.suite.held_back:
        return []
    faults = {wrong.outcome.case.id: wrong_text(wrong) for wrong in wrong_questions(judged.run)}
    return [_lost_line(pair, faults[pair.without.case.id]) for pair in both.lost]


def _lost_line(pair: Pair, faults: str) -> str:
    return f"{pair.without.case.id}  {pair.without.case.question}: {faults}"


def mean_text(found: Estimate | None) -> str:
    """A mean with its interval: "0.900 (0.850–0.950, n = 40)"."""
    return f"{found.mean:.3f} ({found.low:.3f}–{found.high:.3f}, n = {found.n})" if found else "–"


def cells(result: Result) -> tuple[str, ...]:
    """The columns of a metric in a table: mean, 95% interval, n, accepted, change, gate."""
    now = result.estimate
    return (
        f"{now.mean:.3f}" if now else "–",
        f"{now.low:.3f}–{now.high:.3f}" if now else "",
        str(now.n) if now else "0",
        f"{result.before:.3f}" if result.before is not None else "",
        change_text(result),
        gate_text(result),
    )


def change_text(result: Result) -> str:
    """How a mean moved since the accepted run: "−0.021 ± 0.010", "" where there is nothing to compare with."""
    if result.change is None:
        return ""
    if result.change.mean == 0 and result.change.error == 0:
        return "="
    return f"{_signed(result.change.mean)} ± {result.change.error:.3f}"


def gate_text(result: Result) -> str:
    """The bounds of a gate: "≥ 0.900, drop ≤ 0.020"."""
    gate = result.gate
    parts = [] if gate is None or gate.floor is None else [f"≥ {gate.floor:.3f}"]
    if gate is not None and gate.drop is not None:
        parts.append(f"drop ≤ {gate.drop:.3f}")
    return ", ".join(parts)


def moved_text(change: Change) -> str:
    """What moved of a question: "facts 1 → 0, right_paper_first 1 → 0"."""
    return ", ".join(f"{METRICS[m].title} {before:g} → {now:g}" for m, (before, now) in change.moved.items())


def right_line(report: Report) -> str:
    """How many questions were answered rightly: "5 of 10 questions right"."""
    return f"{report.right:,} of {counted(report.questions, 'question')} right"


def right_text(run: Run) -> str:
    """The same of one suite: "5 right"."""
    return f"{sum(map(is_right, run.outcomes))} right"


def wrong_text(wrong: Wrong) -> str:
    """What was wrong with an answer, in a line."""
    return "; ".join(wrong.faults)


def verdict_line(report: Report) -> str:
    """The outcome in a line."""
    failed = [judged.run.suite.name for judged in report.suites for _ in judged.failed]
    asked = f"{counted(report.questions, 'question')} in {report.seconds:.0f} s"
    if failed:
        gates = f"{counted(len(failed), 'gate')} broken in {', '.join(dict.fromkeys(failed))}"
    else:
        gates = f"All {counted(report.gates, 'gate')} passed" if report.gates else "No gates"
    return f"{right_line(report)}. {gates}; {asked}."


def failure_lines(judged: Judged) -> list[str]:
    """A line for each broken gate: which bounds, and by how much."""
    return [f"{METRICS[result.metric].title}: {'; '.join(result.failures)}" for result in judged.failed]


def notes(judged: Judged) -> list[str]:
    """What a reader of the figures has to know."""
    found = []
    suite = judged.run.suite
    if suite.drafts:
        found.append(f"Drafts that no one has corrected yet: {suite.drafts} of {len(suite.cases)} questions.")
    if judged.accepted is None:
        found.append("There is no accepted run to compare with: ask eval --accept REASON makes this the one.")
    for name, before, now in judged.renewed:
        changed = f"{FINGERPRINTS.get(name, name)} ({before or '–'} → {now or '–'})"
        found.append(f"Not the same as in the accepted run: {changed}.")
    return found


def held_back_note(questions: int) -> str:
    """What is said of so many questions of a suite that is held back."""
    return f"{counted(questions, 'question')} (held back: not shown)"


def escaped(text: str) -> str:
    """A text on one line of Markdown, in which nothing of it is markup."""
    return re.sub(r"([\\`*_<>|#\[\]&~])", r"\\\1", " ".join(printable(text).split()))


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'}{abs(value):.3f}"
