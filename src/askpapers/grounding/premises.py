"""What a question takes for granted ("why does it need more data?"), and the sentences that say otherwise. Pure.

Compared are figures with a unit, words of direction and negations, by the exact checks of the support check. What these
cannot see is not questioned: a premise that nothing contradicts may still be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from askpapers.answering.draft import Draft, DraftStatement
from askpapers.datatypes import Paper
from askpapers.grounding.names import missing_names
from askpapers.grounding.numbers import Number, comparable, numbers, same_value
from askpapers.grounding.polarity import negation_fault, read_words, turned
from askpapers.grounding.swapped import read_roles
from askpapers.grounding.units import UNITS
from askpapers.text import terms, words

_AUX = r"(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would)(?P<negated>n['’]t)?"
_PREMISES = (
    re.compile(rf"^(?:why|how come|for what reason)(?: {_AUX})? (?P<claim>.+)$", re.IGNORECASE),
    re.compile(r"^(?:since|given(?: that)?|because|as|if) (?P<claim>[^,]+), .+$", re.IGNORECASE),
    re.compile(r"^(?:is|was) it because (?P<claim>.+?)(?: that .+)?$", re.IGNORECASE),
    re.compile(r"^.+?,? (?:given that|even though|although|because|since) (?P<claim>.+)$", re.IGNORECASE),
)
_TELLS = 0.5  # the share of a premise's words that a sentence has, with its paper's title, if it speaks of the same
_ROUNDED = 0.02  # a figure that is so near is the same, rounded


def read_premise(question: str) -> str:
    """What a question asserts, as its words stand there; "" where it asserts nothing."""
    text = question.rstrip(" ?.!")
    for rule in _PREMISES:
        if match := rule.match(text):
            return f"{'not ' if match.groupdict().get('negated') else ''}{match['claim']}"
    return ""


def against_premise(question: str, draft: Draft, paper_of: Callable[[str], Paper]) -> tuple[Draft, tuple[str, ...]]:
    """The draft with only the sentences that contradict what the question asserts, and a note; else as it is."""
    premise = read_premise(question)
    if not premise:
        return draft, ()
    against = tuple(s for s in draft.statements if contradicts(s, premise, paper_of(s.cites[0].paper)))
    if not against:
        return draft, ()
    said = "papers say" if len({s.cites[0].paper for s in against}) > 1 else "paper says"
    note = f"The question takes for granted “{premise}”, but the {said} otherwise."
    return replace(draft, statements=against), (note,)


def contradicts(statement: DraftStatement, premise: str, paper: Paper) -> bool:
    """Whether a sentence of a paper says otherwise than a premise that speaks of the same."""
    sentence, whole = statement.text, f"{paper.title}. {paper.abstract}"
    wanted = _words_besides_numbers(premise)
    shared = wanted & set(terms(f"{paper.title} {sentence}"))
    if not wanted or len(shared) < _TELLS * len(wanted) or missing_names(premise, whole):
        return False
    mine, there = read_words(premise), read_words(sentence)
    return bool(
        _other_figure(premise, sentence, whole)
        or turned(mine, there)
        or read_roles(premise, sentence).swapped
        or negation_fault(mine, there)
    )


def _other_figure(premise: str, sentence: str, whole: str) -> bool:
    """Whether the sentence has figures in a unit of the premise, and the paper none that is the premise's."""
    everywhere = numbers(whole)
    for number in numbers(premise):
        if number.unit and not any(_alike(number, other) for other in everywhere):
            in_words = any(UNITS.get(word.casefold()) == number.unit for word, _, _ in words(sentence))
            if any(n.unit == number.unit or (in_words and not n.unit) for n in numbers(sentence)):
                return True
    return False


def _alike(one: Number, other: Number) -> bool:
    """Whether a figure of a premise is another one, rounded, or has it within its bound ("over 100 layers" of 175)."""
    if same_value(one, other) or abs(one.value - other.value) <= _ROUNDED * abs(one.value):
        return True
    return one.unit == other.unit and (
        (one.bound == "lower" and other.value > one.value)
        or (one.bound in ("upper", "peak") and other.value < one.value)
    )


def _words_besides_numbers(text: str) -> set[str]:
    text = comparable(text)
    for number in reversed(numbers(text)):
        text = f"{text[: number.start]} {text[number.end :]}"
    return set(terms(text))
