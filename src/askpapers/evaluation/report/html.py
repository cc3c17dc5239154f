"""The report as one HTML page that needs nothing beside it: plots, figures, and every question."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from importlib import resources

from askpapers.counts import counted
from askpapers.datatypes import Paper
from askpapers.evaluation.gates import Judged, Result
from askpapers.evaluation.report.cards import card, card_id
from askpapers.evaluation.report.content import (
    FINGERPRINTS,
    TRUST,
    Report,
    change_text,
    failure_lines,
    gate_text,
    grades_line,
    held_back_note,
    notes,
    paired_lines,
    right_text,
    safe,
    took_line,
    verdict_line,
    wrong_text,
)
from askpapers.evaluation.report.plots import latency_plot, precision_plot, scores_plot, support_plot
from askpapers.evaluation.rightness import wrong_questions
from askpapers.evaluation.scoring import GROUPS, METRICS

_LEGEND = (
    (
        '<line class="range" x1="3" y1="7" x2="23" y2="7"/><circle class="mean" cx="13" cy="7" r="4"/>',
        "mean, 95% interval",
    ),
    ('<polygon class="accepted" points="13,1.5 18.5,7 13,12.5 7.5,7"/>', "accepted run, where it differs"),
    ('<line class="floor" x1="13" y1="0" x2="13" y2="14"/>', "floor"),
)
_OUTCOMES = {
    "": "every outcome",
    "wrong": "not right",
    "lost": "lost since accepted",
    "won": "won since accepted",
    "refused": "refused",
    "answered": "answered",
    "draft": "drafts",
}


def html_page(report: Report, papers: Mapping[str, Paper]) -> str:
    """The page. Everything that is no text of ours is escaped, and no script but ours may run."""
    style, script = _asset("page.css"), _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'"
    outcomes = [outcome for judged in report.suites for outcome in judged.run.outcomes]
    latency = latency_plot(report.suites)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>askpapers: evaluation</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Evaluation</h1>
<p class="soft">{counted(report.questions, "question")} to {safe(report.corpus)}</p>
<p class="verdict {_outcome(report)}">{safe(verdict_line(report))}</p>
{"".join(_notices(judged) for judged in report.suites)}
<h2>Scores</h2>
<p class="legend">{_legend()}</p>
<div class="grid">{"".join(_suite_card(judged, report) for judged in report.suites)}</div>
<h2>Where they stand</h2>
<div class="grid">
<div class="card"><h3>Right when it answers, silent when it cannot</h3>
<p class="soft">Lines are 95% intervals; a diamond is the accepted run.</p>{precision_plot(report.suites)}</div>
<div class="card"><h3>Statements supported, by intent</h3>
<p class="soft">From top: by the quotes cited, by a cited paper, by any paper. {safe(TRUST)}</p>
{support_plot(outcomes)}</div>
{f'<div class="card"><h3>Time for a question</h3>{latency}</div>' if latency else ""}
</div>
<h2 id="questions">Questions</h2>
{_questions(report.suites, papers)}
<footer>{"".join(f"<p>{_fingerprints(judged)}</p>" for judged in report.suites)}</footer>
</main>
<script>{script}</script>
</body>
</html>
"""


def _outcome(report: Report) -> str:
    return "failed" if not report.passed else "passed" if report.gates else ""


def _legend() -> str:
    return "".join(f"<span><svg viewBox='0 0 26 14'>{sign}</svg>{safe(label)}</span>" for sign, label in _LEGEND)


def _notices(judged: Judged) -> str:
    name = safe(judged.run.suite.name)
    failures = [f'<li class="failure">{name}, {safe(line)}</li>' for line in failure_lines(judged)]
    rows = [*failures, *(f'<li class="note">{name}: {safe(note)}</li>' for note in notes(judged))]
    return f'<ul class="plain">{"".join(rows)}</ul>' if rows else ""


