"""Kinds of columns of words, and the rules that find phrases and clauses in a sentence by a cue. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from askpapers.tables.phrases import clauses, phrase_after, phrase_before
from askpapers.tables.words import NUMERAL, Sentence, Span

Find = Callable[[Sentence], Iterator[Span]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Finds what a column asks for in a sentence. `weight`: how sure it is. `own`: only in sentences of own work."""

    weight: float
    find: Find
    own: bool = True


def after(
    weight: float,
    cue: str,
    *,
    lists: bool = False,
    own: bool = True,
    through: str = "",
    unless: str = "",
    named: bool = False,
    gerund: bool = False,
) -> Rule:
    """The phrase after a cue, a pattern in the sentence; see `phrase_after`.

    `unless` is a pattern of last words of phrases that are something else. `named`: the phrase has to have a name.
    `gerund`: what begins as "predicting" goes on to the end of its clause.
    """
    pattern, other = re.compile(cue, re.IGNORECASE), re.compile(unless or "(?!)", re.IGNORECASE)
    prepositions = frozenset(through.split())

    def find(sentence: Sentence) -> Iterator[Span]:
        for match in pattern.finditer(sentence.text):
            place = sentence.word_at(sentence.start + match.end())
            span = phrase_after(sentence.words, place, lists=lists, through=prepositions) if place is not None else None
            if span is None or other.fullmatch(sentence.words[span[1]].form):
                continue
            if gerund and sentence.words[span[0]].form.endswith("ing"):
                span = span[0], next(c for c in clauses(sentence) if c[1] >= span[0])[1]
            if not named or any(is_name(sentence, i) for i in range(span[0], span[1] + 1)):
                yield span

    return Rule(weight, find, own)


def subject(weight: float, cue: str, *, unless: str = "(?!)") -> Rule:
    """The phrase before a cue, a pattern that begins with a space; `unless` as of `after`."""
    pattern, other = re.compile(cue, re.IGNORECASE), re.compile(unless, re.IGNORECASE)

    def find(sentence: Sentence) -> Iterator[Span]:
        for match in pattern.finditer(sentence.text):
            place = sentence.word_at(sentence.start + match.start() - 1)
            if place is None or other.fullmatch(sentence.words[place].form):
                continue
            if span := phrase_before(sentence.words, place):
                yield span

    return Rule(weight, find)


def before(
    weight: float, head: str, *, lists: bool = False, own: bool = True, named: bool = False, unless: str = "(?!)"
) -> Rule:
    """The phrase that ends with a head word, a pattern; `named`: only where a word of it is a name (MATH, CIFAR-10).

    `unless` is a pattern of what stands in phrases that are something else. Numbers in words are not cut open. What
    is a share, or what a share is of ("17 of the 58 patients", "58 patients (48.3%)"), is left out.
    """
    pattern, other = re.compile(head, re.IGNORECASE), re.compile(unless, re.IGNORECASE)

    def find(sentence: Sentence) -> Iterator[Span]:
        for place, word in enumerate(sentence.words):
            if pattern.fullmatch(word.form) and (span := phrase_before(sentence.words, place, lists=lists)):
                while span[0] and NUMERAL.fullmatch(sentence.words[span[0] - 1].form):
                    span = (span[0] - 1, place)
                start, end = sentence.span(span)
                if other.search(sentence.abstract, start, end) or _is_share(sentence.abstract, start, end):
                    continue
                while named and span[0] < place and not is_name(sentence, span[0]):
                    span = (span[0] + 1, place)
                if span[0] < place or not named:
                    yield span

    return Rule(weight, find, own)


def clause(weight: float, cue: str, *, own: bool = True, contrast: bool = True, unless: str = "(?!)") -> Rule:
    """The clause that a cue, a pattern, stands in; a second pattern after "&&" must stand in it, too, `unless` not.

    Without `contrast` not one that tells of others: "while GPT-3 solves none".
    """
    other = re.compile(unless, re.IGNORECASE)
    patterns = [re.compile(part, re.IGNORECASE) for part in cue.split("&&")]

    def find(sentence: Sentence) -> Iterator[Span]:
        for span in clauses(sentence):
            start, end = sentence.span(span)
            before = sentence.words[span[0] - 1].form if span[0] else ""
            if not contrast and span[0] and before in ("while", "whereas", "although"):
                continue
            if other.search(sentence.abstract, start, end):
                continue
            if all(pattern.search(sentence.abstract, start, end) for pattern in patterns):
                yield span

    return Rule(weight, find, own)


def matched(weight: float, pattern: str, *, own: bool = True, unless: str = "(?!)") -> Rule:
    """The words that a pattern matches, or its group `phrase`, but in sentences with the pattern `unless`."""
    compiled, other = re.compile(pattern), re.compile(unless, re.IGNORECASE)

    def find(sentence: Sentence) -> Iterator[Span]:
        if other.search(sentence.text):
            return
        for match in compiled.finditer(sentence.text):
            begin, end = match.span("phrase" if "phrase" in compiled.groupindex else 0)
            first, last = (sentence.word_at(sentence.start + offset) for offset in (begin, end - 1))
            if first is not None and last is not None:
                yield first, last

    return Rule(weight, find, own)


def _is_share(abstract: str, start: int, end: int) -> bool:
    return bool(_SHARE.match(abstract, end) or _SHARE_OF.search(abstract, max(0, start - _FARTHEST_SHARE), start))


_SHARE = re.compile(r" ?\(\d[\d.,]{0,7} ?%\)")
_SHARE_OF = re.compile(r"\d of (?:the |these )?\Z")
_FARTHEST_SHARE = 12  # characters


def is_name(sentence: Sentence, place: int) -> bool:
    """Whether a word is written as a name: with a capital or digit inside, or a capital where no sentence begins."""
    text = sentence.words[place].text
    inner = any(c.isupper() or c.isdigit() for c in text[1:])
    return (inner and any(c.isalpha() for c in text)) or (text[:1].isupper() and place > 0)


@dataclass(frozen=True, slots=True)
class WordKind:
    """A kind of column: the names that ask for it, its rules, the labels of the sections that it is said in."""

    name: str
    names: re.Pattern[str]
    rules: tuple[Rule, ...]
    sections: str = ""
