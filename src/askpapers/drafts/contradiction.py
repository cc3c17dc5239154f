"""Whether a paper says otherwise: the one place where that is decided. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.datatypes import Paper, Verdict
from askpapers.grounding.numbers import comparable, numbers
from askpapers.grounding.support import Support, find_faults, nearest
from askpapers.text import terms

_SHARED = 0.5  # of a statement's terms
_SAME = 0.6  # of its terms but numbers
_NAME_BEFORE = re.compile(r"\w [A-Z][A-Za-z]+[\s-]$")  # "Llama 3" is a name


def contradicts(statement: str, paper: Paper, support: Support) -> bool:
    """Whether a paper says the opposite of a statement, by the support check's word on it and the exact checks.

    A negation, an opposite, two sides that are swapped or another number count only where one sentence of the paper
    tells most of the same: a statement about another thing contradicts nothing.
    """
    if support.verdict is Verdict.SUPPORTED:
        return False
    source = f"{paper.title}. {paper.abstract}"
    faults = find_faults(statement, source)
    closest = " ".join(nearest(statement, source, 1))
    if faults.contradict:
        return shared_terms(statement, closest) >= _SHARED
    return bool(faults.numbers) and _has_another_number(statement, faults.numbers, closest)


def shared_terms(statement: str, sentence: str) -> float:
    """The part of a statement's terms, without its numbers, that a sentence has."""
    wanted = {term for term in terms(statement) if not term[0].isdigit()}
    return len(wanted & set(terms(sentence))) / len(wanted) if wanted else 0.0


def _has_another_number(statement: str, missing: Sequence[str], closest: str) -> bool:
    """Whether a sentence that tells the same has another number of the same unit."""
    said = comparable(statement)
    units = {
        number.unit
        for number in numbers(statement)
        if any(number.shown in words for words in missing) and not _NAME_BEFORE.search(said[: number.start])
    }
    there = {number.unit for number in numbers(closest)}
    return bool(units & there) and shared_terms(statement, closest) >= _SAME
