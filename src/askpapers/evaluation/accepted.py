"""The accepted results: what a run is compared with, question by question. One file for all suites.

It is written so that a change of it can be read: a line for each question, scores in the order of `metrics`.
Answers of held-back suites are not in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askpapers.errors import UsageError
from askpapers.evaluation.replies import Reply
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.scoring import METRICS

_SCHEMA = 1
_LONGEST_ANSWER = 240  # characters
_PLACES = 4


@dataclass(frozen=True, slots=True)
class AcceptedQuestion:
    """How a question was answered when the results were accepted. `answer` is shortened."""

    status: str
    answer: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AcceptedSuite:
    """The accepted run of a suite, and why it was accepted."""

    reason: str
    fingerprints: Mapping[str, str]
    questions: Mapping[str, AcceptedQuestion]

    def values(self, metric: str) -> dict[str, float]:
        """The scores on a metric by the id of the case."""
        return {key: q.scores[metric] for key, q in self.questions.items() if metric in q.scores}


def read_accepted(file: Path) -> dict[str, AcceptedSuite]:
    """The accepted suites by name; none where there is no file. Raises UsageError for a file that is not one."""
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
        if content["schema"] != _SCHEMA:
            raise ValueError(f"its schema is {content['schema']}")
        return {name: _read_suite(suite) for name, suite in content["suites"].items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{file} holds no accepted results: {error}.", hint="Move it away, and renew it: ask eval --accept REASON"
        ) from error


def write_accepted(file: Path, suites: Mapping[str, AcceptedSuite]) -> None:
    """Write accepted suites, in one step. Raises UsageError where that cannot be done; the file is as it was then."""
    parts = [f"{_json(name)}: {_suite_text(suites[name])}" for name in sorted(suites)]
    text = f'{{"schema": {_SCHEMA}, "suites": {{\n' + ",\n".join(parts) + "\n}}\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        place = file.resolve()  # a link stays one
        temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
        try:
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.", hint="Give another --gates FILE.") from error


def accept(run: Run, reason: str) -> AcceptedSuite:
    """A run as the accepted one from now on."""
    questions = {
        o.case.id: AcceptedQuestion(
            o.reply.status,
            "" if run.suite.held_back else short_answer(o),
            {name: rounded(value) for name, value in o.scores.items()},
        )
        for o in run.outcomes
    }
    return AcceptedSuite(reason, run.fingerprints, questions)


def rounded(score: float) -> float:
    """A score as the file keeps it."""
    return round(score, _PLACES)


def short_answer(outcome: Outcome) -> str:
    """An answer in a line: what it says, or of a survey the papers that it finds to match."""
    reply: Reply = outcome.reply
    if not reply.answered:
        return "not in this corpus"
    stated = " ".join(said.text for said in reply.statements) or reply.text
    said = ", ".join(reply.listed(judges=True)) if reply.judges else stated
    line = " ".join(said.split()) or "no papers"
    return line if len(line) <= _LONGEST_ANSWER else line[: _LONGEST_ANSWER - 1].rstrip() + "…"


def _suite_text(suite: AcceptedSuite) -> str:
    measured = {name for question in suite.questions.values() for name in question.scores}
    columns = [name for name in METRICS if name in measured]
    lines = []
    for key, question in suite.questions.items():
        scores = [_number(question.scores.get(name)) for name in columns]
        entry: dict[str, Any] = {"status": question.status, "scores": scores}
        if question.answer:
            entry["answer"] = question.answer
        lines.append(f"  {_json(key)}: {_json(entry)}")
    return (
        f'{{\n "reason": {_json(suite.reason)},\n "fingerprints": {_json(dict(suite.fingerprints))},\n'
        f' "metrics": {_json(columns)},\n "questions": {{\n' + ",\n".join(lines) + "\n }}"
    )


def _read_suite(suite: Mapping[str, Any]) -> AcceptedSuite:
    questions = {}
    for key, entry in suite["questions"].items():
        pairs = zip(suite["metrics"], entry["scores"], strict=True)
        scores = {name: float(value) for name, value in pairs if value is not None}
        questions[key] = AcceptedQuestion(entry["status"], entry.get("answer", ""), scores)
    return AcceptedSuite(suite["reason"], suite["fingerprints"], questions)


def _number(score: float | None) -> float | int | None:
    """Whole scores without their ".0": most are 1 or 0."""
    return int(score) if score is not None and score == int(score) else score


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
