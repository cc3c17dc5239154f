"""Streams the objects of JSON, wherever they are: on lines, in an array, in an object that holds the array.

Of a file only the object being read is in memory. A damaged object is left out with its reason, and reading goes on
where the next one begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from askpapers.corpus.documents import TextStream
from askpapers.corpus.json_text import DamagedError, JsonText
from askpapers.corpus.json_values import is_abstract_name, is_paper, normal
from askpapers.corpus.records import Omitted

ARRAYS = frozenset(
    "items results result data records record papers articles article works publications documents docs entries"
    " entry references hits hit notes collection rels list rows values elements searchresults preprints".split()
)
"""Names under which an object holds an array of records, as `normal` writes them."""

WRAPPERS = ARRAYS | frozenset(
    "message response resultlist payload body feed content output embedded page library rdf export resultset".split()
)
"""Names of objects around records or around the array of them."""

_WHOLE = 1_000_000  # characters; a longer object at the top is walked, it may hold all records
_LARGEST = 32_000_000  # characters of one record
_DEEPEST = 8  # levels above a record
DAMAGED = "damaged JSON: "
NO_OBJECT = "not a JSON object"


@dataclass(frozen=True, slots=True)
class Element:
    """An object of a file: its JSON as it stands there, the line on which it begins, the name under which it stands."""

    value: Mapping[str, Any]
    json: str
    line: int
    name: str = ""


def elements(stream: TextStream) -> Iterator[Element | Omitted]:
    """The objects that may be records, in order; of values in a row that are no objects the first is left out."""
    last: Element | Omitted | None = None
    for found in _top(JsonText(stream)):
        if not (isinstance(found, Omitted) and found.reason == NO_OBJECT and isinstance(last, Omitted)):
            yield found
        last = found


def _top(text: JsonText) -> Iterator[Element | Omitted]:
    while sign := text.next_sign():
        yield from _guarded(text, sign, 0, ())


def _guarded(text: JsonText, sign: str, depth: int, columns: tuple[str, ...]) -> Iterator[Element | Omitted]:
    """The objects in the value that begins here; what is damaged is left out, and passed over."""
    begin, line = text.mark(), text.line
    try:
        if sign == "{":
            yield from _object(text, depth)
        elif sign == "[" and depth < _DEEPEST and not columns:
            yield from _array(text, depth, ())
        else:
            yield from _no_object(text, columns)
    except DamagedError as error:
        yield Omitted(line, f"{DAMAGED}{error}")
        text.recover(begin)


def _no_object(text: JsonText, columns: tuple[str, ...]) -> Iterator[Element | Omitted]:
    line = text.line
    value = text.decoded(_LARGEST)
    json = text.take()
    if columns and isinstance(value, list):
        yield Element(dict(zip(columns, value, strict=False)), json, line)
    else:
        yield Omitted(line, NO_OBJECT)


def _object(text: JsonText, depth: int, name: str = "") -> Iterator[Element | Omitted]:
    line = text.line
    value = text.decoded(_LARGEST if depth > 1 else _WHOLE, may_be_longer=depth <= 1)
    if value is None or (depth < _DEEPEST and holds_records(value)):
        yield from _members(text, depth)
    else:
        json = text.take()
        for part in _by_column(value):
            yield Element(part, json, line, name)


def _members(text: JsonText, depth: int) -> Iterator[Element | Omitted]:
    """The records in an object, one member at a time; the object as one record where it holds none."""
    line, found = text.line, False
    others: dict[str, Any] = {}
    text.take(1)
    while (sign := text.next_sign()) not in ("", "}"):
        key = text.decoded(_LARGEST)
        text.take()
        if not isinstance(key, str) or text.next_sign() != ":":
            raise DamagedError("a name without a value")
        text.take(1)
        sign, own = text.next_sign(), is_paper(others)
        if sign == "[" and normal(key) in ARRAYS and not own:
            found = True
            yield from _array(text, depth, _strings(others.get("columns")))
        elif sign == "{" and not own and _is_around(text, key):
            found = True
            yield from _object(text, depth + 1)
        else:
            begins = text.line
            value = text.decoded(_LARGEST)
            json = text.take()
            if isinstance(value, dict) and not own and is_paper(value):
                found = True
                yield Element(value, json, begins, key)
            else:
                others[key] = value
    if not sign:
        raise DamagedError("the file ends within it")
    text.take(1)
    if not found:
        yield Element(others, "", line)


def _array(text: JsonText, depth: int, columns: tuple[str, ...]) -> Iterator[Element | Omitted]:
    line = text.line
    text.take(1)
    while (sign := text.next_sign()) not in ("", "]"):
        if sign == "[" and not columns and (names := _header(text)):
            columns = names
            text.take()
        else:
            yield from _guarded(text, sign, depth + 1, columns)
    if not sign and not text.recovered:
        yield Omitted(line, DAMAGED + "the file ends within the array that begins here")
    text.take(1)


def _header(text: JsonText) -> tuple[str, ...]:
    """The names of columns, where a row of a table in JSON begins here that has them."""
    value = text.decoded(_WHOLE, may_be_longer=True)
    return _strings(value) if any(map(is_abstract_name, _strings(value))) else ()


def _is_around(text: JsonText, key: str) -> bool:
    """Whether the object that begins here is around records: by what is in it, or because it is so long."""
    value = text.decoded(_WHOLE, may_be_longer=True)
    return value is None or (normal(key) in WRAPPERS and (holds_records(value) or is_paper(value)))


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else ()


def holds_records(value: Mapping[str, Any]) -> bool:
    """Whether an object is none of the records but holds them: {"results": [...]}, {"message": {"items": [...]}}."""
    if is_paper(value):
        return False
    for key, inner in value.items():
        if isinstance(inner, list) and normal(key) in ARRAYS:
            if not inner or "columns" in value or any(isinstance(item, dict) for item in inner[:10]):
                return True
        elif isinstance(inner, dict) and normal(key) in WRAPPERS and holds_records(inner):
            return True
    members = [inner for inner in value.values() if isinstance(inner, dict)]
    return len(members) == len(value) and any(map(is_paper, members))  # {"moss2019": {...}, "fern2020": {...}}


def _by_column(value: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rows of a table that is written column by column: {"title": {"0": ...}, "abstract": {"0": ...}}."""
    columns = list(value.values())
    if len(columns) > 1 and any(map(is_abstract_name, value)):
        if all(isinstance(c, list) and len(c) == len(columns[0]) > 1 for c in columns):
            return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
        if all(isinstance(c, dict) and c and c.keys() == columns[0].keys() for c in columns):
            return [{name: column[row] for name, column in value.items()} for row in columns[0]]
    return [value]
