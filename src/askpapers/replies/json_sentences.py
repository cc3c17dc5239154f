"""The sentences in a JSON value and the numbers of the sources beside them, whatever its keys are called. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_TEXTS = (
    "text sentence statement answer claim final_answer content response summary output result fact point message reply"
)
_TEXT_KEYS = tuple(_TEXTS.split())
_LISTS = (
    "sentences statements answers claims answer results items response output result facts findings key_findings points"
    " key_points bullets paragraphs content data summary final_answer"
)
_LIST_KEYS = tuple(_LISTS.split())
_SOURCES = (
    "sources source citations citation cites cite references reference refs ref source_ids source_numbers source_id"
    " papers paper evidence ids id number index documents doc"
)
_SOURCE_KEYS = tuple(_SOURCES.split())
_ONE_SENTENCE = frozenset({"text", "sentence", "statement", "claim", "fact", "point"})
_WRAPPERS = ("arguments", "parameters", "properties", "args", "input", "json", "value")  # of a call, or of a schema
_NUMBERED_KEY = re.compile(r"(?:sentence|statement|answer|fact|point|claim|finding|text)?[_ ]?\d{1,2}")
ANSWER_KEYS = frozenset((*_TEXT_KEYS, *_LIST_KEYS, *_WRAPPERS, "answered", "answerable"))
"""Keys that JSON of an answer begins with."""

Sentence = tuple[str, tuple[int, ...], bool]
"""A text, the numbers of its sources, and whether its key says that it is one sentence, so that it has all of them."""

NO_NAMES: Mapping[str, int] = {}


def sentences_in(value: Any, names: Mapping[str, int] = NO_NAMES) -> Iterator[Sentence]:
    """The sentences in a JSON value; `names` are those of sources, in small letters, with their numbers."""
    if isinstance(value, str):
        yield value, (), False
    elif isinstance(value, list):
        if (
            len(value) == 2
            and isinstance(value[0], str)
            and not isinstance(value[1], str)
            and (numbers := tuple(sources_in(value[1:], names)))
        ):
            yield value[0], numbers, True  # ["A sentence.", [1]]
            return
        for part in value:
            yield from sentences_in(part, names)
    elif isinstance(value, dict):
        yield from _in_dict({str(key).casefold().replace(" ", "_"): part for key, part in value.items()}, names)


def _in_dict(value: Mapping[str, Any], names: Mapping[str, int]) -> Iterator[Sentence]:
    known = {k: v for k, v in value.items() if k in _SOURCE_KEYS and k not in ("id", "number", "index")}
    sources = tuple(sources_in(known, names))
    if (arguments := _decoded(value.get("arguments"))) is not None:
        yield from sentences_in(arguments, names)
        return
    for key in (*_LIST_KEYS, *_WRAPPERS, *_ONE_SENTENCE):
        if value.get(key) and isinstance(value[key], list | dict):
            for text, numbers, alone in sentences_in(value[key], names):
                yield text, numbers or sources, alone and bool(numbers)
            return
    for key in (*_TEXT_KEYS, *_LIST_KEYS):
        if isinstance(value.get(key), str) or (key == "text" and type(value.get(key)) in (int, float)):
            yield str(value[key]), sources or tuple(sources_in(value, names)), key in _ONE_SENTENCE
            return
    beside = [part for part in value.values() if isinstance(part, list) and part and all(map(_is_number, part))]
    for key, part in value.items():
        if isinstance(part, str) and beside:  # in whatever language its keys are
            if " " in part.strip():  # not "de", the language
                yield part, tuple(sources_in(beside, names)), True
        elif _holds_sentences(key, part):
            yield from sentences_in(part, names)


def _holds_sentences(key: str, part: Any) -> bool:
    if isinstance(part, str):
        return bool(_NUMBERED_KEY.fullmatch(key)) or key == "error"
    return isinstance(part, dict) or (isinstance(part, list) and all(isinstance(item, dict) for item in part))


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _decoded(arguments: Any) -> Any:
    """The arguments of a call of a tool, which are JSON within JSON; None for what is no text of JSON."""
    try:
        return json.loads(arguments) if isinstance(arguments, str) else None
    except ValueError:
        return None


def sources_in(value: Any, names: Mapping[str, int] = NO_NAMES) -> Iterator[int]:
    """The numbers in a list of sources, however they are written: 1, "1", "[1]", "Source 1", {"number": 1}, a name."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        yield int(value)
    elif isinstance(value, str):
        if number := names.get(value.strip(" []().\"'").casefold()):
            yield number
        elif found := re.findall(r"(?<![\d.])\d{1,4}(?![\d.])", value[:80]):
            yield from (map(int, found) if len(value) < 40 else [])
    elif isinstance(value, list):
        for part in value:
            yield from sources_in(part, names)
    elif isinstance(value, dict):
        for key in _SOURCE_KEYS:
            if key in value:
                yield from sources_in(value[key], names)
                return


def says_no(value: Mapping[Any, Any]) -> bool:
    """Whether JSON says that there is no answer, before it gives one."""
    for key, part in value.items():
        if key in ("answered", "answerable", "found") and (part is False or str(part).casefold() in ("no", "false")):
            return True
        if key in _LIST_KEYS or key in _TEXT_KEYS:
            return part is None
        if key in _WRAPPERS and isinstance(part, dict):
            return says_no(part)
    return False
