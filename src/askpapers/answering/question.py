"""Reads a question into what it is about: weighted terms, each with the words that can stand for it."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from askpapers.answering.commonness import rarity
from askpapers.answering.long_forms import FIELD
from askpapers.answering.question_words import GENERIC
from askpapers.answering.tokens import ACRONYM, LETTER, NUMBERED, Token, goes_on, is_name, is_proper, read_tokens
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.text import plain, stem, terms

_GENERIC_WEIGHT = 0.15
_LONGEST_PHRASE = 8
PHRASE_POWER = 6
"""Three of four words of a phrase are 0.18 of it: "learning", "human" and "feedback" are found everywhere."""
SAYS = 0.5
"""The share of a topic's weight from which a text is said to say it."""

_SAME_WORD = 0.95  # the weight of a form from which it is the same word: an inflection, an acronym's long form
_HYPHENS = ("-", "- ")
_OR = re.compile(r",? or (?:\w+ )?")
_LETTERS_AND_DIGITS = re.compile(r"([A-Za-z]{2,})(\d\w*)")
_BARE_NUMBER = re.compile(r"\d[\d.,]*[kKMBx%]?")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a question is about.

    `forms` are the ways in which a text can say it, each a tuple of stems that must all be there, with a
    weight up to 1.0 for how surely it says the same. A name (GPT-3, WMT14, German) has no near forms. A proper name
    (`is_proper`) was typed as one, and is neither an acronym nor a word that the corpus has in small letters.
    """

    word: str
    weight: float
    is_name: bool
    forms: tuple[tuple[tuple[str, ...], float], ...]
    is_proper: bool = False

    def found_in(self, stems: Collection[str], surest: float = 0.0) -> float:
        """How far a text of these stems says this term, by its forms of this weight or more: 0.0 to 1.0."""
        best = 0.0
        for form, weight in self.forms:
            if weight >= surest:
                share = sum(s in stems for s in form) / len(form)
                best = max(best, weight * share**PHRASE_POWER)
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

    def same_words(self, stems: Collection[str]) -> float:
        """The share of the terms' weight that a text says in the same words, not in others that are only alike."""
        total = sum(t.weight for t in self.terms)
        return sum(t.weight * t.found_in(stems, _SAME_WORD) for t in self.terms) / total if total else 0.0

    @property
    def names(self) -> list[Term]:
        """The terms that name something; a bare number (90, 8.5%) names nothing."""
        return [t for t in self.terms if t.is_name and not _BARE_NUMBER.fullmatch(t.word)]

    def missing_names(self, stems: Collection[str]) -> list[str]:
        """The names that a text does not have."""
        return [t.word for t in self.names if t.found_in(stems) < 0.5]


def read_terms(text: str, index: Index, embedder: Embedder) -> Topic:
    """Weigh the terms of a question by how rare they are, and find other words for them.

    Acronyms that the corpus spells out stand for their long forms and the other way round, hyphened words
    for their joined form, and words with a like vector stand in for each other at less weight. "A or B" is
    one term that either says.
    """
    tokens = read_tokens(plain(text))
    found: list[tuple[Term, Token]] = []
    position = 0
    while position < len(tokens):
        length, term = _term_at(position, tokens, index)
        if all(term.word != other.word for other, _ in found):
            found.append((term, tokens[position + length - 1]))
        position += length
    enriched = _with_near_forms([term for term, _ in found], index, embedder)
    return Topic(text, tuple(_join_alternatives(enriched, [last for _, last in found])))


def _term_at(position: int, tokens: Sequence[Token], index: Index) -> tuple[int, Term]:
    """The term that begins here, and how many tokens it takes: a known phrase, a compound, or one word."""
    for length in range(min(_LONGEST_PHRASE, len(tokens) - position), 1, -1):
        part = tokens[position : position + length]
        if shorts := _short_forms(" ".join(t.stem for t in part), index):
            return length, _phrase_term(part, [(form,) for short in shorts for form in _numbers(short)], index)
    length = 1
    while position + length < len(tokens) and tokens[position + length - 1].tail in _HYPHENS:
        length += 1
    if goes_on(tokens[position : position + length + 1], index):
        length += 1
    part = tokens[position : position + length]
    if length == 1:
        return 1, _word_term(part[0], index)
    is_lettered = part[-2].tail == " " and LETTER.fullmatch(part[-1].word)  # joined, vitamin E would be a vitamine
    joined = stem("".join(t.word for t in part).casefold())
    return length, _phrase_term(part, () if is_lettered else [(joined,)], index)


def _phrase_term(part: Sequence[Token], others: Sequence[tuple[str, ...]], index: Index) -> Term:
    """A term of several words that belong together; `others` are its other forms."""
    stems = tuple(t.stem for t in part)
    weight = max(index.words.weight(t.stem) * rarity(t.word) for t in part)
    return Term(
        word="-".join(t.word for t in part) if part[0].tail in _HYPHENS else " ".join(t.word for t in part),
        weight=weight,
        is_name=any(is_name(t, index) for t in part),
        is_proper=any(is_proper(t, index) for t in part) or bool(NUMBERED.fullmatch("".join(t.word for t in part))),
        forms=tuple((form, 1.0) for form in (stems, *others)),
    )


def _word_term(token: Token, index: Index) -> Term:
    long_forms = _long_forms(token, index)
    generic = _GENERIC_WEIGHT if token.stem in GENERIC else 1.0
    weight = index.words.weight(token.stem) * rarity(token.word) * generic
    same = _numbers(token.word.removesuffix("s").casefold()) if ACRONYM.fullmatch(token.word) else [token.stem]
    forms = [*(((form,), 1.0) for form in same), *((tuple(long.split()), 1.0) for long in long_forms)]
    if parts := _LETTERS_AND_DIGITS.fullmatch(token.word):  # cifar10 is CIFAR-10
        forms.append((tuple(stem(part.casefold()) for part in parts.groups()), 1.0))
    if long_forms:
        return Term(token.word, weight, False, tuple(forms))
    return Term(token.word, weight, is_name(token, index), tuple(forms), is_proper(token, index))


def _numbers(acronym: str) -> list[str]:
    """The stems of an acronym and of its plural, which the stemmer may keep apart (LLM, LLMs)."""
    return list(dict.fromkeys((stem(acronym), stem(f"{acronym}s"))))


def _short_forms(phrase: str, index: Index) -> list[str]:
    common = [short for short, long in FIELD if _stemmed(long) == phrase]
    return sorted({*index.papers.short_forms(phrase), *common})


def _long_forms(token: Token, index: Index) -> list[str]:
    """The long forms of an acronym, or of its plural: the corpus's own, else the field's."""
    shorts = {token.word.casefold(), token.word.removesuffix("s").casefold()}
    mined = sorted({long for short in shorts for long in index.papers.long_forms(short)})
    return mined or [_stemmed(long) for short, long in FIELD if short in shorts]


@functools.cache
def _stemmed(phrase: str) -> str:
    return " ".join(terms(phrase))


def _join_alternatives(found: Sequence[Term], lasts: Sequence[Token]) -> list[Term]:
    """Make one term of the two sides of an "or": either says it."""
    joined: list[Term] = []
    either = False
    for term, last in zip(found, lasts, strict=True):
        if either:
            before = joined.pop()
            term = Term(
                f"{before.word} or {term.word}",
                max(before.weight, term.weight),
                before.is_name and term.is_name,
                before.forms + term.forms,
                before.is_proper and term.is_proper,
            )
        joined.append(term)
        either = bool(_OR.fullmatch(last.tail))
    return joined


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
        enriched.append(replace(term, forms=term.forms + more))
    return enriched
