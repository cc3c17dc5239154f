"""Finds the rewritten question in what a model wrote for one: between labels, thoughts, fences, JSON. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from askpapers.answering.pronouns import content
from askpapers.answering.question_words import AUX, WH
from askpapers.replies.thoughts import without_thoughts
from askpapers.text import sentences

_LONGEST = 300  # characters
_LIST_NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+")
_ANY_TAG = re.compile(r"</?\w+>")
_LABEL = re.compile(
    r"^[^:?]{0,40}\b(?:question|query|rewrit\w*|rephras\w*|reformulat\w*|condensed|output|answer|result|standalone"
    r"|original)\b"
    r"[^:?]{0,20}:\s*|^q\s?:\s*",
    re.IGNORECASE,
)
_MARKER = re.compile(r" ?\[\d+\]")
_ARROW = re.compile(r"\s(?:->|→|=>|⇒)\s")
_IN_QUOTES = re.compile(r"(?:^|[\s:(])[\"“](?=\S)([^\"“”]{8,300}\?)(?:[\"”]|$)")
_OPENING = re.compile(r"^(?:(?:and|but|so|ok(?:ay)?|then|also|now|well),? )+", re.IGNORECASE)
_TELL = r"(?:list|compare|contrast|show|find|tell|give|explain|describe|define|summari[sz]e|name|count)"
_TELLS = re.compile(rf"^{_TELL}\b", re.IGNORECASE)
_ASKS = re.compile(
    rf"^(?:{WH}|{AUX}|{_TELL}|on|in|with|for|by|at|to|over|under|from|among|of|during|through|against|between|within"
    r"|without|about|after|before|since|until)\b",
    re.IGNORECASE,
)


def rewritten_question(written: str, asked: str, conversation: str) -> str | None:
    """The first line that is one question, and none of the conversation's; None where there is none.

    A question ends with "?", or asks and shares words with the question `asked` or the conversation. Those that do
    both come first. What has no word that was not asked is no rewriting: small models repeat a part of the question.
    """
    known = {*content(asked), *content(conversation)}
    is_asked = asked.rstrip().endswith("?") or bool(_ASKS.match(_OPENING.sub("", asked)))
    echoes = {_without_label(line).casefold() for line in (asked, *conversation.splitlines())}
    found_lines = (question for line in _lines(written) for question in _questions(line))
    lines = [line for line in found_lines if 0 < len(line) <= _LONGEST and line.casefold() not in echoes]
    lines = [line for line in lines if set(content(line)) - set(content(asked))]
    shared = [line for line in lines if known & set(content(line))]
    fitting = (
        [line for line in shared if line.endswith("?")],
        [line for line in lines if line.endswith("?")],
        [line for line in shared if not line.endswith((":", ".")) and (_ASKS.match(line) or not is_asked)],
        [line for line in shared if _TELLS.match(line)],
    )
    return next((found[0] for found in fitting if found), None)


def _questions(line: str) -> Iterator[str]:
    """What of a line may be the question: the line; of several sentences the one that asks; what it quotes."""
    if quoted := _IN_QUOTES.search(line):
        yield quoted[1]
    line = _ARROW.split(line)[-1]
    parts = [line[start:end] for start, end in sentences(line)]
    asking = [part for part in parts if part.endswith("?")]
    if len(parts) == 1 and (asking or not _MARKER.search(line)):
        yield _without_label(_MARKER.sub("", line))
    elif len(asking) == 1 and len(parts) > 1:
        yield _without_label(_MARKER.sub("", asking[0]))


def _lines(written: str) -> Iterator[str]:
    text = "\n".join(
        line for line in without_thoughts(written).splitlines() if not line.lstrip().startswith(("```", "~~~"))
    )
    try:
        values = list(_texts(json.loads(text[text.find("{") : text.rfind("}") + 1] or text)))
    except ValueError:
        values = text.splitlines()
    for value in values:
        yield _without_label(value)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a JSON value, outermost first."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def _without_label(line: str) -> str:
    """A line without label, number, quotes, emphasis and list marks, however they are nested."""
    text, before = " ".join(_ANY_TAG.sub(" ", line).split()), ""
    while text != before:
        before = text
        text = _LIST_NUMBER.sub("", text.strip('*_`#>-– "“”‘’').removeprefix("(").removesuffix(")"))
        text = _LABEL.sub("", text, count=1) or text
    return text
