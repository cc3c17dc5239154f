"""A screening under way: every paper with its label, the seeds, and which paper is to be decided next."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from askpapers.datatypes import Paper
from askpapers.errors import OptionalDependencyError, ScreeningError, UsageError
from askpapers.index.papers import PaperStore
from askpapers.screening.decisions import Decision, DecisionLog
from askpapers.screening.judging import JudgesPapers
from askpapers.screening.memory import JudgementMemory
from askpapers.screening.protocol import Protocol, Seed
from askpapers.screening.ranking import Ranker, text_of
from askpapers.screening.verdicts import Label, PaperJudgement

Progress = Callable[[str, int, int | None], None]
PERSON, SEED, MACHINE = "person", "seed", "machine"


@dataclass(frozen=True, slots=True)
class ScreenedPaper:
    """A paper with what the machine makes of it and, once there is one, a person's decision, which counts."""

    row: int
    paper: Paper
    judgement: PaperJudgement
    decision: Decision | None = None
    is_seed: bool = False

    @property
    def label(self) -> Label:
        """What is to become of it: what a person decided, else included for a seed, else what the machine says."""
        if self.decision:
            return self.decision.label
        return Label.INCLUDE if self.is_seed else self.judgement.label

    @property
    def decided_by(self) -> str:
        """Who says so."""
        return PERSON if self.decision else SEED if self.is_seed else MACHINE

    @property
    def reason(self) -> tuple[int | None, str]:
        """The number and the words of the criterion by which it is excluded; ("", None) where no one gave any."""
        if self.label is not Label.EXCLUDE:
            return None, ""
        if self.decision:
            return self.decision.number, self.decision.reason
        failed = self.judgement.failed
        return (failed.criterion.number, failed.criterion.text) if failed else (None, "")


