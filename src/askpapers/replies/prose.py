"""Reads prose that a model writes, as it comes: statements with the sources that they cite, and refusals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from askpapers.replies.attributions import take_marks
from askpapers.replies.citation_marks import MARK, mark_citations, source_on_line
from askpapers.replies.cited_sources import Sources
from askpapers.replies.layout import LIST_SIGN, Layout, Line
from askpapers.replies.talk import Kind, is_about_sources, is_contrast, may_be_talk, read_sentence
from askpapers.text import sentences


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence of a model, without its markers, and the numbers of the sources that it cites."""

    text: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Discarded:
    """The words since the last sentence are no statement."""


@dataclass(slots=True)
class Course:
    """What a reply has come to: the sentences that refuse, and what was stated, in small letters."""

    refusals: list[str] = field(default_factory=list)
    stated: set[str] = field(default_factory=set)
    is_off_topic: bool = False  # whether it says what the sources are about instead of an answer
    is_cut_short: bool = False  # whether it was cut in an answer that stood behind a refusal


_MARK = re.compile(MARK)
_ONLY_MARK = re.compile(rf"[ .\ue002]*{MARK}[ .]*")
_MARK_AT_END = re.compile(rf"[ \t]*+{MARK}(?=[ \t]*+(?:$|[^\s\w]))")
_HALF_LIST_SIGN = re.compile(
    r"\s*+(?:(?:[-*•+–—→➤▪◦‣●✓✔✅☑>#\ufe0f]{1,6}|\(?\d{1,2}[.)]?|\(?[a-hivx]{1,4}[.)]?(?=\s|$))\s*+)*+"
)
# What may yet become a citation of the sentence before it.
_HALF_MARK = re.compile(
    r"[ \t]*+(?:(?:[,;&]|an?d?|or?|plus)?[ \t]*+)?(?:[\[【(（［〔⟦「⁽{~<`^*\\$:—–\ue200-][^\])】）］〕⟧>\n]{0,80}"
    r"|(?:sources?|refs?|references?|citations?)[ \t]?:?[ \t]?\d{0,3})?",
    re.IGNORECASE,
)
_DOUBTFUL_END = re.compile(r"\S*[.!?…]\S*(?:\s+\S*)?$")  # a stop that the next word may make the end
_WHOLE_WORD = re.compile(r"\s*\S+\s")
_AT_WIDE_STOP = re.compile(r"[。！？｡．][」』）】”’)\"]{0,3}$")  # of a writing without spaces
_HALF_END = re.compile(
    r"(?:[ ,;]|(?<=\w) )*(?:\*{1,2}|[\[【(（［〔⟦「⁽{~<`^\\$:\ue000\ue002\ue200][^\])】）］〕⟧>\n]{0,90})?$"
)
_ATTRIBUTES = re.compile(
    r"(?:[ ,;(—–-]|^)+(?:(?:according|to|as|is|was|reported|shown|stated|described|noted|discussed|found"
    r"|mentioned|demonstrated|presented"
    r"|explained|given|cited|observed|proposed|introduced|indicated|based|on|in|by|of|from|than|with|like|via"
    r"|while|whereas|and|or|but"
    r"|that|unlike|per|see|also|cf\.?|the|authors|work|study|paper|papers|research|results|findings|sources?:?"
    r"|documents?|abstracts?"
    r"|references?|refs?\.?|passages?|excerpts?|docs?|first|second|third|fourth|fifth|no\.?|number|\d{1,3}"
    r"|\ue000[\d,]*\ue001?)[ ,(]*)+$",
    re.IGNORECASE,
)
# Line ends within a sentence: before a small letter, or behind a word that no sentence ends with.
_AT_LINE_END = re.compile(r"(?<=[a-z0-9,;%])\n+\Z")
_WRAPPED = re.compile(
    r"\n(?:(?<=[a-z0-9,;%]\n)(?=[a-zà-ÿ])(?!(?:[a-h]|[ivx]{1,4})[.)])"
    r"|(?=\w)(?:(?<=[, ](?:by|of|in|to|at|an|or|on|as|is)\n)|(?<=[, ](?:and|the|for|are|was)\n)|(?<= a\n)"
    r"|(?<= (?:with|than|from|over|that|were)\n)|(?<= (?:which|about)\n)))"
)
_LONGEST_END = 120  # characters of a half mark, or of words that attribute
_LONGEST_ASIDE = 300  # characters, as `sentences` looks ahead
_LONGEST_SENTENCE = 2_000  # characters; a model that runs on is cut into pieces


