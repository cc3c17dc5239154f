"""The report for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from askpapers.evaluation.accepted import rounded, short_answer
from askpapers.evaluation.gates import Change, Judged, Result
from askpapers.evaluation.judge import Grades
from askpapers.evaluation.paired import Paired
from askpapers.evaluation.report.content import Report, notes, took
from askpapers.evaluation.rightness import is_right, wrong_questions

SCHEMA = 1


def report_dict(report: Report) -> dict[str, Any]:
    """The report as a JSON object. Of held-back suites it has the scores, and no question or answer."""
    return {
        "schema": SCHEMA,
        "passed": report.passed,
        "gates": report.gates,
        "right": report.right,
        "seconds": round(report.seconds, 1),
        "questions": report.questions,
        "suites": [
            _suite_dict(judged, report.grades.get(judged.run.suite.name), report.paired.get(judged.run.suite.name))
            for judged in report.suites
        ],
    }


def _suite_dict(judged: Judged, grades: Grades | None, both: Paired | None) -> dict[str, Any]:
    run = judged.run
    return {
        "name": run.suite.name,
        "held_back": run.suite.held_back,
        "fingerprints": dict(run.fingerprints),
        "accepted": {"reason": judged.accepted.reason, "fingerprints": dict(judged.accepted.fingerprints)}
        if judged.accepted
        else None,
        "notes": notes(judged),
        "metrics": {result.metric: _result_dict(result) for result in judged.results},
        "took": asdict(took(run)),
        "judge": _grades_dict(grades) if grades else None,
        "paired": _paired_dict(both) if both else None,
        "right": sum(map(is_right, run.outcomes)),
        "wrong": [
            {"id": wrong.outcome.case.id}
            if run.suite.held_back
            else {
                "id": wrong.outcome.case.id,
                "question": wrong.outcome.case.question,
                "faults": list(wrong.faults),
            }
            for wrong in wrong_questions(run)
        ],
        "lost_count": len(judged.lost),
        "won_count": len(judged.won),
        "lost": [] if run.suite.held_back else [_change_dict(change) for change in judged.lost],
        "won": [] if run.suite.held_back else [_change_dict(change) for change in judged.won],
        "questions": [
            {
                "id": o.case.id,
                "scores": {name: rounded(score) for name, score in o.scores.items()},
                **(
                    {}
                    if run.suite.held_back
                    else {"question": o.case.question, "status": o.reply.status, "answer": short_answer(o)}
                ),
            }
            for o in run.outcomes
        ],
    }


def _paired_dict(both: Paired) -> dict[str, Any]:
    right, without = both.right
    return {
        "llm": both.llm,
        "questions": len(both.pairs),
        "by_model": both.by_model,
        "right": right,
        "right_without": without,
        "lost": [pair.without.case.id for pair in both.lost],
        "won": [pair.without.case.id for pair in both.won],
        "mcnemar_p": both.p_value,
        "citations": {
            name: {"with": asdict(one) if one else None, "without": asdict(other) if other else None}
            for name, (one, other) in both.citations().items()
        },
    }


def _grades_dict(grades: Grades) -> dict[str, Any]:
    return {
        "llm": grades.llm,
        "estimate": asdict(grades.estimate) if grades.estimate else None,
        "unreadable": grades.unreadable,
        "replies": {case: asdict(grade) for case, grade in grades.by_case.items()},
    }


def _result_dict(result: Result) -> dict[str, Any]:
    return {
        "estimate": asdict(result.estimate) if result.estimate else None,
        "accepted": result.before,
        "change": asdict(result.change) if result.change else None,
        "gate": asdict(result.gate) if result.gate else None,
        "failures": list(result.failures),
    }


def _change_dict(change: Change) -> dict[str, Any]:
    return {
        "id": change.outcome.case.id,
        "question": change.outcome.case.question,
        "moved": {name: {"before": before, "now": now} for name, (before, now) in change.moved.items()},
        "before": change.before.answer,
        "now": short_answer(change.outcome),
    }
