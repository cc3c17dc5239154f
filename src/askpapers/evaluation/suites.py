"""Suites: files of questions with what a right answer holds. eval/suites/README.md is their format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from askpapers.errors import UsageError

HELD_BACK = "-test"
"""The end of a suite's name that says: report its scores, show none of its questions."""

_FORMAT_HINT = "eval/suites/README.md describes the format; `ask eval new` drafts a suite."
_SURVEYS = ("survey", "count")
RECORDS = "metadata"
"""The intent of a question about records; its answer may name no paper."""


class Kind(StrEnum):
    """What a case asks of an answer; it decides which metrics apply."""

    FACTUAL = "factual"
    SURVEY = "survey"
    ABSENT = "absent topic"
    NEAR_MISS = "near miss"
    UNANSWERABLE = "far question"
    UNCLEAR = "nothing to refer to"
    READING = "intent alone"


@dataclass(frozen=True, slots=True)
class Case:
    """One question, and what a right answer holds.

    `must` are the papers to cite (of a survey: all that match), `may` those that count neither way. Each fact
    is a list of alternatives. `forbidden` is what no statement may say. `draft`: a person has yet to correct it.
    `asks_back`: the right answer is a question, since this one refers to nothing. `turn` is its place in a
    conversation, from 1; 0 for a question by itself. There, "@2" in `must` is the second paper of the answer that
    listed papers last. `answerable` is None where the question is only read: the intent is all that is expected.
    """

    id: str
    question: str
    intent: str
    answerable: bool | None
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    note: str = ""
    draft: bool = False
    asks_back: bool = False
    turn: int = 0

    @property
    def kind(self) -> Kind:
        """What is asked of an answer to it."""
        if self.answerable is None:
            return Kind.READING
        if self.asks_back:
            return Kind.UNCLEAR
        if self.intent in _SURVEYS:
            return Kind.SURVEY if self.answerable else Kind.ABSENT
        if self.answerable:
            return Kind.FACTUAL
        return Kind.NEAR_MISS if self.note.startswith("near miss") else Kind.UNANSWERABLE

    def to_dict(self) -> dict[str, Any]:
        """The case as a line of a suite holds it."""
        expected = {
            "answerable": self.answerable,
            "must": list(self.must),
            "may": list(self.may),
            "facts": [list(fact) for fact in self.facts],
            "not": list(self.forbidden),
        }
        return {
            "id": self.id,
            "question": self.question,
            "intent": self.intent,
            **(expected if self.kind is not Kind.READING else {}),
            **({"note": self.note} if self.note else {}),
            **({"draft": True} if self.draft else {}),
            **({"asks_back": True} if self.asks_back else {}),
        }


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of a file in order. `digest` is the hash of the file."""

    name: str
    cases: tuple[Case, ...]
    digest: str

    @property
    def held_back(self) -> bool:
        """Whether its questions are kept from those who work on answers."""
        return self.name.endswith(HELD_BACK)

    @property
    def drafts(self) -> int:
        """How many of its cases a person has yet to correct."""
        return sum(case.draft for case in self.cases)


def read_suite(file: Path) -> Suite:
    """Read a suite. Raises UsageError, which names the line, for what is no case and for an id that is there twice."""
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError(f"The suite {file} cannot be read: {reason}.", hint=_FORMAT_HINT) from error
    cases: list[Case] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        for case in _read_line(line, f"{file}:{number}"):
            if case.id in seen:
                raise UsageError(
                    f"{file}:{number}: the id “{case.id}” is on line {seen[case.id]} already.",
                    hint="Give it another id.",
                )
            seen[case.id] = number
            cases.append(case)
    if not cases:
        raise UsageError(f"The suite {file} has no questions.", hint=_FORMAT_HINT)
    return Suite(file.name.removesuffix(".jsonl"), tuple(cases), hashlib.sha256(content).hexdigest()[:12])


def write_cases(file: Path, cases: Sequence[Case], *, append: bool = False) -> None:
    """Write cases as a suite, or at the end of one. Raises UsageError where that cannot be done."""
    lines = [json.dumps(case.to_dict(), ensure_ascii=False) + "\n" for case in cases]
    try:
        if append and file.exists() and not file.read_bytes().endswith(b"\n"):
            lines.insert(0, "\n")
        with file.open("a" if append else "w", encoding="utf-8") as out:
            out.writelines(lines)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.", hint="Give another file.") from error


def unknown_papers(suite: Suite, papers: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The papers that cases expect and the corpus does not have, by the id of the case."""
    missing = {case.id: tuple(p for p in case.must if p not in papers and p[0] != "@") for case in suite.cases}
    return {case: ids for case, ids in missing.items() if ids}