class ProseReader:
    """Reads a text that grows: call `read` with the whole of it so far."""

    def __init__(
        self, sources: Sources, course: Course, cites: Sequence[int] | None = (), known: frozenset[str] = frozenset()
    ) -> None:
        """Begin with nothing read.

        `cites` are the sources of sentences that cite none themselves; while it is None they are not known, and only
        words are given. `known` are sentences, in small letters, that are not to be given again.
        """
        self.cites = cites
        self.adds_cites = False  # whether `cites` stand beside those that a sentence has itself
        self._sources = sources
        self._course = course
        self._known = known
        self._layout = Layout(sources)
        self._at = 0  # where the present line begins
        self._kind: Line | str | None = None  # of the present line
        self._done = 0  # characters of the present line, marked, that were given
        self._shown = ""  # words of the present sentence that were given
        self._carried: tuple[int, ...] = ()  # citations that stand alone before a sentence

    def read(self, text: str, *, last: bool, cut: bool = False) -> Iterator[str | CitedSentence | Discarded]:
        """What is new in the text: words of the sentence being written, and every finished sentence.

        `last`: nothing more will come; `cut`: it was cut off in the middle, so that an unfinished sentence is dropped.
        """
        if cut:  # in the middle of lines of a fixed width, perhaps
            text = _AT_LINE_END.sub("", text)
        text = text[: self._at] + _WRAPPED.sub(lambda m: _unwrapped(text, self._at + m.start()), text[self._at :])
        while self._at < len(text):
            end = text.find("\n", self._at)
            if end < 0:
                yield from self._read_line(text[self._at :], whole=last and not cut, open_end=not last)
                return
            marks, following = self._marks_below(text, end, last=last)
            if marks is None or self.cites is None:
                yield from self._read_line(text[self._at : end], whole=False, open_end=True)
                return
            yield from self._read_line(text[self._at : end] + marks, whole=True, open_end=False)
            self._at, self._done, self._kind = following, 0, None

    def _marks_below(self, text: str, end: int, *, last: bool) -> tuple[str | None, int]:
        """The citations that stand alone on the next line, and where the line after begins; None: not known yet."""
        begin = end + len(text[end:]) - len(text[end:].lstrip())
        line_end = text.find("\n", begin)
        line = text[begin : line_end if line_end >= 0 else len(text)]
        if line and line[0] not in "[【(（［〔⟦「<`^*_>\\¹²³⁴⁵†①—–-sScCrReEpPqQ":
            return "", end + 1
        name, number = source_on_line(line, self._sources)
        if line_end < 0 and not last and (len(line) < 60 or self._sources.is_begun_by(name)):
            return None, end
        if number:
            return f" [{number}]", (line_end + 1 if line_end >= 0 else len(text))
        bare = line.strip(" .—–->")
        if line and _ONLY_MARK.fullmatch(mark_citations(f". {bare}", self._sources)):  # as if it stood behind a stop
            return f" {bare}", (line_end + 1 if line_end >= 0 else len(text))
        return "", end + 1

    def _read_line(self, raw: str, *, whole: bool, open_end: bool) -> Iterator[str | CitedSentence | Discarded]:
        sign = LIST_SIGN.match(raw)
        after = sign.end() if sign else 0  # a mark takes the blank before it, which the sign of a list needs
        line = raw[:after] + mark_citations(raw[after:], self._sources)
        if self._kind is None:
            if open_end and (_HALF_LIST_SIGN.fullmatch(line) or self._layout.may_be(line)):
                return
            self._kind = self._layout.read(line)
            self._done = LIST_SIGN.match(line).end()  # type: ignore[union-attr]
        if isinstance(self._kind, str):
            if whole:
                yield from self._sentence(self._kind)
            return
        if self._kind is Line.SKIPPED:
            return
        for start, end, closed in _spans(line, self._done):
            if (not closed and not whole) or self.cites is None:
                if open_end:
                    yield from self._words(line[start:end])
                else:
                    yield from self._drop(line[start:end])
                return
            self._done = end
            yield from self._sentence(line[start:end])

    def _sentence(self, marked: str) -> Iterator[str | CitedSentence | Discarded]:
        text, numbers = take_marks(marked)
        if not text:
            self._carried = numbers
            return
        numbers, self._carried = numbers or self._carried, ()
        if self.adds_cites or not numbers:
            numbers = tuple(dict.fromkeys((*(self.cites or ()), *numbers)))
        kind, text = read_sentence(text, self._sources.titles, cited=bool(numbers))
        if kind is Kind.REFUSAL:
            self._course.refusals.append(text)
        self._course.is_off_topic |= kind is Kind.TALK and is_about_sources(text)
        refused = self._course.refusals and not self._course.stated
        if refused and (is_about_sources(text) or not (numbers or is_contrast(text))):
            kind = Kind.TALK  # it goes on about what the sources do not say
        if kind is Kind.STATEMENT and text.casefold() in self._known:
            kind = Kind.TALK
        if self._shown and (kind is not Kind.STATEMENT or not text.startswith(self._shown)):
            self._shown = ""
            yield Discarded()
        if kind is Kind.STATEMENT:
            self._course.stated.add(text.casefold())
            if rest := text[len(self._shown) :]:
                yield rest
            yield CitedSentence(text, numbers)
        self._shown = ""

    def _drop(self, marked: str) -> Iterator[Discarded]:
        """Leave out an unfinished sentence."""
        if self._shown:
            self._shown = ""
            yield Discarded()
        text, numbers = take_marks(marked)
        goes_on = bool(numbers or is_contrast(text)) and not is_about_sources(text)
        self._course.is_cut_short |= goes_on and bool(self._course.refusals) and not self._course.stated

    def _words(self, marked: str) -> Iterator[str]:
        """What of an unfinished sentence can be shown: no half mark, no doubtful end, nothing that may be talk."""
        begin, end = marked[:-_LONGEST_END], marked[-_LONGEST_END:]
        end = _HALF_END.sub("", _DOUBTFUL_END.sub("", end))
        end = _ATTRIBUTES.sub("", end)
        if may_be_talk(begin + end) or (self._course.refusals and not self._course.stated):
            return
        text, _ = take_marks(begin + end)
        if len(text) > len(self._shown) and text.startswith(self._shown):
            new, self._shown = text[len(self._shown) :], text
            yield new


