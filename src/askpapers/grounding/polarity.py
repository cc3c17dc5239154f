"""What turns a sentence round: negations, and words of direction such as increase and decrease. Pure functions.

Word lists, not a parser: a negation reaches the next few words of its clause (as in NegEx, Chapman et al., 2001),
and a word of direction is held against those of its axis that stand beside the same words in the source.
docs/decisions/0007-support-check.md says what this cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

from askpapers.grounding.directions import SIGNS
from askpapers.text import folded, stem


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: as written, its stem, its clause, and the negation that reaches it ("" if none).

    `compound`: a hyphen joins it to the next ("low" of "low-rank"). `given`: it is a condition ("more" of "with more").
    """

    text: str
    stem: str
    clause: int
    negation: str = ""
    away: int = 0  # how many words that say something the negation lies back
    negates: bool = False
    compound: bool = False
    given: bool = False


def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text that say something, with what negates them; function words are left out."""
    found: list[Word] = []
    negation, away, clause, last = "", 0, 0, ""
    text = _FAR_FROM.sub("not", _NEEDLESS.sub("without need", _NO_NEGATION.sub(" ", folded(text))))
    text = _WENT.sub(lambda match: "increase" if match[1].casefold() == "up" else "decrease", text)
    for match in _TOKEN.finditer(text):
        word = match.group().casefold()
        if word in _PARTING or (away and word in _NOUN_ENDS and _OF_NOUNS.fullmatch(negation)):
            negation = ""
        clause += word in _PARTING
        if _NEGATION.fullmatch(word):
            found.append(Word(match.group(), stem(word), clause, negates=True))
            negation, away = word, 0
        elif word[0].isalnum() and word not in FUNCTION_WORDS and word not in _PARTING:
            away += 1
            reached = negation and away <= _REACH
            joined = bool(_JOINED.match(text, match.end()))
            given = last in _GIVING and word in _DEGREES
            denied = (negation, away) if reached else ("", 0)
            found.append(Word(match.group(), stem(word), clause, *denied, compound=joined, given=given))
        last = word
    return tuple(found)


def negation_fault(
    statement: Sequence[Word],
    source: Sequence[Word],
    around: Sequence[Word] = (),
    lacking: Collection[str] = frozenset(),
) -> str:
    """The negation that one has and the other has not, on words that both have, or "".

    The words of `source` are those of the sentence that the statement tells, `around` those of sentences near it.
    Where both negate something, or one says it with a prefix (unlabelled), they are taken to agree. What is done
    "without" something denies that alone: it may stand anywhere in the source (`lacking`, see `stems_lacking`).
    """
    denied = {w.stem for w in statement if w.negation}
    told, there = {w.stem for w in statement}, {w.stem for w in source}
    if not any(w.negates or (is_negative(w.stem) and w.stem not in told) for w in source) and not (
        2 * len(denied & {w.stem for w in around if w.negation}) > len(denied)
    ):
        for word in statement:
            is_adjunct = word.negation == "without" and word.stem in lacking
            if word.negation and word.stem in there and word.stem not in SIGNS and not is_adjunct:
                return word.negation
    if not any(w.negates or (is_negative(w.stem) and w.stem not in there) for w in statement):
        plainly = {w.stem for w in source if not w.negation}
        for place, cue in enumerate(source):
            if not cue.negates:
                continue
            reached = _reached(source, place)
            both = [w for w in reached if w.stem in told and w.stem not in plainly]
            # "high" alone is a matter of direction; "fail to achieve high test performance" is not.
            plain_words = [w for w in both if w.stem not in SIGNS]
            if plain_words and (both[0] is reached[0] or 2 * len(both) > len(reached)):
                return f"“{plain_words[0].text}” without “{cue.text.casefold()}”"
    return ""


def stems_lacking(text: str) -> frozenset[str]:
    """The stems of what a text says that something is done without."""
    return frozenset(w.stem for w in read_words(text) if w.negation == "without")


def stems_denied(text: str) -> frozenset[str]:
    """The stems of what a text denies: "signific" and "effect" of "found no significant effect"."""
    return frozenset(w.stem for w in read_words(text) if w.negation)


def turned(statement: Sequence[Word], source: Sequence[Word]) -> str:
    """A word of direction in the statement where the source has its opposite beside the same words, or ""."""
    there: dict[tuple[int, bool], dict[tuple[int, frozenset[str]], None]] = {}
    for place, word in enumerate(source):
        for axis, sign in _signs(word):
            for is_degree in {False, word.text.casefold() in _DEGREES}:
                places = there.setdefault((axis, is_degree), {})
                if len(places) < _MOST_PLACES:
                    places[sign, _beside(source, place)] = None
    for place, word in enumerate(statement):
        for axis, sign in _signs(word):
            # "with more compute" is turned by "with less" alone, and not by what decreases.
            others = there.get((axis, word.given), {})
            if axis >= _VERBAL and any(sign == other_sign for other_sign, _ in others):
                continue
            best = {True: 0.0, False: 0.0}
            for other_sign, beside in others:
                same = sign == other_sign
                shared = len(_beside(statement, place) & beside)
                best[same] = max(best[same], shared + (0.5 if same else 0))
            if best[False] > best[True]:
                return f"{word.negation} {word.text}".strip()
    return ""


def signs(words: Sequence[Word]) -> set[tuple[int, int]]:
    """Every axis that the words speak of, and which end of it (+1, -1)."""
    return {found for word in words for found in _signs(word)}


def _signs(word: Word) -> list[tuple[int, int]]:
    if word.text.casefold() in _NO_DIRECTION:
        return []
    # "not significantly higher" is lower, but "does not affect chronic pain" is about chronic pain.
    return [
        (
            axis,
            -sign
            if word.negation
            and not word.compound
            and not word.negation.startswith("lack")
            and word.away <= (2 if axis < _VERBAL else 1)
            else sign,
        )
        for axis, sign in SIGNS.get(word.stem, ())
    ]


def _beside(words: Sequence[Word], place: int) -> frozenset[str]:
    here = words[place]
    near = words[max(0, place - _BESIDE) : place + _BESIDE + 1]
    return frozenset(w.stem for w in near if w.clause == here.clause and w is not here and w.stem not in SIGNS)


def _reached(words: Sequence[Word], cue: int) -> list[Word]:
    reached = []
    for word in islice(words, cue + 1, cue + 1 + _REACH):
        if word.negates or not word.negation or word.clause != words[cue].clause:
            break
        reached.append(word)
    return reached


def is_negative(word: str) -> bool:
    """Whether a word denies something by its prefix (unlabelled, nonlinear)."""
    return bool(_NEGATIVE_PREFIX.match(word))


_REACH = 4
_BESIDE = 3
_MOST_PLACES = 100  # where a source speaks of one axis
_VERBAL = 3  # the first axes are of what is done; the others of what things are like
# "no", "without" and "lack of" deny the noun that follows, not what is said of it.
_OF_NOUNS = re.compile("no|without|lack(?:s|ed|ing)?")
_NOUN_ENDS = frozenset(
    "in on at to for by with from as into is are was were leads lead results result causes cause".split()
)
_NO_DIRECTION = frozenset("activity activities active actively activations growth long".split())
_TOKEN = re.compile(r"[^\W_]+(?:['’]t\b)?|[,;:.!?()—–]")
_NEGATION = re.compile(
    r"not|no|never|without|cannot|neither|nor|none|nothing|[a-z]+n['’]t|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?"
)
# What has the word of a negation and denies nothing.
_NO_NEGATION = re.compile(
    r"\bnot (?:only|just|merely)\b|\bno (?:less|more|fewer|later|longer) than\b|\bwhether or not\b|\bno\. ?\d"
    r"|\bat (?:least|most)\b",
    re.IGNORECASE,
)
_NEEDLESS = re.compile(r"\b(?:remov|eliminat|obviat|avoid)\w* (?:the|any) needs?\b", re.IGNORECASE)
_FAR_FROM = re.compile(r"(?<=(?:is|re|as) )far from(?! (?:the|an?|any|its|their|each|one)\b)", re.IGNORECASE)
_WENT = re.compile(r"\b(?:go(?:es|ing)?|went|gone) (up|down)\b", re.IGNORECASE)
_JOINED = re.compile(r"-[^\W\d_]")
_GIVING = frozenset(("with", "given"))
_DEGREES = frozenset("more less fewer greater higher lower larger smaller longer shorter".split())
_PARTING = frozenset(", ; : . ! ? ( ) — – but while whereas although though however because since which whose".split())
FUNCTION_WORDS = frozenset(
    "a an the this that these those it its they their them we our us he she his her i you your there here and or if"
    " of in on at to for by with from as into onto over under about between among through during via per within"
    " is are was were be been being am do does did done has have had having can could may might must shall should"
    " will would also both such than then thus so very too some any all each every other another own"
    " when where who what how why using use used".split()
)
_NEGATIVE_PREFIX = re.compile(r"(?:un(?!der|i|it|til)|non)\w{4}")
