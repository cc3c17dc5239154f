"""Whether a paper says otherwise: the one place where that is decided."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.datatypes import Paper
from askpapers.grounding.numbers import comparable, numbers, same_value
from askpapers.grounding.support import find_faults, nearest
from askpapers.reading.protocol import SupportLabel, SupportReader
from askpapers.text import terms

_SHARED = 0.5  # of a statement's terms
_SAME = 0.6  # of its terms but numbers
# Probabilities of contradiction. Fitted on the 110 labelled abstracts that no training pair is of: of 330 claims that
# were changed to the contrary the exact checks alone name 42, and 14 others; with the reader it is 68, and 11 others.
_POSSIBLE = 0.1
_SURE = 0.75
_NONE = re.compile(r"\b(?:none|nothing|no)\b", re.IGNORECASE)
_NAME_BEFORE = re.compile(r"\w [A-Z][A-Za-z]+[\s-]$")  # "Llama 3" is a name


def contradicts(statement: str, paper: Paper, reader: SupportReader) -> bool:
    """Whether a paper says the opposite of a statement that it does not support, by a reader and the exact checks.

    Another number and two sides that are swapped count where one sentence of the paper tells most of the same: a
    reader does not see them well. A negation or an opposite counts there where the reader thinks it possible. Where the
    exact checks see nothing, the reader must be sure, of the paper and of its nearest sentence.
    """
    source = f"{paper.title}. {paper.abstract}"
    faults = find_faults(statement, source)
    closest = " ".join(nearest(statement, source, 1))
    tells_the_same = shared_terms(statement, closest) >= _SHARED
    if faults.roles and tells_the_same:
        return True
    if faults.numbers and _has_another_number(statement, faults.numbers, closest, source):
        return True
    sentence = " ".join(nearest(statement, paper.abstract, 1))
    if _NONE.search(statement) and any(number.value == 0 for number in numbers(sentence)):
        return False  # "solves none" of "solves 0%": a reader takes it for the opposite
    read = reader.support([(statement, source), (statement, f"{paper.title}. {sentence}")])
    chances = [float(row[SupportLabel.CONTRADICTED]) for row in read]
    if faults.contradict and tells_the_same:
        return max(chances) >= _POSSIBLE
    return min(chances) >= _SURE


def shared_terms(statement: str, sentence: str) -> float:
    """The part of a statement's terms, without its numbers, that a sentence has."""
    wanted = {term for term in terms(statement) if not term[0].isdigit()}
    return len(wanted & set(terms(sentence))) / len(wanted) if wanted else 0.0


def _has_another_number(statement: str, missing: Sequence[str], closest: str, source: str) -> bool:
    """Whether a sentence that tells the same has another number of the same unit; a bound left out is none."""
    said, given = comparable(statement), numbers(source)
    units = {
        number.unit
        for number in numbers(statement)
        if not any(number.unit == other.unit and same_value(number, other) for other in given)
        and any(number.shown in words for words in missing)
        and not _NAME_BEFORE.search(said[: number.start])
    }
    there = {number.unit for number in numbers(closest)}
    return bool(units & there) and shared_terms(statement, closest) >= _SAME
