"""What a criterion asks for: exact rules on the record, kinds of papers, topics, and statements. Pure.

A criterion is read into rules that all have to hold. What is exact is taken out first ("in English", "after 2015"); what
is left is a list of kinds of papers ("reviews or editorials"), else a topic or a statement. A name before a colon says
how the rest is meant: "topic: ...", "language: ...", "outcome: ...".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.answering.years import Years
from askpapers.screening.kinds import KINDS, kind_named
from askpapers.screening.languages import languages_in
from askpapers.screening.publication_years import years_in


@dataclass(frozen=True, slots=True)
class YearRule:
    """Published within years."""

    years: Years


@dataclass(frozen=True, slots=True)
class LanguageRule:
    """Written in one of these languages, by their codes ("en")."""

    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindRule:
    """One of these kinds of papers, by their names in `kinds.KINDS`."""

    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VenueRule:
    """Published in one of these journals or meetings.

    `otherwise` is what the words mean where the corpus knows no such venue ("published in Germany").
    """

    names: tuple[str, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class TopicRule:
    """About a topic."""

    topic: str


@dataclass(frozen=True, slots=True)
class StatementRule:
    """Such that a statement about the study is true of it."""

    statement: str


Rule = YearRule | LanguageRule | KindRule | VenueRule | TopicRule | StatementRule


@dataclass(frozen=True, slots=True)
class Condition:
    """Rules that all have to hold, or with `negated` not all of them."""

    rules: tuple[Rule, ...]
    negated: bool = False


_NOT = re.compile(
    r"^(?:(?:is |are |was |were |has |have )?(?:not|no|non-?)(?: an?| any)?|without(?: an?| any)?|other than|excluding)[ -]+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^[A-Za-z]{0,3}\d{1,2}[.:)] +(?=\S)")  # "I1: adults"
_LABEL = re.compile(r"^(?P<label>[A-Za-z][A-Za-z /-]{0,40}?)[ \t]*[:=][ \t]*(?=\S)")
_TOPICS = (
    "about topic subject population participants participant patients sample condition disease problem intervention"
    " interventions exposure phenomenon concept domain field task p i e"
).split()
_STATEMENTS = {
    "comparator": "The comparison is with {}.",
    "comparators": "The comparison is with {}.",
    "comparison": "The comparison is with {}.",
    "control": "The comparison is with {}.",
    "outcome": "The study measures {}.",
    "outcomes": "The study measures {}.",
    "measure": "The study measures {}.",
    "setting": "The study was done in {}.",
    "context": "The study was done in {}.",
    "country": "The study was done in {}.",
    "c": "The comparison is with {}.",
    "o": "The study measures {}.",
    "states": "{}",
    "statement": "{}",
}
_KIND_LABELS = "design type kind publication document paper article study s d".split()
_VENUE_LABELS = "venue journal journals conference proceedings source".split()
_NOISE = re.compile(
    r"\b(?:were|was|are|is|be|must|should|published|publications?|years?|dates?|written|appeared|available|languages?|papers?"
    r"|articles?|studies|only|and|or|of|in|the|full[ -]?texts?)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"\b(?:published|publication|publications|appeared|papers?|articles?|dated)\b", re.IGNORECASE)
_NOT_TOLD = re.compile(
    r"^(?:published|available|availability|peer[- ]review(?:ed)?|full[- ]?texts?|(?:with |has )?(?:an )?abstracts?|open access)\b",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"(?:\b(?:more|less|fewer|greater|larger|smaller|at least|at most|over|under|above|below|minimum|maximum|exactly)\b|[<>≥≤])[^\d]{0,30}\d",
    re.IGNORECASE,
)
_IN_JOURNALS = re.compile(r"^(?:published|appeared) (?:in|as) (?:an? )?", re.IGNORECASE)
_VENUE = re.compile(
    r"^(?:published|appeared|presented) (?:in|at) (?:the )?(?P<noun>(?:journals?|conference|proceedings|venues?) (?:of )?)?(?P<names>[A-Z].*)$"
)
_OF_STUDY = re.compile(
    r"^(?:(?:the |any )?(?:papers?|studies|study|articles?|trials?|works?|research|publications?) )?(?:that |which )?(?:(?:is|are) )?"
    r"(?P<verb>about|on|regarding|concerning|(?:address|discuss|assess)(?:es|ing)?"
    r"|(?:investigat|examin|evaluat|stud|us|propos|introduc|explor|analy[sz]|describ|appl|test|train|treat|deal|involv|focus|concern)"
    r"(?:e|es|y|ies|ying|ing|ed|s)?(?: (?:on|with))?|of)\s+(?P<topic>\S.*)$",
    re.IGNORECASE,
)
_OF_ANY_STUDY = re.compile(r" (?:stud(?:y|ies)|papers?|articles?|research|experiments?|trials?)$", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|does|do|did|must|should|reports?|reported|provides?|includes?|contains?|gives?"
    r"|measures?|compares?|compared|recruits?|recruited|lasts?|shows?|finds?)\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"^(?:it|they|which|that)\b", re.IGNORECASE)


def read_condition(text: str) -> Condition:
    """Read the words of a criterion."""
    text = _NUMBERED.sub("", " ".join(text.split())).rstrip(".;, ") or text
    match = _LABEL.match(text)
    label = match["label"].casefold() if match else ""
    known = {*_TOPICS, *_STATEMENTS, *_KIND_LABELS, *_VENUE_LABELS}
    words = [
        word for word in re.split(r"[ /-]+", label) if word in known or word in ("language", "year", "years", "date")
    ]
    rest = text[match.end() :] if match and words else text
    negation = _NOT.match(rest)
    if negation and negation.end() < len(rest):
        return Condition(_rules(rest[negation.end() :], words), negated=True)
    return Condition(_rules(rest, words))


def _rules(text: str, labels: list[str]) -> tuple[Rule, ...]:
    if any(label in _VENUE_LABELS for label in labels) and not kinds_in(text):
        return (VenueRule(_alternatives(text)),)
    if any(label in _TOPICS for label in labels):
        return (TopicRule(_subject(text)),)
    if shape := next((_STATEMENTS[label] for label in labels if label in _STATEMENTS), ""):
        return (StatementRule(shape.format(text)),)
    rules: list[Rule] = []
    languages, rest = languages_in(text, alone="language" in labels)
    if languages:
        rules.append(LanguageRule(languages))
    years, undated = years_in(rest)
    # "Patients recruited before 2010" is no year of publication.
    if years != Years() and (not _besides_noise(undated) or _PUBLISHED.search(rest) or kinds_in(undated)):
        rules.append(YearRule(years))
        rest = undated
    if rules and not _besides_noise(rest):
        return tuple(rules)
    rest = re.sub(r"^(?:and|or) | (?:and|or|in|published)$", "", rest.strip(" ,;")) if rules else text
    return (*rules, _rule_of_words(rest))


def _besides_noise(text: str) -> str:
    """What a text says besides that papers are published, or written."""
    return _NOISE.sub(" ", text).strip(" ,.;:=()-")


def _rule_of_words(text: str) -> Rule:
    if kinds := kinds_in(text) or kinds_in(_IN_JOURNALS.sub("", text)):
        return KindRule(kinds)
    if match := _VENUE.match(text):
        return VenueRule(_alternatives(match["names"]), "" if match["noun"] else text)
    if _AMOUNT.search(text) and not _CLAUSE.search(text):
        return StatementRule(f"The study has {text}.")
    if match := _OF_STUDY.match(text):
        return TopicRule(_subject(match["topic"]))
    if _CLAUSE.search(text) or _NOT_TOLD.match(text):
        return StatementRule(_sentence(text))
    return TopicRule(_subject(text))


def _subject(topic: str) -> str:
    """A topic without a last word that any study answers to: of "animal studies" the animals count."""
    return _OF_ANY_STUDY.sub("", topic) or topic


def kinds_in(text: str) -> tuple[str, ...]:
    """The kinds of papers of a text that names kinds and nothing else ("reviews, editorials or letters")."""
    text = re.sub(r"\b(?:only|were|are|is|any|other)\b", " ", text, flags=re.IGNORECASE)
    parts = [part for part in re.split(r",|/|;|\band\b|\bor\b", text) if part.strip()]
    found = [kind_named(part) for part in parts]
    return tuple(dict.fromkeys(kind for kind in found if kind)) if all(found) else ()


def _alternatives(text: str) -> tuple[str, ...]:
    """The names of a list; "and" is part of many a journal's name, so only commas, semicolons and "or" part them."""
    return tuple(name for part in re.split(r",|;|\bor\b", text) if (name := part.strip(" \"“”'")))


def _sentence(text: str) -> str:
    """A criterion that says something of the study as a sentence."""
    first = text.split()[0]
    if _WHO.match(text):
        text = text.partition(" ")[2]
        first = text.split()[0]
    if _CLAUSE.fullmatch(first) or _NOT_TOLD.match(text):
        text = f"the study {'is ' if _NOT_TOLD.match(text) else ''}{text}"
    return f"{text[:1].upper()}{text[1:]}."


def on_topic(rule: VenueRule) -> TopicRule:
    """What is meant by words that name no venue of the corpus."""
    return TopicRule(rule.otherwise)


def in_words(rule: Rule) -> str:
    """How a rule is judged, for a person who checks how their words were read."""
    match rule:
        case YearRule(years):
            return f"year {years.first or ''}–{years.last or ''}"
        case LanguageRule(languages):
            return f"language {' or '.join(languages)}"
        case KindRule(kinds):
            return f"kind of paper: {' or '.join(KINDS[kind].label for kind in kinds)}"
        case VenueRule(names):
            return f"venue {' or '.join(names)}"
        case TopicRule(topic):
            return f"topic “{topic}”"
        case StatementRule(statement):
            return f"statement “{statement}”"
