"""Judgements, remembered in a file beside the index: a screening that goes on judges no paper again.

A line of JSON for each paper, under a key that is made of all that it depends on. The file may be deleted.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from askpapers.datatypes import Paper, quote_of
from askpapers.screening.protocol import Protocol
from askpapers.screening.verdicts import CriterionVerdict, Evidence, Finding, Holds, PaperJudgement, Verdict

FILE = "screening.jsonl"
"""Beside the generations of the index."""
_VERSION = "2"  # of how papers are judged


class JudgementMemory:
    """The judgements in a file, by the paper's record, the criteria and who judged."""

    def __init__(self, file: Path, protocol: Protocol, made_by: str) -> None:
        """Read the file, if there is one; lines that cannot be read are none.

        `made_by` names all that the judgements depend on besides the papers and the criteria.
        """
        self._file = file
        self._protocol = protocol
        criteria = "\0".join(f"{criterion.excludes}{criterion.text}" for criterion in protocol.criteria)
        self._made_by = f"{_VERSION}\0{made_by}\0{criteria}"
        self._found: dict[str, Any] = {}
        self.failure = ""
        """Why nothing more can be remembered, "" while it can."""
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    self._read(line)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.failure = error.strerror or str(error)

    def get(self, paper: Paper) -> PaperJudgement | None:
        """What was made of a paper before."""
        found = self._found.get(self._key(paper))
        try:
            return PaperJudgement(paper.id, tuple(self._parse(one, paper) for one in found)) if found else None
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, paper: Paper, judgement: PaperJudgement) -> None:
        """Remember a judgement, at once."""
        key, verdicts = self._key(paper), [_serialize(one) for one in judgement.verdicts]
        self._found[key] = verdicts
        if self.failure:
            return
        try:
            with self._file.open("ab") as out:
                line = json.dumps({"key": key, "verdicts": verdicts}, ensure_ascii=False)
                out.write(line.encode(errors="replace") + b"\n")
        except OSError as error:
            self.failure = error.strerror or str(error)

    def _read(self, line: str) -> None:
        try:
            item = json.loads(line)
            self._found[str(item["key"])] = item["verdicts"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return

    def _key(self, paper: Paper) -> str:
        data = paper.metadata
        record = (data.type, data.venue, data.language, repr(data.extra))
        made_of = (self._made_by, paper.id, paper.title, paper.abstract, str(paper.year), *record)
        return hashlib.sha256("\0".join(made_of).encode(errors="replace")).hexdigest()

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
