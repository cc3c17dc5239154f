"""The numbers of a text with their units, and which of a statement's the source does not have. Pure functions.

Values are compared exactly, however they are written: 1.5B is 1.5 billion, two is 2, 0.9 is 90%, half is 50%.
Nothing is rounded and no unit is converted: "24 hours" does not stand on "one day".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from askpapers.grounding.numerals import NUMERAL, missing_ordinals, value_of
from askpapers.grounding.numerals import spelled as spelled_numbers
from askpapers.grounding.units import SYMBOL, UNITS, of_symbol
from askpapers.text import folded


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands in a text: as written, its value, its unit, and the words that make it a bound.

    `unit` is the name of a group of words that mean the same (units.py), "" where it has none that is known.
    `start` and `end` are its offsets in `comparable(text)`.
    """

    shown: str
    value: Fraction
    unit: str
    start: int
    end: int
    bound: str = ""  # "lower" (more than, at least), "upper" (less than), "peak" (up to)
    bound_words: str = ""


def comparable(text: str) -> str:
    """The text that is read for numbers: folded, without citation marks ([3]) and the numbers of list items."""
    return _NOT_NUMBERS.sub(" ", _PER_CENT.sub("percent", _DOT.sub(".", _QUOTE.sub(",", folded(text)))))


def numbers(text: str) -> tuple[Number, ...]:
    """The numbers of a text. Digits inside a name (GPT-3, p53) and citation marks ([3]) are none."""
    text = comparable(text)
    as_words = list(spelled_numbers(text))
    taken = [m.span() for m, _, _ in as_words]
    matches = [
        m for m in NUMERAL.finditer(text) if not _is_pronoun(m, text) and not any(a <= m.start() < b for a, b in taken)
    ]
    found = [Number(m.group(), value, unit, m.start(), m.end()) for m, value, unit in as_words]
    for match, following in zip(matches, (*matches[1:], None), strict=False):
        sign = _sign_before(text, match.start())
        unit = UNITS[sign.strip()] if sign else _unit(text, match.end())
        # "10 to 20%" and "10-20 hours": the unit stands at the end of the range.
        if not unit and following and _RANGE.fullmatch(text[match.end() : following.start()]):
            unit = _unit(text, following.end())
        value = value_of(match) * (-1 if _is_negative(match, text) else 1)
        shown = text[match.start() - len(sign) : match.end() + _shown_unit(text, match.end())].strip()
        found.append(Number(shown, value, unit, match.start(), match.end(), *_bound(text, match)))
    return tuple(found)


def has_unit(text: str) -> bool:
    """Whether a number in the text has a unit that is known."""
    return any(number.unit for number in numbers(text))


def missing_numbers(statement: str, source: str) -> tuple[str, ...]:
    """The numbers of a statement, as it writes them, that the source does not have with that unit and bound."""
    there: dict[Fraction, dict[tuple[str, str], Number]] = {}
    for number in numbers(source):
        there.setdefault(number.value, {}).setdefault((number.unit, number.bound), number)
    missing = []
    for number in numbers(statement):
        written = (number.value, -number.value, 100 * number.value, number.value / 100)
        same = [o for value in written for o in there.get(value, {}).values() if same_value(number, o)]
        if not any(_same_unit(number, other) for other in same):
            missing.append(f"{number.bound_words} {number.shown}".strip())
        elif not any(_same_bound(number, other) for other in same):
            bound = number.bound_words or f"without “{same[0].bound_words}”"
            missing.append(f"{bound} {number.shown}" if number.bound else f"{number.shown} {bound}")
    missing += missing_ordinals(comparable(statement), comparable(source))
    return tuple(dict.fromkeys(missing))


def written_as_in(statement: str, source: str) -> str:
    """A statement with its numbers as the source writes them, where it has them: "2½ hours" for "2.5 hours".

    Both are meant as `comparable` gives them.
    """
    there = numbers(source)
    statement = statement.replace("US$", "$")
    for number in reversed(numbers(statement)):
        same = next((other for other in there if same_value(number, other) and _same_unit(number, other)), None)
        start = statement.rfind(number.shown, 0, number.end + len(number.shown))
        if same is not None and start >= 0:
            statement = f"{statement[:start]}{same.shown}{statement[start + len(number.shown) :]}"
    return statement


def same_value(one: Number, other: Number) -> bool:
    """Whether two numbers are the same, in whatever way they are written."""
    if one.value == other.value or (one.value > 0 and one.value == -other.value):  # "fell by 3" of a "-3"
        return True
    # 0.9 and 90%
    return (one.unit == "%" and other.unit == "" and 0 < other.value < 1 and one.value == 100 * other.value) or (
        other.unit == "%" and one.unit == "" and 0 < one.value < 1 and other.value == 100 * one.value
    )


def _same_unit(one: Number, other: Number) -> bool:
    if one.unit == "%" and other.unit == "":
        return 0 < other.value < 1 and one.value == 100 * other.value
    units = {one.unit, other.unit}
    return len(units) == 1 or "" in units or (units <= _PEOPLE and bool(units & _ANYONE))


