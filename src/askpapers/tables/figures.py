"""Numbers for the cells of a table, found by their units and by the words near them. Pure.

A number is cut out with what qualifies it ("more than 120 patients", "from 71% to 84%"), so that no cell says more than
its abstract, and with the words by which it is the one that is asked for ("BLEU score of 42.1").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from askpapers.grounding.numbers import Number
from askpapers.grounding.units import UNITS
from askpapers.tables.changes import from_change_word, is_change, is_stated_change
from askpapers.tables.measures import ANYTHING, MEASURE_WORDS, NumberColumn, Way
from askpapers.tables.phrases import clauses
from askpapers.tables.words import NUMERAL, Sentence, Span

_GAP = 7  # words between a measure and its number
_BESIDE = 4  # words after a number in which what it counts is named
_LARGEST_SHARE = 100
_OTHER_END = 8  # characters in which the first number of a range stands: "22 to 75"
_SHORT_NAME = 2  # letters: p, or, hr


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that may be meant: where it stands, how well it fits, and whether the column's other words are there."""

    sentence: Sentence
    span: Span
    fit: float
    in_context: bool


def find_figures(asked: NumberColumn, abstract: list[Sentence]) -> Iterator[Figure]:
    """The numbers of an abstract that a column may mean, in their order."""
    found = list(_figures(asked, abstract))
    largest = max((value for value, figure in found if figure.sentence.own), default=None)
    for value, figure in found:
        is_total = asked.total and value == largest and figure.sentence.own
        yield replace(figure, fit=figure.fit + is_total)


def _figures(asked: NumberColumn, abstract: list[Sentence]) -> Iterator[tuple[Fraction, Figure]]:
    for sentence in abstract:
        for place, (number, at) in enumerate(sentence.numbers):
            if _is_year(number, sentence, at, dict(sentence.numbers[place + 1 : place + 2])):
                continue
            if (found := _fit(asked, sentence, number, at)) is None:
                continue
            span, fit = found
            if asked.strict and not asked.context & {stem for stem, _ in sentence.pieces}:
                continue
            shared = asked.context & {stem for stem, _ in sentence.pieces}
            near = asked.context & {stem for stem, word in sentence.pieces if at[0] - 5 <= word <= at[1] + 5}
            fit += 0.5 * len(near) + 0.25 * len(shared - near) + 0.5 * sentence.own
            fit += 0.5 * (asked.way is Way.COUNT and bool(_ENROLLED.search(sentence.text)))
            span = _with_qualifiers(sentence, span, at, place)
            begin, end = sentence.span(span)
            if asked.average and _RANGE.search(sentence.abstract, max(sentence.start, begin - _OTHER_END), end):
                continue
            fit -= 0.001 * place  # of equals the first
            figure = Figure(sentence, _expanded(sentence, span), fit, in_context=not asked.context or bool(shared))
            yield number.value, figure


def _fit(asked: NumberColumn, sentence: Sentence, number: Number, at: Span) -> tuple[Span, float] | None:
    """The words to show of a number that is of the kind asked for, and how well it fits."""
    if asked.way is Way.MEASURE:
        return _of_measure(asked, sentence, number, at)
    if ANYTHING in asked.units:
        for near in asked.near:
            for first, last in sentence.runs(near):
                if at[1] <= first <= at[1] + _BESIDE and not any(_parts(sentence, i) for i in range(at[1], first)):
                    return (at[0], last), 1 + 0.5 * len(near)
        return None
    if number.unit not in asked.units:
        sample = "person" in asked.units and number.unit == "" and _is_n(sentence, at)
        return ((max(0, at[0] - 2) if sentence.words[at[0]].form.isdigit() else at[0], at[1]), 0.8) if sample else None
    if asked.way is Way.COUNT and (is_change(sentence, at) or re.search(r"\d/\d", sentence.words[at[0]].text)):
        return None  # "11/216 patients" are a share
    last = at[1]
    following = sentence.words[last + 1] if last + 1 < len(sentence.words) else None
    if asked.way is Way.AMOUNT and following and following.form.startswith(_unit_as_written(number)):
        if asked.strict and _CONCENTRATION.search(following.form):
            return None
        last += 1  # "10 ml/kg"
    for place in range(at[1], min(at[1] + 1 + _BESIDE, len(sentence.words))):
        forms = re.findall(r"[^\W\d]+|%", sentence.words[place].form)
        if any(UNITS.get(form) in asked.units for form in forms):
            last = place
        elif last > at[1]:
            if sentence.words[last].form in _ADJECTIVES and not sentence.words[last].after:
                return None  # "6,596 individual pregnancies" are no individuals
            last += sentence.words[place].form.endswith("s") and not sentence.words[last].form.endswith("s")
            break
    return (at[0], last), 1.0


