"""Judgements, remembered in a file beside the index: a screening that goes on judges no paper again.

A line of JSON for each paper, under a key that is made of all that it depends on. The file may be deleted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from askpapers.datatypes import Paper, quote_of
from askpapers.keyed_lines import KeyedLines, key_of
from askpapers.screening.protocol import Protocol
from askpapers.screening.verdicts import CriterionVerdict, Evidence, Finding, Holds, PaperJudgement, Verdict

FILE = "screening.jsonl"
"""Beside the generations of the index."""
_VERSION = "4"  # of how papers are judged


class JudgementMemory:
    """The judgements in a file, by the paper's record, the criteria and who judged."""

    def __init__(self, file: Path, protocol: Protocol, made_by: str) -> None:
        """Read the file, if there is one.

        `made_by` names all that the judgements depend on besides the papers and the criteria.
        """
        self._protocol = protocol
        criteria = "\0".join(f"{criterion.excludes}{criterion.text}" for criterion in protocol.criteria)
        self._made_by = f"{_VERSION}\0{made_by}\0{criteria}"
        self._lines = KeyedLines(file, "verdicts")

    @property
    def failure(self) -> str:
        """Why nothing more can be remembered, "" while it can."""
        return self._lines.failure

    def get(self, paper: Paper) -> PaperJudgement | None:
        """What was made of a paper before."""
        found = self._lines.get(self._key(paper))
        try:
            return PaperJudgement(paper.id, tuple(self._parse(one, paper) for one in found)) if found else None
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, paper: Paper, judgement: PaperJudgement) -> None:
        """Remember a judgement, at once."""
        self._lines.add({self._key(paper): [_serialize(one) for one in judgement.verdicts]})

    def _key(self, paper: Paper) -> str:
        data = paper.metadata
        record = (data.type, data.venue, data.language, repr(data.extra))
        return key_of((self._made_by, paper.id, paper.title, paper.abstract, str(paper.year), *record))

    def _parse(self, fields: dict[str, Any], paper: Paper) -> CriterionVerdict:
        criterion = self._protocol.criterion(fields["criterion"])
        if criterion is None:
            raise ValueError
        evidence = None
        if fields["where"]:
            place = fields["start"], fields["end"]
            quote = quote_of(paper, *place) if place != (None, None) else None
            evidence = Evidence(fields["where"], quote.text if quote else fields["text"], quote)
        finding = Finding(Holds(fields["holds"]), fields["why"], evidence, fields["chance"])
        return CriterionVerdict(criterion, Verdict(fields["verdict"]), finding)


def _serialize(verdict: CriterionVerdict) -> dict[str, Any]:
    finding, evidence = verdict.finding, verdict.finding.evidence
    quote = evidence.quote if evidence else None
    return {
        "criterion": verdict.criterion.number,
        "verdict": str(verdict.verdict),
        "holds": str(finding.holds),
        "why": finding.why,
        "chance": finding.chance,
        "where": evidence.where if evidence else "",
        "text": evidence.text if evidence and not quote else "",
        "start": quote.start if quote else None,
        "end": quote.end if quote else None,
    }
