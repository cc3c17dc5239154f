"""Whether the best that was found answers the question at all, and if not, what to say of it.

Similarity alone does not tell (a near miss is near): what a question names must be there too. A logistic
regression over three numbers gives the probability that the question is answered. Questions for a figure are
decided otherwise, see `figures`. `tools/fit_answering.py` fits it on the development questions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from askpapers.answering.evidence import Sentence
from askpapers.answering.intent import Intent
from askpapers.answering.nouns import asked_noun
from askpapers.answering.question import Term, Topic
from askpapers.text import terms


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision rests on."""

    cosine: float  # of the question and the nearest sentence among those retrieved
    coverage: float  # of the topic by the best sentence's paper
    missing_names: int  # names asked for that the paper does not have, at most 2
    noun_missing: bool  # the kind of thing that is asked for is in no paper that was retrieved
    named: bool  # the question names something, and the best paper has every name
    same_word: bool  # the best paper has a word of the question itself, not only one like it

    def values(self) -> dict[str, float]:
        """The signals that the fit weighs, by name."""
        return {"cosine": self.cosine, "coverage": self.coverage, "missing_names": float(self.missing_names)}


def is_answered(found: Signals, weights: Mapping[str, float]) -> bool:
    """The decision: about it at all, what is asked for is a thing that the papers speak of, and likely."""
    fitted = {name: weight for name, weight in weights.items() if name != "floor"}
    if found.named and found.coverage >= _ALL:  # "what is GLIDE?" lies near nothing, and is its paper's name
        return True
    about_it = found.cosine >= weights["floor"] and (found.same_word or found.cosine >= _NEAR_WITHOUT_WORDS)
    return about_it and not found.noun_missing and probability(found.values(), fitted) >= 0.5


def signals(topic: Topic, best: Sentence, sentences: Sequence[Sentence]) -> Signals:
    """Read the signals off the best sentence and all that was retrieved."""
    return Signals(
        cosine=max(s.cosine for s in sentences),
        coverage=topic.coverage(best.paper.stems),
        missing_names=min(2, len(topic.missing_names(best.paper.stems))),
        noun_missing=not says_noun(frozenset().union(*(s.stems for s in sentences)), topic, asked_noun(topic.text)),
        named=any(t.is_name for t in topic.terms) and not topic.missing_names(best.paper.stems),
        same_word=any(t.found_in(best.paper.stems) >= _SAME_WORD for t in topic.terms),
    )


def probability(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic function of the weighted sum; `weights` has one for each value and an `intercept`."""
    z = weights["intercept"] + sum(weights[name] * value for name, value in values.items())
    return 1.0 / (1.0 + math.exp(-z))


def term_of(noun: str | None, topic: Topic) -> Term | None:
    """The term that a noun of the question belongs to."""
    return next((t for t in topic.terms if noun and noun in t.word.casefold().split()), None)


def says_noun(stems: Collection[str], topic: Topic, noun: str | None) -> bool:
    """Whether a text says the term that a noun of the question belongs to; so it does where there is none."""
    term = term_of(noun, topic)
    return term is None or term.found_in(stems) >= _SAYS


_SAYS = 0.4
_ALL = 0.95
_NAMED = 3  # words that a paper does not mention
_FAMILY = 4  # letters that two words of one family begin with
_SAME_WORD = 0.95
_NEAR_WITHOUT_WORDS = 0.45


def why_not(topic: Topic, sentence: Sentence, intent: Intent) -> str:
    """What keeps a sentence from being an answer, in a few words for the reader."""
    names = topic.missing_names(sentence.paper.stems)
    if missing := unmentioned(topic, sentence.paper.stems, first=names):
        return does_not_mention(missing)
    if intent is Intent.QUANTITY and not sentence.has_number:
        return "this paper gives no such figure"
    return "this paper is near the topic but does not say it"


def unmentioned(topic: Topic, stems: Collection[str], first: Sequence[str] = ()) -> list[str]:
    """The words of a topic that a text does not have in any form, those of `first` before the others.

    What is said of a paper has to be true: a word is not missing where a longer or a shorter one of its family, or a
    word that stands for it, is there.
    """
    by_weight = sorted(topic.terms, key=lambda t: (t.word not in first, -t.weight))
    return [t.word for t in by_weight if t.found_in(stems) < _SAYS and not _is_there(t, stems)]


def _is_there(term: Term, stems: Collection[str]) -> bool:
    parts = terms(term.word)
    return bool(parts) and all(part in stems or any(_akin(part, stem) for stem in stems) for part in parts)


def _akin(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if short[:1].isdigit():  # the 8K of GSM8K
        return len(short) > 1 and short in long
    return len(short) >= _FAMILY and long.startswith(short)


def does_not_mention(missing: Sequence[str]) -> str:
    """Why a paper is no answer, where words of the topic are not in it."""
    *others, last = (f"“{word}”" for word in missing[:_NAMED])
    return f"this paper does not mention {', '.join(others)}{' or ' if others else ''}{last}"