def _unit_as_written(number: Number) -> str:
    """The word of a number's unit: "ml" of "10 mL"; a sign that no word begins with where it has none."""
    found: list[str] = re.findall(r"[^\W\d_]+", number.shown.casefold())
    return found[-1] if found else "-"


def _of_measure(asked: NumberColumn, sentence: Sentence, number: Number, at: Span) -> tuple[Span, float] | None:
    if number.unit not in asked.units:
        return None
    if "%" in asked.units and not number.unit and not (0 <= number.value <= _LARGEST_SHARE):
        return None
    if "%" in asked.units and not asked.change and not number.unit and number.value > 1 and "." not in number.shown:
        return None  # "accuracy on 30 datasets"
    if asked.change is not is_change(sentence, at) and "%" in asked.units | {number.unit}:
        return None
    if not asked.change and is_stated_change(sentence, at):
        return None  # "an improvement of 3.9 BLEU"
    best: tuple[int, Span] | None = None
    for near in asked.near:
        for first, last in sentence.runs(near):
            if not _is_measure(sentence, first, near):
                continue
            if last < at[0]:
                gap, between = at[0] - last - 1, range(last, at[0])
            elif first > at[1]:
                if (len(near) == 1 and len(near[0]) <= _SHORT_NAME) or (asked.after_name and not number.unit):
                    continue  # "0.54, p < 0.01", "two datasets"
                gap, between = first - at[1], range(at[1], first)
            else:
                gap, between = 0, range(0)
            widest = _GAP if last < at[0] else _BESIDE
            if asked.change:
                widest = 3 * _GAP
            if gap > widest or any(_parts(sentence, place) for place in between[1:]):
                continue
            if not asked.change and any(at[0] != n[0] and n[0] in between for _, n in sentence.numbers):
                gap += _GAP // 2  # another number is nearer
            if best is None or gap < best[0]:
                best = gap, (min(first, at[0]), max(last, at[1]))
    if best is None:
        return None
    span = at if asked.change else best[1]
    if asked.change:
        span = from_change_word(sentence, at)
    if _SHARED.search(sentence.text) or _lists_measures(sentence, span):
        span = next(c for c in clauses(sentence) if c[0] <= at[0] <= c[1])
        span = (min(span[0], best[1][0]), max(span[1], best[1][1]))
    return span, 2 - best[0] / _GAP


def _with_qualifiers(sentence: Sentence, span: Span, at: Span, place: int) -> Span:
    """The span with the words that bound its number, and the other end of a range."""
    first, last = span
    words = sentence.words
    if first == at[0]:
        while first > 0 and (words[first - 1].form in _SPREAD or words[first].before.endswith(_SPREAD)):
            first -= 2 if words[first - 1].form in _SPREAD and first > 1 else 1
        while first > 0 and not (before := words[first - 1]).after and NUMERAL.fullmatch(before.form):
            if before.form.isdigit():
                break  # "in 1998 thirty patients"
            first -= 1  # "One thousand two hundred forty-eight"
        begin = sentence.words[first].start - len(sentence.words[first].before)
        if match := _BOUND.search(sentence.abstract, max(sentence.start, begin - 40), begin):
            first = sentence.word_at(match.start("bound")) or 0
    if last == at[1] and place + 1 < len(sentence.numbers):
        _, following = sentence.numbers[place + 1]
        between = [word.form for word in sentence.words[at[1] + 1 : following[0]]]
        if between == ["to"] or (between == ["and"] and sentence.words[max(0, at[0] - 1)].form == "between"):
            last = following[1]
    if (
        last == at[1]
        and words[last].form.endswith("0")
        and re.match(r"\. \d", sentence.abstract[words[last].end :][:3])
    ):
        last = min(last + 1, len(words) - 1)  # "P < 0. 001"
    unit = sentence.words[last + 1] if last == at[1] and last + 1 < len(sentence.words) else None
    if unit and not sentence.words[last].after and (unit.form in UNITS or unit.form in ("score", "points")):
        last += 1
    return first, last


