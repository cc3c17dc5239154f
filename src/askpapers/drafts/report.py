"""A checked draft as JSON and as one HTML page that needs nothing beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from askpapers.contract import paper_dict, quote_dict
from askpapers.drafts.finding import Resolved
from askpapers.drafts.findings import CheckedPart, CheckedSentence, DraftCheck, Finding
from askpapers.templates import environment

SCHEMA = 1
LABELS = {
    Finding.CONTRADICTED: "contradicted",
    Finding.CITATION_UNKNOWN: "citation unknown",
    Finding.ELSEWHERE: "not in the cited paper, but in another",
    Finding.NOT_IN_CORPUS: "not in the corpus",
    Finding.PARTLY: "partly supported",
    Finding.SUPPORTED: "supported",
}
"""What the findings are called."""


def check_dict(check: DraftCheck) -> dict[str, Any]:
    """A checked draft as JSON; `start` and `end` of a sentence are offsets into the text of its file."""
    shown = dict.fromkeys(paper for sentence in check.sentences for paper in _papers(sentence))
    return {
        "schema": SCHEMA,
        "draft": check.draft.name,
        "format": check.draft.format,
        "counts": {str(finding): count for finding, count in check.counts.items()},
        "problems": len(check.problems),
        "sentences": [
            {
                "text": sentence.text,
                "file": sentence.file or None,
                "start": sentence.start,
                "end": sentence.end,
                "line": sentence.line,
                "finding": str(sentence.finding),
                "cited": sentence.is_cited,
                "problem": sentence.is_problem,
                "parts": [_part_dict(part) for part in sentence.parts],
            }
            for sentence in check.sentences
        ],
        "passed_over": dict(check.passed_over),
        "papers": [paper_dict(check.papers[paper]) for paper in shown],
        "notes": list(check.notes),
    }


def _part_dict(part: CheckedPart) -> dict[str, Any]:
    return {
        "statement": part.statement,
        "finding": str(part.finding),
        "support": round(part.support, 3),
        "missing": [{"kind": kind, "text": text} for kind, text in part.missing],
        "citations": [_citation_dict(citation) for citation in part.citations],
        "quotes": [quote_dict(quote) for quote in part.quotes],
    }


def _citation_dict(citation: Resolved) -> dict[str, Any]:
    return {
        "cited": citation.cited.shown,
        "paper": citation.paper.id if citation.paper else None,
        "why": citation.why or None,
        "nearest": {"id": citation.nearest.id, "title": citation.nearest.title} if citation.nearest else None,
        "differs": list(citation.differs),
    }


def _papers(sentence: CheckedSentence) -> Iterator[str]:
    for part in sentence.parts:
        yield from (quote.paper for quote in part.quotes)


def remarks(part: CheckedPart) -> Iterator[str]:
    """What is to be said of a part beside its finding and its quotes."""
    kinds: dict[str, list[str]] = {}
    for kind, text in part.missing:
        if kind == "scope" and part.finding is Finding.CONTRADICTED:
            continue  # the quote says it better than “not”
        kinds.setdefault(kind, []).append(f"“{text}”")
    for kind, texts in kinds.items():
        yield f"not in the paper{f', {kind}' if kind != 'scope' else ''}: {', '.join(texts)}"
    for citation in part.citations:
        if citation.why:
            nearest = f"; nearest: “{citation.nearest.title}” ({citation.nearest.id})" if citation.nearest else ""
            yield f"{citation.cited.shown}: {citation.why}{nearest}"
        for difference in citation.differs:
            yield f"{citation.cited.shown}: the reference and the paper disagree on {difference}"


def quote_label(finding: Finding) -> str:
    """What a quote is to a part with a finding."""
    if finding is Finding.CONTRADICTED:
        return "says otherwise"
    return "says so" if finding in (Finding.SUPPORTED, Finding.ELSEWHERE) else "nearest"


def html_page(check: DraftCheck) -> str:
    """The draft with its sentences in the colours of their findings, and what the papers say of each."""
    numbers = {(one.file, one.start): number for number, one in enumerate(check.sentences)}
    template = environment("askpapers.drafts").get_template("check.html")
    return template.render(
        check=check,
        labels=LABELS,
        files=[(file.name, list(_pieces(check, number))) for number, file in enumerate(check.draft.files)],
        sentences=[*check.problems, *(one for one in check.sentences if not one.is_problem)],
        remarks=remarks,
        quote_label=quote_label,
        anchor=lambda sentence: f"s{numbers[sentence.file, sentence.start]}",
    )


def _pieces(check: DraftCheck, number: int) -> Iterator[tuple[str, CheckedSentence | None]]:
    """The text of a file of the draft in order, cut where sentences begin and end."""
    file, place = check.draft.files[number], 0
    name = file.name if number else ""
    for sentence in sorted(check.sentences, key=lambda sentence: sentence.start):
        if sentence.file != name or sentence.start < place:
            continue
        yield file.text[place : sentence.start], None
        yield file.text[sentence.start : sentence.end], sentence
        place = sentence.end
    yield file.text[place:], None
