"""Finds the sentences of a paper that a statement stands on, and the paper where it cites the wrong one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from askpapers.answering.draft import WrittenStatement
from askpapers.datatypes import Paper, Passage, Verdict
from askpapers.grounding.support import Support, SupportCheck, titled
from askpapers.index.passages import passages_of
from askpapers.text import terms

_MOST_QUOTES = 3
# What a paper that is not cited must give a sentence to stand for it. What a small model wrote set both: below, most of
# what was repaired was wrong, and "Atari games" is no claim (docs/decisions/0007).
_STRONG = 0.62
_CLAIM = 4  # stems
_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTIAL: 1, Verdict.SUPPORTED: 2}


@dataclass(frozen=True, slots=True)
class Footing:
    """What a statement stands on: the passages, how far they support it, whether its citation was repaired."""

    passages: tuple[Passage, ...]
    support: Support
    repaired: bool = False


NOWHERE = Footing((), Support(Verdict.UNSUPPORTED, 0.0))


def with_question(statement: WrittenStatement, question: str) -> WrittenStatement:
    """A cited answer of a few words ("28.8%") with the question that it answers, as it is to be checked.

    By itself it is supported wherever the words occur.
    """
    if not statement.papers or len(set(terms(statement.text))) >= _CLAIM:
        return statement
    return replace(statement, text=f"{question.rstrip(' ?.!')}: {statement.text}")


def find_footing(
    statement: WrittenStatement, pool: Sequence[str], paper_of: Callable[[str], Paper], check: SupportCheck
) -> Footing:
    """What supports a model's sentence: first in the papers that it cites, then in the others of the `pool`.

    A citation is repaired, or given where there is none, only by strong support elsewhere: to look into eight papers
    is to ask eight times, and fluent nonsense is near one of them. What is not supported keeps the nearest quote
    of what it cites, for the reader to see.
    """
    cited = [_in_paper(statement.text, paper_of(paper), check) for paper in statement.papers]
    best = _together(statement, cited, paper_of, check)
    if best.support.verdict is Verdict.SUPPORTED:
        return best
    if len(set(terms(statement.text))) >= _CLAIM:
        others = [paper for paper in pool if paper not in statement.papers]
        whole = {paper: check(statement.text, _whole(paper_of(paper))) for paper in others}
        other = max(whole, key=lambda paper: _order(whole[paper]), default=None)
        if other and whole[other].verdict is Verdict.SUPPORTED and whole[other].score >= _STRONG:
            return replace(_in_paper(statement.text, paper_of(other), check), repaired=True)
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
        together = check(statement.text, " ".join(_whole(paper_of(paper)) for paper in statement.papers))
        if _order(together) > _order(best.support):
            return Footing(tuple(p for f in cited for p in f.passages), together)
    return best


def _in_paper(text: str, paper: Paper, check: SupportCheck) -> Footing:
    """The verdict of a paper on a text, with the fewest of its sentences that show it.

    The verdict is that of title and abstract together. To take the best verdict that some choice of sentences gives
    would be to ask until one says yes: a dropped "not" stands in one sentence only (docs/decisions/0007).
    """
    support = check(text, _whole(paper))
    passages = passages_of(paper)
    taken: tuple[Passage, ...] = ()
    shown = Support(Verdict.UNSUPPORTED, -1.0)
    most = _MOST_QUOTES if support.verdict is Verdict.SUPPORTED else 1
    while len(taken) < most and shown.verdict is not Verdict.SUPPORTED:
        wider = [tuple(sorted((*taken, p), key=lambda p: p.start)) for p in passages if p not in taken]
        checked = [(check(text, _cut(paper, more)), more) for more in wider]
        best = max(checked, key=lambda c: _order(c[0]), default=(shown, taken))
        if _order(best[0]) <= _order(shown):
            break
        shown, taken = best
    return Footing(taken, support)


def _whole(paper: Paper) -> str:
    return titled(paper.title, paper.abstract)


def _cut(paper: Paper, passages: Sequence[Passage]) -> str:
    return titled(paper.title, " ".join(paper.abstract[p.start : p.end] for p in passages))


def _order(support: Support) -> tuple[int, float]:
    return _RANK[support.verdict], support.score
