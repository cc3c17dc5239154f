"""Follow-up questions without a model: what "it" is, is looked up in the question before. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.topic import read_topic
from askpapers.datatypes import Turn

_OPENING = re.compile(r"^(?:and|but|so|ok(?:ay)?|then|also)[,:]?\s+", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^(?:what|how) about (?P<thing>.+?)[?.! ]*$", re.IGNORECASE)
_OF_THEM = re.compile(
    r"^(?:which|what|how many|any|do any) (?:ones? )?of (?:them|those|these)(?: papers| ones)?\s+"
    r"(?:are |were )?(?P<rest>.+?)[?.! ]*$",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(?:its|their|his|her)\b", re.IGNORECASE)
_IT = re.compile(r"\bit\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:they|them|(?:this|that|these|those|the same) (?:paper|papers|model|models|method|methods|dataset|data"
    r"|benchmark|approach|system|one|ones|authors?))\b",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"\b(?:this|that|these|those)(?=\s*[?.!]*$|\s+(?:do|does|did|is|are|was|were|work|mean|differ)\b)", re.I
)
# "is it true that ...", "did it cost to ...", "it helps to ...": "it" stands for nothing.
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:true|possible|known|the case|clear)\b|\bit (?:\w+ ){1,3}(?:to|that)\b", re.IGNORECASE
)
_MORE = re.compile(
    r"^(?:(?:tell|show) (?:me|us) )?more(?: (?:about|on) (?:it|that|this|them))?\W*$|^go on\W*$", re.IGNORECASE
)
_ONLY_A_THING = re.compile(r"^(?:and|or) (?P<thing>(?:the )?[\w-]+(?: [\w-]+)?)\W*$", re.IGNORECASE)
_NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[A-Z][a-z]+(?:[- ][A-Z0-9][\w-]*)*)\b(?:['’]s)?")
_WORDS_OF_ASKING = frozenset(
    "What Which Who Whom Whose When Where Why How Is Are Was Were Does Do Did Can Could List Compare Tell Show"
    " And Or But So".split()
)


def complete(question: str, history: Sequence[Turn]) -> str:
    """A question that can be understood without the conversation; the same where it already can.

    Rules, for want of a model: the thing that the last question named stands in for "it", and "what about X?"
    asks the last question of X.
    """
    if not history:
        return question
    last = history[-1].question
    subject = _subject(last)
    bare = _OPENING.sub("", question)
    if match := _WHAT_ABOUT.match(bare) or _ONLY_A_THING.match(question):
        return _asked_of(match["thing"], last)
    if match := _OF_THEM.match(bare):
        return f"{last.rstrip(' ?.!')} {match['rest']}?"
    if _MORE.match(bare) and subject:
        return f"what is said about {subject}?"
    # A question with a name of its own stands by itself, and a survey names no one thing that "it" could be.
    if not subject or _names(bare) or _EMPTY_IT.search(bare) or read_intent(last) in (Intent.SURVEY, Intent.COUNT):
        return question
    for rule, named in ((_POSSESSIVE, f"{subject}'s"), (_IT, subject), (_PRONOUN, subject), (_DEMONSTRATIVE, subject)):
        if found := rule.search(bare):
            begin, end = found.span()
            return bare[:begin] + named + bare[end:]
    return question


def _asked_of(thing: str, last: str) -> str:
    subject = _subject(last)
    return last.replace(subject, thing, 1) if subject and subject in last else f"{last.rstrip(' ?.')}, {thing}?"


def _subject(question: str) -> str:
    """What a question is about: the last name in it, else its topic."""
    names = _names(question)
    return names[-1] if names else re.sub(r" (?:do|does|did)$", "", read_topic(question))


def _names(question: str) -> list[str]:
    names = [m.group().removesuffix("'s").removesuffix("’s") for m in _NAME.finditer(question)]
    return [name for name in names if name not in _WORDS_OF_ASKING]
