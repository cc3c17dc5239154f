"""A language model's opinion of answers: advisory, in no gate and not in the accepted results.

docs/evaluation.md says why. Every raw reply is kept in the JSON report, so that a person can disagree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.statistics import Estimate, estimate
from askpapers.evaluation.suites import Case
from askpapers.progress import Progress
from askpapers.prompts import Prompt

Say = Callable[[Sequence[tuple[str, str]]], str]
"""Has a model answer messages of (role, text)."""

_GRADES = {"right": 1.0, "partly": 0.5, "wrong": 0.0}
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Grade:
    """What the judge made of an answer: 1, 0.5 or 0, or None where its reply could not be read; and the reply."""

    score: float | None
    raw: str


@dataclass(frozen=True, slots=True)
class Grades:
    """The grades of a suite by the id of the case, and which model gave them."""

    llm: str
    by_case: dict[str, Grade]

    @property
    def estimate(self) -> Estimate | None:
        """The mean of what could be read."""
        scores = [grade.score for grade in self.by_case.values() if grade.score is not None]
        return estimate(scores) if scores else None

    @property
    def unreadable(self) -> int:
        """How many replies could not be read."""
        return sum(grade.score is None for grade in self.by_case.values())


def grade_run(run: Run, llm: str, say: Say, prompt: Prompt, progress: Progress) -> Grades | None:
    """Have every answer of a run graded; refusals are not, and a held-back suite is not sent anywhere (None).

    Raises ModelError.
    """
    if run.suite.held_back:
        return None
    answered = [outcome for outcome in run.outcomes if outcome.reply.answered]
    grades = {}
    for done, outcome in enumerate(answered):
        progress(f"Grading {run.suite.name}", done, len(answered))
        raw = say(prompt.fill(_values(outcome)))
        grades[outcome.case.id] = Grade(read_grade(raw), raw)
    return Grades(llm, grades)


def read_grade(raw: str) -> float | None:
    """The grade in a reply, or None where there is none."""
    found = _OBJECT.search(raw)
    try:
        grade = json.loads(found.group() if found else "")["grade"]
        return _GRADES.get(grade)
    except (ValueError, KeyError, TypeError):
        return None


def _values(outcome: Outcome) -> dict[str, str]:
    reply = outcome.reply
    said = " ".join(statement.text for statement in reply.statements) or reply.text
    listed = "\n".join(f"paper {paper.id}: {paper.verdict}" for paper in reply.papers if paper.verdict)
    return {
        "question": outcome.case.question,
        "expected": _expected(outcome.case),
        "answer": "\n".join(part for part in (said, listed) if part),
    }


def _expected(case: Case) -> str:
    lines = [f"- the fact: {' or '.join(fact)}" for fact in case.facts]
    lines += [f"- the paper {paper}" for paper in case.must]
    return "\n".join(lines) or "- a refusal: the papers do not answer this"
