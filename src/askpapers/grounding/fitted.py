"""The support check that ships: a trained reader and likeness, weighed by a small fit, under the exact checks.

The fit in assets/support.json is made by tools/fit_support.py; docs/decisions/0007-support-check.md says from what
and how well it does on sets that it was not fitted on.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

import numpy as np

from askpapers.answering.commonness import rarity
from askpapers.datatypes import Verdict
from askpapers.grounding.additions import additions, miscounted, recounted
from askpapers.grounding.copied import edits
from askpapers.grounding.numbers import comparable, written_as_in
from askpapers.grounding.support import Faults, Support, find_faults, is_verbatim, judge, nearest
from askpapers.index.embedder import MiniLM, Vectors
from askpapers.reading.protocol import Pair, Probabilities, SupportLabel, SupportReader
from askpapers.reading.support_model import SupportModel
from askpapers.text import folded, sentences, stem, terms, words

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Fit:
    """The weights of a logistic regression, and the two bounds on its probability."""

    weights: Mapping[str, float]
    intercept: float
    full: float
    partial: float


class FittedCheck:
    """Checks a statement by the exact checks, by what a reader finds and by how much it is like its source.

    `embed` must be that of the embedded model, and `reader` the one that ships, which the fit was made with; by default
    both are loaded on first use.
    A statement that stands in its source word for word is supported without a look at anything else.
    """

    def __init__(self, embed: Embed | None = None, reader: SupportReader | None = None, fit: Fit | None = None) -> None:
        self._fit = fit or shipped_fit()
        self._reader = reader or SupportModel()
        into_vectors = embed or MiniLM().embed
        # Statements of one answer are held against the same sentences again and again.
        self._vector = functools.lru_cache(maxsize=4096)(lambda text: into_vectors([text])[0])

    def __call__(self, statement: str, source: str) -> Support:
        """Say how far the source supports the statement; the score is a probability where no exact check fails."""
        if is_verbatim(statement, source):
            return Support(Verdict.SUPPORTED, 1.0)
        if not terms(statement) or not terms(source):
            return Support(Verdict.UNSUPPORTED, 0.0)
        faults = find_faults(statement, source)
        near = self._nearness(_pieces(statement, source))
        found = near(statement)
        values = signals(faults, _similarity(found, statement, source), self.support([(statement, source)])[0])
        z = self._fit.intercept + sum(weight * values[name] for name, weight in self._fit.weights.items())
        probability = 1 / (1 + math.exp(-z))
        if probability >= self._fit.full and not faults.missing:
            faults = replace(faults, added=tuple(_added(statement, source, near, found)))
        return judge(probability, faults, full=self._fit.full, partial=self._fit.partial)

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        """See `SupportReader.support`. The reader knows numbers as words, so that both texts write them alike."""
        alike = [(comparable(statement), comparable(source)) for statement, source in pairs]
        return self._reader.support([(written_as_in(statement, source), source) for statement, source in alike])

    def likeness(self, statement: str, source: str) -> float:
        """How like its source a statement is: two parts cosine, one part share of its words.

        The proportion is set by hand: left to the fit, the sets disagree about it, and what one of them wants is worse
        on the others.
        """
        return _similarity(self._nearness(_pieces(statement, source))(statement), statement, source)

    def _nearness(self, pieces: Sequence[str]) -> Callable[[str], float]:
        """The cosine of a text with the nearest piece, or with two that follow each other."""
        vectors = np.stack([self._vector(piece) for piece in pieces])
        pairs = vectors[:-1] + vectors[1:]
        lengths = np.linalg.norm(pairs, axis=1, keepdims=True)
        vectors = np.concatenate([vectors, pairs / lengths])
        return lambda text: float((vectors @ self._vector(text)).max())


def signals(faults: Faults, likeness: float, read: Probabilities) -> dict[str, float]:
    """What the fit weighs, by name; `read` is a reader's row, shape (3,)."""
    return {
        "likeness": likeness,
        "supported": log_odds(float(read[SupportLabel.SUPPORTED])),
        "contradicted": log_odds(float(read[SupportLabel.CONTRADICTED])),
        "numbers": float(min(2, len(faults.numbers))),
        "contradicts": float(faults.contradict),
        "comparatives": float(min(1, len(faults.comparatives))),
    }


def log_odds(probability: float) -> float:
    """The log odds of a probability, which counts as no surer than 1 in 1,000."""
    clipped = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(clipped / (1 - clipped))


@functools.cache
def shipped_fit() -> Fit:
    """The fit in assets/support.json."""
    file = resources.files("askpapers").joinpath("assets", "support.json")
    fit: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Fit(fit["weights"], fit["intercept"], fit["full"], fit["partial"])


def _pieces(statement: str, source: str) -> list[str]:
    """The sentences to compare with, in order: all of an abstract, of a longer text those that share most words."""
    spans = [source[start:end] for start, end in sentences(source)]
    if len(spans) <= _MOST_SENTENCES:
        return spans
    chosen = set(nearest(statement, source, _MOST_SENTENCES))
    return [piece for piece in spans if piece in chosen][:_MOST_SENTENCES]


def _similarity(cosine: float, statement: str, source: str) -> float:
    """Two parts cosine, one part the share of the statement's words that the source has; rarer words weigh more."""
    there = set(terms(source))
    wanted = {stem(word.casefold()): word for word, _, _ in words(folded(statement))}
    weight = {term: rarity(wanted.get(term, term)) for term in set(terms(statement))}
    return (2 * cosine + sum(w for term, w in weight.items() if term in there) / sum(weight.values())) / 3


def _added(statement: str, source: str, near: Callable[[str], float], nearness: float) -> Iterator[str]:
    """The words of a statement that its source neither says nor paraphrases; all of it where it is too long to look at.

    Without them the statement is nearer to its source; the rarer they are, the less it takes. Of words that are put
    into a copied sentence every rare one counts that does not bring it nearer.
    """
    if len(list(words(statement))) > _MOST_WORDS:
        yield f"a statement of over {_MOST_WORDS} words"
        return
    changed = edits(statement, source)
    yield from recounted(changed, statement)
    yield from miscounted(statement, source)
    put_in = [edit for edit in changed if not edit.theirs]
    for run in additions(statement, source):
        bound = _INSERTED_BOUND if any(edit.start <= run.start < edit.end for edit in put_in) else _ADDED_BOUND
        if near(run.without) - nearness + _OF_RARITY * run.rarity > bound:
            yield run.text


_MOST_SENTENCES = 12
_MOST_WORDS = 150  # of a statement; the embedder reads no more than 256 word pieces
# Cosines; see docs/decisions/0007-support-check.md.
_OF_RARITY = 0.1
_ADDED_BOUND = 0.165
_INSERTED_BOUND = 0.08
