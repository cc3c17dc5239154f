"""A screening as one reviewer sees it: every paper with its label, what is to be decided next, and the decisions."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from askpapers.errors import ScreeningError, UsageError
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.duplicates import PossibleDuplicate
from askpapers.screening.judged_papers import JudgedPapers
from askpapers.screening.outcomes import NOTHING, Outcome, Status
from askpapers.screening.protocol import Protocol, Seed
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.verdicts import LABELS, Label, Stage


@dataclass(frozen=True, slots=True)
class Task:
    """What a reviewer does: decides at a stage, settles disagreements (`consensus`), or decides once more (`recheck`).

    While they are `blind` they do not see what another one decided on a paper that is still theirs to decide.
    """

    reviewer: str = ""
    stage: Stage = Stage.ABSTRACT
    consensus: bool = False
    recheck: bool = False
    blind: bool = True


class Screening:
    """The papers of a corpus under a protocol, for a reviewer's task."""

    def __init__(self, judged: JudgedPapers, log: DecisionLog, task: Task = Task()) -> None:
        """Screen the papers that are judged; `log` has the decisions of all reviewers."""
        self.judged = judged
        self.log = log
        self.task = task

    def doing(self, task: Task) -> Screening:
        """The same screening for another task."""
        return Screening(self.judged, self.log, task)

    @property
    def protocol(self) -> Protocol:
        """The protocol."""
        return self.judged.protocol

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the screening."""
        gone = len(self.log.outcomes().keys() - self.judged.ids)
        papers = "paper is" if gone == 1 else "papers are"
        missing = f"{gone:,} decided {papers} not in the corpus any more." if gone else ""
        hidden = sum(map(self._is_hidden, self.log.outcomes(self.task.stage).values()))
        blind = f"Another reviewer's decisions on {hidden:,} papers are hidden until you decide." if hidden else ""
        every = (*self.protocol.notes, *self.log.notes, *self.judged.notes, missing, blind)
        return tuple(note for note in every if note)

    def excluded_seed(self) -> tuple[Seed, ScreenedPaper] | None:
        """The first seed that is excluded and that no person decided on. Raises ScreeningError where one is missing."""
        every = ((seed, self._at(row)) for row, seed in self.judged.seeds.items())
        return next(((seed, one) for seed, one in every if one.judgement.failed and not one.outcome.votes), None)

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

    def at(self, row: int) -> ScreenedPaper:
        """The paper of a row as the reviewer sees it, judged."""
        return self._seen(self._at(row))

    def find(self, name: str) -> ScreenedPaper:
        """The paper that a name means: an identifier, its beginning, or a title. Raises UsageError."""
        return self.at(self.judged.row_of(name))

    def unblinded_papers(self) -> list[ScreenedPaper]:
        """All papers but duplicates that were removed, with all decisions, in the order of the corpus."""
        return [one for one in map(self._at, range(len(self.judged))) if not one.duplicate_of]

    def papers(self) -> list[ScreenedPaper]:
        """The same papers, as the reviewer sees them."""
        return list(map(self._seen, self.unblinded_papers()))

    def removed(self) -> list[ScreenedPaper]:
        """The papers that were removed as duplicates."""
        rows = sorted(self.judged.rows_of(self.log.removed).values())
        return [one for one in map(self._at, rows) if one.duplicate_of]

    def queue(self) -> list[ScreenedPaper]:
        """The papers that are the reviewer's to decide, the likeliest first; those that the machine excludes last.

        They are ranked by what the reviewer decided, once there is a paper that is kept and one that is not, else by
        the machine's own score.
        """
        papers, stage, reviewer = self.unblinded_papers(), self.task.stage, self.task.reviewer
        if self.task.consensus:
            return [one for one in papers if one.at_stage(stage).status is Status.CONFLICT]
        left = [one for one in papers if self._is_wanted(one) and one.at_stage(stage).is_open_to(reviewer)]
        scores = self._scores(papers) if left else {}
        return sorted(left, key=lambda s: (s.judgement.label is Label.EXCLUDE, -scores[s.row], s.row))

    def decide(self, screened: ScreenedPaper, label: Label, reason: str = "") -> Decision:
        """Write a decision down. Raises UsageError for what cannot be decided."""
        return self.log.add(self.decision(screened, label, reason))

    def decision(self, screened: ScreenedPaper, label: Label, reason: str = "") -> Decision:
        """The decision on a paper at the stage of the task; `reason` is the number of a criterion, or words.

        Raises UsageError for what cannot be decided.
        """
        task, known = self.task, self._at(screened.row)
        number, text = self.protocol.reason(reason)
        if label not in LABELS[task.stage]:
            known_labels = ", ".join(LABELS[task.stage])
            raise UsageError(f"“{label}” is no decision at the stage “{task.stage}”.", hint=f"Decide: {known_labels}.")
        if text and label is not Label.EXCLUDE:
            raise UsageError(f"A reason is for excluding, not for “{label}”.", hint="Leave it out.")
        if known.duplicate_of:
            raise UsageError(f"{known.paper.id} was removed: it is {known.duplicate_of}.", hint="Decide on that one.")
        if task.stage is Stage.FULL_TEXT and not known.is_sought:
            raise UsageError(
                f"The full text of {known.paper.id} is not sought: it is not included by its abstract.",
                hint="Decide on its abstract first.",
            )
        if task.stage is Stage.FULL_TEXT and label is Label.EXCLUDE and not text:
            raise UsageError("A full text is excluded for a reason.", hint="Give a criterion's number, or words.")
        if task.consensus and known.at_stage(task.stage).status not in (Status.CONFLICT, Status.CONSENSUS):
            raise UsageError(f"Reviewers do not disagree on {known.paper.id}.", hint="Decide without --consensus.")
        failed = screened.judgement.failed
        return Decision(
            screened.paper.id,
            label,
            number,
            text,
            title=screened.paper.title,
            machine=screened.judgement.label,
            machine_reason=failed.criterion.text if failed else "",
            recheck=task.recheck,
            reviewer=task.reviewer,
            stage=task.stage,
            consensus=task.consensus,
        )

    def possible_duplicates(self) -> list[PossibleDuplicate]:
        """The pairs of papers that may be the same on which no one decided, and of which none was removed."""
        decided = {frozenset((d.paper, d.of)) for d in self.log.made if d.stage is Stage.DUPLICATES}
        return [
            pair
            for pair in self.judged.possible_duplicates
            if frozenset((pair.paper.id, pair.other.id)) not in decided
            and not self.log.removed.keys() & {pair.paper.id, pair.other.id}
        ]

    def decide_duplicate(self, paper: str, of: str, label: Label) -> Decision:
        """Write down that a paper is a duplicate of another one and goes, or that it is a different one.

        Raises UsageError for a paper that is not there, or was removed.
        """
        names = [self.find(name).paper for name in (paper, of)]
        if names[0].id == names[1].id or any(one.id in self.log.removed for one in names):
            raise UsageError(f"{paper} is no duplicate of {of}.", hint="Name two papers that are still there.")
        one, other = names
        reviewer = self.task.reviewer
        made = Decision(one.id, label, title=one.title, reviewer=reviewer, stage=Stage.DUPLICATES, of=other.id)
        return self.log.add(made)

    def undo(self) -> Decision | None:
        """Take back the reviewer's last decision, and say which; None where there is none."""
        return self.log.undo(self.task.reviewer)

    def sample(self, count: int) -> list[ScreenedPaper]:
        """Papers to decide once more: drawn at random from those that were decided once, the same for the same log."""
        rechecked = self.log.rechecked
        once = sorted(paper for paper in self.log.current if paper not in rechecked and paper not in self.log.removed)
        rows = self.judged.rows_of(once)
        drawn = random.Random(f"{self.protocol.file}\0{len(self.log.made)}").sample(sorted(rows), min(count, len(rows)))
        return [self.at(rows[paper]) for paper in drawn]

    def _at(self, row: int) -> ScreenedPaper:
        paper, judgement = self.judged.at(row)
        log = self.log
        return ScreenedPaper(
            row,
            paper,
            judgement,
            log.outcomes().get(paper.id, NOTHING),
            log.outcomes(Stage.FULL_TEXT).get(paper.id, NOTHING),
            row in self.judged.seeds,
            log.removed.get(paper.id, ""),
        )

    def _is_hidden(self, outcome: Outcome) -> bool:
        task = self.task
        return task.blind and not task.consensus and bool(outcome.votes) and outcome.is_open_to(task.reviewer)

    def _seen(self, screened: ScreenedPaper) -> ScreenedPaper:
        """A paper without what is hidden from the reviewer."""
        if not self._is_hidden(screened.at_stage(self.task.stage)):
            return screened
        if self.task.stage is Stage.FULL_TEXT:
            return replace(screened, full_text=NOTHING)
        return replace(screened, outcome=NOTHING, full_text=NOTHING)

    def _is_wanted(self, screened: ScreenedPaper) -> bool:
        """Whether a paper is to be decided on at the stage; known papers are included without a decision."""
        return screened.is_sought if self.task.stage is Stage.FULL_TEXT else not screened.is_seed

    def _scores(self, papers: Sequence[ScreenedPaper]) -> Mapping[int, float]:
        known = {one.row: kept for one in papers if (kept := self._is_kept(one)) is not None}
        if any(known.values()) and not all(known.values()):
            ranker = self.judged.prepare_ranking()
            scores = ranker.scores(known) if ranker else None
            if scores is not None:
                return dict(enumerate(scores.tolist()))
        return {one.row: one.judgement.score for one in papers}

    def _is_kept(self, screened: ScreenedPaper) -> bool | None:
        """Whether the reviewer keeps a paper by its abstract: by their decision, else by what they see of others."""
        if own := screened.outcome.votes.get(self.task.reviewer):
            return own.keeps
        decision = None if self._is_hidden(screened.outcome) else screened.decision
        return decision.keeps if decision else True if screened.is_seed else None
