"""Drafts of suites from the abstracts of a corpus, for a person to correct.

A draft is a beginning, not a measure: its questions lean on the words of the abstracts, which makes them easy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, pairwise, zip_longest

from askpapers.answering.intent import Intent, read_intent
from askpapers.datatypes import Paper
from askpapers.evaluation.suites import Case
from askpapers.text import plain, sentences, terms, words

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:[.,]\d+)*(?:\s?%|[KMBkx]\b|\s(?:million|billion|thousand))?(?![\w-])")
_DEFINED = re.compile(r"\b(?:introduce|propose|present|describe|develop)\s+(?:an?\s|the\s)?([A-Z][\w-]*[A-Z0-9][\w-]*)")
_NOT_THERE = (
    "Which papers study the migration of birds?",
    "What is the boiling point of ethanol?",
    "How many islands does Indonesia have?",
    "Which papers are about medieval poetry?",
    "Who won the chess world championship in 1972?",
)
_WIDEST = 12  # papers: a topic that more share is no topic


def draft_suite(papers: Sequence[Paper], count: int) -> list[Case]:
    """Draft `count` cases or fewer: of each kind in turn, with papers in the order of the corpus.

    Near misses are the hardest to write, and are left to a person but for a template: the figure of a paper
    asked for in a unit that it does not give.
    """
    kinds = (_definitions(papers), _quantities(papers), _surveys(papers), _near_misses(papers), _absent())
    drafts = chain.from_iterable(zip_longest(*kinds))
    unique = {case.question.casefold(): case for case in islice((c for c in drafts if c), 4 * count)}
    return [replace(case, id=f"draft{number:03d}") for number, case in enumerate(list(unique.values())[:count], 1)]


def _definitions(papers: Sequence[Paper]) -> Iterator[Case]:
    for paper in papers:
        for start, end in sentences(paper.abstract):
            sentence = plain(paper.abstract[start:end])
            if match := _DEFINED.search(sentence):
                name = match[1]
                rest = sentence[match.end() :].strip(" ,")
                fact = " ".join(rest.split()[:4]).strip(" ,.;:")
                if len(fact) > 8 and fact in sentence:
                    yield _case(f"What is {name}?", Intent.DEFINITION, paper, fact)
                    break


def _quantities(papers: Sequence[Paper]) -> Iterator[Case]:
    """A figure of each paper, left out of its sentence."""
    for paper in papers:
        text = plain(paper.abstract)
        for match in _NUMBER.finditer(text):
            before, after = text[: match.start()].split()[-6:], text[match.end() :].split()[:3]
            if len(before) == 6 and after and not _is_year(match[0]):
                gap = f"{' '.join(before)} ___ {' '.join(after)}"
                yield _case(f"What is the figure in “{plain(paper.title)}”: “{gap}”?", Intent.QUANTITY, paper, match[0])
                break


def _surveys(papers: Sequence[Paper]) -> Iterator[Case]:
    """Pairs of words that stand side by side in the titles or abstracts of a few papers."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for paper in papers:
        text = plain(f"{paper.title}. {paper.abstract}")
        spans = list(words(text))
        for (first, _, middle), (second, start, _) in pairwise(spans):
            pair = tuple(terms(f"{first} {second}"))
            if text[middle:start] == " " and len(pair) == 2 and min(len(first), len(second)) > 3:
                found.setdefault(pair, {}).setdefault(paper.id, f"{first} {second}".lower())
    topics = [in_papers for in_papers in found.values() if 2 <= len(in_papers) <= _WIDEST]
    for in_papers in sorted(topics, key=len, reverse=True):
        phrase = next(iter(in_papers.values()))
        note = "the papers that have these words; add those that say it in others"
        yield Case(
            "", f"Which papers are about {phrase}?", Intent.SURVEY, True, tuple(in_papers), note=note, draft=True
        )


def _near_misses(papers: Sequence[Paper]) -> Iterator[Case]:
    for paper in papers:
        if "GPU" not in paper.abstract:
            question = f"How many GPUs was “{plain(paper.title)}” trained on?"
            yield Case("", question, Intent.QUANTITY, False, note="near miss: not given", draft=True)


def _absent() -> Iterator[Case]:
    for question in _NOT_THERE:
        yield Case("", question, read_intent(question), False, note="far", draft=True)


def _case(question: str, intent: Intent, paper: Paper, fact: str) -> Case:
    return Case("", question, intent, True, (paper.id,), facts=((fact,),), draft=True)


def _is_year(number: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d\d", number))
