"""Which questions of a run were answered rightly, and what was wrong with the others, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from askpapers.evaluation import metrics
from askpapers.evaluation.runs import Outcome, Run
from askpapers.evaluation.scoring import METRICS
from askpapers.evaluation.suites import Kind

# An answer is right when it has the full score on each of these that applies to its question. A turn of a
# conversation has a measure of its own.
_DECISIVE = (
    *("answered", "facts", "answered_right", "nothing_forbidden", "refused"),
    *("survey_f1", "count_right", "nothing_matched", "asked_back", "verbatim"),
)
_TURN = "turn_right"
_READING = "intent"
_NAMED = 5  # papers


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question that was not answered rightly, and why not: at least one reason."""

    outcome: Outcome
    faults: tuple[str, ...]


def is_right(outcome: Outcome) -> bool:
    """Whether an answer is what its case asks for."""
    decisive = (_TURN,) if _TURN in outcome.scores else _DECISIVE
    if outcome.case.kind is Kind.READING:
        decisive = (_READING,)
    return all(outcome.scores.get(name, 1.0) >= 1.0 for name in decisive)


def wrong_questions(run: Run) -> tuple[Wrong, ...]:
    """The questions that were not answered rightly, in the order of the suite."""
    judges = any(outcome.reply.judges for outcome in run.outcomes)
    return tuple(
        Wrong(outcome, tuple(_faults(outcome, judges)) or (f"{METRICS[_TURN].title}: no",))
        for outcome in run.outcomes
        if not is_right(outcome)
    )


def _faults(outcome: Outcome, judges: bool) -> Iterator[str]:
    case, reply = outcome.case, outcome.reply
    if case.kind is Kind.READING:
        yield f"read as {reply.intent}, and it is {case.intent}"
        return
    listed = [paper for paper in reply.listed(judges) if paper not in case.may] if reply.answered else []
    low = {name for name in _DECISIVE if outcome.scores.get(name, 1.0) < 1.0}
    if "answered" in low:
        yield "refused, and the corpus has the answer"
        return
    if "refused" in low:
        yield "answered, and the corpus has no answer"
    if "asked_back" in low:
        yield "answered, and it refers to nothing that was said before"
    if "nothing_matched" in low:
        yield f"lists what does not match: {_names(listed)}"
    if "facts" in low:
        missing = [fact[0] for fact in case.facts if not any(metrics.says(reply.full_text, option) for option in fact)]
        yield f"without {', '.join(f'“{fact}”' for fact in missing) or 'a fact'}"
    elif "answered_right" in low and case.must:
        yield f"cites no paper that answers: {_names(case.must)}"
    if "nothing_forbidden" in low:
        yield f"says what is not the answer: {', '.join(f'“{text}”' for text in case.forbidden)}"
    if "survey_f1" in low:
        if lacking := [paper for paper in case.must if paper not in listed]:
            yield f"misses {_names(lacking)}"
        if extra := [paper for paper in listed if paper not in case.must]:
            yield f"lists what does not match: {_names(extra)}"
    if "count_right" in low:
        yield f"counts {len(listed)}, there are {len(case.must)}"
    if "verbatim" in low:
        yield "a quote is not in its source"


def _names(papers: list[str] | tuple[str, ...]) -> str:
    more = f" and {len(papers) - _NAMED} more" if len(papers) > _NAMED else ""
    return ", ".join(papers[:_NAMED]) + more
