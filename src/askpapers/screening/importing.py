"""Takes over decisions that were made in another program, each on the paper of the corpus that it is on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from askpapers.errors import UsageError
from askpapers.screening.agreement import Agreement, agreement
from askpapers.screening.imported import ImportedPaper, is_titled
from askpapers.screening.screening import ScreenedPaper, Screening
from askpapers.screening.verdicts import Label

Progress = Callable[[str, int, int | None], None]
_MOST_REVIEWERS = 6  # of whom each two are compared


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of the papers of an export.

    `made` counts the decisions by label; `undecided` papers have none there, on `disputed` ones reviewers disagree,
    `missing` ones are not in the corpus, `decided` ones were decided here before. `reviewers` are those that are named,
    and `agreements` how each two of the first six agree on keeping papers that both decided.
    """

    made: dict[Label, int]
    undecided: int
    disputed: tuple[str, ...]
    missing: tuple[str, ...]
    decided: int
    reviewers: tuple[str, ...]
    agreements: tuple[tuple[str, str, Agreement], ...]


def import_decisions(
    screening: Screening, papers: Sequence[ImportedPaper], reviewer: str | None, progress: Progress
) -> ImportResult:
    """Write the decisions of an export down, but on papers that were decided here before.

    Those of one `reviewer` by name, or those on which all agree. Raises UsageError for a reviewer who is not named.
    """
    reviewers = tuple(dict.fromkeys(name for paper in papers for name in paper.votes or {} if name))
    if reviewer is not None and reviewer not in reviewers:
        named = ", ".join(reviewers) or "none"
        raise UsageError(f"No reviewer is called “{reviewer}”.", hint=f"Reviewers in the file: {named}.")
    made = dict.fromkeys(Label, 0)
    undecided, decided, disputed, missing = 0, 0, list[str](), list[str]()
    for number, paper in enumerate(papers):
        progress("Importing decisions", number, len(papers))
        label = paper.label(reviewer)
        if label is None:
            is_disputed = reviewer is None and bool(paper.votes)
            disputed += [paper.title] if is_disputed else []
            undecided += not is_disputed
        elif (found := _find(screening, paper)) is None:
            missing.append(paper.title)
        elif found.decision:
            decided += 1
        else:
            screening.decide(found, label, paper.reason if label is Label.EXCLUDE else "")
            made[label] += 1
    return ImportResult(
        made, undecided, tuple(disputed), tuple(missing), decided, reviewers, tuple(_agreements(papers, reviewers))
    )


def _find(screening: Screening, paper: ImportedPaper) -> ScreenedPaper | None:
    for name, is_title in ((paper.doi, False), (paper.pmid and f"pmid:{paper.pmid}", False), (paper.title, True)):
        try:
            found = screening.find(name) if name else None
        except UsageError:
            continue
        if found and (not is_title or is_titled(paper.title, found.paper.title)):
            return found
    return None


def _agreements(papers: Sequence[ImportedPaper], reviewers: Sequence[str]) -> list[tuple[str, str, Agreement]]:
    found = []
    for one, other in combinations(reviewers[:_MOST_REVIEWERS], 2):
        votes = [paper.votes or {} for paper in papers]
        both = [(v[one] is not Label.EXCLUDE, v[other] is not Label.EXCLUDE) for v in votes if one in v and other in v]
        if made := agreement(both):
            found.append((one, other, made))
    return found
