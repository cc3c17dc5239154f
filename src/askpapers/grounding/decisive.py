"""Finds the sentences of a paper that a statement stands on, and the paper where it cites the wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from askpapers.answering.draft import WrittenStatement
from askpapers.datatypes import Paper, Passage, Verdict
from askpapers.grounding.given_counts import without_given_counts
from askpapers.grounding.names import missing_names, names
from askpapers.grounding.numbers import numbers
from askpapers.grounding.support import Support, SupportCheck, with_title
from askpapers.index.passages import passages_of
from askpapers.text import terms, words

_MOST_QUOTES = 3
# What a paper that is not cited must give a sentence to stand for it. What a small model wrote set both: below, most of
# what was repaired was wrong, and "Atari games" is no claim (docs/decisions/0007).
_STRONG = 0.62
_CLAIM = 4  # stems
_SHORT_CLAIM = 3  # of a text with a name and a figure
_NEARLY_COPIED = 0.9
_SUBJECT = 2  # stems that a sentence begins with
_THERE = 0.8  # of the stems of a sentence: so many in a paper that is not cited, and it is partly supported
_GOES_ON = re.compile(
    r"(?:(?:however|but|also|and|moreover|furthermore|additionally|in addition|thus|therefore|then),? )?"
    r"(?:(?:it|its|they|their|this|these|those|that|both|such)\b"
    r"|the (?:authors?|paper|study|work|model|method|approach|system|technique|algorithm)s? (?!of|for|that)\w)",
    re.IGNORECASE,
)
_RANK = {Verdict.UNSUPPORTED: 0, Verdict.PARTIAL: 1, Verdict.SUPPORTED: 2}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a statement stands on: the passages, how far they support it, whether its citation was repaired."""

    passages: tuple[Passage, ...]
    support: Support
    repaired: bool = False


NO_GROUNDS = Grounds((), Support(Verdict.UNSUPPORTED, 0.0))


def with_question(statement: WrittenStatement, question: str) -> WrittenStatement:
    """A cited answer of a few words ("28.8%") with the question that it answers, as it is to be checked.

    By itself it is supported wherever the words occur.
    """
    if not statement.papers or _is_claim(statement.text):
        return statement
    return replace(statement, text=f"{question.rstrip(' ?.!')}: {statement.text}")


def find_answer_grounds(
    statement: WrittenStatement,
    question: str,
    pool: Sequence[str],
    paper_of: Callable[[str], Paper],
    check: SupportCheck,
    before: Sequence[str] = (),
) -> Grounds:
    """What supports a sentence of an answer to a question; see `find_grounds`.

    The `pool` begins with the paper that lies nearest to the question: a first sentence without a citation may stand on
    that one alone, as if it cited it.
    """
    every = [_full_text(paper_of(paper)) for paper in dict.fromkeys((*statement.papers, *pool))]
    said = with_question(replace(statement, text=without_given_counts(statement.text, question, every)), question)
    grounds = find_grounds(said, pool, paper_of, check, before)
    is_alone = not said.papers and not before and _is_claim(said.text)
    if grounds.support.verdict is Verdict.UNSUPPORTED and is_alone and pool:
        nearest, others = paper_of(pool[0]), [paper_of(paper) for paper in pool[1:]]
        support = check(said.text, _full_text(nearest))
        if support.verdict is Verdict.SUPPORTED and _may_stand(said.text, nearest, support, others, (), ()):
            grounds = replace(_in_paper(said.text, nearest, check), repaired=True)
    source = " ".join(_full_text(paper_of(paper)) for paper in dict.fromkeys(p.paper for p in grounds.passages))
    return _of_what_is_asked(grounds, said, question, source, goes_on=bool(before))


def _of_what_is_asked(
    grounds: Grounds, said: WrittenStatement, question: str, source: str, *, goes_on: bool
) -> Grounds:
    """The grounds, none where the source lacks a name that the question has: it says so of something else.

    "GPT-4 solves 28.8%" of a paper that says it of Codex, where GPT-4 is asked about, is not partly true. "It ..." with
    neither a citation nor anything before it is what the question names: the source must have one of these names.
    """
    is_of_another = grounds.support.verdict is Verdict.PARTIAL and any(
        names(f"the {word}") and not missing_names(f"the {word}", question) and missing_names(f"the {word}", source)
        for word in grounds.support.missing
    )
    asked, lacking = names(question), missing_names(question, source)
    is_loose = not goes_on and not said.papers and bool(_GOES_ON.match(said.text))
    is_of_none = is_loose and bool(asked) and set(asked) == set(lacking)
    if grounds.support.verdict is Verdict.UNSUPPORTED or not (is_of_another or is_of_none):
        return grounds
    return replace(grounds, support=replace(grounds.support, verdict=Verdict.UNSUPPORTED))


