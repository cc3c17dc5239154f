"""Example questions for a corpus: made from its own names and acronyms, and kept only where they are answered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, islice

from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Answer, Paper, Status
from askpapers.engine import Corpus
from askpapers.index.acronyms import spelled_out
from askpapers.text import terms

_SAMPLE = 300  # papers looked at, spread over the corpus
_TRIES = 12  # questions asked of each kind until one is answered
_NAMES = 60
_PAIR = re.compile(r"\b(?=([a-z]{6,}) ([a-z]{6,})\b)")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9-]+\b")
_FEWEST, _SHARE = 2, 3  # a survey is worth showing from two papers on, and when most papers are not in it


def example_questions(corpus: Corpus) -> list[str]:
    """Up to four questions that the corpus answers: surveys, a definition, a comparison."""
    papers = _sample(corpus)
    named = _named(papers)
    surveys = (f"Which papers study {phrase}?" for phrase in _phrases(papers))
    uses = (f"Which papers use {short}?" for short in _acronyms(papers))
    definitions = (f"What is {name}?" for name in named)
    pairs = (f"Compare {one} and {other}" for one, other in _alike(named))
    return [
        *islice(_answered(surveys, corpus), 1),
        *islice(_answered(uses, corpus), 1),
        *islice(_answered(definitions, corpus), 1),
        *islice(_answered(pairs, corpus), 1),
    ]


def _sample(corpus: Corpus) -> list[Paper]:
    papers = corpus.index.papers
    return [papers.at(row) for row in range(0, len(papers), max(1, len(papers) // _SAMPLE))]


def _named(papers: Sequence[Paper]) -> dict[str, frozenset[str]]:
    """What papers introduce under a short name, with the stems of what they say of it."""
    named: dict[str, frozenset[str]] = {}
    for paper in papers:
        for name in introduced_names(paper.abstract)[:1]:
            if len(name.split()) == 1 or (name in paper.title and "(" not in name):
                named.setdefault(name, frozenset(terms(paper.abstract)))
    return dict(islice(named.items(), _NAMES))


def _alike(named: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Pairs of names to compare: those whose papers share the most words."""
    shared = {
        (one, other): len(named[one] & named[other]) / len(named[one] | named[other])
        for one, other in combinations(named, 2)
    }
    return sorted(shared, key=lambda pair: -shared[pair])


def _acronyms(papers: Sequence[Paper]) -> list[str]:
    """Acronyms that several papers use, but not most, the commonest first."""
    shorts = {short for paper in papers for short, _ in spelled_out(paper.abstract) if short.isupper()}
    return _common(papers, lambda paper: set(_ACRONYM.findall(paper.abstract)) & shorts)


def _phrases(papers: Sequence[Paper]) -> list[str]:
    """Two words that stand together in several papers, but not in most, the commonest first."""

    def phrases(paper: Paper) -> set[str]:
        return {f"{one} {other}" for one, other in _PAIR.findall(paper.abstract)}

    return _common(papers, phrases)


def _common(papers: Sequence[Paper], parts: Callable[[Paper], set[str]]) -> list[str]:
    used = Counter(part for paper in papers for part in parts(paper))
    most = max(_FEWEST, len(papers) // _SHARE)
    fitting = ((part, count) for part, count in used.items() if _FEWEST <= count <= most)
    return [part for part, _ in sorted(fitting, key=lambda item: (-item[1], item[0]))]


def _answered(questions: Iterator[str], corpus: Corpus) -> Iterator[str]:
    for question in islice(questions, _TRIES):
        if _is_good(corpus.ask(question, llm="none")):
            yield question


def _is_good(answer: Answer) -> bool:
    if answer.status is not Status.ANSWERED or (answer.comparison and answer.comparison.missing):
        return False
    return answer.coverage is None or len(answer.papers) >= _FEWEST
