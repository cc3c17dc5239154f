"""Finds the JSON in a reply, and reads it as far as it goes, however it is damaged. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import json_repair
from pydantic_core import from_json

from askpapers.replies.json_sentences import ANSWER_KEYS, says_no, sentences_in

_BEGIN = re.compile(
    r"\{{1,2}\s{0,40}(?:[\"'“][^\"'“”{}\n]{1,40}[\"'”]\s{0,9}:|[A-Za-z_]{1,30}\s?:\s?[\[\"'{])"
    r"|\[\s{0,40}(?:\{\s{0,40}[\"']|\"|'\w|\[\d{1,3}, ?\")"
)
_HALF_BEGIN = re.compile(r"[{\[]\s{0,40}(?:[{\"'“A-Za-z_][^{}\n]{0,44})?$")
_ESCAPED = re.compile(r"\"?\{\s{0,40}(?:\\n\s{0,40})?\\\"\w")  # JSON within a JSON string
_DOUBLED = re.compile(r"\{\{\s{0,40}[\"'“]")  # as a template writes a brace that is no variable
_AFTER_WORD = re.compile(r"\w[ \t]*\Z")
_HAS_KEY = re.compile(r"\{[^{}]{0,400}?\w[\"'”]?\s?:")
_KEY = re.compile(r"\{\s{0,40}[\"'“]?(\w{1,40})")
_FENCE = re.compile(r"(?:(?:```|~~~)[\w-]{0,20}|\bjson)[ \t]{0,9}\n?\s{0,9}$")
_MOST_NESTED = 40


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, or several, in JSON, and the numbers of the sources beside it. `whole`: its end has come."""

    text: str
    sources: tuple[int, ...]
    whole: bool
    is_sentence: bool
    """Whether its key says that it is one sentence, so that it has all of `sources`."""


@dataclass(frozen=True, slots=True)
class JsonSentences:
    """The sentences in a reply's JSON so far; `refused`: it says that the sources do not answer."""

    items: tuple[Item, ...]
    refused: bool
    end: int | None
    """Where the JSON ends in the text; None: not yet."""


def find_json(text: str, *, last: bool) -> tuple[int | None, int]:
    """Where JSON begins in a reply, or None, and up to where the text before it is surely none."""
    if (begin := len(text) - len(text.lstrip())) < len(text) and (text[begin] == "{" or _ESCAPED.match(text, begin)):
        return begin, begin  # whatever it is, it is no prose
    for found in _BEGIN.finditer(text):
        if not _is_in_sentence(text, found.start()):
            return found.start(), found.start()
    half = max(text.rfind("{", max(0, len(text) - 60)), text.rfind("[", max(0, len(text) - 60)))
    half -= text[:half].endswith("{")
    if not last and half >= 0 and _HALF_BEGIN.fullmatch(text, half):
        return None, half
    return None, len(text)


def _is_in_sentence(text: str, place: int) -> bool:
    """Whether braces belong to a sentence that speaks of them: behind a word of the same line, and with other keys."""
    key = _KEY.match(text, place)
    return bool(_AFTER_WORD.search(text[max(0, place - 20) : place])) and not (key and key[1].casefold() in ANSWER_KEYS)


def before_fence(text: str) -> str:
    """What stands before JSON, without the fence that opens it."""
    return _FENCE.sub("", text)


def read_value(text: str, *, last: bool) -> tuple[Any, int | None]:
    """The JSON value that a text begins with, as far as it goes, and where it ends. Raises ValueError: none (yet)."""
    if _too_deep(text):
        raise ValueError("nested too deeply")
    if (doubled := _DOUBLED.match(text)) or _ESCAPED.match(text):
        if not last:
            raise ValueError("not whole")
        if doubled:
            return json_repair.loads(text.replace("{{", "{").replace("}}", "}")), len(text)
        inner = text.strip().strip('"').replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
        return json_repair.loads(inner), len(text)
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text)
        return value, end
    except json.JSONDecodeError as error:
        is_cut = error.msg.startswith("Unterminated") or error.pos >= len(text.rstrip())
    if last and not is_cut and (_BEGIN.match(text) or _HAS_KEY.match(text)):
        return json_repair.loads(text), len(text)
    try:
        return from_json(text, allow_partial="trailing-strings"), len(text) if last else None
    except ValueError:
        if not last or not _BEGIN.match(text):
            raise
        return json_repair.loads(text), len(text)


def read_json(text: str, names: Mapping[str, int], *, last: bool, cut: bool) -> JsonSentences:
    """The sentences in the JSON that a text begins with. Raises ValueError: nothing can be read (yet).

    `names` are those of sources, in small letters. `last`: no more will come, so that damaged JSON is repaired; `cut`:
    it was cut off in the middle.
    """
    value, end = read_value(text, last=last)
    items, refused = list(sentences_in(value, names)), isinstance(value, dict) and says_no(value)
    breaks_off = cut or text.rstrip(" \t\n`")[-1:] not in "}]"
    complete = end is not None and not (breaks_off and end == len(text) and not _is_whole(text))
    found = tuple(
        Item(_sound(t), n, complete or number < len(items) - 1, alone) for number, (t, n, alone) in enumerate(items)
    )
    empty = (
        complete
        and isinstance(value, dict)
        and (
            any(value.get(key) == [] for key in ("sentences", "statements", "answer"))
            or (any(part is False for part in value.values()) and not items)
        )
    )
    return JsonSentences(found, refused or empty, end)


def _sound(text: str) -> str:
    """A text in which halves of signs, as damaged escapes leave them, are whole again or replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_whole(text: str) -> bool:
    try:
        json.JSONDecoder(strict=False).raw_decode(text)
    except ValueError:
        return False
    return True


def _too_deep(text: str) -> bool:
    depth = 0
    for sign in re.findall(r"[\[\]{}]", text):
        depth += 1 if sign in "[{" else -1
        if depth > _MOST_NESTED:
            return True
    return False
