"""What was changed in a sentence that a statement copies. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from askpapers.grounding.names import missing_names, names
from askpapers.grounding.polarity import is_negative, read_words, signs
from askpapers.text import sentences, stem, terms, words

# So many words in the order of one sentence of the source are copied. Of 2,853 paraphrases by a language model that was
# told not to copy, two in a hundred hold such a run.
_RUN = 7
_LONGEST = 200  # words of a sentence that is compared word for word
_SHORT = 3  # words of a change that is looked at for a contradiction


_DETERMINER = re.compile(r"(?:\A|\b(?:the|an?|our|its|their|this|that|these|those) )\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that stand in the place of others: both as written, one of them perhaps "", and the place of the first."""

    mine: str
    theirs: str
    start: int
    end: int


def edits(statement: str, source: str) -> tuple[Edit, ...]:
    """What a statement changes in the sentence that it copies: with which it has seven words on end, by their stems.

    What is left out before and after is no change. Nothing for a statement that copies no sentence.
    """
    mine = list(words(statement))
    if len(mine) > _LONGEST:
        return ()
    stems = _stems(mine)
    runs = set(_runs(stems))
    for begin, finish in sentences(source):
        sentence = source[begin:finish]
        theirs = list(words(sentence))
        if len(theirs) <= _LONGEST and not runs.isdisjoint(_runs(_stems(theirs))):
            codes = SequenceMatcher(None, _stems(theirs), stems, autojunk=False).get_opcodes()
            return tuple(
                Edit(_cut(statement, mine, a, b), _cut(sentence, theirs, c, d), *_place(mine, a, b))
                for tag, c, d, a, b in codes
                if tag != "equal" and not (a == b and (not c or d == len(theirs)))
            )
    return ()


def contradiction(found: Sequence[Edit], lacking: Collection[str] = frozenset()) -> tuple[str, str]:
    """A negation that was put in or left out, and a word of direction that was turned round; "" where there is none.

    Only in changes of a few words: more may be an aside. "Without" what the source lacks elsewhere too (`lacking`,
    stems) is not put in.
    """
    short = [edit for edit in found if max(len(edit.mine.split()), len(edit.theirs.split())) <= _SHORT]
    short = [edit for edit in short if not _is_shared_lack(edit.mine, lacking)]
    mine = [word for edit in short for word in read_words(edit.mine)]
    theirs = [word for edit in short for word in read_words(edit.theirs)]
    negation = ""
    if any(w.negates for w in mine) and not any(w.negates or is_negative(w.stem) for w in theirs):
        negation = next(w.text for w in mine if w.negates)
    elif any(w.negates for w in theirs) and not any(w.negates or is_negative(w.stem) for w in mine):
        negation = f"without “{next(w.text for w in theirs if w.negates)}”"
    turned = (
        word.text
        for edit in short
        for word in read_words(edit.mine)
        if _is_turned(signs([word]), signs(read_words(edit.theirs)))
    )
    return negation, next(turned, "")


def swapped_names(found: Sequence[Edit]) -> tuple[str, ...]:
    """The names that stand in the place of other names."""
    return tuple(name for edit in found if names(edit.theirs) for name in missing_names(edit.mine, edit.theirs))


def exchanged_kinds(found: Sequence[Edit], statement: str, source: str) -> str:
    """A word that stands in the place of another one before the same noun, where the source tells of both kinds; or "".

    "The outcome-supervised model solves 78%" of a source in which the process-supervised one does, and which speaks of
    outcome supervision elsewhere.
    """
    there = _stems(list(words(source)))
    pairs = set(pairwise(there))
    for edit in found:
        mine, theirs = ([word for word, _, _ in words(side) if terms(word)] for side in (edit.mine, edit.theirs))
        following = next((word for word, start, _ in words(statement) if start >= edit.end), None)
        is_one = len(mine) == len(theirs) == 1 and edit.mine.endswith(mine[0])
        if is_one and following and _DETERMINER.search(statement[: edit.end - len(mine[0])]):
            kinds = {(stem(word.casefold()), stem(following.casefold())) for word in (mine[0], theirs[0])}
            if len(kinds) > 1 and kinds <= pairs:
                return f"{mine[0]} {following}"
    return ""


def _is_shared_lack(text: str, lacking: Collection[str]) -> bool:
    found = read_words(text)
    return bool(lacking and found) and all(w.stem in lacking or w.text.casefold() == "without" for w in found)


def _is_turned(mine: set[tuple[int, int]], theirs: set[tuple[int, int]]) -> bool:
    return not mine & theirs and any((axis, -sign) in theirs for axis, sign in mine)


Words = Sequence[tuple[str, int, int]]


def _stems(found: Words) -> list[str]:
    return [stem(word.casefold()) for word, _, _ in found]


def _runs(stems: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(stems[at : at + _RUN]) for at in range(len(stems) - _RUN + 1))


def _place(found: Words, first: int, last: int) -> tuple[int, int]:
    return (found[first][1], found[last - 1][2]) if last > first else (0, 0)


def _cut(text: str, found: Words, first: int, last: int) -> str:
    start, end = _place(found, first, last)
    return text[start:end]