class Screening:
    """The papers of a corpus under a protocol."""

    def __init__(
        self, protocol: Protocol, papers: PaperStore, judge: JudgesPapers, memory: JudgementMemory, log: DecisionLog
    ) -> None:
        """Screen papers; `judge` judges those that `memory` does not have, `log` has the decisions of a person."""
        self.protocol = protocol
        self.log = log
        self._papers = papers
        self._judge = judge
        self._memory = memory
        self._judged: dict[int, ScreenedPaper] = {}
        self._ranker: Ranker | None = None
        self._ranker_note = ""

    @cached_property
    def seeds(self) -> Mapping[int, Seed]:
        """The seeds by the row of their paper. Raises ScreeningError for one that the corpus does not have."""
        return {self._row_of_seed(seed): seed for seed in self.protocol.seeds}

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the screening."""
        failure = f"Judgements cannot be remembered: {self._memory.failure}." if self._memory.failure else ""
        known = {paper.id for paper in self._papers}
        gone = sum(paper not in known for paper in self.log.current)
        papers = "paper is" if gone == 1 else "papers are"
        missing = f"{gone:,} decided {papers} not in the corpus any more." if gone else ""
        every = (*self.protocol.notes, *self.log.notes, self._ranker_note, failure, missing)
        return tuple(note for note in every if note)

    def excluded_seed(self) -> tuple[Seed, ScreenedPaper] | None:
        """The first seed that is excluded and that no person decided on. Raises ScreeningError where one is missing."""
        every = ((seed, self.at(row)) for row, seed in self.seeds.items())
        return next(((seed, one) for seed, one in every if one.judgement.failed and not one.decision), None)

    def check_seeds(self) -> None:
        """Raise ScreeningError where a seed is missing, or the machine excludes it and no person decided."""
        found = self.excluded_seed()
        failed = found[1].judgement.failed if found else None
        if found and failed:
            seed, screened = found
            evidence = f" “{failed.finding.evidence.text}”" if failed.finding.evidence else ""
            raise ScreeningError(
                f"{self.protocol.file}:{seed.line}: the seed {screened.paper.id} would be excluded by criterion"
                f" {failed.criterion.number}, “{failed.criterion.text}”: {failed.finding.why}.{evidence}",
                hint=f"Widen the criterion, take the seed out, or decide: --decide {screened.paper.id} include",
            )

    def judge_all(self, progress: Progress) -> None:
        """Judge every paper that is not yet. Raises ModelError; what was judged by then is remembered."""
        left = [row for row in range(len(self._papers)) if self._remembered(row) is None]
        for done, row in enumerate(left):
            progress("Screening papers", done, len(left))
            self.at(row)

    def at(self, row: int) -> ScreenedPaper:
        """The paper of a row, judged."""
        screened = self._remembered(row)
        if screened is None:
            paper = self._papers.at(row)
            judgement = self._judge.judge(row, paper)
            self._memory.put(paper, judgement)
            screened = self._judged[row] = ScreenedPaper(row, paper, judgement, is_seed=row in self.seeds)
        return replace(screened, decision=self.log.current.get(screened.paper.id))

    def _remembered(self, row: int) -> ScreenedPaper | None:
        """The paper of a row, where it was judged before, now or by an earlier run."""
        if row not in self._judged:
            paper = self._papers.at(row)
            judgement = self._memory.get(paper)
            if judgement:
                self._judged[row] = ScreenedPaper(row, paper, judgement, is_seed=row in self.seeds)
        return self._judged.get(row)

    def every(self) -> list[ScreenedPaper]:
        """All papers, in the order of the corpus."""
        current = self.log.current
        return [
            replace(screened, decision=current.get(screened.paper.id))
            for screened in (self._judged.get(row) or self.at(row) for row in range(len(self._papers)))
        ]

    def queue(self) -> list[ScreenedPaper]:
        """The papers that no one decided, the likeliest to be included first; those that the machine excludes last.

        They are ranked by what was decided, once there is a paper that is kept and one that is not, else by the
        machine's own score.
        """
        every = self.every()
        scores = self._scores(every)
        left = [screened for screened in every if screened.decided_by == MACHINE]
        return sorted(left, key=lambda s: (s.judgement.label is Label.EXCLUDE, -scores[s.row], s.row))

    def prepare_ranking(self) -> Ranker | None:
        """Make what papers are ranked by, once: it takes seconds for thousands. None, and a note, without the extra."""
        if self._ranker is None and not self._ranker_note:
            try:
                self._ranker = Ranker([text_of(screened.paper) for screened in self.every()])
            except OptionalDependencyError as error:
                self._ranker_note = (
                    f"{error} {error.hint} Until then papers come in the order of the machine's own score."
                )
        return self._ranker

    def find(self, name: str) -> ScreenedPaper:
        """The paper that a name means: an identifier, its beginning, or a title. Raises UsageError."""
        found = self._papers.find(name)
        if not found:
            raise UsageError(f"No paper is called “{name}”.", hint="List them: ask papers")
        if len(found) > 1:
            several = ", ".join(paper.id for paper in found[:4])
            raise UsageError(f"“{name}” may be {several}.", hint="Give the whole identifier.")
        (row,) = self._papers.rows_of([found[0].id])
        return self.at(row)

    def decide(self, screened: ScreenedPaper, label: Label, reason: str = "", *, recheck: bool = False) -> Decision:
        """Write a person's decision down; `reason` is the number of a criterion, or words. Raises UsageError."""
        number, text = self._reason(reason)
        if text and label is not Label.EXCLUDE:
            raise UsageError(f"A reason is for excluding, not for “{label}”.", hint="Leave it out.")
        failed = screened.judgement.failed
        return self.log.add(
            Decision(
                screened.paper.id,
                label,
                number,
                text,
                title=screened.paper.title,
                machine=screened.judgement.label,
                machine_reason=failed.criterion.text if failed else "",
                recheck=recheck,
            )
        )

    def sample(self, count: int) -> list[ScreenedPaper]:
        """Papers to decide once more: drawn at random from those that were decided once, the same for the same log."""
        rechecked = self.log.rechecked
        once = sorted(paper for paper in self.log.current if paper not in rechecked)
        rows = {self._papers.at(row).id: row for row in self._papers.rows_of(once)}
        drawn = random.Random(f"{self.protocol.file}\0{len(self.log.made)}").sample(sorted(rows), min(count, len(rows)))
        return [self.at(rows[paper]) for paper in drawn]

    def _reason(self, reason: str) -> tuple[int | None, str]:
        if not reason.strip():
            return None, ""
        if not reason.strip().isdecimal():
            return None, " ".join(reason.split())
        criterion = self.protocol.criterion(int(reason))
        if criterion is None:
            raise UsageError(
                f"There is no criterion {reason.strip()}: the protocol has {len(self.protocol.criteria)}.",
                hint="Give the number of one, or a reason in words.",
            )
        return criterion.number, criterion.text

    def _row_of_seed(self, seed: Seed) -> int:
        found = self._papers.named(seed.name) or self._papers.find(seed.name)
        if len(found) == 1:
            return self._papers.rows_of([found[0].id])[0]
        where = f"{self.protocol.file}:{seed.line}"
        if found:
            raise ScreeningError(
                f"{where}: the seed “{seed.name}” may be {', '.join(paper.id for paper in found[:4])}.",
                hint="Name it by its identifier.",
            )
        raise ScreeningError(
            f"{where}: the seed “{seed.name}” is not in the corpus, so the search has missed it.",
            hint="Widen the search and add what it finds (ask add), or take the seed out.",
        )

    def _scores(self, every: Sequence[ScreenedPaper]) -> Mapping[int, float]:
        known = {s.row: s.label is not Label.EXCLUDE for s in every if s.decided_by != MACHINE}
        if any(known.values()) and not all(known.values()):
            ranker = self.prepare_ranking()
            scores = ranker.scores(known) if ranker else None
            if scores is not None:
                return dict(enumerate(scores.tolist()))
        return {s.row: s.judgement.score for s in every}
