"""A place in JSON that is read bit by bit: what stands there, on which line, and where to go on after damage."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any

from askpapers.corpus.documents import TextStream

_CHUNK = 65_536
_BEHIND = 500  # characters before the place that are remembered: the indentation of the line
_NEAR_END = 16  # characters; a number, a word or an escape may be cut there
_BETWEEN = re.compile(r"[\s,\x00\x1e\ufeff]*")
_STRING_OR_BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_DEEPEST = 200
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_INDENTED = re.compile(r"[\s,\[]*")
_FIRST_NAME = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")\s*:')


class DamagedError(Exception):
    """What stands here is no JSON, and why."""


class JsonText:
    """A moving place in a text, of which no more is in memory than the value that is read there.

    `line` is the number of its line, from 1. `recovered` is whether the rest of the file was passed over.
    """

    def __init__(self, stream: TextStream) -> None:
        self._read = stream.read
        self._text = ""
        self._place = 0
        self._dropped = 0  # characters before `_text`
        self._end = 0  # of the value decoded last
        self._is_shallow = False  # so few brackets are in `_text` that no value there is nested too deeply
        self.line = 1
        self.recovered = False

    def mark(self) -> int:
        """The present place, for `recover`."""
        return self._dropped + self._place

    def next_sign(self) -> str:
        """Go to what comes next, over white space and commas: its first character, "" at the end of the file."""
        while True:
            match = _BETWEEN.match(self._text, self._place)
            self._advance(match.end() if match else self._place)
            if self._place < len(self._text):
                return self._text[self._place]
            if not self._more():
                return ""

    def decoded(self, longest: int, *, may_be_longer: bool = False) -> Any:
        """The value that begins here; the place stays. Raises DamagedError.

        One of more than `longest` characters is damage, or None where it `may_be_longer`.
        """
        while True:
            self._is_shallow = self._is_shallow or _brackets(self._text) <= _DEEPEST
            if not self._is_shallow and _is_too_deep(self._text, self._place):
                raise DamagedError("nested too deeply")
            try:
                value, self._end = _DECODER.raw_decode(self._text, self._place)
            except ValueError as error:
                if not self._is_cut(error):
                    raise DamagedError(getattr(error, "msg", str(error))) from None
                if len(self._text) - self._place > longest:
                    if may_be_longer:
                        return None
                    raise DamagedError(f"longer than {longest:,} characters") from None
                if not self._more():
                    raise DamagedError("the file ends within it") from None
            else:
                if self._end < len(self._text) or self._text[self._end - 1] in '"]}' or not self._more():
                    return _without_half_pairs(value) if _HALF.search(self._text, self._place, self._end) else value

    def take(self, size: int | None = None) -> str:
        """The JSON of the value decoded last, or that many characters; the place moves behind it."""
        begin, end = self._place, self._end if size is None else self._place + size
        self._advance(min(end, len(self._text)))
        return self._text[begin:end]

    def recover(self, begin: int) -> None:
        """Go on behind a damaged value that began there: where the next one begins as it did, or at the end."""
        place = max(begin - self._dropped, 0)
        pattern = self._beginning(place)
        start = max(place + 1, self._place)
        while (match := pattern.search(self._text, start)) is None:
            self._advance(max(self._place, len(self._text) - _BEHIND))
            size = len(self._text)
            dropped = self._dropped
            if not self._more():
                self._advance(len(self._text))
                self.recovered = True
                return
            start = max(self._place, size - (self._dropped - dropped) - _BEHIND)
        self._advance(match.end())

    def _beginning(self, place: int) -> re.Pattern[str]:
        """How a value begins that stands as the one at a place: alone on a line so indented, or after a comma."""
        before = re.split(r"[\r\n]", self._text[max(0, place - _BEHIND) : place])[-1]
        if _INDENTED.fullmatch(before):
            indent = re.escape(before[: len(before) - len(before.lstrip(" \t"))])
            return re.compile(rf"[\r\n]{indent}(?:\}}[ \t]*,[ \t]*|[,\[][ \t]*)?(?=\{{)")
        name = _FIRST_NAME.match(self._text, place)
        return re.compile(rf",\s*(?=\{{\s*{re.escape(name[1]) if name else '$'}\s*:)")

    def _is_cut(self, error: ValueError) -> bool:
        """Whether the value may be good, had more of it been read."""
        if not isinstance(error, JSONDecodeError):
            return False
        return error.msg.startswith("Unterminated string") or error.pos >= len(self._text) - _NEAR_END

    def _advance(self, place: int) -> None:
        breaks = self._text.count("\n", self._place, place)
        if "\r" in self._text:
            returns = self._text.count("\r", self._place, place)
            breaks += returns - self._text.count("\r\n", self._place, place)
        self.line += breaks
        self._place = place

    def _more(self) -> bool:
        """Read about as much again as is ahead; False at the end of the file."""
        chunk = self._read(max(_CHUNK, len(self._text) - self._place))
        if chunk.endswith("\r"):
            chunk += self._read(1)
        drop = max(0, self._place - _BEHIND)
        self._text = self._text[drop:] + chunk
        self._is_shallow = False
        self._place -= drop
        self._end -= drop
        self._dropped += drop
        return bool(chunk)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of values under one name the last that is not empty."""
    members = dict(pairs)
    if len(members) < len(pairs):
        members.update((name, value) for name, value in pairs if value or not members[name])
    return members


def _brackets(text: str, place: int = 0) -> int:
    """How many brackets are opened from a place on."""
    return text.count("[", place) + text.count("{", place)


def _is_too_deep(text: str, place: int) -> bool:
    """Whether a value is nested more deeply than any record: the decoder would need the stack of the process for it."""
    if _brackets(text, place) <= _DEEPEST:
        return False
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text, place):
        sign = match.group()
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        if depth > _DEEPEST or depth < 1:
            break
    return depth > _DEEPEST


def _without_half_pairs(value: Any) -> Any:
    """The value with halves of surrogate pairs, which are no text, replaced."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, list):
        return [_without_half_pairs(item) for item in value]
    if isinstance(value, dict):
        return {_without_half_pairs(name): _without_half_pairs(item) for name, item in value.items()}
    return value


# NaN is none; tabs and line ends within strings are common damage.
_DECODER = JSONDecoder(strict=False, parse_constant=lambda name: None, object_pairs_hook=_members)
