"""The values of a screening: what is found of a condition, the verdict on a criterion, and the label of a paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from askpapers.datatypes import Quote
from askpapers.screening.protocol import Criterion


class Holds(StrEnum):
    """Whether what a criterion says holds of a paper."""

    YES = "yes"
    NO = "no"
    NOT_SAID = "not said"


class Verdict(StrEnum):
    """What a paper is to a criterion."""

    PASSED = "passed"
    FAILED = "failed"
    UNCLEAR = "unclear"


class Stage(StrEnum):
    """A stage of a screening; at the first one the papers that are the same are found."""

    DUPLICATES = "duplicates"
    ABSTRACT = "abstract"
    FULL_TEXT = "full text"


class Label(StrEnum):
    """What is to become of a paper; of a duplicate, that it is one or is another paper."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    UNCLEAR = "unclear"
    NOT_RETRIEVED = "not retrieved"
    DUPLICATE = "duplicate"
    DIFFERENT = "different"


LABELS = {
    Stage.DUPLICATES: (Label.DUPLICATE, Label.DIFFERENT),
    Stage.ABSTRACT: (Label.INCLUDE, Label.EXCLUDE, Label.UNCLEAR),
    Stage.FULL_TEXT: (Label.INCLUDE, Label.EXCLUDE, Label.NOT_RETRIEVED),
}
"""The labels that can be decided on at each stage."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a finding stands on: words of the abstract with their place, of the title, or of the record.

    `quote` is there for words of the abstract only; `text` is verbatim in all three.
    """

    where: str  # "abstract", "title" or "record"
    text: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether something holds of a paper, why in a few words, and what that stands on.

    `chance` is how likely it holds, as far as that is known: papers are ordered by it while nothing is decided.
    """

    holds: Holds
    why: str
    evidence: Evidence | None = None
    chance: float = 0.5


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The verdict on one criterion."""

    criterion: Criterion
    verdict: Verdict
    finding: Finding


@dataclass(frozen=True, slots=True)
class PaperJudgement:
    """What the machine makes of a paper: a verdict on each criterion up to the first that clearly fails.

    `score` orders papers, the likelier included before.
    """

    paper: str
    verdicts: tuple[CriterionVerdict, ...]

    @property
    def failed(self) -> CriterionVerdict | None:
        """The first criterion that clearly fails."""
        return next((one for one in self.verdicts if one.verdict is Verdict.FAILED), None)

    @property
    def label(self) -> Label:
        """Excluded by a criterion that clearly fails, included where all pass."""
        if self.failed:
            return Label.EXCLUDE
        clear = all(one.verdict is Verdict.PASSED for one in self.verdicts)
        return Label.INCLUDE if clear else Label.UNCLEAR

    @property
    def score(self) -> float:
        """The mean chance that it passes its criteria; an excluded paper comes after all others."""
        chances = [1 - v.finding.chance if v.criterion.excludes else v.finding.chance for v in self.verdicts]
        mean = sum(chances) / len(chances)
        return mean - 1 if self.failed else mean


def verdict_on(criterion: Criterion, finding: Finding) -> CriterionVerdict:
    """The verdict that a finding on a criterion's condition gives.

    Silence is no failure: a paper that does not say whether it is what is excluded passes, and one that does not say
    whether it is what is included is unclear.
    """
    fails = Holds.YES if criterion.excludes else Holds.NO
    if finding.holds is fails:
        return CriterionVerdict(criterion, Verdict.FAILED, finding)
    clear = criterion.excludes or finding.holds is not Holds.NOT_SAID
    return CriterionVerdict(criterion, Verdict.PASSED if clear else Verdict.UNCLEAR, finding)


def negated(finding: Finding) -> Finding:
    """What a finding is of the opposite."""
    opposite = {Holds.YES: Holds.NO, Holds.NO: Holds.YES, Holds.NOT_SAID: Holds.NOT_SAID}
    return Finding(opposite[finding.holds], finding.why, finding.evidence, 1 - finding.chance)


def joined(findings: list[Finding]) -> Finding:
    """The finding on rules that all have to hold: the first that does not, else the first that is not said."""
    for holds in (Holds.NO, Holds.NOT_SAID):
        if found := next((one for one in findings if one.holds is holds), None):
            return found
    return findings[0]
