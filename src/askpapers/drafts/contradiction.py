"""Whether a paper says otherwise: the one place where that is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from askpapers.datatypes import Paper
from askpapers.grounding.numbers import comparable, numbers, same_value
from askpapers.grounding.support import find_faults, nearest
from askpapers.grounding.units import unit_named
from askpapers.reading.protocol import SupportLabel, SupportReader
from askpapers.text import sentences, terms
from askpapers.text.aims import is_aim

_SHARED = 0.5  # of a statement's terms
_SAME = 0.6  # of its terms but numbers
# Probabilities of contradiction. Fitted on the 110 labelled abstracts that no training pair is of: of 330 claims that
# were changed to the contrary the exact checks alone name 42, and 14 others; with the reader it is 68, and 11 others.
_POSSIBLE = 0.1
_SURE = 0.75
_LIKELY = 0.5
_LOOKED_AT = 12  # sentences
_NOUN_WITHIN = 10  # words
_STOP = re.compile(r"[,.;:()]")
_NONE = re.compile(r"\b(?:none|nothing|no)\b", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"\w [A-Z][A-Za-z]+[\s-]$")  # "Llama 3" is a name


def contradicts(statement: str, paper: Paper, reader: SupportReader) -> bool:
    """Whether a paper says the opposite of a statement that it does not support, by a reader and the exact checks.

    Another number and two sides that are swapped count where one sentence of the paper tells most of the same: a
    reader does not see them well. Another number of the same unit anywhere else counts where the reader is sure. A
    negation or an opposite counts there where the reader thinks it possible. Where the exact checks see nothing, the
    reader must be sure, of the paper and of its nearest sentence.
    """
    paper = _without_aims(paper)
    source = f"{paper.title}. {paper.abstract}"
    faults = find_faults(statement, source)
    closest = " ".join(nearest(statement, source, 1))
    tells_the_same = shared_terms(statement, closest) >= _SHARED
    if faults.roles and tells_the_same:
        return True
    lacking = _units_lacking(statement, faults.numbers, source) if faults.numbers else frozenset()
    tells_enough = shared_terms(statement, closest) >= _SAME
    if tells_enough and lacking & {number.unit for number in numbers(closest)}:
        return True
    sentence = " ".join(nearest(statement, paper.abstract, 1))
    if _NONE.search(statement) and any(number.value == 0 for number in numbers(sentence)):
        return False  # "solves none" of "solves 0%": a reader takes it for the opposite
    read = reader.support([(statement, source), (statement, f"{paper.title}. {sentence}")])
    chances = [float(row[SupportLabel.CONTRADICTED]) for row in read]
    if tells_enough and lacking & _counted_in(closest):
        return chances[0] > _LIKELY
    if lacking & {number.unit for number in numbers(source) if number.unit}:  # in a sentence that tells it otherwise
        return chances[0] >= _SURE
    if faults.contradict and tells_the_same:
        return max(chances) >= _POSSIBLE
    return min(chances) >= _SURE


def opposing_sentence(statement: str, paper: Paper) -> str:
    """The sentence of a paper to show beside a statement that it contradicts; "" of a paper without sentences.

    The nearest that gives another number in the same unit, where a number is wrong, else the nearest.
    """
    paper = _without_aims(paper)
    source = f"{paper.title}. {paper.abstract}"
    lacking = _units_lacking(statement, find_faults(statement, source).numbers, source) - {""}
    near = nearest(statement, paper.abstract, _LOOKED_AT)
    with_number = (one for one in near if lacking & {number.unit for number in numbers(one)})
    return next(with_number, next(iter(near), ""))


def _without_aims(paper: Paper) -> Paper:
    """A paper without the sentences that say only what was to be found out: "To study whether A is louder than B".

    A reader takes those for what was found.
    """
    texts = (paper.abstract[start:end] for start, end in sentences(paper.abstract))
    return replace(paper, abstract=" ".join(text for text in texts if not is_aim(text)))


def shared_terms(statement: str, sentence: str) -> float:
    """The part of a statement's terms, without its numbers, that a sentence has."""
    wanted = {term for term in terms(statement) if not term[0].isdigit()}
    return len(wanted & set(terms(sentence))) / len(wanted) if wanted else 0.0


def _units_lacking(statement: str, missing: Sequence[str], source: str) -> frozenset[str]:
    """The units of those numbers of a statement that a source does not give; a bound left out is none."""
    said, given = comparable(statement), numbers(source)
    return frozenset(
        number.unit
        for number in numbers(statement)
        if not any(number.unit == other.unit and same_value(number, other) for other in given)
        and any(number.shown in words for words in missing)
        and not _NAME_BEFORE.search(said[: number.start])
    )


def _counted_in(sentence: str) -> frozenset[str]:
    """What the numbers of a sentence count that stand apart from it: "8.5K grade school math word problems"."""
    text = comparable(sentence)
    behind = (text[number.end :] for number in numbers(sentence) if not number.unit)
    nouns = (word for rest in behind for word in _STOP.split(rest, maxsplit=1)[0].split()[:_NOUN_WITHIN])
    return frozenset(filter(None, map(unit_named, nouns)))
