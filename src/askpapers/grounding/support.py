"""Whether a source supports a statement: the exact checks, and the verdict that they and a score give.

Numbers, names, negations, words of direction and comparatives are compared one by one, not by likeness: a
statement that fails any of them is never supported. docs/evaluation.md says how far to trust the verdicts.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from askpapers.datatypes import Verdict
from askpapers.grounding.claims import comparatives, dropped_hedge, overclaims
from askpapers.grounding.copied import contradiction, edits, exchanged_kinds, swapped_names
from askpapers.grounding.displaced import displaced_numbers
from askpapers.grounding.names import missing_names
from askpapers.grounding.numbers import missing_numbers
from askpapers.grounding.polarity import negation_fault, read_words, stems_lacking, turned
from askpapers.grounding.swapped import read_roles
from askpapers.text import folded, sentences, stem, terms


@dataclass(frozen=True, slots=True)
class Support:
    """A verdict, a score from 0.0 to 1.0, and what the source does not have, as words to show a reader."""

    verdict: Verdict
    score: float
    missing: tuple[str, ...] = ()


class SupportCheck(Protocol):
    """Checks a statement against the text that it cites."""

    def __call__(self, statement: str, source: str) -> Support:
        """Say how far the source supports the statement."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What the exact checks found in a statement: the words at fault, by kind."""

    numbers: tuple[str, ...] = ()
    displaced: tuple[str, ...] = ()  # numbers that the source gives for something else
    names: tuple[str, ...] = ()
    negation: str = ""  # one of the two negates what the other says
    direction: str = ""  # the opposite word stands in the source
    roles: str = ""  # the two sides of a relation are swapped
    comparatives: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()  # all, only, best, proves
    hedge: str = ""  # may, might
    added: tuple[str, ...] = ()  # what the source says nothing of

    @property
    def contradict(self) -> bool:
        """Whether the statement says the opposite of its source, not only more than it."""
        return bool(self.negation or self.direction or self.roles)

    @property
    def missing(self) -> tuple[str, ...]:
        """All of it in the order of how surely it is wrong."""
        words = (*self.numbers, *self.displaced, *self.names, self.negation, self.direction, self.roles)
        return tuple(dict.fromkeys(w for w in (*words, *self.comparatives, *self.strong, self.hedge, *self.added) if w))


def with_title(title: str, text: str) -> str:
    """A text of a paper behind its title, as statements are held against it: the title says what "we" and "it" are."""
    return f"{title.rstrip('.')}. {text}" if title else text


def find_faults(statement: str, source: str) -> Faults:
    """Run the exact checks. Numbers and names are looked for in all of the source, the rest where it tells of them."""
    near = nearest(statement, source, 3)
    best = " ".join(near[:1])
    around = " ".join(near)
    changed = edits(statement, around)
    lacking = stems_lacking(source) if "without" in statement.casefold() else frozenset[str]()
    negation, direction = contradiction(changed, lacking)
    mine, there, beside = read_words(statement), read_words(best), read_words(around)
    roles = read_roles(statement, around)

    def agrees(words: str) -> bool:
        """Whether the words of a comparison say what the source says the other way round ("smaller" of "larger")."""
        return any(stem(word.casefold()) in roles.agreeing for word in words.split())

    direction = direction or turned(mine, there)
    return Faults(
        numbers=missing_numbers(statement, source),
        displaced=displaced_numbers(statement, around),
        names=tuple(dict.fromkeys((*missing_names(statement, source), *swapped_names(changed)))),
        negation=negation or negation_fault(mine, there, beside, lacking),
        direction="" if agrees(direction) else direction,
        roles=roles.swapped or exchanged_kinds(changed, statement, source),
        comparatives=tuple(words for words in comparatives(statement, beside) if not agrees(words)),
        strong=overclaims(statement, around),
        hedge=dropped_hedge(statement, best),
    )


def nearest(statement: str, source: str, count: int) -> list[str]:
    """The sentences of a source that a statement tells, best first: by shared terms, rare ones weighing more."""
    wanted = set(terms(statement))
    pieces = [source[start:end] for start, end in sentences(source)]
    shared = [wanted & set(terms(piece)) for piece in pieces]
    having = Counter(term for found in shared for term in found)
    weight = [
        sum(math.log(1 + len(pieces) / having[term]) for term in found) * (_OF_AIMS if _AIM.search(piece) else 1)
        for piece, found in zip(pieces, shared, strict=True)
    ]
    order = sorted(range(len(pieces)), key=lambda i: -weight[i])
    return [pieces[i] for i in order[:count]]


def is_verbatim(statement: str, source: str) -> bool:
    """Whether a statement stands in a source word for word."""
    claim = _comparable(statement)
    # Whole words and numbers: "5 layers" does not stand in "15 layers".
    whole = rf"(?<!\w)(?<!\d[.,]){re.escape(claim)}(?!\w|[.,]\d|\s?%)" if claim[:1].isalnum() else re.escape(claim)
    return bool(claim) and re.search(whole, _comparable(source)) is not None


def judge(score: float, faults: Faults, *, full: float, partial: float) -> Support:
    """The verdict of a score between two bounds.

    A fault presses the score, in its order, below the bound that the statement may not reach: a contradiction is
    unsupported, anything else that is missing leaves it partly supported at best.
    """
    if faults.contradict:
        score *= partial * _BELOW
    elif faults.missing and score > partial:
        score = partial + (score - partial) / (1 - partial) * (full - partial) * _BELOW
    verdict = Verdict.SUPPORTED if score >= full else Verdict.PARTIAL if score >= partial else Verdict.UNSUPPORTED
    return Support(verdict, score, faults.missing)


_BELOW = 0.999
# What a paper set out to find is less likely what a statement tells than what it found.
_OF_AIMS = 0.6
_AIM = re.compile(
    r"\bwhether\b|\b(?:objective|aims?|purpose|goal)\b"
    r"|\bto (?:evaluate|assess|determine|investigate|examine|study|test)\b",
    re.IGNORECASE,
)


def _comparable(text: str) -> str:
    return folded(text).casefold().rstrip(".!? ")
