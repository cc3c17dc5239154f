"""What kind of question it is: rules that read like a grammar, tried in order, the first that fits counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Intent(StrEnum):
    """The shape of a question, which decides how it is answered."""

    SURVEY = "survey"
    COUNT = "count"
    COMPARISON = "comparison"
    DEFINITION = "definition"
    QUANTITY = "quantity"
    YES_NO = "yes_no"
    OPEN = "open"


_PAPERS = (
    r"(?:papers?|works?|stud(?:y|ies)|articles?|abstracts?|publications?|reports?|preprints?|literature|research"
    r"|authors?|groups?|people|researchers?|efforts?)"
)
_ADJ = r"(?:(?:[\w-]+ ){0,3}?)"
_NOT_ASKED = r"(?!(?:how|what|where|when|why|does|do|did|is|are|was|were|can|which|who)\b)"
_YEARS = r"(?:since|from|in|before|after|until) (?:19|20)\d\d"
_DO = r"(?:uses?|used|using|appl(?:y|ies)|employs?|trains?|evaluates?|tests?|proposes?|introduces?|presents?|studies|study|looks? at|works? (?:on|with)|deals? with|reports?|discuss(?:es)?|mentions?|releases?|builds?|fine-?tunes?|addresses|tackles|compares?|relies on|measures?|examines?|investigates?|synthesi[sz]es?|claims?|does|do|tries|has|have)"

_GRAMMAR: tuple[tuple[Intent, str], ...] = (
    # counts of papers, before all other "how many"
    (Intent.COUNT, rf"\bhow many (?:of (?:the|these|my|our) )?{_ADJ}{_PAPERS}\b"),
    (Intent.COUNT, rf"\b(?:number|count|total) of (?:the |these |my )?{_ADJ}{_PAPERS}\b"),
    (Intent.COUNT, rf"^count (?:the |all )?{_ADJ}{_PAPERS}\b"),
    # comparisons
    (Intent.COMPARISON, r"^(?:please )?(?:compare|contrast)\b"),
    (
        Intent.COMPARISON,
        r"\bhow (?:do|does|did|is|are|was|were) .+ (?:differ|compare|different from|compared (?:to|with))\b",
    ),
    (Intent.COMPARISON, r"\b(?:differences?|similarit(?:y|ies)|comparison|contrast) (?:between|of|in)\b"),
    (Intent.COMPARISON, r"^(?!how many|how much|by how).*\b(?:vs\.?|versus)\b"),
    # surveys
    (
        Intent.SURVEY,
        rf"\b(?:which|what) (?!(?:did|does|do|is|are|was|were|can|has|have|else)\b)(?:of (?:the|these|my|our) )?{_ADJ}{_PAPERS}\b(?! (?:is|was) (?:the|a)\b)",
    ),
    (Intent.SURVEY, rf"^(?:please )?(?:list|find|show|give|name|get|search|enumerate)\b(?: me)?.*\b{_PAPERS}\b"),
    (Intent.SURVEY, r"^(?:please )?(?:list|enumerate|find|name)\b"),
    (Intent.SURVEY, rf"\b(?:any|some|all|other) {_ADJ}{_PAPERS}\b"),
    (Intent.SURVEY, rf"^(?:is|are) there {_ADJ}{_PAPERS}\b"),
    (Intent.SURVEY, r"^(?:is there |do you have |do we have |got )?any(?:thing|one|body)\b"),
    (
        Intent.SURVEY,
        rf"^{_NOT_ASKED}(?:the )?{_ADJ}{_PAPERS} (?:on|about|that|which|whose|with|from|since|before|after|in|of|by|using|where|published|dealing|related)\b",
    ),
    (Intent.SURVEY, rf"^{_NOT_ASKED}(?:[\w-]+ ){{1,4}}{_PAPERS}(?: {_YEARS})?\??$"),
    (Intent.SURVEY, rf"^who(?:se)? (?:else )?(?:all )?(?:has |have )?{_DO}\b"),
    (Intent.SURVEY, r"^what(?:'s| is| has| have| was| were)? (?:been )?(?:done|known|published|written)\b"),
    (Intent.SURVEY, rf"^(?:in )?(?:which|what) {_PAPERS}\b"),
    (Intent.SURVEY, rf"^(?:do|does|have|has|did) (?:any|some) {_ADJ}{_PAPERS}\b"),
    # quantities
    (
        Intent.QUANTITY,
        r"\bhow (?:many|much|big|large|small|long|often|fast|slow|accurate|expensive|far|old|well does .+ score)\b",
    ),
    (
        Intent.QUANTITY,
        r"\b(?:what|which) (?:is |was |are |were )?(?:the )?(?:[\w-]+ ){0,2}(?:number|percentage|fraction|share|proportion|size|score|accuracy|rate|value|price|cost|amount|factor|bleu|rouge\S*|fid|f1|perplexity|budget|parameter count)\b",
    ),
    (
        Intent.QUANTITY,
        r"\b(?:by what (?:factor|margin)|(?:number|amount|size|fraction|percentage|share) of|win rate|error rate|at what)\b",
    ),
    (Intent.QUANTITY, r"^(?:bleu|rouge\S*|fid|f1|accuracy|perplexity)\b"),
    (Intent.QUANTITY, r"\b(?:score|rate|accuracy|bleu|fid|f1) (?:on|of|for|at)\b"),
    # definitions
    (Intent.DEFINITION, r"^(?:please )?(?:define|explain what|describe what)\b"),
    (
        Intent.DEFINITION,
        r"\bwhat (?:is|are) meant by\b|\bwhat (?:do|does) .+ (?:mean|stand for)\b|\bmeaning of\b|\bdefinition of\b",
    ),
    (Intent.DEFINITION, r"^(?:what(?:'s| is| are)|who is) (?:an? |the )?[\w'\" +-]{2,60}\??$"),
    (Intent.DEFINITION, r"^what exactly (?:is|are|counts as)\b"),
    # yes or no
    (Intent.YES_NO, r"^(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)\b"),
)
_RULES = tuple((intent, re.compile(pattern, re.IGNORECASE)) for intent, pattern in _GRAMMAR)


def read_intent(question: str) -> Intent:
    """The intent of a question; `Intent.OPEN` where no rule fits."""
    text = " ".join(question.split())
    return next((intent for intent, rule in _RULES if rule.search(text)), Intent.OPEN)


_COUNTED = re.compile(
    r"\b(?:how many|number of|amount of|how much|what|which)\s+(?P<noun>(?:[\w'-]+\s+){0,4}?[\w'-]+?)\s*"
    r"(?:\b(?:of|do|does|did|is|are|was|were|has|have|had|can|could|will|would|in|on|for|per|used|to|there|at|the)\b|\?|$)",
    re.IGNORECASE,
)
_ANY_FIGURE = frozenset(
    "fraction percentage percent share proportion times factor number size much many value amount margin do".split()
)


def counted_noun(question: str) -> str | None:
    """What a quantity question counts ("how many hours of audio": hours); None where any figure will do."""
    match = _COUNTED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun is None or noun in _ANY_FIGURE or noun in _ADJECTIVES else noun


_ANY_THING = frozenset("kind type sort way thing exactly else did does is are was were paper work report".split())
_ASKED = re.compile(
    r"\b(?:what|which)\s+(?P<noun>(?:[\w'-]+\s+){0,3}?[\w'-]+?)\s+"
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|on|of|for|made|helps?|writes?)\b",
    re.IGNORECASE,
)


def asked_noun(question: str) -> str | None:
    """The kind of thing that is asked for ("what hardware were they trained on": hardware), where it is named."""
    match = _ASKED.search(question)
    noun = match.group("noun").split()[-1].casefold() if match else None
    return None if noun in _ANY_THING or noun in _ANY_FIGURE else noun


_ADJECTIVES = frozenset("bigger larger smaller faster slower better worse more less fewer cheaper longer is".split())


@dataclass(frozen=True, slots=True)
class Years:
    """A range of years, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def __contains__(self, year: int | None) -> bool:
        if self.first is None and self.last is None:
            return True
        return year is not None and (self.first or year) <= year <= (self.last or year)