def _suite_card(judged: Judged, report: Report) -> str:
    suite = judged.run.suite
    held_back = " · held back" if suite.held_back else ""
    counts = f"{right_text(judged.run)}, {len(judged.lost)} lost, {len(judged.won)} won"
    reason = f"<p class='soft'>Accepted: {safe(judged.accepted.reason)}</p>" if judged.accepted else ""
    return (
        f'<section class="card{" broken" if judged.failed else ""}"><h3>{safe(suite.name)}</h3>'
        f'<p class="soft">{counted(len(suite.cases), "question")}{held_back} · {counts}</p>'
        f'{reason}{scores_plot(judged)}<p class="soft">{safe(took_line(judged.run))}</p>'
        f'<p class="soft">{safe(grades_line(report, suite.name))}</p>'
        f"{''.join(f'<p>{safe(line)}</p>' for line in paired_lines(report, suite.name))}"
        f'<details class="figures"><summary>Figures</summary><div class="scroll">{_table(judged)}</div></details>'
        "</section>"
    )


def _table(judged: Judged) -> str:
    by_name = {result.metric: result for result in judged.results}
    rows = [
        "<tr><th></th><th>mean</th><th>95% interval</th><th>n</th><th>accepted</th><th>change</th><th>gate</th></tr>"
    ]
    for heading, metrics in GROUPS.items():
        shown = [by_name[metric.name] for metric in metrics if metric.name in by_name]
        if shown:
            rows.append(f'<tr class="group"><td colspan="7">{safe(heading)}</td></tr>')
            rows += [_row(result) for result in shown]
    return f"<table>{''.join(rows)}</table>"


def _row(result: Result) -> str:
    now, metric = result.estimate, METRICS[result.metric]
    cells = [
        f"{now.mean:.3f}" if now else "–",
        f"{now.low:.3f}–{now.high:.3f}" if now else "",
        str(now.n) if now else "0",
        f"{result.before:.3f}" if result.before is not None else "",
        change_text(result),
        gate_text(result),
    ]
    return (
        f'<tr{" class=failed" if result.failures else ""}><td title="{safe(metric.gist)}">{safe(metric.title)}</td>'
        + "".join(f"<td>{safe(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _questions(suites: Sequence[Judged], papers: Mapping[str, Paper]) -> str:
    shown = [judged for judged in suites if not judged.run.suite.held_back]
    hidden = [judged for judged in suites if judged.run.suite.held_back]
    parts = [
        f'<p class="soft">{safe(j.run.suite.name)}: {safe(held_back_note(len(j.run.outcomes)))}</p>' for j in hidden
    ]
    parts += [_wrong(judged) for judged in shown]
    intents = sorted({outcome.case.intent for judged in shown for outcome in judged.run.outcomes})
    parts.append(
        '<form class="filter" hidden><input name="words" type="search" aria-label="Words"'
        ' placeholder="words of a question, an answer, a paper">'
        + _select("suite", {"": "every suite", **{j.run.suite.name: j.run.suite.name for j in shown}})
        + _select("intent", {"": "every intent", **{intent: intent for intent in intents}})
        + _select("outcome", _OUTCOMES)
        + "<output></output></form>"
    )
    parts += [card(outcome, judged, papers) for judged in shown for outcome in judged.run.outcomes]
    return "\n".join(parts)


def _wrong(judged: Judged) -> str:
    rows = [
        f'<li><a href="#{card_id(judged, one.outcome.case)}">{safe(one.outcome.case.id)}</a>'
        f' {safe(one.outcome.case.question)}<br><span class="soft">{safe(wrong_text(one))}</span></li>'
        for one in wrong_questions(judged.run)
    ]
    title = f"<h3>{safe(judged.run.suite.name)}: {len(rows)} not right</h3>"
    return f'{title}<ul class="plain">{"".join(rows)}</ul>' if rows else ""


def _select(name: str, options: Mapping[str, str]) -> str:
    choices = "".join(f'<option value="{safe(value)}">{safe(label)}</option>' for value, label in options.items())
    return f'<select name="{name}" aria-label="{name}">{choices}</select>'


def _fingerprints(judged: Judged) -> str:
    found = [f"{FINGERPRINTS[name]} {value}" for name, value in judged.run.fingerprints.items() if value]
    return f"{safe(judged.run.suite.name)}: {safe(' · '.join(found))}"


def _asset(name: str) -> str:
    return resources.files("askpapers.evaluation.report").joinpath("page", name).read_text(encoding="utf-8")
