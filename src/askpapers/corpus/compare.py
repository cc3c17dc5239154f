"""Compares the texts and the titles of two records: the same but for ways of writing, edited, or another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, IntEnum, auto

from askpapers.corpus.notices import title_without_notice
from askpapers.text import folded


class Likeness(IntEnum):
    """How alike two texts are, least first.

    `VERSION`: at least half of the shorter text's words stand in the longer in the same order. `EDITED`: all but a few
    words, and every number and negation. `COPY`: they differ in spelling, labels of sections and a missing end only.
    """

    DIFFERENT = 0
    VERSION = 1
    EDITED = 2
    COPY = 3


class Titles(Enum):
    """What two titles say about their papers: `NEAR` share most words, `DISTINCT` are parts or errata."""

    SAME = auto()
    NEAR = auto()
    UNKNOWN = auto()
    DIFFERENT = auto()
    DISTINCT = auto()


@dataclass(frozen=True, slots=True)
class Compared:
    """How alike two texts are, and the number of words of the shorter."""

    likeness: Likeness
    words: int


_EDITED = 0.15  # of the shorter text's words
_VERSION = 0.5
_NEAR = 0.5  # of the content words of two titles
_NAME = 3  # words of a title that is more than a general word
_SPELLED_APART = 6  # words in which one spelling stands for the other
_LONGEST = 1_000_000  # pairs of words: longer texts are compared as far as they begin and end alike

_WORD = re.compile(r"\d+|[^\W\d_]+")
_CUT = re.compile(r"(?<!\W)(?>\W*?(?P<sign>\.\.\.|…))\W*+\Z")
_LABELS = frozenset(
    "abstract summary background objective objectives aim aims purpose introduction context importance design setting"
    " settings participants patients subjects methods method materials methodology approach measurements measures main"
    " outcome outcomes exposure exposures intervention interventions results result findings finding conclusion"
    " conclusions interpretation discussion significance implications limitations funding relevance and key of the"
    " originality value keywords clinical study data sources".split()
)
_NEGATIONS = frozenset("no not never without nor neither cannot non un".split())
_NUMBERS = dict(
    zip("zero one two three four five six seven eight nine ten eleven twelve".split(), range(13), strict=True)
)
_SMALL = frozenset("a an the of in on for and to with by from at as via using is are its towards toward".split())
_DISTINCT = frozenset(
    "part parts volume vol chapter erratum errata corrigendum corrigenda correction addendum reply comment comments"
    " response rejoinder update updated supplement supplementary appendix companion revisited editorial book"
    " review letter i ii iii iv v vi vii viii ix x xi xii first second third fourth fifth".split()
)
_SUBTITLE = re.compile(r"[:?]\s|\s[-–—]++\s|\.\s")


def read_words(text: str) -> list[str]:
    """The words and numbers of a text as they are compared, without the last one where the text is cut short."""
    cut = _CUT.search(text)
    words = _WORD.findall(folded(text[: cut.start("sign")] if cut else text).casefold())
    words = [str(_NUMBERS[word]) if word in _NUMBERS else word for word in words]
    return words[:-1] if cut else words


def is_cut(text: str) -> bool:
    """Whether a text says by an ellipsis that it is cut short."""
    return bool(_CUT.search(text))


def compare_texts(first: Sequence[str], second: Sequence[str]) -> Compared:
    """Compare two texts, given by `read_words`."""
    shorter = min(len(first), len(second))
    if first == second:
        return Compared(Likeness.COPY, shorter)
    begin = next((n for n in range(shorter) if first[n] != second[n]), shorter)
    end = next((n for n in range(shorter - begin) if first[-1 - n] != second[-1 - n]), shorter - begin)
    one, other = first[begin : len(first) - end], second[begin : len(second) - end]
    if len(one) * len(other) > _LONGEST:
        return Compared(Likeness.VERSION if begin + end >= shorter * _VERSION else Likeness.DIFFERENT, shorter)
    changed, facts = 0, False
    at_end = not end
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        gone, come = one[i1:i2], other[j1:j2]
        last = at_end and (i2, j2) == (len(one), len(other))
        if kind == "equal" or (last and not (gone and come)) or _is_spelling(gone, come):
            continue
        changed += max(len(gone), len(come))
        facts = facts or _facts(gone) != _facts(come)
    if not changed:
        return Compared(Likeness.COPY, shorter)
    if changed <= shorter * _EDITED and not facts:
        return Compared(Likeness.EDITED, shorter)
    return Compared(Likeness.VERSION if changed <= shorter * _VERSION else Likeness.DIFFERENT, shorter)


def _is_spelling(gone: Sequence[str], come: Sequence[str]) -> bool:
    """Whether two runs of words say the same: labels of sections, British and American, with hyphens or without."""
    if _LABELS.issuperset((*gone, *come)):
        return True
    return max(len(gone), len(come)) <= _SPELLED_APART and spelled(gone) == spelled(come)


def _facts(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if word.isdigit() or word in _NEGATIONS)


_DOUBLE = re.compile(r"([a-z])\1")


def spelled(words: Iterable[str]) -> str:
    """Words run together, in one spelling for British and American: labelled and labeled, colour, analyse, centre."""
    return "".join(map(_spelled, words))


def _spelled(word: str) -> str:
    if len(word) < 4:
        return word
    word = _DOUBLE.sub(r"\1", word.replace("z", "s").replace("ae", "e").replace("oe", "e").replace("our", "or"))
    word = word.replace("ph", "f").replace("ogue", "og").replace("ence", "ense")
    return (word[:-2] + "er" if word.endswith("tre") else word).rstrip("e")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it is compared, without what marks it as retracted; `key` are its words, "" where there is none."""

    text: str
    key: str

    @property
    def words(self) -> list[str]:
        """The words of the key."""
        return self.key.split()

    @property
    def main(self) -> list[str]:
        """The words before the subtitle."""
        return _WORD.findall(folded(_SUBTITLE.split(self.text.strip(), maxsplit=1)[0]).casefold())


def read_title(title: str | None) -> Title:
    """Read a title to compare it."""
    text = title_without_notice(title or "")[0]
    return Title(text, " ".join(_WORD.findall(folded(text).casefold())))


def compare_titles(first: Title, second: Title) -> Titles:
    """Compare two titles."""
    one, other = first.words, second.words
    if not one or not other:
        return Titles.UNKNOWN
    if one == other or spelled(one) == spelled(other):
        return Titles.SAME
    content, others = ({word for word in words if word not in _SMALL} for words in (one, other))
    if any(word in _DISTINCT or word.isdigit() for word in content ^ others):
        return Titles.DISTINCT
    if spelled(w for w in one if w not in _SMALL) == spelled(w for w in other if w not in _SMALL):
        return Titles.SAME
    short, long = sorted((first, second), key=lambda title: len(title.words))
    if len(short.words) >= _NAME and spelled(long.main) == spelled(short.words):
        return Titles.SAME
    if is_cut(short.text) and len(short.words) > _NAME and long.words[: len(short.words) - 1] == short.words[:-1]:
        return Titles.SAME
    return Titles.NEAR if len(content & others) >= _NEAR * len(content | others) else Titles.DIFFERENT