_YEAR = r"((?:19|20)\d\d)"
_YEAR_RULES: tuple[tuple[str, str], ...] = (
    (rf"\b(?:between|from) {_YEAR} (?:and|to|until|till|-) {_YEAR}\b", "between"),
    (rf"\b{_YEAR}\s?[-–]\s?{_YEAR}\b", "between"),
    (rf"\b(?:since|starting (?:in|from)) {_YEAR}\b", "since"),
    (rf"\bfrom {_YEAR} on(?:wards?\b|(?=[?.,]|$))", "since"),
    (rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:later|after|newer)\b|\bno(?:t| earlier| older) (?:than|before) {_YEAR}\b", "since"),
    (rf"\b(?:(?:in|from) )?{_YEAR} (?:or|and) (?:earlier|before|older)\b|\bno(?:t| later| newer) (?:than|after) {_YEAR}\b", "until"),
    (rf"\b(?:published )?(?:after|later than|newer than) {_YEAR}\b", "after"),
    (rf"\b(?:published )?(?:before|earlier than|older than|prior to) {_YEAR}\b", "before"),
    (rf"\b(?:until|up to|till) {_YEAR}\b", "until"),
    (rf"\b(?:published )?(?:in|from|of|during) {_YEAR}\b|^{_YEAR} (?=papers?|works?)", "in"),
)


