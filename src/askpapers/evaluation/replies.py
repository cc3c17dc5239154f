"""Replies: answers as they are scored, read from the JSON contract whoever wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askpapers.counts import counted
from askpapers.errors import UsageError

ANSWERED, NOT_IN_CORPUS = "answered", "not_in_corpus"
_HINT = 'A line is an answer as `ask --json` prints it, with its "question" or the "id" of the case.'


@dataclass(frozen=True, slots=True)
class Quoted:
    """A citation: the words that are said to stand at `start` to `end` of a paper's abstract."""

    paper: str
    text: str
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class ReplyStatement:
    """A statement, and the citations that it names; one that is not there is None."""

    text: str
    citations: tuple[Quoted | None, ...]
    verdict: str | None


@dataclass(frozen=True, slots=True)
class ReplyPaper:
    """A paper of an answer, in its order. `verdict` is "match" or "mention" in a survey."""

    id: str
    verdict: str | None
    abstract: str


@dataclass(frozen=True, slots=True)
class ReplyCost:
    """What a reply took. Milliseconds and US dollars; None where it is not known."""

    milliseconds: float | None
    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer holds, as far as it is scored and shown.

    `engine` is what produced it; `coverage` says how many papers a survey checked, and how many it left out.
    """

    status: str
    intent: str | None
    text: str
    statements: tuple[ReplyStatement, ...]
    citations: tuple[Quoted, ...]
    papers: tuple[ReplyPaper, ...]
    cost: ReplyCost
    engine: Mapping[str, Any]
    coverage: str = ""

    @property
    def answered(self) -> bool:
        """Whether it is an answer and no refusal."""
        return self.status == ANSWERED

    @property
    def judges(self) -> bool:
        """Whether a paper has a verdict: not every system gives them."""
        return any(paper.verdict for paper in self.papers)

    def listed(self, judges: bool) -> tuple[str, ...]:
        """The papers that a survey lists: its matches, or of a system that judges no paper, all that it names."""
        return tuple(p.id for p in self.papers if p.verdict == "match" or not judges)

    @property
    def full_text(self) -> str:
        """Everything that it says: its text, its statements and its quotes."""
        return "\n".join([self.text, *(s.text for s in self.statements), *(c.text for c in self.citations)])


def intent_alone(intent: str) -> Reply:
    """The reply to a question that was read and not answered."""
    return Reply("", intent, "", (), (), (), ReplyCost(None, 0, 0, None), {})


def read_reply(answer: Any, where: str = "the answer") -> Reply:
    """Read an answer of the JSON contract. Raises UsageError, which begins with `where`, for what is none."""
    try:
        return _read_reply(answer)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"{where} is no answer of the JSON contract: {what}.", hint=_HINT) from error


def _read_reply(answer: Mapping[str, Any]) -> Reply:
    status = answer["status"]
    if status not in (ANSWERED, NOT_IN_CORPUS):
        raise ValueError(f"status is “{status}”")
    quotes = {
        int(c["number"]): Quoted(_text(c["paper"]), _text(c["quote"]), _offset(c.get("start")), _offset(c.get("end")))
        for c in answer.get("citations") or ()
    }
    usage, timings = answer.get("usage") or {}, answer.get("timings_ms") or {}
    cost = usage.get("cost_usd")
    return Reply(
        status=status,
        intent=answer.get("intent"),
        text=_text(answer.get("text") or ""),
        statements=tuple(
            ReplyStatement(
                _text(s["text"]), tuple(quotes.get(int(n)) for n in s.get("citations") or ()), s.get("verdict")
            )
            for s in answer.get("statements") or ()
        ),
        citations=tuple(quotes.values()),
        papers=tuple(
            ReplyPaper(_text(p["id"]), p.get("verdict"), _text(p.get("abstract") or ""))
            for p in answer.get("papers") or ()
        ),
        cost=ReplyCost(
            milliseconds=sum(map(float, timings.values())) if timings else None,
            prompt_tokens=int(usage.get("prompt_tokens") or 0),
            completion_tokens=int(usage.get("completion_tokens") or 0),
            cost_usd=None if cost is None else float(cost),
        ),
        engine=dict(answer.get("engine") or {}),
        coverage=_coverage(answer.get("coverage") or {}),
    )


def _coverage(fields: Mapping[str, Any]) -> str:
    """In words; another system that keeps to the contract may give the two numbers only."""
    if not fields:
        return ""
    return _text(
        fields.get("text") or f"{int(fields['checked']):,} of {counted(int(fields['total']), 'paper')} checked"
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _offset(value: Any) -> int | None:
    return None if value is None else int(value)


@dataclass(frozen=True, slots=True)
class Replies:
    """The answers of a file, by the id of their case and by their question."""

    by_id: Mapping[str, Reply]
    by_question: Mapping[str, Reply]

    def find(self, case_id: str, question: str) -> Reply | None:
        """The answer to a case: the one with its id, else the one with its question."""
        return self.by_id.get(case_id) or self.by_question.get(_same(question))


def read_replies(file: Path) -> Replies:
    """Read answers from JSON lines. Raises UsageError, which names the line."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The answers {file} cannot be read: {error}.", hint=_HINT) from error
    return Replies(*_indexed(file, enumerate(lines, 1)))


def _indexed(file: Path, lines: Iterable[tuple[int, str]]) -> tuple[dict[str, Reply], dict[str, Reply]]:
    by_id: dict[str, Reply] = {}
    by_question: dict[str, Reply] = {}
    for number, line in lines:
        if not line.strip():
            continue
        where = f"{file}:{number}"
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise UsageError(f"{where} is no JSON: {error}.", hint=_HINT) from error
        reply = read_reply(answer, where)
        case_id, question = answer.get("id"), answer.get("question")
        if not (isinstance(case_id, str) or isinstance(question, str)):
            raise UsageError(f"{where} has neither “id” nor “question”.", hint=_HINT)
        if isinstance(case_id, str):
            by_id[case_id] = reply
        if isinstance(question, str):
            by_question[_same(question)] = reply
    return by_id, by_question


def _same(question: str) -> str:
    return " ".join(question.split()).casefold()
