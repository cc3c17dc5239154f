"""The contract's JSON: what `--json`, the API, MCP, feedback and the page's kept answers are written as."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from askpapers.coverage import Coverage
from askpapers.datatypes import Answer, Paper, Passage, Quote, Relevance, Source, Statement, Status, Turn
from askpapers.metadata import Metadata

SCHEMA = 1
"""The version of the JSON object that `answer_dict` makes."""


def answer_dict(answer: Answer) -> dict[str, Any]:
    """An answer as the JSON object of the contract (`schema` 1)."""
    return {
        "schema": SCHEMA,
        "question": answer.question,
        "searched": answer.searched,
        "intent": answer.intent,
        "status": str(answer.status),
        "text": answer.text,
        "statements": [_statement_dict(s) for s in answer.statements],
        "withheld": [_statement_dict(s) for s in answer.withheld],
        "citations": [{"number": c.number, **quote_dict(c.quote)} for c in answer.citations],
        "papers": [
            {
                **paper_dict(p.paper),
                "verdict": str(p.relevance) if p.relevance else None,
                "stance": str(p.stance) if p.stance else None,
                "confidence": None if p.confidence is None else round(p.confidence, 3),
                "citations": list(p.citations),
            }
            for p in answer.papers
        ],
        "coverage": coverage_dict(answer.coverage) if answer.coverage else None,
        "comparison": (
            {
                "sides": list(answer.comparison.sides),
                "missing": list(answer.comparison.missing),
                "rows": [{"tells": r.tells, "citations": list(r.citations)} for r in answer.comparison.rows],
                "shared": list(answer.comparison.shared),
            }
            if answer.comparison
            else None
        ),
        "closest": [{**quote_dict(n.quote), "title": n.title, "why": n.why} for n in answer.closest],
        "notes": list(answer.notes),
        "suggestions": list(answer.suggestions),
        "engine": {
            "synthesizer": answer.engine.synthesizer,
            "llm": answer.engine.llm,
            "embedder": answer.engine.embedder,
            "prompts": answer.engine.prompts,
            "index": answer.engine.index,
        },
        "usage": {
            "prompt_tokens": answer.usage.prompt_tokens,
            "completion_tokens": answer.usage.completion_tokens,
            "cost_usd": answer.usage.cost_usd,
            "estimated": answer.usage.estimated,
            "evidence_tokens": answer.usage.evidence_tokens,
        },
        "timings_ms": {name: round(ms, 1) for name, ms in answer.timings_ms.items()},
    }


def coverage_dict(coverage: Coverage) -> dict[str, Any]:
    """What was looked at as the contract writes it; `text` says it in words."""
    return {
        "checked": coverage.checked,
        "total": coverage.total,
        "left_out": asdict(coverage.left_out),
        "since": coverage.since,
        "until": coverage.until,
        "named": coverage.named,
        "read_by_model": coverage.read_by_model,
        **({"by_words": coverage.by_words} if coverage.by_words else {}),
        **({"reading_on": True} if coverage.reading_on else {}),
        "text": str(coverage),
    }


def turn_of(answer: Answer | Mapping[str, Any]) -> Turn:
    """An answer as a turn of a conversation, for the `history` of the next question."""
    fields = answer_dict(answer) if isinstance(answer, Answer) else answer
    survey = fields.get("coverage") is not None
    return Turn(
        question=fields["question"],
        answer=fields["text"],
        searched=fields.get("searched"),
        papers=tuple(p["id"] for p in fields["papers"] if not survey or p["verdict"] == Relevance.MATCH),
        shown=tuple(Passage(c["paper"], c["start"], c["end"]) for c in fields["citations"]),
        survey=survey,
        answered=fields["status"] == Status.ANSWERED and bool(fields["statements"] or fields["papers"]),
    )


def turn_dict(turn: Turn) -> dict[str, Any]:
    """A turn as JSON: what the API takes as `history`."""
    return asdict(turn)


def read_turn(fields: Any) -> Turn:
    """A turn from its JSON; all but its two texts may be missing. Raises ValueError, KeyError or TypeError."""
    if not isinstance(fields, Mapping):
        raise TypeError("a turn is an object")
    searched = fields.get("searched")
    return Turn(
        question=str(fields["question"]),
        answer=str(fields["answer"]),
        searched=None if searched is None else str(searched),
        papers=tuple(str(paper) for paper in fields.get("papers") or ()),
        shown=tuple(Passage(str(p["paper"]), int(p["start"]), int(p["end"])) for p in fields.get("shown") or ()),
        survey=bool(fields.get("survey", False)),
        answered=bool(fields.get("answered", True)),
    )


def _statement_dict(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "citations": list(statement.citations),
        "verdict": str(statement.verdict),
        "support": round(statement.support, 3),
        "missing": list(statement.missing),
        "repaired": statement.repaired,
    }


def paper_dict(paper: Paper) -> dict[str, Any]:
    """A paper as the contract writes it."""
    return {
        "id": paper.id,
        "title": paper.title,
        "year": paper.year,
        "authors": list(paper.authors),
        "url": paper.url,
        "abstract": paper.abstract,
        **metadata_dict(paper.metadata),
    }


def metadata_dict(metadata: Metadata) -> dict[str, Any]:
    """The bibliographic fields of a paper as the contract writes them; null and [] where there is none."""
    return {
        "type": metadata.type or None,
        "venue": metadata.venue or None,
        "publisher": metadata.publisher or None,
        "volume": metadata.volume or None,
        "issue": metadata.issue or None,
        "pages": metadata.pages or None,
        "date": metadata.date or None,
        "doi": metadata.doi or None,
        "arxiv": metadata.arxiv or None,
        "pmid": metadata.pmid or None,
        "key": metadata.key or None,
        "aliases": list(metadata.aliases),
        "language": metadata.language or None,
        "people": [asdict(person) for person in metadata.people],
        "editors": [asdict(person) for person in metadata.editors],
        "categories": list(metadata.categories),
        "tags": list(metadata.tags),
        "notice": str(metadata.notice) if metadata.notice else None,
        "notice_details": metadata.notice_details or None,
        "extra": [list(field) for field in metadata.extra],
    }


def source_dict(source: Source) -> dict[str, Any]:
    """A source as the contract writes it."""
    return {"file": source.file, "line": source.line}


def quote_dict(quote: Quote) -> dict[str, Any]:
    """A quote as the contract writes it."""
    return {
        "paper": quote.paper,
        "quote": quote.text,
        "start": quote.start,
        "end": quote.end,
        "source": source_dict(quote.source),
    }


def corpus_notes(notes: Sequence[str]) -> dict[str, Any]:
    """What has to be said about a corpus, as a part of an object; the key is left out where there is nothing."""
    return {"notes": list(notes)} if notes else {}


def error_dict(what: str, hint: str) -> dict[str, Any]:
    """A failure: what happened, and what to do."""
    return {"error": what, "hint": hint}
