"""Whether the best that was found answers the question at all, and if not, what to say of it.

Nearness does not tell (a near miss is near): "metformin" lies near "bezafibrate". What the question names must be
there in the same words, or the reader must find an answer in others. Logistic regressions over these decide, one for
few papers and one for many. Questions for a figure are decided otherwise, see `figures`.
`tools/fit_answering.py` fits them on questions about corpora of several fields and sizes.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from askpapers.answering.evidence import Reading, Sentence
from askpapers.answering.intent import Intent
from askpapers.answering.nouns import asked_noun
from askpapers.answering.question import Term, Topic
from askpapers.answering.relevance import likeliest, titled
from askpapers.reading.protocol import RelevanceReader
from askpapers.text import terms


@dataclass(frozen=True, slots=True)
class Signals:
    """What the decision rests on."""

    same_words: float  # the share of the topic that the paper of the sentence that reads best says in the same words
    odds: float  # the log odds that this sentence answers
    abstract_odds: float  # the log odds that its whole paper does; 0.0 where no weight is on it
    missing_names: int  # names asked for that the paper does not have, at most 2
    few_papers: float  # from 0.0 for a corpus of 500 papers or more to 1.0 for one of 50 or fewer
    noun_missing: bool  # the kind of thing that is asked for is in no paper that was retrieved

    def values(self) -> dict[str, float]:
        """The signals that the fits weigh, by name."""
        return {
            "same_words": self.same_words,
            "odds": self.odds,
            "abstract_odds": self.abstract_odds,
            "missing_names": float(self.missing_names),
        }


def is_answered(found: Signals, weights: Mapping[str, Mapping[str, float]]) -> bool:
    """The decision: what is asked for is a thing that the papers speak of, and likely answered.

    `few` and `many` papers have weights of their own: in a large corpus a missing word tells more. Between the sizes
    both count.
    """
    few, many = (_weighed(found.values(), weights[size]) for size in ("few", "many"))
    return not found.noun_missing and found.few_papers * few + (1 - found.few_papers) * many >= 0


def signals(
    topic: Topic, read: Sequence[Reading], sentences: Sequence[Sentence], papers: int, reader: RelevanceReader
) -> Signals:
    """Read them off the sentences that were read and all that were retrieved, from a corpus of so many papers."""
    best = max(read, key=lambda reading: reading.odds)
    paper, few = best.sentence.paper, _share_of_few(papers)
    return Signals(
        same_words=topic.same_words(paper.stems),
        odds=best.odds,
        abstract_odds=likeliest(reader, topic.text, [titled(paper.title, paper.text)]) if few else 0.0,
        missing_names=min(2, len(topic.missing_names(paper.stems))),
        few_papers=few,
        noun_missing=_lacks_noun(frozenset().union(*(s.paper.stems for s in sentences)), topic),
    )


def _lacks_noun(stems: Collection[str], topic: Topic) -> bool:
    """Whether no text says the kind of thing that is asked for, nor a word made with it (data: dataset)."""
    noun = asked_noun(topic.text)
    if noun is None or says_noun(stems, topic, noun):
        return False
    return len(noun) < _FAMILY or not any(s.startswith(noun) for s in stems)


def _share_of_few(papers: int) -> float:
    share = (math.log(_MANY) - math.log(papers)) / (math.log(_MANY) - math.log(_FEW))
    return min(1.0, max(0.0, share))


def probability(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The logistic function of the weighted sum; `weights` has one for each value and an `intercept`."""
    return 1.0 / (1.0 + math.exp(-_weighed(values, weights)))


def _weighed(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return weights["intercept"] + sum(weights[name] * value for name, value in values.items())


def term_of(noun: str | None, topic: Topic) -> Term | None:
    """The term that a noun of the question belongs to."""
    return next((t for t in topic.terms if noun and noun in t.word.casefold().split()), None)


def says_noun(stems: Collection[str], topic: Topic, noun: str | None) -> bool:
    """Whether a text says the term that a noun of the question belongs to; so it does where there is none."""
    term = term_of(noun, topic)
    return term is None or term.found_in(stems) >= _SAYS


_FEW, _MANY = 50, 500  # papers: the sizes of the corpora that the weights were fitted on
_SAYS = 0.4
_NAMED = 3  # words that a paper does not mention
_FAMILY = 4  # letters that words of one family begin with


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
