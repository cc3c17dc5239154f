"""Reads what a model writes while it writes it: sentences with the numbers of the sources that they cite.

The text may be the JSON that was asked for, prose with [1] markers, or JSON in the middle of prose: models give any of
them, whatever they were asked for. Thoughts are taken out first (`thoughts`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from askpapers.replies.citation_marks import mark_citations, numbers_of
from askpapers.replies.cited_sources import ANY, Sources
from askpapers.replies.json_replies import before_fence, find_json, read_json
from askpapers.replies.prose import CitedSentence, Course, Discarded, ProseReader
from askpapers.replies.thoughts import ReplyFilter, Void

REPLY_SCHEMA: dict[str, Any] = {
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


@dataclass(frozen=True, slots=True)
class Refused:
    """The model says that the sources do not answer."""


_NEW_LINE = re.compile(r"(?<!\n)\n(?!\s{0,20}(?:[-*•|#]|\d+[.)]|\n|$))")  # in JSON, where it begins nothing
_HAS_ENDED = re.compile(r"(?:[^\d.]\.|[!?。！？])[\"”')\]]?\s*$")
_FIRST_LOOK = 48  # characters

Part = str | CitedSentence | Refused | Discarded | Void


class AnswerReader:
    """Takes text as it comes; gives the words of the sentence being written (str) and every finished sentence.

    The words of a sentence are a beginning of its text, so that they can be shown one after another. `Discarded`
    revokes the words since the last sentence, `Void` everything. `Refused` comes at the end, where nothing was stated.
    """

    def __init__(self, sources: Sources = ANY) -> None:
        """Begin with nothing read; `sources` are those that the model was shown."""
        self._sources = sources
        self._filter = ReplyFilter()
        self._begin()

    def _begin(self) -> None:
        self._text = ""
        self._course = Course()
        self._prose = ProseReader(self._sources, self._course)
        self._json_at: int | None = None  # where in the text
        self._known = frozenset[str]()  # what was stated before the JSON
        self._done = 0  # items of the JSON that were read
        self._item: ProseReader | None = None
        self._refused = False
        self._from_json = False  # whether JSON gave the answer, and no prose before it

    def feed(self, piece: str) -> Iterator[Part]:
        """Read on."""
        yield from self._filtered(self._filter.feed(piece))
        yield from self._read(last=False)

    def finish(self, *, cut: bool) -> Iterator[Part]:
        """The text has ended; `cut`: in the middle, so that an unfinished sentence is dropped."""
        yield from self._filtered(self._filter.finish())
        yield from self._read(last=True, cut=cut)
        course = self._course
        refuses = (course.refusals or course.is_off_topic) and not course.is_cut_short
        if self._refused or (refuses and not course.stated):
            yield Refused()

    def _filtered(self, parts: Iterator[str | Void]) -> Iterator[Void]:
        for part in parts:
            if isinstance(part, Void):
                self._begin()
                yield part
            else:
                self._text += part

    def _read(self, *, last: bool, cut: bool = False) -> Iterator[Part]:
        if not last and len(self._text.strip()) < _FIRST_LOOK:
            return  # its first words tell which way a model answers
        while not self._refused:
            if self._json_at is None:
                begin, sure = find_json(self._text, last=last)
                if not self._from_json:  # what follows the JSON that was asked for is talk
                    before = self._text[:sure] if begin is None else before_fence(self._text[:begin])
                    yield from self._prose.read(before, last=last or begin is not None, cut=cut)
                if begin is None:
                    return
                self._json_at, self._known = begin, frozenset(self._course.stated)
            end = yield from self._read_json(self._text[self._json_at :], last=last, cut=cut)
            if end is None:
                return
            self._text = self._text[self._json_at + end :]
            self._json_at, self._done, self._item = None, 0, None
            self._prose = ProseReader(self._sources, self._course)

    def _read_json(self, text: str, *, last: bool, cut: bool) -> Generator[Part, None, int | None]:
        try:
            found = read_json(text, self._sources.names, last=last, cut=cut)
        except ValueError:
            return None  # not yet, or never: then nothing was written that could be read
        if found.refused and not self._course.stated:
            self._refused = True
            return None
        for item in found.items[self._done :]:
            self._item = self._item or ProseReader(self._sources, self._course, None, self._known)
            if item.whole:
                self._item.cites, self._item.adds_cites = item.sources, item.is_sentence
            yield from self._item.read(_NEW_LINE.sub(" ", item.text), last=item.whole)
            if last and not item.whole:  # it breaks off here: sentences count where they have marks of their own
                if numbers_of(mark_citations(item.text, self._sources)):
                    self._item.cites = ()
                yield from self._item.read(item.text, last=True, cut=not _HAS_ENDED.search(item.text[-4:]))
            if item.whole:
                self._item, self._done = None, self._done + 1
                self._from_json |= not self._known
        return found.end
