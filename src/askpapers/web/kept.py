"""An answer as a browser keeps it, and made whole again: the JSON contract without what the corpus holds anyway.

What comes back from a browser is a stranger's: everything is read as the type that it must have, and what
cannot be is refused as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from typing import Any

from askpapers.contract import answer_dict
from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import (
    Answer,
    Citation,
    CitedPaper,
    Compared,
    ComparedRow,
    NearMiss,
    Paper,
    Provenance,
    Quote,
    Relevance,
    Source,
    Statement,
    Status,
    Usage,
    Verdict,
)
from askpapers.errors import UsageError
from askpapers.metadata import Metadata, Notice

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question and its answer under a name that the page gave it; `thumb` is "up", "down" or ""."""

    name: str
    answer: Answer
    thumb: str = ""


def kept(name: str, answer: Answer) -> dict[str, Any]:
    """The turn as JSON: the contract's answer without abstracts, and the words to set off in quotes."""
    fields = answer_dict(answer)
    fields["papers"] = [{k: v for k, v in paper.items() if k != "abstract"} for paper in fields["papers"]]
    fields["emphasis"] = sorted(answer.emphasis)
    return {"name": name, "answer": fields}


def whole(value: Any, find: Callable[[str], Paper | None]) -> KeptTurn:
    """A kept turn made whole; `find` gives the corpus's papers by id. Raises UsageError for what is no turn."""
    try:
        name = str(value["name"])
        if not name.isalnum() or len(name) > _LONGEST_NAME:
            raise ValueError(name)
        thumb = value.get("thumb", "")
        return KeptTurn(name, _answer(value["answer"], find), thumb if thumb in ("up", "down") else "")
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise UsageError(
            "A kept answer cannot be read; it was made by another version, or changed.", hint="Ask the question again."
        ) from error


def _answer(fields: Mapping[str, Any], find: Callable[[str], Paper | None]) -> Answer:
    citations = tuple(Citation(int(c["number"]), _quote(c)) for c in fields["citations"])
    numbers = {c.number for c in citations}
    statements = tuple(_statement(s) for s in fields["statements"])
    papers = tuple(_cited(p, find) for p in fields["papers"])
    named = {p.paper.id for p in papers}
    if any(c.quote.paper not in named for c in citations) or any(statements and not p.citations for p in papers):
        raise ValueError("a citation without its paper")
    used = [n for s in statements for n in s.citations] + [n for p in papers for n in p.citations]
    comparison = _compared(fields["comparison"]) if fields.get("comparison") else None
    shown = [row.citations for row in comparison.rows] if comparison else []
    used += [n for pair in shown for n in pair if n is not None]
    if not set(used) <= numbers:
        raise ValueError("a number without its citation")
    coverage, engine = fields.get("coverage"), fields["engine"]
    return Answer(
        question=str(fields["question"]),
        intent=str(fields["intent"]),
        status=Status(fields["status"]),
        text=str(fields["text"]),
        statements=statements,
        citations=citations,
        papers=papers,
        coverage=_coverage(coverage) if coverage else None,
        comparison=comparison,
        closest=tuple(NearMiss(_quote(miss), str(miss["why"])) for miss in fields["closest"]),
        engine=Provenance(
            str(engine["synthesizer"]),
            str(engine["embedder"]),
            str(engine["index"]),
            _text(engine.get("llm")),
            _text(engine.get("prompts")),
        ),
        searched=_text(fields.get("searched")),
        notes=tuple(str(note) for note in fields.get("notes", ())),
        emphasis=frozenset(str(stem) for stem in fields.get("emphasis", ())),
        suggestions=tuple(str(question) for question in fields.get("suggestions", ())),
        usage=_usage(fields["usage"]),
        timings_ms={str(name): float(ms) for name, ms in fields["timings_ms"].items()},
    )


def _coverage(fields: Mapping[str, Any]) -> Coverage:
    left_out = fields.get("left_out", {})  # answers that were kept before it was counted have none
    return Coverage(
        int(fields["checked"]),
        int(fields["total"]),
        LeftOut(**{part.name: int(left_out.get(part.name, 0)) for part in dataclass_fields(LeftOut)}),
        since=_number(fields.get("since")),
        until=_number(fields.get("until")),
        named=str(fields.get("named", "")),
        read_by_model=_number(fields.get("read_by_model")),
    )


def _statement(fields: Mapping[str, Any]) -> Statement:
    return Statement(
        str(fields["text"]),
        tuple(int(n) for n in fields["citations"]),
        Verdict(fields["verdict"]),
        float(fields["support"]),
        tuple(str(word) for word in fields.get("missing", ())),
        bool(fields.get("repaired", False)),
    )


def _cited(fields: Mapping[str, Any], find: Callable[[str], Paper | None]) -> CitedPaper:
    told = Paper(
        id=str(fields["id"]),
        title=str(fields["title"]),
        abstract="",
        sources=(),
        year=int(fields["year"]) if fields.get("year") is not None else None,
        authors=tuple(str(name) for name in fields.get("authors", ())),
        url=_text(fields.get("url")),
        metadata=Metadata(
            notice=Notice(fields["notice"]) if fields.get("notice") else None,
            notice_details=str(fields.get("notice_details") or ""),
        ),
    )
    there = find(told.id)
    paper = replace(told, abstract=there.abstract, sources=there.sources, metadata=there.metadata) if there else told
    relevance = Relevance(fields["verdict"]) if fields.get("verdict") else None
    return CitedPaper(paper, tuple(int(n) for n in fields["citations"]), relevance)


def _quote(fields: Mapping[str, Any]) -> Quote:
    source = Source(str(fields["source"]["file"]), int(fields["source"]["line"]))
    return Quote(str(fields["paper"]), str(fields["quote"]), int(fields["start"]), int(fields["end"]), source)


def _compared(fields: Mapping[str, Any]) -> Compared:
    first, second = fields["sides"]
    rows = []
    for row in fields["rows"]:
        left, right = row["citations"]
        pair = (None if left is None else int(left), None if right is None else int(right))
        rows.append(ComparedRow(str(row["tells"]), pair))
    return Compared(
        (str(first), str(second)),
        tuple(str(side) for side in fields["missing"]),
        tuple(rows),
        tuple(str(word) for word in fields["shared"]),
    )


def _usage(fields: Mapping[str, Any]) -> Usage:
    cost = fields.get("cost_usd")
    return Usage(
        int(fields["prompt_tokens"]),
        int(fields["completion_tokens"]),
        None if cost is None else float(cost),
        bool(fields.get("estimated", False)),
        int(fields.get("evidence_tokens", 0)),
    )


def _number(value: Any) -> int | None:
    return None if value is None else int(value)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
