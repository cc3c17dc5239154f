"""Takes over decisions that were made in another program, each on the paper of the corpus that it is on.

Each name in the export becomes a reviewer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from askpapers.errors import UsageError
from askpapers.progress import Progress
from askpapers.screening.agreement import Agreement, agreements
from askpapers.screening.decision_lines import Decision
from askpapers.screening.decisions import DecisionLog
from askpapers.screening.imported import ImportedPaper, is_titled
from askpapers.screening.screened import ScreenedPaper
from askpapers.screening.screening import Screening
from askpapers.screening.verdicts import LABELS, Label, Stage


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of the papers of an export.

    `made` counts the decisions by reviewer and label; `undecided` papers have none there, on `disputed` ones reviewers
    disagree, `missing` ones are not in the corpus, `decided` ones had been decided here before by the same reviewer.
    `reviewers` are those that are named, and `agreements` how each two of the first six agree on keeping papers.
    `further` counts decisions of our own files that are not on titles and abstracts, or settle a disagreement.
    """

    made: Mapping[str, Mapping[Label, int]]
    undecided: int
    disputed: tuple[str, ...]
    missing: tuple[str, ...]
    decided: int
    reviewers: tuple[str, ...]
    agreements: tuple[tuple[str, str, Agreement], ...]
    further: int = 0

    @property
    def labels(self) -> dict[Label, int]:
        """The decisions that were made, by label."""
        return {label: sum(made[label] for made in self.made.values()) for label in LABELS[Stage.ABSTRACT]}


def import_decisions(
    screening: Screening, papers: Sequence[ImportedPaper], reviewer: str | None, progress: Progress
) -> ImportResult:
    """Write the decisions of an export down, but a reviewer's on papers that they decided here before.

    Those of all reviewers, or of one by name; where the export names none they are that one's. Raises UsageError for a
    reviewer whom the export does not name.
    """
    reviewers = tuple(dict.fromkeys(name for paper in papers for name in paper.votes if name))
    wanted = _wanted(screening, papers, reviewers, reviewer)
    made: dict[str, dict[Label, int]] = {}
    decisions, missing, decided, before = list[Decision](), list[str](), 0, set[tuple[str, str]]()
    for number, (paper, votes) in enumerate(zip(papers, wanted, strict=True)):
        progress("Importing decisions", number, len(papers))
        if not votes:
            continue
        if (found := _find(screening, paper)) is None:
            missing.append(paper.title)
            continue
        for name, label in votes.items():
            if name in found.outcome.votes or (found.paper.id, name) in before:
                decided += 1
                continue
            before.add((found.paper.id, name))
            task = replace(screening.task, reviewer=name, stage=Stage.ABSTRACT, consensus=False, recheck=False)
            reason = paper.reason if label is Label.EXCLUDE else ""
            decisions.append(screening.doing(task).decision(found, label, reason))
            made.setdefault(name, dict.fromkeys(LABELS[Stage.ABSTRACT], 0))[label] += 1
    screening.log.add_all(decisions)
    kept = [{name: label is not Label.EXCLUDE for name, label in paper.votes.items()} for paper in papers]
    return ImportResult(
        made=made,
        undecided=sum(not votes for votes in wanted),
        disputed=tuple(paper.title for paper, votes in zip(papers, kept, strict=True) if len(set(votes.values())) > 1)
        if reviewer is None
        else (),
        missing=tuple(missing),
        decided=decided,
        reviewers=reviewers,
        agreements=agreements([{name: one for name, one in votes.items() if name} for votes in kept]),
    )


def import_log(log: DecisionLog, other: DecisionLog, reviewer: str | None) -> ImportResult:
    """Add the decisions of another file like this one, of colleagues elsewhere, that are not here yet.

    Those of all, or of one reviewer by name; where the other file names none they are that one's. Raises UsageError for
    a reviewer whom it does not name, and where it has no decisions.
    """
    names = tuple(name for name in other.reviewers if name)
    named = {name.casefold(): name for name in names}.get(" ".join((reviewer or "").split()).casefold())
    if not other.made or (reviewer and names and named is None):
        listed = ", ".join(names) or "none"
        raise UsageError("There are no such decisions to take over.", hint=f"Reviewers in the file: {listed}.")
    here = {_identity(decision) for decision in log.made}
    wanted = [d for d in other.made if not reviewer or not names or d.reviewer == named]
    who = {name: log.reviewer(name or reviewer or "") for name in {d.reviewer for d in wanted}}
    new = [replace(d, reviewer=who[d.reviewer]) for d in wanted if _identity(d) not in here]
    log.add_all(new)
    made: dict[str, dict[Label, int]] = {}
    votes = [decision for decision in new if decision.is_vote and decision.stage is Stage.ABSTRACT]
    for decision in votes:
        made.setdefault(decision.reviewer, dict.fromkeys(LABELS[Stage.ABSTRACT], 0))[decision.label] += 1
    return ImportResult(made, 0, (), (), len(wanted) - len(new), names, (), len(new) - len(votes))


def _identity(decision: Decision) -> tuple[str, ...]:
    """What makes a decision the same in two files: its id, or all that older ones have."""
    return (decision.id,) if decision.id else (decision.paper, decision.label, decision.at, decision.stage)


def _wanted(
    screening: Screening, papers: Sequence[ImportedPaper], reviewers: Sequence[str], reviewer: str | None
) -> list[dict[str, Label]]:
    """Of each paper the decisions to be taken over, by the names that the reviewers have here."""
    log = screening.log
    if reviewer is None:
        names = {name: log.reviewer(name) for paper in papers for name in paper.votes}
        return [{names[name]: label for name, label in paper.votes.items()} for paper in papers]
    if not reviewers:
        here = log.reviewer(reviewer)
        return [dict.fromkeys((here,), paper.votes[""]) if paper.votes else {} for paper in papers]
    known = next((name for name in reviewers if name.casefold() == " ".join(reviewer.split()).casefold()), None)
    if known is None:
        raise UsageError(f"No reviewer is called “{reviewer}”.", hint=f"Reviewers in the file: {', '.join(reviewers)}.")
    here = log.reviewer(known)
    return [{here: paper.votes[known]} if known in paper.votes else {} for paper in papers]


def _find(screening: Screening, paper: ImportedPaper) -> ScreenedPaper | None:
    unblinded = screening.doing(replace(screening.task, blind=False))
    for name, is_title in ((paper.doi, False), (paper.pmid and f"pmid:{paper.pmid}", False), (paper.title, True)):
        try:
            found = unblinded.find(name) if name else None
        except UsageError:
            continue
        if found and (not is_title or is_titled(paper.title, found.paper.title)):
            return found
    return None
