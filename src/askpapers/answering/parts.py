"""Questions of two parts ("what is GSM8K and how many problems does it have?"), each answered by itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from askpapers.answering.conversation import QUOTED, names
from askpapers.answering.draft import Draft
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.pronouns import find_pronoun, put
from askpapers.answering.question_words import WH

_ASKS = rf"(?:(?:in|on|by|at|for|to|with|from) )?{WH}\b"
_AND = re.compile(rf"(?:,? and |\?+ (?:and |also |then )?)(?={_ASKS})", re.IGNORECASE)
_FIRST = re.compile(rf"\b{_ASKS}", re.IGNORECASE)
_DEFINED = re.compile(r"what(?:'s|’s| is| are) (?:an? |the )?(?P<thing>[^,]+)\?", re.IGNORECASE)
_NEXT = re.compile(r"\?\s+\w")
_LISTS = {Intent.SURVEY, Intent.COUNT, Intent.COMPARISON}


def split_parts(question: str) -> tuple[str, ...]:
    """The two parts of a question, a pronoun in the second replaced by what the first names; () where it has none."""
    parts = _AND.split(question.rstrip(" ?.!"))
    if len(parts) != 2 or not _FIRST.search(parts[0]):
        return ()
    first, second = (f"{part.strip()}?" for part in parts)
    if known := names(first):
        second = put(second, known[-1]) or second
        if not names(second):  # "and on which benchmark?"
            second = f"{second.rstrip('?')} ({known[-1]})?"
    elif find_pronoun(second):  # by itself it would be answered of another thing
        defined = _DEFINED.fullmatch(first)
        if find_pronoun(first) or not defined or not (second := put(second, defined["thing"]) or ""):
            return ()
    return () if {read_intent(first), read_intent(second)} & _LISTS else (first, second)


def note_of_several(question: str) -> tuple[str, ...]:
    """What is told of several questions that were not taken apart, and so may not all be answered."""
    several = _NEXT.search(QUOTED.sub("", question))
    return ("These are several questions, answered as one: ask what is left open by itself.",) if several else ()


def join(drafts: Sequence[Draft]) -> Draft:
    """The drafts of a question's parts as one; a sentence that answers both is said once."""
    statements = dict.fromkeys(statement for draft in drafts for statement in draft.statements)
    closest = dict.fromkeys(miss for draft in drafts for miss in draft.closest)
    return Draft(
        statements=tuple(statements),
        closest=() if statements else tuple(closest)[:3],
        emphasis=frozenset().union(*(draft.emphasis for draft in drafts)),
    )
