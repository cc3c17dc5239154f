"""Sentences with offsets, words to search by, and forms of a text to compare it by. Pure functions.

Sentence splitting is our own because offsets are the contract here and abstracts have their own traps
(LaTeX, "et al.", "i.i.d.", species names); docs/decisions/0003 compares it with the libraries.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

import Stemmer

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
_BOUNDARY = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|(?<=[a-z]{3})\.(?=[A-Z][a-z]+\s)|\n[ \t]*\n")
_LOWER_CASE_NAME = re.compile(r"[a-z]{0,2}[A-Z]|[a-z]*\d|[a-z]-[a-z]")
_MATH_SPAN = 200
_ASIDE_SPAN = 300


def sentences(text: str) -> list[tuple[int, int]]:
    """Split a text into sentences.

    Returns (start, end) character offsets in order. The spans do not overlap, begin and end with a
    character that is not white space, and together cover every such character of the text.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match.group().isspace() or _ends_sentence(text, start, match):
            _append_trimmed(spans, text, start, match.end())
            start = match.end()
    _append_trimmed(spans, text, start, len(text))
    return spans


def _append_trimmed(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if stripped := piece.strip():
        begin = start + piece.index(stripped)
        spans.append((begin, begin + len(stripped)))


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    before, after = text[start : match.start()], text[match.end() :].lstrip()[:60]
    if not after:
        return True
    if _inside_math(text, start, match.end()) or _inside_aside(text, start, match.end()):
        return False
    token = re.split(r"[\s(\[“\"'/–—]", before)[-1]
    if not token:  # "word . another word", as tokenised corpora write it
        return True
    if match.group().startswith(".") and not match.group().startswith(".."):
        if match.end() == match.start() + 1 and match.end() < len(text) and not text[match.end()].isspace():
            return "/" not in token and "@" not in token and "www" not in token
        name = token.lower()
        next_word = re.split(r"\W", after, maxsplit=1)[0]
        if name in _NEVER_LAST:
            return False
        if name in _SOMETIMES_LAST:
            return after[0].isupper()
        if name in _RARELY_LAST or (len(token) == 1 and token.isupper()):
            return next_word.lower() in _STARTERS and next_word[:1].isupper()
    # Lower case goes on with the sentence, unless it is a name that is written so (p53, iPhone, k-means).
    return not after[0].islower() or bool(_LOWER_CASE_NAME.match(after))


def _inside_math(text: str, start: int, end: int) -> bool:
    dollars = len(re.findall(r"(?<!\\)\$", text[start:end]))
    return dollars % 2 == 1 and bool(re.search(r"(?<!\\)\$", text[end : end + _MATH_SPAN]))


def _inside_aside(text: str, start: int, end: int) -> bool:
    before = text[start:end]
    depth = before.count("(") - before.count(")")
    if depth <= 0 or len(before) - before.rindex("(") > _ASIDE_SPAN:
        return False
    # A parenthesis that nothing closes opens no aside: "in (0, 1]. We show ..."
    for bracket in re.findall(r"[()]", text[end : end + _ASIDE_SPAN]):
        depth += 1 if bracket == "(" else -1
        if depth == 0:
            return True
    return False


_LATEX = (
    (re.compile(r"\\(?:emph|textit|textbf|texttt|textsc|text|mathrm|mathbf|mathcal)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(?:sim|approx)(?![a-zA-Z])\s*"), "~"),
    (re.compile(r"\\times(?![a-zA-Z])\s*"), "x"),
    (re.compile(r"\\([%&$#_{}])"), r"\1"),
    (re.compile(r"(?<!\\)\$([^$]{1,200})\$"), r"\1"),
    (re.compile(r"``|''"), '"'),
    (re.compile(r"-{3}"), "—"),
    (re.compile(r"(?<=[\w.,;:)])~(?=[\w(\[\\])"), " "),  # a tie
)
_PLAIN = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00ad": None, "\u200b": None})


def plain(text: str) -> str:
    """The text as a reader would say it: LaTeX escapes and math signs undone, quotes straight, one space."""
    for pattern, replacement in _LATEX:
        text = pattern.sub(replacement, text)
    text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return " ".join(text.split())


_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def printable(text: str) -> str:
    """The text without terminal escapes, other control characters and marks that turn reading order."""
    return _UNPRINTABLE.sub("", text)


def same_text_key(text: str) -> str:
    """A key that two copies of one abstract share: it ignores white space, letter case and LaTeX escapes.

    Any difference in a letter, digit or other sign gives another key.
    """
    return "".join(plain(text).casefold().split())


# Lucene's list for English and a few more that stand inside the long forms of acronyms; rarer function words
# are held down by their own document frequency.
_STOP_WORDS = frozenset(
    "a an and are as at be been but by can for from has have if in into is it its no not of on or our such than"
    " that the their then there these they this to was we were which will with".split()
)
# A number keeps its decimals and its unit letter (28.8, 1.3B, 100K); C++ and C# keep their signs.
_WORD = re.compile(r"\d+(?:[.,]\d+)*[^\W_]*|[^\W\d_][^\W_]*(?:\+\+|#)?")
_HYPHENED = re.compile(r"([^\W\d_]{2,})-\s?([^\W\d_]{2,})")


@functools.cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")


@functools.lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a lower-case word; words with digits stay as they are."""
    return word if any(c.isdigit() for c in word) else str(_stemmer().stemWord(word))


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of a text as written, with their offsets; hyphens part them."""
    for match in _WORD.finditer(text):
        yield match.group(), match.start(), match.end()


def terms(text: str) -> list[str]:
    """The stemmed search terms of a text in order, with repeats.

    One-character terms such as "R" and "C" stay. A hyphened compound gives its parts and also the joined
    word, so that "fine-tune", "fine tune" and "finetune" meet.
    """
    text = plain(text)
    found = [m.group().casefold().replace(",", "") for m in _WORD.finditer(text)]
    found += [(a + b).casefold() for a, b in _HYPHENED.findall(text)]
    return [stem(word) for word in found if word not in _STOP_WORDS]
