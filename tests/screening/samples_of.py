"""Papers and screenings for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from askpapers.datatypes import Paper, Source, quote_of
from askpapers.index.papers import PaperStore
from askpapers.metadata import Metadata
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.judged_papers import JudgedPapers
from askpapers.screening.memory import JudgementMemory
from askpapers.screening.protocol import Protocol, read_protocol
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import CriterionVerdict, Evidence, Finding, Holds, PaperJudgement, Verdict, verdict_on

SAMPLES = Path(__file__).with_name("samples")
PROTOCOL = read_protocol("# Kilns\n## Include\n- about kilns\n- in English\n## Exclude\n- reviews\n", "review.md")


def paper(
    name: str = "p1", title: str = "On pots", abstract: str = "We fire pots in kilns.", **fields: object
) -> Paper:
    year = fields.pop("year", 2020)
    assert year is None or isinstance(year, int)
    metadata = Metadata(**fields)  # type: ignore[arg-type]
    return Paper(name, title, abstract, (Source("a.ris", 3),), year, metadata=metadata)


class ScriptedJudge:
    """A judge of the first criterion by what is given for each paper; the others pass.

    `asked` are the papers, in order.
    """

    def __init__(self, holds: Mapping[str, Holds], protocol: Protocol = PROTOCOL) -> None:
        self.asked: list[str] = []
        self._holds = holds
        self._protocol = protocol

    def judge(self, row: int, paper: Paper) -> PaperJudgement:
        self.asked.append(paper.id)
        first, *rest = self._protocol.criteria
        quote = quote_of(paper, 0, 7)
        holds = self._holds.get(paper.id, Holds.NOT_SAID)
        chance = {Holds.YES: 0.9, Holds.NO: 0.1, Holds.NOT_SAID: 0.4 + row / 100}[holds]
        verdicts = [verdict_on(first, Finding(holds, "so it is", Evidence("abstract", quote.text, quote), chance))]
        if verdicts[0].verdict is not Verdict.FAILED:
            passed = Finding(Holds.YES, "the record says so", Evidence("record", "language: eng"), 0.9)
            verdicts += [CriterionVerdict(criterion, Verdict.PASSED, passed) for criterion in rest]
        return PaperJudgement(paper.id, tuple(verdicts))


def screening(folder: Path, judge: ScriptedJudge, papers: list[Paper], protocol: Protocol = PROTOCOL) -> Screening:
    file = folder / "papers.db"
    if not file.exists():
        PaperStore.write(file, papers, ())
    memory = JudgementMemory(folder / "screening.jsonl", protocol, "scripted")
    log = DecisionLog(folder / "review.decisions.jsonl", lambda: "2026-01-02T03:04:05+00:00")
    return Screening(JudgedPapers(protocol, PaperStore(file), judge, memory), log)
