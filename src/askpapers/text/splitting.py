"""Cuts a text into sentences.

Our own because offsets are the contract here and abstracts have their own traps (LaTeX, "et al.", "i.i.d.", species
names); docs/decisions/0003 compares it with the libraries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.text.latex import math_spans

# A full stop after one of these never ends a sentence.
_NEVER_LAST = frozenset(
    "e.g i.e cf vs fig figs eq eqs eqn sec secs tab ref refs ch nos approx ca dr prof mr mrs ms st resp"
    " viz vol pp sp spp var ver incl esp".split()
)
# After one of these it does when a capital letter follows,
_SOMETIMES_LAST = frozenset("al etc".split())
# and after one of these, or a single letter, only before a word that begins sentences ("i.i.d. Gaussian", "J. Smith").
_RARELY_LAST = frozenset("i.i.d u.s u.k e.u a.k.a a.m p.m ph.d inc ltd co jr sr w.r.t s.t".split())
_STARTERS = frozenset(
    "the this these those we our it its in on at to for by with from as when while where however moreover"
    " furthermore here there they their then thus hence although since such both each all some many most"
    " a an and but if using based results experiments finally first second recently".split()
)
_WIDE = "。！？｡．"
_STOP = rf"(?<![.!?…]{{2}})(?<![\n{_WIDE}])[.!?…]*+[\"'”’»)\]]*+(?=\s|$)"
# Chinese and Japanese set no space behind a stop, and "．" also between the digits of a number.
_WIDE_STOP = rf"(?<=[{_WIDE}])(?<![{_WIDE}]{{2}})(?:(?<!．)|(?!\d))[{_WIDE}]*+[」』】）”’)\"]*+"
# It begins with the signs themselves: so `re` goes from one to the next.
_BOUNDARY = re.compile(
    rf"[.!?…\n{_WIDE}](?:{_STOP}|{_WIDE_STOP}|(?<=[a-z]{{3}}\.)(?=[A-Z][a-z]++\s)|(?<=\n)[ \t\r]*+\n)"
)
_AFTER_QUOTATION = re.compile(r"[と、，,;；]|って")  # "「…。」と述べた" goes on
_NEXT_SIGN = re.compile(r"\S")
_NEXT_WORD = re.compile(r"\w*")
_LOWER_CASE_NAME = re.compile(r"[a-z]{0,2}[A-Z]|[a-z]*\d|[a-z]-[A-Za-z]|[α-ω]-\w")
_BEFORE_TOKEN = re.compile(r"[\s(\[“\"'/–—]")
_BRACKET = re.compile(r"[()（）「」『』]")
_LONGEST_TOKEN = 80
_LONGEST_WORD = 60
_ASIDE_SPAN = 300


def sentences(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Returns (start, end) character offsets in order. The spans do not overlap, begin and end with a
    character that is not white space, and together cover every such character of the text.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    mathematics, asides = _Enclosing(_mathematics(text)), _Enclosing(_asides(text))
    for match in _BOUNDARY.finditer(text):
        if match.group().isspace() or _ends_sentence(text, start, match, mathematics, asides):
            _append_trimmed(spans, text, start, match.end())
            start = match.end()
    _append_trimmed(spans, text, start, len(text))
    return spans


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if stripped := piece.strip():
        begin = start + len(piece) - len(piece.lstrip())
        spans.append((begin, begin + len(stripped)))


def _ends_sentence(text: str, start: int, match: re.Match[str], mathematics: _Enclosing, asides: _Enclosing) -> bool:
    following = _NEXT_SIGN.search(text, match.end())
    if not following:
        return True
    if mathematics.holds(match.end()) or asides.holds(match.end()):
        return False
    if match.group()[0] in _WIDE:
        if match.group()[-1] in "）)":  # "模型（它很小。）很好。" goes on, and a sentence in brackets ends
            return text[start : match.start()].lstrip()[:1] in ("（", "(")
        return match.group()[-1] in _WIDE or not _AFTER_QUOTATION.match(text, following.start())
    token = _BEFORE_TOKEN.split(text[max(start, match.start() - _LONGEST_TOKEN) : match.start()])[-1]
    if not token:  # "word . another word", as tokenised corpora write it
        return True
    after = text[following.start() : following.start() + _LONGEST_WORD]
    if match.group().startswith(".") and not match.group().startswith(".."):
        if match.end() == match.start() + 1 and not text[match.end()].isspace():
            return "@" not in token and "www" not in token
        name = token.lower()
        next_word = _NEXT_WORD.match(after).group()  # type: ignore[union-attr]
        if name in _NEVER_LAST:
            return False
        if name in _SOMETIMES_LAST:
            return after[0].isupper()
        if name in _RARELY_LAST or (len(token) == 1 and token.isupper()):
            return next_word.lower() in _STARTERS and next_word[:1].isupper()
    # Lower case goes on with the sentence, unless it is a name that is written so (p53, iPhone, k-means).
    return not after[0].islower() or bool(_LOWER_CASE_NAME.match(after))


class _Enclosing:
    """Says whether places, asked for in order, lie inside one of the spans, which may be nested; in one pass."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans = spans
        self._next = 0
        self._ends: list[int] = []

    def holds(self, place: int) -> bool:
        while self._next < len(self._spans) and self._spans[self._next][0] < place:
            self._ends.append(self._spans[self._next][1])
            self._next += 1
        while self._ends and self._ends[-1] <= place:
            self._ends.pop()
        return bool(self._ends)


def _mathematics(text: str) -> list[tuple[int, int]]:
    return [(start, end) for start, end, _ in math_spans(text)]


def _asides(text: str) -> list[tuple[int, int]]:
    """Where short asides stand in brackets. One that nothing closes opens none: "in (0, 1]. We show ..."."""
    asides: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _BRACKET.finditer(text):
        if match.group() in "(（「『":
            opened.append(match.start())
        elif opened and match.start() - (begin := opened.pop()) <= _ASIDE_SPAN:
            asides.append((begin, match.start()))
    return sorted(asides)
