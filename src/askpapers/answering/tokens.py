"""The words of a question that say what it is about, and which of them are names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.answering.question_words import ASKING
from askpapers.index.generation import Index
from askpapers.text import stem, terms, words

_CLITICS = ("s", "t", "d", "m", "re", "ve", "ll")  # what's, don't, I'd
ACRONYM = re.compile(r"[A-Z]{2,}s?")
LETTER = re.compile(r"[A-HJ-Z]")
_GENUS = re.compile(r"[A-Z]\. (?=[a-z])")  # of E. coli, which a text may have in full
_VERSION = re.compile(r"\d{1,2}(?:\.\d{1,2})?")
NUMBERED = re.compile(r"[A-Z][A-Za-z]*\d[\w.]*")  # GPT-5
_READ = 12  # papers with a word that are read for how they write it
_LOOKS_LIKE_NAME = re.compile(r".*\d|.*[A-Z].*[A-Z]")


@dataclass(frozen=True, slots=True)
class Token:
    """A content word of the question: as written, its stem, and how the text goes on to the next one."""

    word: str
    stem: str
    start: int
    tail: str  # what stands between it and the next content word, lower case


def read_tokens(text: str) -> list[Token]:
    """The content words of a question, in order."""
    found = [
        (word, start, end)
        for word, start, end in words(text)
        if _is_content(word)
        and not (text[start - 1 : start] == "'" and word in _CLITICS)
        and not _GENUS.match(text, start)
    ]
    tokens = []
    for place, (word, start, end) in enumerate(found):
        upto = found[place + 1][1] if place + 1 < len(found) else len(text)
        tokens.append(Token(word, stem(word.casefold().replace(",", "")), start, text[end:upto].casefold()))
    return tokens


def _is_content(word: str) -> bool:
    lower = word.casefold()
    return bool(terms(word)) and lower not in ASKING and (stem(lower) not in ASKING or word.isupper())


def goes_on(part: Sequence[Token], index: Index) -> bool:
    """Whether the last word is a part of the name before it: of vitamin E the letter, of DALL-E 3 the number."""
    *name, last = part
    if not name or name[-1].tail != " ":
        return False
    if LETTER.fullmatch(last.word):
        return len(name) == 1 and len(name[0].word) > 1
    return bool(_VERSION.fullmatch(last.word)) and any(is_name(token, index) for token in name)


def is_name(token: Token, index: Index) -> bool:
    """Whether a word names something: it looks like it, is capitalised inside, or the corpus writes it so."""
    capital_inside = token.start > 0 and token.word[0].isupper()
    return bool(_LOOKS_LIKE_NAME.match(token.word)) or capital_inside or token.stem in index.lexicon.names


def is_proper(token: Token, index: Index) -> bool:
    """Whether a word was typed as a name (M87, Germany), and the corpus does not write it otherwise."""
    if not token.start or not token.word[0].isupper() or ACRONYM.fullmatch(token.word):
        return False
    if LETTER.fullmatch(token.word):
        return True
    lower = token.word.casefold()
    papers = [index.papers.at(int(row)) for row in index.words.documents_with(token.stem)[:_READ]]
    return not any(lower == word for paper in papers for word, _, _ in words(f"{paper.title}. {paper.abstract}"))