_FIELDS: dict[str, tuple[type, Any]] = {
    "id": (str, None),
    "question": (str, None),
    "intent": (str, None),
    "answerable": (bool, None),
    "must": (list, []),
    "may": (list, []),
    "facts": (list, []),
    "not": (list, []),
    "note": (str, ""),
    "draft": (bool, False),
    "asks_back": (bool, False),
}
_READ_FIELDS = {"id", "question", "intent", "note"}
"""The fields of a case that expects an intent alone."""
_CALLED: dict[type, str] = {str: "a text", bool: "true or false", list: "a list"}


def _read_line(line: str, where: str) -> list[Case]:
    """The case of a line, or the turns of its conversation: {"id": ..., "turns": [CASE without "id", ...]}."""
    try:
        entry = json.loads(line)
    except ValueError as error:
        raise _wrong(where, f"this is no JSON ({error})") from error
    if not isinstance(entry, dict):
        raise _wrong(where, "a case is a JSON object")
    if "turns" not in entry:
        return [_read_case(entry, where)]
    turns = entry["turns"]
    if entry.keys() != {"id", "turns"} or not isinstance(turns, list) or not all(isinstance(t, dict) for t in turns):
        raise _wrong(where, "a conversation has an “id” and “turns”, a list of cases without ids")
    if not isinstance(entry["id"], str) or not entry["id"] or not turns or any("id" in turn for turn in turns):
        raise _wrong(where, "a conversation has an “id”, and one turn or more, which have none")
    return [
        replace(_read_case({"id": f"{entry['id']}.{number}", **turn}, where), turn=number)
        for number, turn in enumerate(turns, 1)
    ]


def _wrong(where: str, what: str) -> UsageError:
    return UsageError(f"{where}: {what}.", hint=_FORMAT_HINT)


def _read_case(entry: dict[str, Any], where: str) -> Case:
    def wrong(what: str) -> UsageError:
        return _wrong(where, what)

    if unknown := sorted(set(entry) - set(_FIELDS)):
        raise wrong(f"unknown field {', '.join(unknown)}")
    is_read_only = set(entry) <= _READ_FIELDS
    values: dict[str, Any] = {}
    for name, (kind, default) in _FIELDS.items():
        if name == "answerable" and is_read_only:
            values[name] = None
            continue
        if name not in entry and default is None:
            raise wrong(f"“{name}” is missing")
        values[name] = entry.get(name, default)
        if type(values[name]) is not kind or (values[name] == "" and default is None):
            raise wrong(f"“{name}” is {_CALLED[kind]}")
    for name in ("must", "may", "not"):
        if not all(isinstance(value, str) and value for value in values[name]):
            raise wrong(f"“{name}” is a list of texts")
    for fact in values["facts"]:
        if not (isinstance(fact, list) and fact and all(isinstance(text, str) and text for text in fact)):
            raise wrong("“facts” is a list of facts, each a list of alternatives")
    of_records = values["intent"] == RECORDS and bool(values["facts"])  # "how many papers are there?" names none
    if values["answerable"] and not values["must"] and not values["draft"] and not of_records:
        raise wrong("an answerable question names the papers that answer it in “must”")
    if values["asks_back"] and values["answerable"]:
        raise wrong("a question that refers to nothing (“asks_back”) is not answerable")
    if values["answerable"] is False and (values["must"] or values["facts"]):
        raise wrong("a question that is not answerable has no “must” and no “facts”")
    return Case(
        id=values["id"],
        question=values["question"],
        intent=values["intent"],
        answerable=values["answerable"],
        must=tuple(values["must"]),
        may=tuple(values["may"]),
        facts=tuple(tuple(fact) for fact in values["facts"]),
        forbidden=tuple(values["not"]),
        note=values["note"],
        draft=values["draft"],
        asks_back=values["asks_back"],
    )
