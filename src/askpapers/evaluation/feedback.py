"""Cases from what readers said of answers on the chat page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from askpapers.answering.intent import Intent, read_intent
from askpapers.errors import UsageError
from askpapers.evaluation.replies import read_reply
from askpapers.evaluation.suites import Case

_HINT = 'A line is {"question": ..., "answer": ANSWER, "thumb": "up" or "down", "comment": ...}.'


def cases_of_feedback(file: Path, taken: Sequence[Case]) -> tuple[list[Case], int]:
    """Cases from what readers said of answers, and how many lines were asked before.

    Thumb up: the papers that the answer cites are those to cite, or it is right to refuse. Thumb down: a draft
    that a person has to complete, with the comment as its note. Raises UsageError, which names the line.
    """
    asked = {_same(case.question) for case in taken}
    ids = {case.id for case in taken}
    cases: list[Case] = []
    repeated = 0
    for where, line in _last_of_turns(_lines(file)):
        case = _case_of_feedback(line, where, _free_id(ids))
        if _same(case.question) in asked:
            repeated += 1
            continue
        asked.add(_same(case.question))
        ids.add(case.id)
        cases.append(case)
    return cases, repeated


def _last_of_turns(lines: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Of the lines on one turn the last: a thumb is there at once, its comment in a later line."""
    last: dict[object, tuple[str, Any]] = {}
    for where, line in lines:
        turn = line.get("turn") if isinstance(line, Mapping) else None
        last[turn if isinstance(turn, str) and turn else where] = (where, line)
    yield from last.values()


def _lines(file: Path) -> Iterator[tuple[str, Any]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The feedback {file} cannot be read: {error}.", hint=_HINT) from error
    for number, line in enumerate(lines, 1):
        cut_short = line.startswith('{"question"') and not line.rstrip().endswith("}")  # by a crash
        if line.strip() and not cut_short:
            try:
                yield f"{file}:{number}", json.loads(line)
            except ValueError as error:
                raise UsageError(f"{file}:{number} is no JSON: {error}.", hint=_HINT) from error


def _case_of_feedback(entry: Mapping[str, Any], where: str, case_id: str) -> Case:
    try:
        question, thumb = " ".join(entry["question"].split()), entry["thumb"]
        comment = " ".join(str(entry.get("comment") or "").split())
        answer = entry["answer"]
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{where} is no feedback: {error} is missing or wrong.", hint=_HINT) from error
    if thumb not in ("up", "down") or not question:
        raise UsageError(f"{where} is no feedback: thumb is “{thumb}”.", hint=_HINT)
    reply = read_reply(answer, where)
    intent = str(read_intent(question))
    if thumb == "down":
        return Case(case_id, question, intent, True, note=f"feedback: {comment or 'wrong'}", draft=True)
    survey = intent in (Intent.SURVEY, Intent.COUNT)
    papers = reply.listed(reply.judges) if survey else tuple(dict.fromkeys(c.paper for c in reply.citations))
    # An answer without a paper is nothing that a case can expect.
    answerable = reply.answered and bool(papers)
    return Case(case_id, question, intent, answerable, papers if answerable else (), note=comment)


def _free_id(taken: set[str]) -> str:
    return next(name for number in range(1, len(taken) + 2) if (name := f"feedback{number:03d}") not in taken)


def _same(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.casefold()))
