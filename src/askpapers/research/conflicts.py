"""Pairs of papers whose sentences on the same thing point different ways: shown side by side, and not judged.

Precision comes before recall. Two sentences are a conflict when they are near each other, share the words that say what
they are about, and contradict each other read in both directions, without their numbers too: different figures on
different data are ordinary spread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from askpapers.answering.relevance import titled
from askpapers.contract import SCHEMA, coverage_dict, source_dict
from askpapers.coverage import Coverage
from askpapers.datatypes import Paper, Quote, quote_of
from askpapers.grounding.names import missing_names
from askpapers.grounding.numbers import comparable, numbers
from askpapers.index.embedder import Embedder
from askpapers.index.passages import passages_of
from askpapers.progress import Progress
from askpapers.reading.protocol import SupportLabel, SupportReader
from askpapers.research.opposed import are_of_other_conditions, are_swapped, is_opposed, only_in
from askpapers.text import terms
from askpapers.text.aims import is_aim

MOST_PAPERS = 200
"""Papers whose sentences are compared, the likeliest to be on the topic."""
# Probabilities of contradiction in the weaker direction, as in drafts/contradiction.py: fitted on labelled claims.
_SURE = 0.75
_SEEN = 0.4  # where the exact checks see a negation, an opposite or no effect against one, too
_SEEN_NEARER = 0.3  # and where the sentences are nearer than `_NEARER`
_SWAPPED = 0.5  # what is said of swapped sides in the same words, which a reader does not see
_NEAR = 0.5  # cosine of two sentences
_NEARER = 0.85  # where the words in which they differ may be anything
_ALIKE = 0.5  # cosine of the words in which they differ
_SHARED = 0.35  # of the terms of the shorter sentence
_FEWEST_SHARED = 2
_FEWEST_TERMS = 4  # of a sentence that claims something
_MOST_PAIRS = 600  # that are read, the nearest: about fifteen seconds on two processors
_AT_A_TIME = 16  # pairs read between two words on the progress
_OWN = re.compile(
    r"\bour (?:\w+ ){0,3}(?:models?|methods?|approach(?:es)?|systems?|algorithms?|techniques?|framework|architecture)\b"
    r"|\b(?:the|this) (?:proposed|resulting|new|novel) \w+|\bwe (?:introduce|propose|present|describe|release)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a paper that may contradict one of another."""

    paper: Paper
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence."""
        return self.paper.abstract[self.start : self.end]

    @property
    def quote(self) -> Quote:
        """The sentence with its place."""
        return quote_of(self.paper, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sentences of two papers that contradict each other; `strength` is the weaker of the two readings, 0 to 1."""

    first: Claim
    second: Claim
    strength: float


@dataclass(frozen=True, slots=True)
class ConflictReport:
    """What a search for conflicts found in `papers` papers: of their `sentences` so many `pairs` were read both ways.

    Of two papers only their strongest conflict is kept; the strongest come first.
    """

    topic: str
    conflicts: tuple[Conflict, ...]
    papers: int
    sentences: int
    pairs: int
    coverage: Coverage | None = None


def find_conflicts(
    topic: str, papers: Sequence[Paper], embedder: Embedder, reader: SupportReader, progress: Progress
) -> ConflictReport:
    """Find the conflicts among papers; `progress` is told how far it is, of how much."""
    papers = papers[:MOST_PAPERS]
    claims = [claim for paper in papers for claim in _claims(paper)]
    comparer = _Comparer(embedder, reader)
    pairs = comparer.on_the_same(claims) if len(papers) > 1 else []
    best: dict[frozenset[str], Conflict] = {}
    for begin in range(0, len(pairs), _AT_A_TIME):
        progress("Comparing sentences", begin, len(pairs))
        for conflict in comparer.contradicting(pairs[begin : begin + _AT_A_TIME]):
            both = frozenset((conflict.first.paper.id, conflict.second.paper.id))
            if both not in best or conflict.strength > best[both].strength:
                best[both] = conflict
    found = tuple(sorted(best.values(), key=lambda conflict: -conflict.strength))
    return ConflictReport(topic, found, len(papers), len(claims), len(pairs))


