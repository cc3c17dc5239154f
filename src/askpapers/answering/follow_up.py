"""Follow-up questions without a model: what "it" is, is looked up in the question before. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_PRONOUN = re.compile(
    r"\b(?:it|they|them|(?:this|that|these|those|the same) (?:paper|papers|model|models|method|methods|dataset|data"
    r"|benchmark|approach|system|one|ones|authors?))\b",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"\b(?:this|that|these|those)(?=\s*[?.!]*$|\s+(?:do|does|did|is|are|was|were|work|mean|differ)\b)", re.I
)
# "is it true that ...", "does it help to ...": "it" stands for nothing.
_EMPTY_IT = re.compile(
    r"\b(?:is|was) it (?:true|possible|known|the case|clear)\b|\bdoes it (?:help|matter) to\b", re.IGNORECASE
)
_NAME = re.compile(r"\b(?:[A-Z][\w-]*[A-Z0-9][\w-]*|[A-Z][a-z]+(?:[- ][A-Z0-9][\w-]*)*)\b(?:['’]s)?")
_WORDS_OF_ASKING = frozenset(
    "What Which Who Whom Whose When Where Why How Is Are Was Were Does Do Did Can Could List Compare Tell Show".split()
)


def complete(question: str, history: Sequence[Turn]) -> str:
    """A question that can be understood without the conversation; the same where it already can.

    Rules, for want of a model: the thing that the last question named stands in for "it", and "what about X?"
    asks the last question of X.
    """
    if not history:
        return question
    last = history[-1].question
    bare = _OPENING.sub("", question)
    if match := _WHAT_ABOUT.match(bare):
        return _asked_of(match["thing"], last)
    if match := _OF_THEM.match(bare):
        return f"{last.rstrip(' ?.!')} {match['rest']}?"
    subject = _subject(last)
    if not subject or _EMPTY_IT.search(bare):
        return question
    completed = _POSSESSIVE.sub(lambda _: f"{subject}'s", bare, count=1)
    for rule in (_PRONOUN, _DEMONSTRATIVE):
        if completed == bare:
            completed = rule.sub(lambda _: subject, bare, count=1)
    if completed == bare and len(bare.split()) <= 2:  # "why?", "since when?"
        return f"{bare.rstrip(' ?')}: {last}"
    return completed if completed != bare else question


def _asked_of(thing: str, last: str) -> str:
    subject = _subject(last)
    return last.replace(subject, thing, 1) if subject and subject in last else f"{last.rstrip(' ?.')}, {thing}?"


def _subject(question: str) -> str:
    """What a question is about: the last name in it, else its topic."""
    names = [m.group().removesuffix("'s").removesuffix("’s") for m in _NAME.finditer(question)]
    names = [name for name in names if name not in _WORDS_OF_ASKING]
    return names[-1] if names else re.sub(r" (?:do|does|did)$", "", read_topic(question))