def _expanded(sentence: Sentence, span: Span) -> Span:
    """The span, with a bracket that it would cut open."""
    return span[0], min(span[1], len(sentence.words) - 1)


def _is_year(number: Number, sentence: Sentence, at: Span, following: Mapping[Number, Span]) -> bool:
    """Whether a number is a year: with a unit where that is the next number's, "in 1998 thirty patients"."""
    text = sentence.words[at[0]].form
    beside = (other for other, place in following.items() if place[0] <= at[1] + _BESIDE)
    is_bare = not number.unit or (number.shown.isdigit() and any(other.unit == number.unit for other in beside))
    return is_bare and bool(re.fullmatch(r"(?:19|20)\d\d", text)) and not _is_n(sentence, at)


def _is_n(sentence: Sentence, at: Span) -> bool:
    """Whether a number is that of "n = 41"."""
    start = sentence.words[at[0]].start
    before = sentence.abstract[max(sentence.start, start - 6) : sentence.words[at[1]].end]
    return bool(re.search(r"(?<![^\W_])[nN]\s?=\s?\d", before))


def _is_measure(sentence: Sentence, first: int, near: tuple[str, ...]) -> bool:
    """Whether a short name is the measure and not a word: OR and HR in capitals, p before "=" or "<"."""
    word = sentence.words[first]
    if len(near) > 1 or len(near[0]) > 2:
        return True
    following = sentence.abstract[word.start : word.start + 6]
    return (
        word.text.isupper()
        or bool(re.match(r"(?:[A-Z]{2,}|[A-Z]\d)-", word.text))
        or bool(re.match(r"\w{1,2}\s?[=<>≤≥]", following))
    )


def _lists_measures(sentence: Sentence, span: Span) -> bool:
    """Whether several measures share several numbers: "sensitivity and specificity were 85% and 92%"."""
    forms = [word.form for word in sentence.words[span[0] : span[1] + 3]]
    measures = sum(form in MEASURE_WORDS for form in forms)
    held = sum(span[0] <= begin <= span[1] + 3 for _, (begin, _) in sentence.numbers)
    return measures > 1 and held > 1


def _parts(sentence: Sentence, place: int) -> bool:
    """Whether a word begins another clause or ends one, so that what is beyond it belongs to something else."""
    return sentence.words[place].form in _PARTING or sentence.words[place].after.startswith((";", ":"))


_ADJECTIVES = frozenset({"individual", "subject", "case"})
_SPREAD = ("±", "+/-", "+-")
_RANGE = re.compile(r"\d ?(?:[-–]|to|and) ?\d")
_SHARED = re.compile(r"\brespectively\b", re.IGNORECASE)
_PARTING = frozenset("while whereas but although which who although because without since than unlike".split())
_ENROLLED = re.compile(
    r"\b(?:enrol|includ|recruit|randomi[sz]|particip|survey|interview|sample of|total of|records of|cohort|collected)",
    re.I,
)
_CONCENTRATION = re.compile(r"/(?:dl|l|ml|mol)\b")
_BOUND = re.compile(
    r"(?<!\w)(?P<bound>(?:(?:(?:no )?(?:more|less|fewer)|greater|higher|lower|larger|smaller) than"
    r"|at (?:least|most|best)|up to|as (?:much|many|little|few|low|high) as|"
    r"(?:an? )?(?:average|mean|median|total|maximum|minimum) of"
    r"|averaging|over|under|above|below|about|approximately|around|roughly|nearly|almost|only|between|from|exceeding|beyond|[~≈<>≤≥∼±])\s*)$",
    re.IGNORECASE,
)
