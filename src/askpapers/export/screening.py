"""A screening as JSON, CSV and RIS: every paper with its label, who gave it, the reason, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from askpapers.contract import source_dict
from askpapers.export.entries import entries_of_papers
from askpapers.export.json_files import json_text
from askpapers.export.kinds import KINDS
from askpapers.export.ris import ris
from askpapers.export.tables import Table, csv_text
from askpapers.export.values import one_line, value
from askpapers.export.workbook import workbook
from askpapers.screening.agreement import Agreement
from askpapers.screening.criteria import in_words
from askpapers.screening.protocol import Protocol
from askpapers.screening.report import Report
from askpapers.screening.screening import MACHINE, ScreenedPaper
from askpapers.screening.verdicts import CriterionVerdict, Label
from askpapers.text import plain

SCHEMA = 1
"""The version of the JSON objects of `ask screen`."""
_INCLUDED = {Label.INCLUDE: 1, Label.EXCLUDE: 0}
# As ASReview writes its own labels into a note, and reads them.
_ASREVIEW = {Label.INCLUDE: "ASReview_relevant", Label.EXCLUDE: "ASReview_irrelevant"}


def protocol_dict(protocol: Protocol) -> dict[str, Any]:
    """A protocol, with how each criterion is read."""
    return {
        "file": protocol.file,
        "title": protocol.title or None,
        "criteria": [
            {
                "number": criterion.number,
                "kind": "exclude" if criterion.excludes else "include",
                "text": criterion.text,
                "line": criterion.line,
                "read_as": [in_words(rule) for rule in criterion.condition.rules],
                "negated": criterion.condition.negated,
            }
            for criterion in protocol.criteria
        ],
        "seeds": [seed.name for seed in protocol.seeds],
    }


def screened_dict(screened: ScreenedPaper) -> dict[str, Any]:
    """A paper of a screening: its label, the decision of a person, and beside it what the machine says."""
    number, reason = screened.reason
    decision, judgement = screened.decision, screened.judgement
    failed = judgement.failed
    return {
        "paper": screened.paper.id,
        "title": plain(screened.paper.title),
        "year": screened.paper.year,
        "label": str(screened.label),
        "by": screened.decided_by,
        "reason": {"number": number, "text": reason} if reason else None,
        "decided_at": decision.at if decision else None,
        "machine": {
            "label": str(judgement.label),
            "reason": {"number": failed.criterion.number, "text": failed.criterion.text} if failed else None,
            "score": round(judgement.score, 4),
            "criteria": [_verdict_dict(verdict) for verdict in judgement.verdicts],
        },
    }


def _verdict_dict(verdict: CriterionVerdict) -> dict[str, Any]:
    evidence = verdict.finding.evidence
    quote = evidence.quote if evidence else None
    return {
        "number": verdict.criterion.number,
        "verdict": str(verdict.verdict),
        "why": verdict.finding.why,
        "from": evidence.where if evidence else None,
        "quote": evidence.text if evidence else None,
        "start": quote.start if quote else None,
        "end": quote.end if quote else None,
        "source": source_dict(quote.source) if quote else None,
    }


def report_dict(report: Report) -> dict[str, Any]:
    """The report of a screening."""
    prisma, stopping = report.prisma, report.stopping
    return {
        "labels": [
            {"label": str(label), "by_person": by_person, "by_machine": by_machine}
            for label, by_person, by_machine in report.labels
        ],
        "prisma": {
            "records": prisma.records,
            "duplicates": prisma.duplicates,
            "screened": prisma.screened,
            "excluded_by_person": prisma.excluded_by_person,
            "excluded_by_machine": prisma.excluded_by_machine,
            "reasons": [{"reason": text or None, "papers": count} for text, count in prisma.reasons],
            "sought_for_retrieval": prisma.sought,
            "undecided": prisma.undecided,
        },
        "stopping": {
            "decided": stopping.decided,
            "papers": stopping.total,
            "kept": stopping.kept,
            "since_last_kept": stopping.since_last,
            "recall": stopping.recall,
            "chance_of_less": stopping.chance_of_less,
        },
        "recheck": _agreement_dict(report.rechecked),
        "machine_and_person": _agreement_dict(report.with_machine),
    }


def _agreement_dict(found: Agreement | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "papers": found.papers,
        "both_keep": found.both_keep,
        "only_first_keeps": found.only_first,
        "only_second_keeps": found.only_second,
        "both_exclude": found.both_exclude,
        "observed": found.observed,
        "kappa": found.kappa,
        "pabak": found.pabak,
    }


def screening_dict(
    protocol: Protocol, papers: Sequence[ScreenedPaper], report: Report, llm: str | None, notes: Sequence[str]
) -> dict[str, Any]:
    """A whole screening: `schema` 1."""
    return {
        "schema": SCHEMA,
        "protocol": protocol_dict(protocol),
        "papers": [screened_dict(screened) for screened in papers],
        "report": report_dict(report),
        "engine": {"llm": llm},
        "notes": list(notes),
    }


def screening_ris(papers: Sequence[ScreenedPaper]) -> str:
    """A reference for each paper; its label and reason are keywords, and notes say what it was decided by."""
    entries = entries_of_papers(screened.paper for screened in papers)
    return ris(
        replace(entry, labels=_keywords(screened), remarks=tuple(_remarks(screened)))
        for entry, screened in zip(entries, papers, strict=True)
    )


def _keywords(screened: ScreenedPaper) -> tuple[str, ...]:
    _, reason = screened.reason
    return (f"askpapers: {screened.label}", *((f"askpapers: excluded: {one_line(reason)}",) if reason else ()))


def _remarks(screened: ScreenedPaper) -> list[str]:
    number, reason = screened.reason
    of_criterion = f"criterion {number}, " if number else ""
    why = f": {of_criterion}{one_line(reason)}" if reason else ""
    remarks = [f"Screening: {screened.label} by {screened.decided_by}{why}."]
    if screened.decided_by != MACHINE:
        remarks.append(f"The machine says {screened.judgement.label}.")
    remarks += [_line(verdict) for verdict in screened.judgement.verdicts]
    decided = screened.label if screened.decided_by != MACHINE else Label.UNCLEAR
    return [*remarks, _ASREVIEW.get(decided, "ASReview_not_seen")]


def _line(verdict: CriterionVerdict) -> str:
    criterion, finding = verdict.criterion, verdict.finding
    quote = f" “{one_line(finding.evidence.text)}”" if finding.evidence else ""
    return f"{criterion.number}. {one_line(criterion.text)}: {verdict.verdict}, {finding.why}.{quote}"


_COLUMNS = (
    "id title year authors doi pmid venue language type url label included by reason_number reason decided_at"
    " machine machine_reason score quote from file line start end criteria abstract"
).split()


def screening_table(papers: Sequence[ScreenedPaper]) -> Table:
    """A row for each paper; `included` is 1 or 0 as other screening programs read it, and blank while it is unclear."""
    return Table("Screening", tuple(_COLUMNS), tuple(map(_row, papers)), wide=frozenset(("reason", "criteria")))


def _row(screened: ScreenedPaper) -> tuple[str | int | None, ...]:
    paper, data, judgement = screened.paper, screened.paper.metadata, screened.judgement
    number, reason = screened.reason
    shown = judgement.failed or judgement.verdicts[0]
    evidence = shown.finding.evidence
    quote = evidence.quote if evidence else None
    return (
        value(paper.id),
        value(plain(paper.title)),
        paper.year,
        value("; ".join(paper.authors)),
        *(value(text) for text in (data.doi, data.pmid, data.venue, data.language, data.type, paper.url or "")),
        str(screened.label),
        _INCLUDED.get(screened.label),
        screened.decided_by,
        number,
        value(reason),
        screened.decision.at if screened.decision else "",
        str(judgement.label),
        value(judgement.failed.criterion.text) if judgement.failed else "",
        f"{judgement.score:.4f}",
        value(evidence.text) if evidence else "",
        evidence.where if evidence else "",
        value(quote.source.file) if quote else "",
        quote.source.line if quote else None,
        quote.start if quote else None,
        quote.end if quote else None,
        value("\n".join(_line(verdict) for verdict in judgement.verdicts)),
        value(paper.abstract),
    )


SCREENING_KINDS: Mapping[str, tuple[str, Callable[[Sequence[ScreenedPaper]], str | bytes]]] = {
    "csv": (KINDS["csv"].label, lambda papers: csv_text(screening_table(papers))),
    "ris": (KINDS["ris"].label, screening_ris),
    "xlsx": (KINDS["xlsx"].label, lambda papers: workbook([screening_table(papers)])),
    "json": (
        KINDS["json"].label,
        lambda papers: json_text({"schema": SCHEMA, "papers": [screened_dict(s) for s in papers]}),
    ),
}
"""The kinds of files that the papers of a screening leave as: what each is called, and what writes it."""