def _unwrapped(text: str, line_end: int) -> str:
    """What stands for a line end within a sentence: headings and tables have none."""
    return "\n" if text[text.rfind("\n", 0, line_end) + 1 : line_end].lstrip()[:1] in ("#", "|", "`", "~") else " "


def _spans(line: str, begin: int) -> Iterator[tuple[int, int, bool]]:
    """The sentences of a line from `begin` on, each with the marks behind it, and whether it is surely at its end."""
    position = begin
    for start, end in sentences(line[begin:]):
        start, end = max(begin + start, position), begin + end
        while match := _MARK_AT_END.match(line, end):
            end = match.end()
        if end <= start or not line[start:end].strip():
            continue
        closed = _is_closed(line[start:end], line[end:]) or end - start > _LONGEST_SENTENCE
        position = end
        yield start, end, closed


def _is_closed(sentence: str, rest: str) -> bool:
    """Whether a sentence ends where it seems to, whatever comes next: splitting looks ahead, for words and brackets."""
    if _HALF_MARK.fullmatch(rest):
        return False
    in_brackets = any(sentence.count(one) > sentence.count(other) for one, other in ("()", "（）", "「」", "『』"))
    if in_brackets or sentence.count("$") % 2 == 1:
        return len(rest) > _LONGEST_ASIDE
    return bool(_WHOLE_WORD.match(rest)) or bool(rest.strip() and _AT_WIDE_STOP.search(sentence[-4:]))
