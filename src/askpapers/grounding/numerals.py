"""How numbers are written, in digits and in words, and their values. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

_WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
} | {
    word: 10 * (value + 2) for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
}
_SCALES = {
    "dozen": 12,
    "hundred": 10**2,
    "thousand": 10**3,
    "k": 10**3,
    **dict.fromkeys(("million", "m", "mn"), 10**6),
    **dict.fromkeys(("billion", "b", "bn"), 10**9),
    **dict.fromkeys(("trillion", "t"), 10**12),
}
_MULTIPLES = {
    **dict.fromkeys(("twice", "double", "doubles", "doubled", "doubling"), 2),
    **dict.fromkeys(("thrice", "triple", "triples", "tripled", "tripling", "threefold"), 3),
    **dict.fromkeys(("quadruple", "quadruples", "quadrupled", "fourfold"), 4),
    "twofold": 2,
    "fivefold": 5,
    "sixfold": 6,
    "eightfold": 8,
    "tenfold": 10,
}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=3
    )
}
# "First" and "second" also count the points of a text, and time.
_ANY_ORDINAL = {"first": 1, "second": 2} | _ORDINALS

_MOST_DIGITS = 60  # more are no quantity; two that begin with the same are taken as one
_ONES = "|".join(word for word, value in _WORDS.items() if 0 < value < 10)
_TENS = "|".join(word for word, value in _WORDS.items() if value >= 20)
_WORD = rf"(?:{_TENS})[\s-](?:{_ONES})|{'|'.join(sorted(_WORDS, key=len, reverse=True))}"
_SCALE = "dozen|hundred|thousand|million|billion|trillion"
_DIGITS = r"\d{1,3}(?:,\d{3})++(?:\.\d++)?|\d{1,3}(?: \d{3})++(?!\w)|\d++(?:\.\d++)?|\.\d++"
_POWER = (
    r"e(?P<power_e>-?\d+)|\s?[x×*]\s?10\s?\^?\{?(?P<power>[-−]?\d+)\}?|\^\{?(?P<exponent>[-−]?\d+)\}?"
    r"|\s(?P<over>[1-9])/(?P<under>[2-9])(?![\d/])"
)
NUMERAL = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)(?:(?P<digits>{_DIGITS})(?!\d|(?:st|nd|rd|th|D)\b)(?:{_POWER})?"
    rf"|(?P<words>(?i:{_WORD}|(?:half )?an?(?=\s(?:{_SCALE})\b)))\b(?!-shot))"
    r"(?P<half> and a half\b)?"
    r"(?:(?P<letter>[KMBTk]|bn|mn)(?![\w])"
    rf"|[\s-]?(?P<scale>(?i:(?:{_SCALE})(?:[\s-](?:thousand|million|billion))?))s?\b)?"
    rf"(?:(?<=hundred)(?:\sand)?\s(?P<rest>(?i:{_WORD}))\b)?"
)
_MULTIPLE = re.compile(rf"\b(?:{'|'.join(_MULTIPLES)})\b|\border of magnitude\b", re.IGNORECASE)
_PART = re.compile(
    rf"\b(?:(?P<count>one|two|three|four|a)[\s-])?(?P<part>{'|'.join(_PARTS)})s?\b"
    r"(?=\s(?:of|the|as|an?|its|their)\b|[.,;]|$)|\b(?P<half>halved|halves|halving|half)\b"
    r"|(?<![\w./])(?P<over>\d{1,2})/(?P<under>[1-9]\d?)(?=\sof\b)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(rf"\b(?:(\d{{1,4}})(?:st|nd|rd|th)|({'|'.join(_ANY_ORDINAL)}))\b(?!-)", re.IGNORECASE)


def value_of(match: re.Match[str]) -> Fraction:
    """The value of a match of NUMERAL."""
    if match["digits"]:
        value = Fraction(re.sub("[, ]", "", match["digits"])[:_MOST_DIGITS])
        if power := match["power"] or match["power_e"]:
            value *= _power(10, power)
        elif match["exponent"]:
            value = _power(value, match["exponent"])
        elif match["over"]:
            value += Fraction(int(match["over"]), int(match["under"]))
    elif (words := match["words"].casefold()) in ("a", "an") or words.startswith("half "):
        value = Fraction(1, 2 if words.startswith("half ") else 1)
    else:
        value = _value_of_words(words)
    if match["half"]:
        value += Fraction(1, 2)
    if match["letter"]:
        value *= _SCALES[match["letter"].casefold()]
    for scale in re.findall(r"[a-z]+", (match["scale"] or "").casefold()):
        value *= _SCALES[scale.removesuffix("s")]
    return value + _value_of_words(match["rest"].casefold()) if match["rest"] else value


def spelled(text: str) -> Iterator[tuple[re.Match[str], Fraction, str]]:
    """Numbers that are words of their own, with their units: half, two thirds, 1/3 of, twice, tenfold."""
    for match in _MULTIPLE.finditer(text):
        yield match, Fraction(_MULTIPLES.get(match.group().casefold(), 10)), "times"
    for match in _PART.finditer(text):
        if match["over"]:
            yield match, Fraction(100 * int(match["over"]), int(match["under"])), "%"
        elif _is_of_a_number(text, match):
            continue
        elif match["half"]:
            yield match, Fraction(50), "%"
        else:
            count = _WORDS.get((match["count"] or "a").casefold(), 1)
            if match["count"] or match["part"].casefold() == "half":  # "the third of" is an ordinal
                yield match, Fraction(100 * count, _PARTS[match["part"].casefold()]), "%"


def missing_ordinals(statement: str, source: str) -> Iterator[str]:
    """The ordinals of a statement that the source does not have (12th, third), "first" and "second" aside."""
    there = {_rank(match) for match in _ORDINAL.finditer(source)}
    parts = [match.span() for match, _, _ in spelled(statement)]
    for match in _ORDINAL.finditer(statement):
        is_part = any(start <= match.start() < end for start, end in parts)
        if not is_part and _rank(match) not in there and (match[1] or match[2].casefold() in _ORDINALS):
            yield match.group()


def _rank(match: re.Match[str]) -> int:
    return int(match[1]) if match[1] else _ANY_ORDINAL[match[2].casefold()]


def _is_of_a_number(text: str, match: re.Match[str]) -> bool:
    """Whether it is the half of "half a million" or of "two and a half"."""
    return match.group().casefold().endswith("half") and bool(
        re.match(rf"\san?\s(?:{_SCALE})\b", text[match.end() : match.end() + 20], re.IGNORECASE)
        or text[max(0, match.end() - 10) : match.end()].casefold().endswith("and a half")
    )


def _value_of_words(words: str) -> Fraction:
    return Fraction(sum(_WORDS[word] for word in re.split(r"[\s-]", words)))


def _power(base: Fraction | int, exponent: str) -> Fraction:
    # A larger one is no quantity, and would take for ever.
    power = int(exponent.replace("−", "-")) if len(exponent) < 4 else 100
    return Fraction(base) ** power if abs(power) <= 99 and base else Fraction(base)
