"""A screening as JSON: every paper with its label, who gave it, the reason, the evidence, and every decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from askpapers.contract import source_dict
from askpapers.screening.agreement import Agreement
from askpapers.screening.criteria import in_words
from askpapers.screening.decision_lines import Decision
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.outcomes import Outcome, Status
from askpapers.screening.protocol import Protocol
from askpapers.screening.report import FullTexts, Pairs, Reasons, Report
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.verdicts import CriterionVerdict, Stage
from askpapers.text import plain

SCHEMA = 1
"""The version of the JSON objects of `ask screen`."""


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
        **_outcome_dict(screened.outcome),
        "full_text": _full_text_dict(screened.full_text),
        "duplicate_of": screened.duplicate_of or None,
    }


def decision_dict(decision: Decision) -> dict[str, Any]:
    """A decision by itself."""
    machine = {"label": str(decision.machine), "reason": decision.machine_reason or None} if decision.machine else None
    return {
        "paper": decision.paper,
        "label": str(decision.label),
        "reason": {"number": decision.number, "text": decision.reason} if decision.reason else None,
        "at": decision.at,
        "machine": machine,
        "recheck": decision.recheck,
        "reviewer": decision.reviewer or None,
        "stage": str(decision.stage),
        "consensus": decision.consensus,
        **({"of": decision.of} if decision.stage is Stage.DUPLICATES else {}),
    }


def duplicate_dict(pair: PossibleDuplicate) -> dict[str, Any]:
    """Two papers that may be the same, the one to keep first."""
    papers = [{"paper": p.id, "title": plain(p.title), "year": p.year} for p in (pair.paper, pair.other)]
    return {"papers": papers, "why": pair.why}


def _outcome_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "status": None if outcome.status is Status.OPEN else str(outcome.status),
        "decisions": [decision_dict(vote) for vote in outcome.votes.values()],
        "consensus": decision_dict(outcome.consensus) if outcome.consensus else None,
    }


def _full_text_dict(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.status is Status.OPEN:
        return None
    made = outcome.decision
    reason = {"number": made.number, "text": made.reason} if made and made.reason else None
    return {"label": str(made.label) if made else None, "reason": reason, **_outcome_dict(outcome)}


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
            "reasons": _reason_dicts(prisma.reasons),
            "sought_for_retrieval": prisma.sought,
            "undecided": prisma.undecided,
            "duplicates_removed_by_person": prisma.removed,
            "waiting_for_second_reviewer": prisma.waiting,
            "conflicts": prisma.conflicts,
            "full_texts": _full_texts_dict(prisma.full_texts),
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
        "reviewers": _pair_dicts(report.reviewers),
        "reviewers_on_full_texts": _pair_dicts(report.on_full_texts),
    }


def _full_texts_dict(found: FullTexts) -> dict[str, Any]:
    return {
        "not_retrieved": found.not_retrieved,
        "assessed": found.assessed,
        "excluded": found.excluded,
        "reasons": _reason_dicts(found.reasons),
        "included": found.included,
        "undecided": found.undecided,
        "conflicts": found.conflicts,
    }


def _reason_dicts(reasons: Reasons) -> list[dict[str, Any]]:
    return [{"reason": text or None, "papers": count} for text, count in reasons]


def _pair_dicts(pairs: Pairs) -> list[dict[str, Any]]:
    """Each two reviewers by name, "" for the one without, with their agreement."""
    return [{"reviewers": [one, other], **(_agreement_dict(found) or {})} for one, other, found in pairs]


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
