"""What the MCP tools reply, as JSON objects: compact, and in pages that a model's context has room for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from askpapers.answer_text import coverage_line
from askpapers.contract import answer_dict, coverage_dict
from askpapers.datatypes import Answer, CitedPaper, Paper
from askpapers.drafts.findings import DraftCheck
from askpapers.drafts.report import check_dict
from askpapers.errors import UsageError
from askpapers.export.evidence import table_dict
from askpapers.export.json_files import paper_with_sources
from askpapers.tables.opening import BegunTable
from askpapers.tables.table import EvidenceTable, Row
from askpapers.text import plain

MOST_BYTES = 16_000
"""Of a reply as UTF-8: 4,000 to 5,500 tokens. A first item that is longer is given all the same."""
_LONGEST_TEXT = 3_000  # characters of a field
_LONGEST_ABSTRACT = 6_000  # characters of one page
_MOST_AUTHORS = 10
_MOST_SOURCES = 10
_OF_A_PAPER = ("title", "year", "authors", "venue", "url", "doi", "notice")


def page(
    head: Mapping[str, Any], name: str, total: int, items: Iterable[dict[str, Any]], offset: int
) -> dict[str, Any]:
    """A reply with as many of the items as it has room for, under `name`; `items` begin at the one at `offset`.

    `total` is how many there are, `next_offset` where the next page begins, None at the end. Raises UsageError for
    an offset behind the last item.
    """
    if offset and offset >= total:
        raise UsageError(f"There is nothing at offset {offset}: there are {total} {name}.", hint="Begin at 0.")
    reply: dict[str, Any] = {**_cut(head), name: [], "total": total, "offset": offset, "next_offset": None}
    room = MOST_BYTES - size(reply)
    for item in items:
        shown = _cut(item)
        room -= size(shown) + 1
        if room < 0 and reply[name]:
            break
        reply[name].append(shown)
    end = offset + len(reply[name])
    return {**reply, "next_offset": end if end < total else None}


def compact_json(reply: Any) -> str:
    """A reply as it is sent, without spaces that cost tokens."""
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":"))


def size(reply: Any) -> int:
    """The length of a reply in bytes of UTF-8."""
    return len(compact_json(reply).encode(errors="replace"))


def answer_reply(answer: Answer, offset: int) -> dict[str, Any]:
    """An answer without abstracts. The papers of a survey come in pages, each with its quotes instead of statements."""
    whole = answer_dict(answer)
    names = ("question", "searched", "status", "text", "coverage", "comparison", "closest", "notes", "suggestions")
    head = _filled({name: whole[name] for name in names})
    if answer.coverage is None:
        head |= _filled({name: whole[name] for name in ("statements", "withheld", "citations")})
        items = (_paper_item(cited) for cited in answer.papers[offset:])
    else:
        if answer.statements and not answer.engine.llm:
            head["text"] = coverage_line(answer)  # its sentences are the quotes of the papers
        items = (_surveyed_item(whole, cited) for cited in answer.papers[offset:])
    head["llm"] = answer.engine.llm
    return page(head, "papers", len(answer.papers), items, offset)


def table_reply(begun: BegunTable, made_by: str | None, rows: Iterator[Row], offset: int) -> dict[str, Any]:
    """A page of a table; rows are filled until the reply is full."""
    table = begun.table
    head = {
        "question": table.question,
        "status": "answered" if begun.papers else "not_in_corpus",
        "columns": [column.name for column in table.columns],
        "coverage": coverage_dict(table.coverage) if table.coverage else None,
        "llm": made_by,
        "notes": list(table.notes),
    }
    return page(head, "rows", len(begun.papers), (_row_item(table, row) for row in rows), offset)


def check_reply(check: DraftCheck, offset: int) -> dict[str, Any]:
    """A page of a checked draft: the sentences to look at first, the worst of them before the others."""
    rest = [sentence for sentence in check.sentences if not sentence.is_problem]
    ordered = (*check.problems, *rest)
    whole = check_dict(check)
    head = {name: whole[name] for name in ("format", "counts", "problems", "passed_over", "notes")}
    items = check_dict(replace(check, sentences=ordered[offset:]))["sentences"]
    return page(head, "sentences", len(ordered), (_sentence_item(check, item) for item in items), offset)


def paper_reply(paper: Paper, offset: int) -> dict[str, Any]:
    """A paper with its places; a very long abstract comes in pages of characters."""
    total = len(paper.abstract)
    if offset and offset >= total:
        raise UsageError(
            f"There is nothing at offset {offset}: the abstract has {total} characters.", hint="Begin at 0."
        )
    end = min(offset + _LONGEST_ABSTRACT, total)
    fields = paper_with_sources(paper)
    for left_out in ("people", "extra"):  # the authors again, and fields that have no meaning here
        del fields[left_out]
    fields |= {"authors": _first(paper.authors), "sources": fields["sources"][:_MOST_SOURCES]}
    shown: dict[str, Any] = _cut(_filled(fields))
    places = {"total": total, "offset": offset, "next_offset": end if end < total else None}
    return {**shown, "abstract": paper.abstract[offset:end], **places}


def _paper_item(cited: CitedPaper) -> dict[str, Any]:
    fields = paper_with_sources(cited.paper)
    shown = {name: fields[name] for name in _OF_A_PAPER} | {"title": plain(cited.paper.title)}
    shown["authors"] = _first(cited.paper.authors)
    return {"id": cited.paper.id, **_filled(shown), **_filled({"citations": list(cited.citations)})}


def _surveyed_item(answer: Mapping[str, Any], cited: CitedPaper) -> dict[str, Any]:
    """A paper of a survey: what it is to the question, and the quotes that say so, each with its verdict."""
    verdicts = {number: one["verdict"] for one in answer["statements"] for number in one["citations"]}
    quotes = [
        {**{name: one[name] for name in ("quote", "start", "end", "source")}, "verdict": verdicts.get(one["number"])}
        for one in answer["citations"]
        if one["number"] in cited.citations
    ]
    labels = {
        "verdict": str(cited.relevance) if cited.relevance else None,
        "stance": str(cited.stance) if cited.stance else None,
        "confidence": None if cited.confidence is None else round(cited.confidence, 2),
        "quotes": [_filled(quote) for quote in quotes],
    }
    item = _paper_item(cited)
    item.pop("citations", None)
    return {**item, **_filled(labels)}


def _row_item(table: EvidenceTable, row: Row) -> dict[str, Any]:
    (item,) = table_dict(replace(table, rows=(row,)))["rows"]
    return {**_filled(item), "cells": [_filled(cell) for cell in item["cells"]]}


def _sentence_item(check: DraftCheck, item: dict[str, Any]) -> dict[str, Any]:
    parts = []
    for part in item["parts"]:
        quotes = [{**quote, "title": plain(check.papers[quote["paper"]].title)} for quote in part["quotes"]]
        cited = [_filled(citation) for citation in part["citations"]]
        parts.append(_filled({**part, "quotes": quotes, "citations": cited}))
    places = {name: item[name] for name in ("file", "line", "text", "finding")}
    return {**_filled(places), "cited": item["cited"], "problem": item["problem"], "parts": parts}


def _first(authors: Sequence[str]) -> list[str]:
    others = len(authors) - _MOST_AUTHORS
    return [*authors[:_MOST_AUTHORS], *([f"and {others:,} others"] if others > 0 else [])]


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: field for name, field in fields.items() if field not in (None, "", [], {})}


def _cut(value: Any) -> Any:
    """A value with its long texts cut off; three dots say so."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else f"{value[:_LONGEST_TEXT].rstrip()} …"
    if isinstance(value, Mapping):
        return {name: _cut(field) for name, field in value.items()}
    return [_cut(field) for field in value] if isinstance(value, list) else value
