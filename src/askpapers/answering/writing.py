"""Reads what a model writes while it writes it: sentences with the numbers of the sources that they cite.

The text may be the JSON that was asked for or prose with [1] markers; small models give either, whatever they
were asked for, so both are read and the first character decides. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import from_json

from askpapers.answering.thoughts import ReplyFilter, Void
from askpapers.text import sentences

SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "answered": {"type": "boolean"},
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "sources": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["text", "sources"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["answered", "sentences"],
    "additionalProperties": False,
}
"""The JSON schema of an answer, for servers that hold a model to one."""

_REFUSAL = re.compile(
    r"\W*(?:not in (?:the )?sources?\b|not answered\b|(?:the )?(?:provided |given )?(?:sources?|abstracts?|context)"
    r" (?:do(?:es)? not|don't|doesn't|did not) (?:answer|contain|say|mention|provide|include|give|address))",
    re.IGNORECASE,
)
# "[0, 1]" is an interval.
_MARKER = re.compile(r"(?:(?<!\s)\s+)?[\[【](?!\s*0\s*[,;])\s*(\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*)\s*[\]】]")
_HALF_MARKER = re.compile(r"\s*(?:[\[【][\d\s,;–-]*)?")
_DOUBTFUL_END = re.compile(r"\S*[.!?…]\S*(?:\s+\S*)?$")  # a stop that the next word may make the end
_WHOLE_WORD = re.compile(r"\s*\S+\s")
_STRAY = re.compile(r"[\[【](?!\s*0\s*[,;])(?=\s*\d)")  # of a marker inside a marker
_HALF = re.compile(r"\s*(?:\*{1,2}|[\[【][\d\s,;–-]*)?$")  # of a marker or of "**"
_LIST_SIGN = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)]|#{1,6})\s+")
_STOP_BEFORE_MARKERS = re.compile(r"(?<=[^\s.!?])([.!?]+[\"”’)]?)((?:\s?[\[【]\s*\d[\d\s,;–-]*[\]】])+)")
_HALF_LIST_SIGN = re.compile(r"\s*(?:[-*•#]{1,6}|\d{1,2}[.)]?)\s*")
_FIRST_LOOK = 48  # characters
_LONGEST_END = 200  # characters of a half marker, or of two words
_LONGEST_ASIDE = 300  # characters, as `sentences` looks ahead
_LONGEST_SENTENCE = 2_000  # characters; a model that runs on is cut into pieces


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of a model, without its markers, and the numbers of the sources that it cites."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The model says that the sources do not answer."""