class _Comparer:
    """Compares claims: which are on the same thing, and which of those contradict each other."""

    def __init__(self, embedder: Embedder, reader: SupportReader) -> None:
        self._embedder = embedder
        self._reader = reader

    def on_the_same(self, claims: Sequence[Claim]) -> list[tuple[Claim, Claim]]:
        """The pairs of claims of two papers that are on the same thing, the nearest first."""
        if not claims:
            return []
        vectors = self._embedder.embed([claim.text for claim in claims])
        cosines = vectors @ vectors.T
        about = [_about(claim.text) for claim in claims]
        found = []
        for first, second in np.argwhere(np.triu(cosines >= _NEAR, k=1)).tolist():
            one, other = claims[first], claims[second]
            shared = len(about[first] & about[second])
            is_same = shared >= max(_FEWEST_SHARED, _SHARED * min(len(about[first]), len(about[second])))
            if one.paper.id != other.paper.id and is_same and _same_names(one, other):
                found.append((float(cosines[first, second]), one, other))
        found.sort(key=lambda pair: -pair[0])
        return [(one, other) for _, one, other in found[:_MOST_PAIRS]]

    def contradicting(self, pairs: Sequence[tuple[Claim, Claim]]) -> Iterator[Conflict]:
        """Those of the pairs that contradict each other, read both ways; what has numbers, without them as well."""
        strengths = self._read_both_ways([(one, other, False) for one, other in pairs])
        likely = [
            (*pair, strength) for pair, strength in zip(pairs, strengths, strict=True) if strength >= _SEEN_NEARER
        ]
        bare = self._read_both_ways([(one, other, True) for one, other, _ in likely])
        yield from (Conflict(one, other, _SWAPPED) for one, other in pairs if are_swapped(one.text, other.text))
        for (one, other, strength), without in zip(likely, bare, strict=True):
            strength = min(strength, without)
            least = _SURE
            if all(is_opposed(a.text, b.text) for a, b in ((one, other), (other, one))):
                least = _SEEN_NEARER if self._nearness(one, other) >= _NEARER else _SEEN
            if strength >= least and self._are_alike(one, other, strength):
                yield Conflict(one, other, strength)

    def _nearness(self, one: Claim, other: Claim) -> float:
        vectors = self._embedder.embed([one.text, other.text])
        return float(vectors[0] @ vectors[1])

    def _read_both_ways(self, pairs: Sequence[tuple[Claim, Claim, bool]]) -> list[float]:
        """Of each pair the chance of contradiction in the weaker direction, with the numbers or without."""
        asked = []
        for one, other, bare in pairs:
            texts = [_without_numbers(claim.text) if bare else claim.text for claim in (one, other)]
            asked += [(texts[0], titled(other.paper.title, texts[1])), (texts[1], titled(one.paper.title, texts[0]))]
        if not asked:
            return []
        chances = self._reader.support(asked)[:, SupportLabel.CONTRADICTED].reshape(-1, 2)
        return [float(chance) for chance in chances.min(axis=1)]

    def _are_alike(self, one: Claim, other: Claim, strength: float) -> bool:
        """Whether what each has and the other has not, but for which way it points, means the same.

        "Smoothing helps calibration" and "smoothing harms transfer" are on two things; "at high sparsity" and "at low
        sparsity" are two conditions.
        """
        if are_of_other_conditions(one.text, other.text):
            return False
        apart = [only_in(a.text, b.text) for a, b in ((one, other), (other, one))]
        if not all(apart):
            return True
        if strength >= _SURE and is_opposed(one.text, other.text) and is_opposed(other.text, one.text):
            # What the other paper speaks of elsewhere sets the two no further apart.
            wholes = [f"{claim.paper.title}. {claim.paper.abstract}" for claim in (other, one)]
            if not all(only_in(claim.text, whole) for claim, whole in zip((one, other), wholes, strict=True)):
                return True
        vectors = self._embedder.embed(apart)
        return self._nearness(one, other) >= _NEARER or float(vectors[0] @ vectors[1]) >= _ALIKE


def _claims(paper: Paper) -> Iterator[Claim]:
    """The sentences of a paper that claim something of more than its own system."""
    for passage in passages_of(paper):
        claim = Claim(paper, passage.start, passage.end)
        if len(_about(claim.text)) >= _FEWEST_TERMS and not _OWN.search(claim.text) and not is_aim(claim.text):
            yield claim


def _same_names(one: Claim, other: Claim) -> bool:
    """Whether neither names something that the other's paper does not."""
    return not any(
        missing_names(a.text, f"{b.paper.title}. {b.paper.abstract}") for a, b in ((one, other), (other, one))
    )


def _about(text: str) -> frozenset[str]:
    """The terms of a sentence but its numbers."""
    return frozenset(term for term in terms(text) if not term[0].isdigit())


def _without_numbers(text: str) -> str:
    text = comparable(text)
    for number in reversed(numbers(text)):
        text = f"{text[: number.start]}{text[number.end :]}"
    return " ".join(text.split())


def conflicts_dict(report: ConflictReport) -> dict[str, Any]:
    """A report as JSON; of each conflict `sides` are the two quotes with their papers."""
    return {
        "schema": SCHEMA,
        "topic": report.topic,
        "papers": report.papers,
        "sentences": report.sentences,
        "pairs": report.pairs,
        "coverage": coverage_dict(report.coverage) if report.coverage else None,
        "conflicts": [
            {
                "strength": round(conflict.strength, 3),
                "sides": [_side_dict(claim) for claim in (conflict.first, conflict.second)],
            }
            for conflict in report.conflicts
        ],
    }


def _side_dict(claim: Claim) -> dict[str, Any]:
    quote, paper = claim.quote, claim.paper
    place = {"quote": quote.text, "start": quote.start, "end": quote.end, "source": source_dict(quote.source)}
    return {"paper": paper.id, "title": paper.title, "year": paper.year, **place}