def read_years(question: str) -> tuple[Years, str]:
    """The years that a question asks for, and the question without them."""
    for pattern, kind in _YEAR_RULES:
        match = re.search(pattern, question, re.IGNORECASE)
        numbers = [int(g) for g in match.groups() if g] if match else []
        if match and numbers:
            rest = " ".join((question[: match.start()] + " " + question[match.end() :]).split())
            return _years(kind, numbers), rest
    return Years(), question


def _years(kind: str, numbers: list[int]) -> Years:
    match kind:
        case "between":
            return Years(min(numbers), max(numbers))
        case "since":
            return Years(first=numbers[0])
        case "after":
            return Years(first=numbers[0] + 1)
        case "before":
            return Years(last=numbers[0] - 1)
        case "until":
            return Years(last=numbers[0])
        case _:
            return Years(numbers[0], numbers[0])


_FRAME = re.compile(
    rf"^(?:please )?(?:(?:can|could) you )?(?:tell me |show me |give me |find me |i want |i need |i am looking for )?"
    rf"(?:in )?(?:how many|number of|count|list|find|show|name|which|what|who(?:se)?|any(?:thing|one|body)?|all|is there|are there|do any|does any|have any)?"
    rf"(?: (?:of|the|these|those|my|our|your|here|all|any|some|other|other|is there|are there|has been|have been|been))*"
    rf"(?: ?{_ADJ}{_PAPERS})?(?: (?:here|there|in (?:the|this|my) corpus|is there|are there|has|have|been|done|that|which|who|are|is))*"
    rf"(?: (?:about|on|of|dealing with|related to|concerning|regarding|for|with))?\b",
    re.IGNORECASE,
)
_TAIL = re.compile(rf"(?:[:,]? ?which {_PAPERS} .{{0,20}}|\b{_PAPERS})?[\s?.!]*$", re.IGNORECASE)


def read_topic(question: str) -> str:
    """What a survey question is about: the question without its "which papers" frame."""
    _, text = read_years(question)
    inner = _FRAME.sub("", text, count=1).strip(" ?!.,:;")
    inner = inner or text  # "image generation papers": all of it looked like a frame
    return _TAIL.sub("", inner).strip(" ?!.,:;") or question
