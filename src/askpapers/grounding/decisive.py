"""Finds the sentences of a paper that a statement stands on, and the paper where it cites the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from askpapers.answering.draft import WrittenStatement
from askpapers.datatypes import Paper, Passage, Verdict
from askpapers.grounding.support import Support, SupportCheck
from askpapers.index.passages import passages_of

_MOST_QUOTES = 3
_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTIAL: 1, Verdict.SUPPORTED: 2}


@dataclass(frozen=True, slots=True)
class Footing:
    """What a statement stands on: the passages, how far they support it, whether its citation was repaired."""

    passages: tuple[Passage, ...]
    support: Support
    repaired: bool = False


NOWHERE = Footing((), Support(Verdict.UNSUPPORTED, 0.0))


def find_footing(
    statement: WrittenStatement, pool: Sequence[str], paper_of: Callable[[str], Paper], check: SupportCheck
) -> Footing:
    """What supports a model's sentence: first in the papers that it cites, then in the others of the `pool`.

    A citation is repaired only by full support elsewhere. What is not supported keeps the nearest quote of what
    it cites, for the reader to see.
    """
    cited = [_in_paper(statement.text, paper_of(paper), check) for paper in statement.papers]
    best = _together(statement, cited, paper_of, check)
    if best.support.verdict is Verdict.SUPPORTED:
        return best
    for other in pool:
        if other not in statement.papers:
            footing = _in_paper(statement.text, paper_of(other), check)
            if footing.support.verdict is Verdict.SUPPORTED:
                return Footing(footing.passages, footing.support, repaired=True)
    return best


def _together(
    statement: WrittenStatement, cited: Sequence[Footing], paper_of: Callable[[str], Paper], check: SupportCheck
) -> Footing:
    """One footing from those in each cited paper: all that support it alone, else all of them together."""
    if not cited:
        return NOWHERE
    alone = [f for f in cited if f.support.verdict is Verdict.SUPPORTED]
    if alone:
        passages = tuple(p for f in alone for p in f.passages)
        return Footing(passages, max((f.support for f in alone), key=_order), repaired=len(alone) < len(cited))
    best = max(cited, key=lambda f: _order(f.support))
    if len(cited) > 1:
        passages = tuple(p for f in cited for p in f.passages)
        together = Footing(passages, check(statement.text, _source(passages, paper_of)))
        return max(best, together, key=lambda f: _order(f.support))
    return best


def _in_paper(text: str, paper: Paper, check: SupportCheck) -> Footing:
    """The fewest sentences of a paper that support a text best: the best one, and others while they add to it."""
    passages = passages_of(paper)
    best = NOWHERE
    while len(best.passages) < _MOST_QUOTES and best.support.verdict is not Verdict.SUPPORTED:
        wider = max(
            _widened(text, best.passages, passages, paper, check), key=lambda f: _order(f.support), default=best
        )
        if best.passages and _order(wider.support) <= _order(best.support):
            break
        if wider is best:
            break
        best = wider
    return best


def _widened(
    text: str, taken: tuple[Passage, ...], passages: Sequence[Passage], paper: Paper, check: SupportCheck
) -> Iterator[Footing]:
    for passage in passages:
        if passage not in taken:
            more = tuple(sorted((*taken, passage), key=lambda p: p.start))
            yield Footing(more, check(text, _source(more, lambda _: paper)))


def _source(passages: Sequence[Passage], paper_of: Callable[[str], Paper]) -> str:
    """What a statement is held against: the quotes, and the titles, which say what "we" and "the model" are."""
    parts: list[str] = []
    for paper_id in dict.fromkeys(p.paper for p in passages):
        paper = paper_of(paper_id)
        parts.append(paper.title.rstrip(".") + ".")
        parts += (paper.abstract[p.start : p.end] for p in passages if p.paper == paper_id)
    return " ".join(parts)


def _order(support: Support) -> tuple[int, float]:
    return _RANK[support.verdict], support.score
