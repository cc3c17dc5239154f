"""The words of a sentence in order, names in one piece, and the phrases around a place in it. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from askpapers.grounding.polarity import FUNCTION_WORDS
from askpapers.text import folded, sentences, stem

_MOST = 120  # tokens of a sentence that are read
_MOST_SENTENCES = 30
_BACK, _AHEAD = 14, 9  # tokens that a phrase has at most


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case and its stem, or a sign between clauses; `is_content`: it is no function word."""

    text: str
    stem: str
    is_content: bool

    @property
    def is_sign(self) -> bool:
        """Whether it is a sign and no word."""
        return not self.text[0].isalnum()


def read_sentences(text: str) -> Iterator[tuple[Token, ...]]:
    """The tokens of each sentence; of what is very long, the beginning."""
    text = folded(text)
    has_letters = bool(_LETTER.search(text))
    for start, end in sentences(text)[:_MOST_SENTENCES]:
        tokens = []
        for match in _TOKEN.finditer(text[start:end]):
            word = match.group().casefold()
            is_content = word[0].isalnum() and word not in FUNCTION_WORDS and word not in _JOINING
            is_content |= has_letters and match.group() == "A"
            tokens.append(Token(word, stem(word), is_content))
            if len(tokens) == _MOST:
                break
        yield tuple(tokens)


def stems(tokens: Iterable[Token]) -> frozenset[str]:
    """The stems of the content words."""
    return frozenset(token.stem for token in tokens if token.is_content)


def is_denied(tokens: Sequence[Token], place: int) -> bool:
    """Whether a negation stands right before a place: "does not outperform", "fails to improve"."""
    return any(
        token.text in _DENYING or token.text.endswith(("n't", "n’t")) for token in tokens[max(0, place - 3) : place]
    )


def subject(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """What stands before a place in its clause, without what is put in: "clay" of "clay, by which we mean earth,"."""
    end = place
    while end > 0:
        start = end
        while start > 0 and place - start < _BACK and not tokens[start - 1].is_sign:
            start -= 1
        piece = tokens[start:end]
        cut = max((n for n, token in enumerate(piece) if token.text in _SUBORDINATING), default=-1)
        is_put_in = any(token.text in _RELATIVE for token in piece[:2])
        piece = piece[cut + 1 :]
        stops = start == 0 or place - start >= _BACK or tokens[start - 1].text != ","
        if stops or (not is_put_in and any(token.is_content and not token.text.endswith("ly") for token in piece)):
            return piece
        end = start - 1
    return ()


def complement(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """What stands from a place on in its clause, up to where, when or how it holds: "B" of "B on the test set"."""
    found: list[Token] = []
    for token in tokens[place : place + _AHEAD]:
        if not found and token.text in _PRONOUNS:
            break
        has_begun = any(one.is_content for one in found)
        if token.is_sign or token.text in CLAUSES or (has_begun and token.text in _SETTING):
            break
        found.append(token)
    return found


_DENYING = frozenset("not never no cannot fails failed fail neither nor without".split())
_PRONOUNS = frozenset(("it", "them", "him", "her", "this", "these"))
PREPOSITIONS = frozenset(
    "on for in at when across during while under with using by from to into as after before among within via through"
    " without over than per since until between against because".split()
)
CLAUSES = frozenset("but whereas although though while because which who whose that if".split())
_SETTING = PREPOSITIONS - {"with", "from", "to", "into"} | {"and", "or"}
_SUBORDINATING = CLAUSES | {"since", "when", "where", "how"}
_RELATIVE = frozenset("which who whose i.e e.g".split())
_JOINING = frozenset("but whereas although though because while since if not no both either respectively".split())
_LETTER = re.compile(r"\b[B-HJ-Z]\b")  # beside which "A" is a name, too
_TOKEN = re.compile(r"[^\W_]+(?:[-.'’/][^\W_]+)*+%?|[,;:.()—–]")
