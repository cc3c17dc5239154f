"""Finds the JSON in a reply and the sentences in it, whatever its keys are called and however it is damaged. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import json_repair
from pydantic_core import from_json

_BEGIN = re.compile(
    r"\{\s{0,40}(?:[\"'“][^\"'“”{}\n]{1,40}[\"'”]\s{0,9}:|[A-Za-z_]{1,30}\s?:\s?[\[\"'{])|\[\s{0,40}(?:\{\s{0,40}[\"']|\"|'\w)"
)
_HALF_BEGIN = re.compile(r"[{\[]\s{0,40}(?:[{\"'“A-Za-z_][^{}\n]{0,44})?$")
_FENCE = re.compile(r"(?:(?:```|~~~)[\w-]{0,20}|\bjson)[ \t]{0,9}\n?\s{0,9}$")
_TEXT_KEYS: tuple[str, ...] = (
    "text",
    "sentence",
    "statement",
    "answer",
    "claim",
    "final_answer",
    "content",
    "response",
    "summary",
    "output",
    "result",
    "fact",
    "point",
)
_LIST_KEYS: tuple[str, ...] = (
    "sentences",
    "statements",
    "answers",
    "claims",
    "answer",
    "results",
    "items",
    "response",
    "output",
    "result",
    "facts",
)
_LIST_KEYS += (
    "findings",
    "key_findings",
    "points",
    "key_points",
    "bullets",
    "paragraphs",
    "content",
    "data",
    "summary",
    "final_answer",
)
_SOURCE_KEYS: tuple[str, ...] = (
    "sources",
    "source",
    "citations",
    "citation",
    "cites",
    "cite",
    "references",
    "reference",
    "refs",
    "ref",
    "source_ids",
)
_SOURCE_KEYS += (
    "source_numbers",
    "source_id",
    "papers",
    "paper",
    "evidence",
    "ids",
    "id",
    "number",
    "index",
    "documents",
    "doc",
)
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
class Found:
    """The sentences in a reply's JSON so far; `refused`: it says that the sources do not answer."""

    items: tuple[Item, ...]
    refused: bool
    end: int | None
    """Where the JSON ends in the text; None: not yet."""


def find_json(text: str, *, last: bool) -> tuple[int | None, int]:
    """Where JSON begins in a reply, or None, and up to where the text before it is surely none."""
    if found := _BEGIN.search(text):
        return found.start(), found.start()
    if (begin := len(text) - len(text.lstrip())) < len(text) and text[begin] == "{":
        return begin, begin  # whatever it is, it is no prose
    half = max(text.rfind("{", max(0, len(text) - 60)), text.rfind("[", max(0, len(text) - 60)))
    if not last and half >= 0 and _HALF_BEGIN.fullmatch(text, half):
        return None, half
    return None, len(text)


def before_fence(text: str) -> str:
    """What stands before JSON, without the fence that opens it."""
    return _FENCE.sub("", text)


def read_value(text: str, *, last: bool) -> tuple[Any, int | None]:
    """The JSON value that a text begins with, as far as it goes, and where it ends. Raises ValueError: none (yet)."""
    if _too_deep(text):
        raise ValueError("nested too deeply")
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text)
        return value, end
    except ValueError:
        try:
            return from_json(text, allow_partial="trailing-strings"), len(text) if last else None
        except ValueError:
            if not last or not _BEGIN.match(text):
                raise
            return json_repair.loads(text), len(text)


def read_json(text: str, *, last: bool, cut: bool) -> Found:
    """The sentences in the JSON that a text begins with. Raises ValueError: nothing can be read (yet).

    `last`: no more will come, so that damaged JSON is repaired; `cut`: it was cut off in the middle.
    """
    value, end = read_value(text, last=last)
    items, refused = list(_items(value)), isinstance(value, dict) and _says_no(value)
    complete = end is not None and not (cut and end == len(text) and not _is_whole(text))
    found = tuple(
        Item(_sound(t), n, complete or number < len(items) - 1, alone) for number, (t, n, alone) in enumerate(items)
    )
    empty = (
        complete
        and isinstance(value, dict)
        and any(value.get(key) == [] for key in ("sentences", "statements", "answer"))
    )
    return Found(found, refused or empty, end)


def sources_in(value: Any) -> Iterator[int]:
    """The numbers in a list of sources, however they are written: 1, "1", "[1]", "Source 1", {"number": 1}."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int):
        yield value
    elif isinstance(value, str):
        if found := re.findall(r"(?<![\d.])\d{1,4}(?![\d.])", value[:80]):
            yield from (map(int, found) if len(value) < 40 else [])
    elif isinstance(value, list):
        for part in value:
            yield from sources_in(part)
    elif isinstance(value, dict):
        for key in _SOURCE_KEYS:
            if key in value:
                yield from sources_in(value[key])
                return


def _sound(text: str) -> str:
    """A text in which halves of signs, as damaged escapes leave them, are whole again or replaced."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _items(value: Any) -> Iterator[tuple[str, tuple[int, ...], bool]]:
    if isinstance(value, str):
        yield value, (), False
    elif isinstance(value, list):
        for part in value:
            yield from _items(part)
    elif isinstance(value, dict):
        value = {str(key).casefold().replace(" ", "_"): part for key, part in value.items()}
        sources = tuple(
            sources_in({k: v for k, v in value.items() if k in _SOURCE_KEYS and k not in ("id", "number", "index")})
        )
        for key in _LIST_KEYS:
            if value.get(key) and isinstance(value[key], list | dict):
                for text, numbers, alone in _items(value[key]):
                    yield text, numbers or sources, alone and bool(numbers)
                return
        for key in (*_TEXT_KEYS, *_LIST_KEYS):
            if isinstance(value.get(key), str) or (key == "text" and type(value.get(key)) in (int, float)):
                alone = key in ("text", "sentence", "statement", "claim", "fact", "point")
                yield str(value[key]), sources or tuple(sources_in(value)), alone
                return


def _says_no(value: dict[Any, Any]) -> bool:
    """Whether JSON says that there is no answer, before it gives one."""
    for key, part in value.items():
        if key in ("answered", "answerable", "found") and part is False:
            return True
        if key in _LIST_KEYS or key in _TEXT_KEYS:
            return part is None
    return False


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
