"""A screening as CSV, XLSX, JSON and RIS: every paper with its label, who gave it, the reason, and the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from askpapers.export.entries import entries_of_papers
from askpapers.export.json_files import json_text
from askpapers.export.kinds import KINDS
from askpapers.export.ris import ris
from askpapers.export.screening_json import SCHEMA, screened_dict
from askpapers.export.tables import Table, csv_text
from askpapers.export.values import one_line, value
from askpapers.export.workbook import workbook
from askpapers.screening.decision_lines import Decision
from askpapers.screening.outcomes import Status
from askpapers.screening.screened import MACHINE, ScreenedPaper
from askpapers.screening.verdicts import CriterionVerdict, Label
from askpapers.text import plain

_INCLUDED = {Label.INCLUDE: 1, Label.EXCLUDE: 0}
# As ASReview writes its own labels into a note, and reads them.
_ASREVIEW = {Label.INCLUDE: "ASReview_relevant", Label.EXCLUDE: "ASReview_irrelevant"}
# As Rayyan writes the decisions of several reviewers into a note.
_RAYYAN = {Label.INCLUDE: "Included", Label.EXCLUDE: "Excluded", Label.UNCLEAR: "Maybe"}
_UNNAMED = "unnamed"


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
    # By its id a paper is found again in the corpus, and as what another one is a duplicate of.
    remarks = [f"Paper {screened.paper.id}.", f"Screening: {screened.label} by {screened.decided_by}{why}."]
    if screened.decided_by != MACHINE:
        remarks.append(f"The machine says {screened.judgement.label}.")
    remarks += _of_reviewers(screened)
    remarks += [_line(verdict) for verdict in screened.judgement.verdicts]
    decided = screened.label if screened.decided_by != MACHINE else Label.UNCLEAR
    return [*remarks, _ASREVIEW.get(decided, "ASReview_not_seen")]


def _of_reviewers(screened: ScreenedPaper) -> list[str]:
    """Each reviewer's decision, also as Rayyan writes them, the consensus, and what became of the full text."""
    remarks, votes = [], screened.outcome.votes
    if set(votes) - {""}:
        inclusion = ", ".join(f'"{_quotable(name)}"=>"{_RAYYAN[vote.label]}"' for name, vote in votes.items())
        remarks.append(f"RAYYAN-INCLUSION: {{{inclusion}}}")
        remarks += [f"{name or _UNNAMED}: {_label_and_reason(vote)}." for name, vote in votes.items()]
    if screened.outcome.consensus:
        remarks.append(f"Consensus: {_label_and_reason(screened.outcome.consensus)}.")
    if screened.full_text.decision:
        remarks.append(f"Full text: {_label_and_reason(screened.full_text.decision)}.")
    return [*remarks, *((f"Duplicate of {screened.duplicate_of}.",) if screened.duplicate_of else ())]


def _label_and_reason(decision: Decision) -> str:
    return f"{decision.label}{f': {one_line(decision.reason)}' if decision.reason else ''}"


def _quotable(name: str) -> str:
    return "".join(c for c in name if c not in '"{}') or _UNNAMED


def _line(verdict: CriterionVerdict) -> str:
    criterion, finding = verdict.criterion, verdict.finding
    quote = f": “{one_line(finding.evidence.text)}”" if finding.evidence else "."
    return f"{criterion.number}. {one_line(criterion.text)}: {verdict.verdict}, {finding.why}{quote}"


_COLUMNS = (
    "id title year authors doi pmid venue language type url label included by reason_number reason decided_at"
    " machine machine_reason score quote from file line start end criteria abstract"
).split()


def screening_table(papers: Sequence[ScreenedPaper]) -> Table:
    """A row for each paper; `included` is 1 or 0 as other screening programs read it, and blank while it is unclear."""
    voted = dict.fromkeys(name for paper in papers for name in (*paper.outcome.votes, *paper.full_text.votes))
    names = tuple(voted) if set(voted) - {""} else ()
    columns = [
        f"{what} {name or _UNNAMED}" for name in names for what in ("label", "reason", "full text", "full text reason")
    ]
    return Table(
        "Screening",
        (*_COLUMNS, *_FURTHER, *columns),
        tuple((*_row(paper), *_outcome(paper), *_votes(paper, names)) for paper in papers),
        wide=frozenset(("reason", "criteria")),
    )


_FURTHER = "status consensus consensus_reason full_text full_text_reason full_text_status duplicate_of".split()


def _outcome(screened: ScreenedPaper) -> tuple[str, ...]:
    outcome, full_text = screened.outcome, screened.full_text
    return (
        "" if outcome.status is Status.OPEN else str(outcome.status),
        *_cells(outcome.consensus),
        *_cells(full_text.decision),
        "" if full_text.status is Status.OPEN else str(full_text.status),
        value(screened.duplicate_of),
    )


def _votes(screened: ScreenedPaper, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        yield from _cells(screened.outcome.votes.get(name))
        yield from _cells(screened.full_text.votes.get(name))


def _cells(decision: Decision | None) -> tuple[str, str]:
    return (str(decision.label), value(decision.reason)) if decision else ("", "")


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
