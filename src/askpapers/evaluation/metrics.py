"""Measures of one answer. Pure functions; docs/evaluation.md defines them and says where they come from.

All run from 0.0 to 1.0, and more is better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from askpapers.evaluation.replies import Quoted
from askpapers.text import folded

Entails = Callable[[str, str], bool]
"""Whether a source (first) supports a statement (second)."""

Cited = tuple[str, Sequence[str]]
"""A statement and the texts that it cites."""


def says(said: str, fact: str) -> bool:
    """Whether a text holds a fact: letter case, white space and LaTeX aside, and no number within a longer one."""
    wanted = re.escape(_folded(fact))
    before = r"(?<![\d.,])" if fact[:1].isdigit() else ""
    after = r"(?![.,]?\d)" if fact[-1:].isdigit() else ""
    return re.search(before + wanted + after, _folded(said)) is not None


def fact_recall(facts: Sequence[Sequence[str]], said: str) -> float:
    """The share of facts of which an alternative is said. There must be facts."""
    return sum(any(says(said, option) for option in fact) for fact in facts) / len(facts)


def recall(found: Collection[str], wanted: Collection[str]) -> float:
    """The share of what is wanted that was found. Something must be wanted."""
    return len({*found} & {*wanted}) / len({*wanted})


def precision(found: Collection[str], wanted: Collection[str]) -> float:
    """The share of what was found that is wanted. Something must have been found."""
    return len({*found} & {*wanted}) / len({*found})


def f1(found: Collection[str], wanted: Collection[str]) -> float:
    """The harmonic mean of precision and recall: 0 where nothing right was found."""
    total = len({*found}) + len({*wanted})
    return 2 * len({*found} & {*wanted}) / total if total else 1.0


def citation_recall(statements: Sequence[Cited], entails: Entails) -> float:
    """ALCE's citation recall: the share of statements that cite something and are supported by all of it together."""
    return sum(_is_supported(text, cited, entails) for text, cited in statements) / len(statements)


def citation_precision(statements: Sequence[Cited], entails: Entails) -> float:
    """ALCE's citation precision: the share of citations that their statement needs; 0 where nothing is cited.

    A citation counts when its statement is supported by all that it cites, and the citation either supports it
    alone, or without it the others do not.
    """
    precise = total = 0
    for text, cited in statements:
        total += len(cited)
        if not _is_supported(text, cited, entails):
            continue
        for place, source in enumerate(cited):
            others = [*cited[:place], *cited[place + 1 :]]
            precise += entails(source, text) or not _is_supported(text, others, entails)
    return precise / total if total else 0.0


def _is_supported(text: str, cited: Sequence[str], entails: Entails) -> bool:
    return bool(cited) and entails(" ".join(cited), text)


def supported(text: str, sources: Sequence[str], entails: Entails) -> bool:
    """Whether one of the sources supports a statement by itself."""
    return any(entails(source, text) for source in sources)


def verbatim(citation: Quoted, abstracts: Mapping[str, str]) -> bool:
    """Whether a quote stands in its paper, character for character, at the place that it names."""
    abstract = abstracts.get(citation.paper)
    return bool(citation.text) and abstract is not None and abstract[_place(citation)] == citation.text


def _place(citation: Quoted) -> slice:
    if citation.start is None or citation.end is None or citation.start < 0:
        return slice(0, 0)
    return slice(citation.start, citation.end)


def _folded(text: str) -> str:
    return folded(text).casefold()
