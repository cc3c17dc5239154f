"""Questions that ask for a figure: which sentences can give it, and whether one of them does.

A sentence can where it has a figure in the unit that is asked for, and its paper has every name and the noun that is
counted; without the noun ("how much time", "three hours"), where the reader is sure of it. Whether it does is the
reader's finding. The rules were chosen on the development suites.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.answering.abstain import says_noun, term_of
from askpapers.answering.evidence import PaperText, Reading, Sentence
from askpapers.answering.nouns import asks_for_share, counted_noun, measuring_verb
from askpapers.answering.question import Topic
from askpapers.datatypes import Paper, Passage
from askpapers.grounding.numbers import Number, numbers
from askpapers.grounding.units import MEASURES, unit_named
from askpapers.text import folded, terms

RELEVANT = 0.0
"""The log odds above which a figure is taken for the one asked for: likelier than not."""
SURE = 3.8
"""The log odds from which a figure is taken for the one asked for though the noun is not said: of the questions of
development that the corpus does not answer, none reads so that has its names there."""
_ELSEWHERE = 1.0
"""By how much a sentence of another paper may read better, where the question names nothing to hold on to."""
_NEXT_WORDS = 2  # behind a number, where what it counts is named

_IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u9fff]"
_BESIDE_IDEOGRAPH = re.compile(rf"(?<={_IDEOGRAPH})(?=\d)|(?<=[\dA-Za-z%])(?={_IDEOGRAPH})")  # no blank parts them


@dataclass(frozen=True, slots=True)
class Figure:
    """What a question asks for: the noun that it counts and its unit, each None where any will do.

    `verb` is what it measures where it counts nothing ("how much does X cost").
    """

    noun: str | None
    unit: str | None
    verb: str | None = None

    def fits(self, sentence: Sentence) -> bool:
        """Whether a sentence has a figure of this kind."""
        if not sentence.has_number:
            return False
        found = numbers(sentence.text)
        if not found:  # "thousands of examples" is one without a value
            return self.unit not in MEASURES
        return any(self._fits(number, sentence) for number in found)

    def _fits(self, number: Number, sentence: Sentence) -> bool:
        if self.unit == "%":
            return number.unit == "%" or (not number.unit and 0 <= number.value <= 100)
        if self.unit in MEASURES:
            return number.unit == self.unit
        if self.noun is None:
            return True
        if number.unit == "%":  # of those that are counted: "70% of our problems"
            return not sentence.stems.isdisjoint(terms(self.noun))
        if self.unit is None and number.unit in MEASURES:  # "10⁶ cells per millilitre" counts cells
            following = folded(sentence.text)[number.end :].split()[:_NEXT_WORDS]
            return not set(terms(self.noun)).isdisjoint(terms(" ".join(following)))
        return not number.unit or number.unit == self.unit or self.unit is None


def asked_figure(topic: Topic) -> Figure:
    """Read what figure a question asks for: "how many hours of audio" asks for hours, "what accuracy" for a share."""
    if asks_for_share(topic.text):
        return Figure(None, "%")
    noun = counted_noun(topic.text)
    if noun is None or term_of(noun, topic) is None:
        return Figure(None, None, measuring_verb(topic.text))
    typed = next((word for word in topic.text.split() if word.casefold().rstrip("?") == noun), noun)  # mW or MW
    return Figure(noun, unit_named(typed.rstrip("?")))


def gives_figure(sentence: Sentence, topic: Topic, figure: Figure) -> bool:
    """Whether a sentence can answer: it has such a figure, and its paper the noun or verb and every name asked for."""
    stems = sentence.paper.stems
    says_it = says_noun(stems, topic, figure.noun or figure.verb)
    return figure.fits(sentence) and says_it and not topic.missing_names(stems)


def gives_unnamed(sentence: Sentence, topic: Topic, figure: Figure) -> bool:
    """Whether a sentence can answer in other words: it has a figure, and its paper every name. No unit is asked for."""
    return figure.unit is None and sentence.has_number and not topic.missing_names(sentence.paper.stems)


def states_figure(text: str, paper: Paper, topic: Topic) -> bool:
    """Whether a statement on a paper can answer a question for a figure, as `gives_figure` has it for a sentence.

    Also where it says the noun with a figure that has other words beside it: "8.5K math word problems".
    """
    of = PaperText(paper.id, paper.title, paper.abstract, 0.0)
    spaced = _BESIDE_IDEOGRAPH.sub(" ", text)
    sentence, figure = Sentence(of, Passage(paper.id, 0, 0), spaced, 0.0), asked_figure(topic)
    if not says_noun(of.stems, topic, figure.noun):
        return False
    if figure.noun and sentence.has_number and says_noun(sentence.stems, topic, figure.noun):
        figure = Figure(None, None)
    return gives_figure(sentence, topic, figure)


def is_figure_found(topic: Topic, fitting: Sequence[Reading], others: Sequence[Reading]) -> bool:
    """Whether one of the sentences that can give the figure does, by how they and the other sentences read.

    Without a name in the question, the figure must not stand in a paper that reads worse than another one which says
    as much of the question.
    """
    best = max(fitting, key=lambda read: read.odds, default=None)
    if best is None or best.odds <= RELEVANT:
        return False
    if topic.names:
        return True
    share = topic.same_words(best.sentence.paper.stems)
    elsewhere = (
        o.odds
        for o in others
        if o.sentence.paper.id != best.sentence.paper.id and topic.same_words(o.sentence.paper.stems) >= share
    )
    return max(elsewhere, default=best.odds) <= best.odds + _ELSEWHERE