def find_grounds(
    statement: WrittenStatement,
    pool: Sequence[str],
    paper_of: Callable[[str], Paper],
    check: SupportCheck,
    before: Sequence[str] = (),
) -> Grounds:
    """What supports a model's sentence: first in the papers that it cites, then in the others of the `pool`.

    A citation is repaired, or given where there is none, only by strong support elsewhere: to look into eight papers
    is to ask eight times, and fluent nonsense is near one of them. A sentence without a citation whose words are nearly
    all in a paper is partly supported. What is not supported keeps the nearest quote of what it cites, for the reader
    to see. `before` are the papers that the last supported sentence before it stands on: without a citation of
    its own it goes on citing them.
    """
    goes_on = bool(before) and not statement.papers and _is_claim(statement.text)
    own = replace(statement, papers=tuple(before)) if goes_on else statement
    cited = [_in_paper(statement.text, paper_of(paper), check) for paper in own.papers]
    best = _together(own, cited, paper_of, check)
    if best.support.verdict is Verdict.SUPPORTED:
        return replace(best, repaired=True) if goes_on else best
    if _is_claim(statement.text):
        others = [paper_of(paper) for paper in pool if paper not in own.papers]
        whole = {paper.id: check(statement.text, _full_text(paper)) for paper in others}
        other = max(others, key=lambda paper: _order(whole[paper.id]), default=None)
        known = () if statement.papers else before
        every = [paper_of(paper) for paper in dict.fromkeys((*pool, *own.papers))]
        if other and _may_stand(statement.text, other, whole[other.id], every, best.support.missing, known):
            if whole[other.id].verdict is Verdict.SUPPORTED and whole[other.id].score >= _STRONG:
                return replace(_in_paper(statement.text, other, check), repaired=True)
            if not own.papers and _share(statement.text, other) >= _THERE:
                there = _in_paper(statement.text, other, check)
                return replace(there, support=replace(there.support, verdict=Verdict.PARTIAL))
    if goes_on:
        return best if best.support.verdict is Verdict.PARTIAL else NO_GROUNDS
    return best


def _is_claim(text: str) -> bool:
    """Whether a text says enough to be looked for in papers: some words, or a name and a figure ("X has 12 layers")."""
    stems = len(set(terms(text)))
    return stems >= _CLAIM or (stems >= _SHORT_CLAIM and bool(names(text)) and bool(numbers(text)))


def _may_stand(
    text: str,
    paper: Paper,
    support: Support,
    others: Sequence[Paper],
    lacking: Sequence[str],
    before: Sequence[str],
) -> bool:
    """Whether a sentence may stand on a paper that it does not cite.

    The paper must have the words that the cited one lacks. "It ..." and "The model ..." that cite nothing stand where
    the sentence before them does. What begins with a name of another title, or with a word of it that this paper lacks,
    has to be nearly copied: "CLIP has 3.5 billion parameters" is near "a 3.5 billion parameter model beats CLIP".
    """
    there = set(terms(_full_text(paper)))
    if support.verdict is Verdict.UNSUPPORTED or not set(terms(" ".join(lacking))) <= there:
        return False
    if before and _GOES_ON.match(text):
        return paper.id in before
    subject = set(terms(text)[:_SUBJECT]) - there
    if (first := next(_plain_words(text), "")) and first not in _plain_words(_full_text(paper)):
        subject.add(first)  # Performers are named by a title, and not by "performance"
    is_of_another = any(
        subject & {*terms(other.title), *_plain_words(other.title)} or _is_named_by(text, other) for other in others
    )
    return support.score >= _NEARLY_COPIED or not is_of_another or _is_named_by(text, paper)


def _share(text: str, paper: Paper) -> float:
    """The share of the stems of a sentence that a paper has."""
    wanted = set(terms(text))
    return len(wanted & set(terms(_full_text(paper)))) / len(wanted)


def _plain_words(text: str) -> Iterator[str]:
    """The words of a text that say something, in small letters."""
    return (word.casefold() for word, _, _ in words(text) if terms(word))


def _is_named_by(text: str, paper: Paper) -> bool:
    """Whether the name that a sentence begins with stands in the title of a paper."""
    first = next(iter(names(text)), "")
    return bool(first) and text.startswith(first) and not missing_names(f"the {first}", paper.title)


def _together(
    statement: WrittenStatement, cited: Sequence[Grounds], paper_of: Callable[[str], Paper], check: SupportCheck
) -> Grounds:
    """The grounds made of those in each cited paper: all that support it alone, else all of them together."""
    if not cited:
        return NO_GROUNDS
    alone = [f for f in cited if f.support.verdict is Verdict.SUPPORTED]
    if alone:
        passages = tuple(p for f in alone for p in f.passages)
        return Grounds(passages, max((f.support for f in alone), key=_order), repaired=len(alone) < len(cited))
    best = max(cited, key=lambda f: _order(f.support))
    if len(cited) > 1:
        together = check(statement.text, " ".join(_full_text(paper_of(paper)) for paper in statement.papers))
        if _order(together) > _order(best.support):
            return Grounds(tuple(p for f in cited for p in f.passages), together)
    return best


def _in_paper(text: str, paper: Paper, check: SupportCheck) -> Grounds:
    """The verdict of a paper on a text, with the fewest of its sentences that show it.

    The verdict is that of title and abstract together. To take the best verdict that some choice of sentences gives
    would be to ask until one says yes: a dropped "not" stands in one sentence only (docs/decisions/0007).
    """
    support = check(text, _full_text(paper))
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
    return Grounds(taken, support)


def _full_text(paper: Paper) -> str:
    return with_title(paper.title, paper.abstract)


def _cut(paper: Paper, passages: Sequence[Passage]) -> str:
    return with_title(paper.title, " ".join(paper.abstract[p.start : p.end] for p in passages))


def _order(support: Support) -> tuple[int, float]:
    return _RANK[support.verdict], support.score