class AnswerReader:
    """Takes text as it comes; gives the words of the sentence being written (str) and every finished sentence.

    The words of a sentence are a beginning of its text, so that they can be shown one after another.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._filter = ReplyFilter()
        self._begin()

    def _begin(self) -> None:
        self._text = ""
        self._done = 0  # sentences (of JSON) or characters (of prose) that were given
        self._shown = 0  # characters of the present sentence that were given as words
        self._refused = False

    def feed(self, piece: str) -> Iterator[str | Written | Refused | Void]:
        """Read on."""
        yield from self._filtered(self._filter.feed(piece))
        yield from self._read(last=False)

    def finish(self, *, cut: bool) -> Iterator[str | Written | Refused | Void]:
        """The text has ended; `cut`: in the middle, so that an unfinished sentence is dropped."""
        yield from self._filtered(self._filter.finish())
        yield from self._read(last=True, cut=cut)

    def _filtered(self, parts: Iterator[str | Void]) -> Iterator[Void]:
        for part in parts:
            if isinstance(part, Void):
                self._begin()
                yield part
            else:
                self._text += part

    def _read(self, *, last: bool, cut: bool = False) -> Iterator[str | Written | Refused]:
        text = self._text.lstrip()
        if text.startswith("```"):
            text = text.partition("\n")[2].rstrip("` \n")
        if self._refused or (not last and len(text) < _FIRST_LOOK):
            return  # its first words tell which way a model answers
        if text.startswith("{"):
            yield from self._read_json(text, whole=last and not cut)
        elif self._done == 0 and _REFUSAL.match(text):
            self._refused = True
            yield Refused()
        else:
            yield from self._read_prose(_STOP_BEFORE_MARKERS.sub(r"\2\1", text), last=last, cut=cut)

    def _read_json(self, text: str, *, whole: bool) -> Iterator[str | Written | Refused]:
        try:
            value = from_json(text, allow_partial="trailing-strings")
        except ValueError:
            return  # not yet, or never: then nothing was written that could be read
        if value.get("answered") is False and not self._done and not self._shown:
            self._refused = True
            yield Refused()
            return
        items = [item for item in _list(value.get("sentences")) if isinstance(item, dict)]
        finished = items if whole or _is_whole(text) else items[:-1]
        for item in finished[self._done :]:
            yield from self._sentence(
                str(item.get("text", "")), [n for n in _list(item.get("sources")) if type(n) is int]
            )
            self._done += 1
        if self._done < len(items):
            yield from self._words(_without_half(str(items[-1].get("text", ""))))
        elif finished is items and value.get("sentences") == []:
            self._refused = True
            yield Refused()

    def _read_prose(self, text: str, *, last: bool, cut: bool) -> Iterator[str | Written | Refused]:
        for start, end, closed in _spans(text, self._done):
            if not closed and not last:
                yield from self._words(_without_half(text[start:end]))
                return
            self._done = end
            if closed or not cut:
                yield from self._sentence(text[start:end], [])

    def _sentence(self, text: str, sources: Sequence[int]) -> Iterator[str | Written]:
        numbers = [*sources, *(n for match in _MARKER.finditer(text) for n in _numbers(match.group(1)))]
        yield from self._words(text)
        self._shown = 0
        if plain := _plain(text):
            yield Written(plain, tuple(dict.fromkeys(numbers)))

    def _words(self, sentence: str) -> Iterator[str]:
        plain = _plain(sentence)
        if len(plain) > self._shown:
            new, self._shown = plain[self._shown :], len(plain)
            yield new


def _spans(text: str, begin: int) -> Iterator[tuple[int, int, bool]]:
    """Sentences from `begin` on, each with the markers behind it, and whether it is surely at its end."""
    position = begin
    for line in re.finditer(r"[^\n]+\n?", text[begin:]):
        line_end = begin + line.end()
        body_start = begin + line.start()
        if not body_start or text[body_start - 1] == "\n":  # else the full stop of "1." ends a sentence
            body_start += len(sign.group()) if (sign := _LIST_SIGN.match(line.group())) else 0
        for start, end in sentences(text[body_start:line_end]):
            start, end = max(body_start + start, position), body_start + end
            while match := _MARKER.match(text, end):
                end = match.end()
            if end <= start or not text[start:end].strip():
                continue
            closed = _is_closed(text[start:end], text[end:]) or end - start > _LONGEST_SENTENCE
            position = end
            yield start, end, closed


def _is_closed(sentence: str, rest: str) -> bool:
    """Whether a sentence ends where it seems to, whatever comes next: splitting looks ahead, for words and brackets."""
    if _HALF_MARKER.fullmatch(rest):
        return False
    in_brackets = sentence.count("(") > sentence.count(")") or sentence.count("$") % 2 == 1
    return "\n" in rest or (len(rest) > _LONGEST_ASIDE if in_brackets else bool(_WHOLE_WORD.match(rest)))


def _numbers(marker: str) -> list[int]:
    """The numbers of a marker: "1, 3" or "2-4"; an absurd range counts as its two ends."""
    numbers: list[int] = []
    for part in re.split(r"[,;]", marker):
        ends = [int(number) for number in re.findall(r"\d+", part)]
        numbers += range(ends[0], ends[-1] + 1) if len(ends) == 2 and 0 <= ends[1] - ends[0] < 20 else ends
    return numbers


def _plain(text: str) -> str:
    """A sentence without markers and Markdown."""
    plain = " ".join(_LIST_SIGN.sub("", _STRAY.sub("", _MARKER.sub("", text))).replace("**", "").split())
    return plain if any(c.isalnum() for c in plain) else ""


def _without_half(text: str) -> str:
    """What of an unfinished sentence can be shown: no half marker, no sign that may begin a list, no doubtful end."""
    if _HALF_LIST_SIGN.fullmatch(text):
        return ""
    return text[:-_LONGEST_END] + _HALF.sub("", _DOUBTFUL_END.sub("", text[-_LONGEST_END:]))


def _is_whole(text: str) -> bool:
    try:
        from_json(text)
    except ValueError:
        return False
    return True


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
