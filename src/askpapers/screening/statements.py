"""Judges whether a statement about a study is true of it: what its abstract supports, contradicts, or does not say."""

from __future__ import annotations

from askpapers.datatypes import Paper, Quote, quote_of
from askpapers.grounding.numbers import numbers
from askpapers.reading.protocol import SupportLabel, SupportReader
from askpapers.screening.bounds import BOUNDS, Bounds
from askpapers.screening.verdicts import Evidence, Finding, Holds
from askpapers.text import sentences, terms

_NOT_SAID = "the abstract does not say it"


def by_statement(
    statement: str, paper: Paper, reader: SupportReader, *, sure: bool, bounds: Bounds = BOUNDS
) -> Finding:
    """Whether a statement is true of the study of a paper, by the one sentence that says most of it.

    `sure`: the paper is excluded where it is, so that it must be beyond doubt. A statement with an amount ("at least
    100 participants") is never found untrue: the reader does not count.
    """
    spans = sentences(paper.abstract)
    if not spans:
        return Finding(Holds.NOT_SAID, _NOT_SAID)
    texts = [paper.abstract[start:end] for start, end in spans]
    rows = reader.support([(statement, f"{paper.title}. {text}") for text in texts])
    supported, contradicted = rows[:, SupportLabel.SUPPORTED], rows[:, SupportLabel.CONTRADICTED]
    chance = float(supported.max())
    if chance >= (bounds.sure_supported if sure else bounds.supported):
        return Finding(
            Holds.YES, "the abstract says it", _evidence(quote_of(paper, *spans[supported.argmax()])), chance
        )
    wanted = set(terms(statement))
    against = [
        (float(contradicted[n]), n)
        for n, text in enumerate(texts)
        if not numbers(statement)
        and contradicted[n] >= bounds.contradicted
        and _shared(wanted, text) >= bounds.same_subject
    ]
    if against:
        _, place = max(against)
        return Finding(Holds.NO, "the abstract says otherwise", _evidence(quote_of(paper, *spans[place])), chance / 2)
    return Finding(Holds.NOT_SAID, _NOT_SAID, chance=max(chance, 0.3))


def _evidence(quote: Quote) -> Evidence:
    return Evidence("abstract", quote.text, quote)


def _shared(wanted: set[str], text: str) -> float:
    return len(wanted & set(terms(text))) / len(wanted) if wanted else 0.0
