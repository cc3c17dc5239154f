"""Reads a question into what it is about: weighted terms, each with the words that can stand for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.text import plain, stem, terms, words

# Words of asking, not of what is asked about. Verbs that any paper could take carry little weight either.
_ASKING = frozenset(
    stem(word)
    for word in (
        "what which who whom whose where when why how do does did done doing can could should would may might must"
        " will shall has have had having were been being i you he she we my your me us am many much long far"
        " number count amount any anything some there here about get gets use used uses using make makes made"
        " give gives given tell show shown paper papers work works working study studies abstract author authors"
        " really meant mean called call from out than more most less least other also own one only during before"
        " after up so its so just please article articles publication report reports research literature thing"
        " anyone somebody someone people researcher group list find name exactly actually them those our they"
        " come comes came go goes went take takes took let say says said very too ok okay"
    ).split()
)
_GENERIC = frozenset(
    stem(word)
    for word in (
        "include includes examine examines discuss discusses mention mentions tackle tackles address addresses"
        " introduce introduces release releases propose proposes present presents evaluate evaluates test tests"
        " train trains trained apply applies touch touching deal deals dealing explore explores investigate look"
        " looks focus focuses related concerning report reports describe describes approach approaches method"
        " methods technique techniques model models system systems new novel data based help helps different"
        " try tries tried claim claims build builds develop develops compare compares main kind type way"
    ).split()
)
_GENERIC_WEIGHT = 0.25
_LONGEST_PHRASE = 8
_LOOKS_LIKE_NAME = re.compile(r".*\d|.*[A-Z].*[A-Z]")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question is about.

    `forms` are the ways in which a text can say it, each a tuple of stems that must all be there, with a
    weight up to 1.0 for how surely it says the same. A name (GPT-3, WMT14, German) has no near forms.
    """

    word: str
    weight: float
    is_name: bool
    forms: tuple[tuple[tuple[str, ...], float], ...]

    def found_in(self, stems: Collection[str]) -> float:
        """How far a text of these stems says this term: 0.0 to 1.0."""
        best = 0.0
        for form, weight in self.forms:
            share = sum(s in stems for s in form) / len(form)
            best = max(best, weight * share**3)  # half of a phrase is hardly any of it
        return best


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about, weighed."""

    text: str
    terms: tuple[Term, ...]

    @property
    def stems(self) -> frozenset[str]:
        """The stems of every way of saying every term."""
        return frozenset(s for term in self.terms for form, _ in term.forms for s in form)

    def coverage(self, stems: Collection[str], among: Sequence[Term] | None = None) -> float:
        """The share of the terms' weight that a text says, from 0.0 to 1.0."""
        chosen = self.terms if among is None else among
        total = sum(t.weight for t in chosen)
        return sum(t.weight * t.found_in(stems) for t in chosen) / total if total else 0.0

    def missing_names(self, stems: Collection[str]) -> list[str]:
        """The names that a text does not have."""
        return [t.word for t in self.terms if t.is_name and t.found_in(stems) < 0.5]


def read_terms(text: str, index: Index, embedder: Embedder) -> Topic:
    """Weigh the terms of a question by how rare they are in the corpus, and find other words for them.

    Acronyms that the corpus spells out stand for their long forms and the other way round; words with a
    like vector stand in for each other at less weight.
    """
    tokens = [(word, start) for word, start, _ in words(plain(text)) if _is_content(word)]
    stems = [stem(word.casefold().replace(",", "")) for word, _ in tokens]
    found: list[Term] = []
    position = 0
    while position < len(tokens):
        length, shorts = _phrase_at(position, stems, index)
        if length > 1:
            found.append(_phrase_term(stems[position : position + length], tokens, position, shorts, index))
        elif all(t.word != tokens[position][0] for t in found):
            found.append(_term(*tokens[position], stems[position], index))
        position += length
    return Topic(text, tuple(_with_near_forms(found, index, embedder)))


def _is_content(word: str) -> bool:
    lower = word.casefold()
    return bool(terms(word)) and lower not in _ASKING and (stem(lower) not in _ASKING or word.isupper())


def _phrase_at(position: int, stems: list[str], index: Index) -> tuple[int, list[str]]:
    """The longest phrase here that the corpus has an acronym for, in tokens, and its acronyms."""
    for length in range(min(_LONGEST_PHRASE, len(stems) - position), 1, -1):
        if shorts := index.papers.short_forms(" ".join(stems[position : position + length])):
            return length, shorts
    return 1, []


def _phrase_term(
    stems: list[str], tokens: list[tuple[str, int]], position: int, shorts: list[str], index: Index
) -> Term:
    forms = [(tuple(stems), 1.0), *(((stem(short),), 1.0) for short in shorts)]
    weight = max(index.words.weight(s) for s in stems) + 0.5 * (len(stems) - 1)
    text = " ".join(word for word, _ in tokens[position : position + len(stems)])
    return Term(text, weight, False, tuple(forms))


def _term(word: str, start: int, stemmed: str, index: Index) -> Term:
    is_name = bool(_LOOKS_LIKE_NAME.match(word)) or (start > 0 and word[0].isupper()) or stemmed in index.lexicon.names
    forms: list[tuple[tuple[str, ...], float]] = [((stemmed,), 1.0)]
    forms += [(tuple(long.split()), 1.0) for long in index.papers.long_forms(word.casefold())]
    weight = index.words.weight(stemmed)
    if len(forms) > 1:  # an acronym is as rare as the rarer of its forms
        is_name = False
    return Term(word, weight * (_GENERIC_WEIGHT if stemmed in _GENERIC else 1.0), is_name, tuple(forms))


def _with_near_forms(found: list[Term], index: Index, embedder: Embedder) -> list[Term]:
    plain_words = [t.word.casefold() for t in found if not t.is_name and " " not in t.word]
    if not plain_words:
        return found
    vector_of = dict(zip(plain_words, embedder.embed(plain_words), strict=True))
    enriched = []
    for term in found:
        vector = vector_of.get(term.word.casefold()) if not term.is_name else None
        near = index.lexicon.alike(vector) if vector is not None else []
        more = tuple(((s,), weight) for s, weight in near if (s,) != term.forms[0][0])
        enriched.append(Term(term.word, term.weight, term.is_name, term.forms + more))
    return enriched