def _same_bound(one: Number, other: Number) -> bool:
    # "over 100" may be told as "100", "10%" as "up to 10%"; never the other way round.
    return one.bound == other.bound or (one.bound, other.bound) in (("", "lower"), ("peak", ""), ("peak", "upper"))


_DOT = re.compile(r"(?<=\d)·(?=\d)")  # "0·05", as The Lancet writes
_QUOTE = re.compile(r"(?<=\d)['’](?=\d{3}(?!\d))")  # "680'000", as the Swiss write
_PER_CENT = re.compile(r"\bper[ -]cent\b", re.IGNORECASE)
_NOT_NUMBERS = re.compile(r"^\W*\d+[.)]\s(?=[A-Z])|\[\d+(?:\s?[,–-]\s?\d+)*\]|(?<=\s)\(\d\)(?=\s)")
_RANGE = re.compile(r"\s?(?:[-–—]|to|and|or|vs\.?|versus)\s?")
_PEOPLE = {"person", "man", "woman", "child"}
_ANYONE = {"person"}
_NEXT = re.compile(r"[\s-]{0,2}(%|°[CF]?|×|[^\W\d_]+)")
_JOINED = re.compile(rf"(?:%|×|x|h|d|(?<!\d{{3}}0)s|°[CF]|[\s-]?{SYMBOL})(?![\w])")
_CURRENCY = re.compile(r"[$€£¥₹]\s?$")
_SYMBOLS = {"s", "h", "d", "g", "x"}  # a unit only where it is joined to the number or stands alone after it
# As many words may stand between a number and what it counts, but none of these.
_BETWEEN = 2
_FEW = 12  # that are written out: "over two rounds"
_PARTING = set("a an and as at by for from in is of on or than that the to was were when while with".split())

_LOWER = r"more than|greater than|larger than|higher than|at least|over|above|exceed(?:s|ing|ed)?|beyond|[>≥]=?"
_LOWER += r"|no (?:fewer|less) than|a minimum of"
_UPPER = r"less than|fewer than|lower than|smaller than|under|below|at most|no more than|within|[<≤]=?"
_PEAK = r"up to|as (?:much|many|few|little) as|a maximum of|at best"
_BOUND = re.compile(
    rf"(?:(?P<lower>{_LOWER})|(?P<upper>{_UPPER})|(?P<peak>{_PEAK}))\s?(?:by|a|an|the|of|[$€£~])?\s?$", re.IGNORECASE
)
_BOUND_AFTER = re.compile(r"\s?(?:\+|(?:[^\W\d_]+\s)?or (?P<way>more|less|fewer|above|below)\b)")


def _is_pronoun(match: re.Match[str], text: str) -> bool:
    """Whether it is "one" without a scale or something that is counted."""
    word = match.group().strip().casefold()
    return word == "one" and UNITS.get(_word_after(text, match.end())) is None


def _word_after(text: str, at: int) -> str:
    match = _NEXT.match(text, at)
    return match.group(1).casefold() if match else ""


def _unit(text: str, at: int) -> str:
    if joined := _JOINED.match(text, at):
        return of_symbol(joined.group().lstrip(" -"))
    for _ in range(_BETWEEN + 1):
        match = _NEXT.match(text, at)
        if not match:
            return ""
        word = match.group(1).casefold()
        if word in _PARTING or (word == "s" and match.start(1) == at):  # "1990s"
            return ""
        if word in UNITS and (word not in _SYMBOLS or not text[match.end() : match.end() + 1].isalpha()):
            return UNITS[word]
        at = match.end()
    return ""


def _sign_before(text: str, at: int) -> str:
    """The currency sign before a number, with the space between them; "" where there is none."""
    sign = _CURRENCY.search(text[max(0, at - 2) : at])
    return sign.group() if sign else ""


def _shown_unit(text: str, at: int) -> int:
    if joined := _JOINED.match(text, at):
        return len(joined.group())
    match = _NEXT.match(text, at)
    return len(match.group()) if match and match.group(1).casefold() in UNITS else 0


def _is_negative(match: re.Match[str], text: str) -> bool:
    before = text[max(0, match.start() - 2) : match.start()]
    return bool(match["digits"]) and before[-1:] in ("-", "−") and (len(before) == 1 or not before[0].isalnum())


def _bound(text: str, match: re.Match[str]) -> tuple[str, str]:
    before = _BOUND.search(text[max(0, match.start() - 30) : match.start()])
    if before and before.lastgroup:
        words = before[before.lastgroup].casefold()
        # "over three years" is a time, "over two rounds" so many of them: no bound.
        unit = _unit(text, match.end())
        few = match.group().strip().isalpha() and value_of(match) <= _FEW and unit != "times"
        spans = words in ("over", "within") and (few or unit in ("day", "week", "month", "year", "hour"))
        return ("", "") if spans else (before.lastgroup, words)
    after = _BOUND_AFTER.match(text, match.end())
    if not after:
        return "", ""
    return "upper" if after["way"] in ("less", "fewer", "below") else "lower", after.group().strip()
