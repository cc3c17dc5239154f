"""A question what the corpus has on a topic, however it is asked, as one request: "anything on X". Pure."""

from __future__ import annotations

import re

from askpapers.answering.intent import without_politeness
from askpapers.answering.question_words import COLLECTION, PAPERS
from askpapers.answering.topic import unframed

_COLLECTION = (
    rf"(?:this|that|the|my|our|your|these) (?:whole |entire |full )?(?:paper )?(?:{COLLECTION}|papers|abstracts)"
)
_WHO = rf"(?:i|we|you|they|{_COLLECTION})"
_HERE = rf"(?:(?:in )?(?:here|there)|(?:in|among) {_COLLECTION}|for (?:me|us|that|this|it))"
_SOME = r"(?:(?:any|some|every)(?:thing|one|body)|any|much|a lot|stuff)(?: at all)?"
_ON = r"(?:on|about|regarding|concerning|(?:that )?(?:deal(?:s|ing) with|has to do with|(?:is )?related to)|to do with)"
_HAVE = r"(?:have|has|had|got|hold|holds|contain|contains|include|includes|offer|offers|collected)"
_COVERED = r"(?:covered|included|represented|present)"
_NO_TOPIC = rf"(?!(?:it|that|this|they|these|those)(?: {_COVERED}| {_HERE}|\W*$)|(?:[\w-]+ ){{0,3}}{PAPERS}\b)"
_WAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # After the topic: "X - anything in here?", "X: do we have that?".
        rf"(?P<topic>.+?)(?: [-–—]+|[,:;]) (?:(?:is there |do {_WHO} {_HAVE} |have {_WHO} (?:got )?|got )?"
        rf"(?:{_SOME}|that)(?: {_ON} (?:it|this|that))?|what (?:is there|do {_WHO} {_HAVE}))(?: {_HERE})?",
        # "what have we got on X", "show me what you have on X", "what's in here about X".
        r"(?:(?:show|tell|give|list)(?: me| us)? )?what(?: all| else)?"
        rf"(?:(?:'s| is)? (?:there|available|out there|{_HERE})| {_WHO} {_HAVE}"
        rf"| (?:do|does|did|have|has) {_WHO}(?: {_HAVE})+| can (?:i|we) find)(?: {_HERE})? {_ON} (?P<topic>.+)",
        # "does this collection have anything on X", "have you got papers about X", "is there much on X".
        rf"(?:(?:do|does|did|have|has|can|could) {_WHO} (?:{_HAVE} )?(?:{_SOME} )?(?:{PAPERS} )?|how much is there "
        rf"|(?:(?:is|are) there |got )?{_SOME} )(?:{_HERE} )?{_ON} (?P<topic>.+)",
        r"(?:where (?:can|do|could)|what (?:should|can|could)) (?:i|we|one) (?:read|look|find|start with)"
        r"(?: first| more)?(?: (?:on|about|for))? (?P<topic>.+)",
        # "does this library cover X", "is X in here", "is there X in this corpus", "is X covered".
        rf"(?:(?:do|does) {_COLLECTION} (?:cover|treat|mention|{_HAVE})|have (?:we|you) got) {_NO_TOPIC}(?P<topic>.+)",
        rf"(?:is|are) (?:there )?{_NO_TOPIC}(?P<topic>.+?) (?:(?:{_COVERED} )?{_HERE}|covered)",
    )
)


def as_request(question: str) -> str:
    """The question as a request, where it asks what there is on a topic; else as it was."""
    asked = question.rstrip(" ?.!")
    while match := next((m for way in _WAYS if (m := way.fullmatch(asked))), None):
        asked = unframed(without_politeness(match["topic"])) or match["topic"]
        question = f"anything on {asked}"
    return question
