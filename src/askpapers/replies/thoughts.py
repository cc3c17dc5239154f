"""Takes what is no answer out of a model's reply while it comes: thoughts in their wrappers, a chat template's tokens.

Models wrap thoughts in tags (`<think>`, `[THINK]`, `◁think▷`), in channels (`<|channel|>analysis<|message|>`) or
between phrases ("Here is my thought process:"); docs/models.md has the list. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from askpapers.replies.template_marks import (
    LONGEST_HEADER,
    LONGEST_MARK,
    MARK,
    OTHERS,
    MarkKind,
    beginning_of_half,
    read_mark,
)


@dataclass(frozen=True, slots=True)
class Void:
    """What was given so far was a thought: what follows replaces it."""


def without_thoughts(reply: str) -> str:
    """The text of the answer in a whole reply."""
    text = ""
    reader = ReplyFilter()
    for part in (*reader.feed(reply), *reader.finish()):
        text = "" if isinstance(part, Void) else text + part
    return text


_AS_TEXT = re.compile(r"\s?[a-z`,.;]")  # what follows a tag that a sentence speaks of
# Words that begin a thought which no tag opens, because the chat template opened it; its end may still come.
_ALOUD = re.compile(
    r"\s*(?:okay|ok|alright|all right|hmm+|let me|let's|let us|we (?:need|have) to|we are (?:asked|given)|i need to"
    r"|i have to|i should|i'm (?:asked|given)|the user|the question (?:asks|is)|first, (?:i|let|we)|so,? (?:the|i|we)"
    r"|looking at|wait)\b",
    re.IGNORECASE,
)
_CHANNELS = ("analysis", "commentary", "final")
_LAST_HEADING = re.compile(r"\n[*#_ ]*+final answer[*_ ]{0,3}(?::[*_ ]{0,3}|\n)", re.IGNORECASE)
_STOP = r"(?<=[.!?]) "
# Thoughts in plain words: how they begin, and what stands before the answer.
_PHRASES = (
    (re.compile(r"(?:assistant)?analysis(?=[^\s:])"), re.compile(r"assistant\s?final|final(?=[A-Z])")),
    (
        re.compile(r"here(?: is|'s) my thought process\b", re.IGNORECASE),
        re.compile(r"(?i)here(?: is|'s) my response:?"),
    ),
    (re.compile(r"thinking(?:\.\.\.|…)", re.IGNORECASE), re.compile(r"(?i)(?:\.\.\.|…)\s?done thinking\.?")),
    (
        re.compile(r"(?:thoughts?|thinking|reasoning|thought process)[*_ ]{0,3}(?::|\n)", re.IGNORECASE),
        re.compile(rf"(?i)(?:\n|{_STOP})[*#_ ]*+(?:final )?(?:answer|response)[*_ ]{{0,3}}(?::[*_ ]{{0,3}}|\n)"),
    ),
    (
        re.compile(
            r"(?:let's|let me|let us|okay|ok|first|hmm+|we (?:need|have) to|i need to|the user|step (?:1|one))\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?i)(?:\n|{_STOP})[*#_ ]*+(?:so,? |therefore,? |thus,? )?(?:the |my )?(?:final )?answer"
            r"(?: is)?[*_ ]{0,3}:[*_ ]{0,3}"
        ),
    ),
)
_FIRST_LOOK = 30  # characters: enough to see whether a reply begins as a thought


class ReplyFilter:
    """Takes a reply as it comes, in pieces of any size, and gives the text of the answer, or `Void`.

    A thought that nothing closes hides what follows it, except where it began in the middle of a sentence: then the
    tag was part of the text. A closing tag that nothing opened voids what came before.
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._held = ""  # what may be the beginning of a mark
        self._begun: str | None = ""  # the beginning of the answer, while it may turn out to be a thought
        self._tail = ""  # the last characters of the answer
        self._depth = 0  # of thoughts within each other
        self._opened = False  # whether a thought was ever opened
        self._hidden: str | None = None  # of a thought: what becomes text where nothing closes it
        self._thought = ""  # all of it that was hidden
        self._header: str | None = None
        self._muted = False  # in a channel or a turn that is not the answer
        self._answer_opened = False
        self._ended = False  # whether someone else's turn began after the answer

    def feed(self, piece: str) -> Iterator[str | Void]:
        """Read on."""
        yield from self._read(self._held + piece, last=False)

    def finish(self) -> Iterator[str | Void]:
        """The reply has ended."""
        yield from self._read(self._held, last=True)
        if self._depth:
            self._depth = 0
            answer = _LAST_HEADING.search(self._thought) if self._hidden is None else None
            yield from self._give(self._thought[answer.end() :] if answer else self._hidden or "")
        if self._begun:
            yield _after_phrase(self._begun, last=True) or self._begun
            self._begun = None

    def _read(self, text: str, *, last: bool) -> Iterator[str | Void]:
        place, end = 0, len(text) if last else beginning_of_half(text)
        for match in MARK.finditer(text):
            if not last and match.end() > len(text) - 2:  # what follows a tag tells whether a sentence speaks of it
                end = min(end, match.start())
                break
            kind, name = read_mark(match)
            before = text[place : match.start()]
            if kind is None or self._is_text(kind, name, text[: match.start()], text[match.end() : match.end() + 2]):
                continue
            yield from self._take(before)
            place = match.end()
            yield from self._meet(kind, name, match.group())
        yield from self._take(text[place:end])
        self._held = text[max(place, end) :]

    def _is_text(self, kind: MarkKind, name: str, before: str, following: str) -> bool:
        """Whether a mark is something that the sentence speaks of: "`<think>` tokens"."""
        if kind not in (MarkKind.OPEN, MarkKind.CLOSE, MarkKind.ANSWER) or self._muted:
            return False
        tail = (self._tail + before)[-LONGEST_MARK:]
        if tail.endswith("`") or (tail[-1:] in ('"', "'", "“") and following[:1] in ('"', "'", "”")):
            return True
        spoken_of = tail.endswith((" ", '"', "“", "'")) and bool(_AS_TEXT.match(following))
        return spoken_of and not self._depth and kind is not MarkKind.OPEN and not _is_boundary(tail)

    def _meet(self, kind: MarkKind, name: str, raw: str) -> Iterator[str | Void]:
        match kind:
            case MarkKind.OPEN:
                if not self._depth:
                    self._hidden, self._thought = None if _is_boundary(self._tail) else raw, ""
                self._depth += 1
                self._opened = True
            case MarkKind.CLOSE if self._depth:
                self._depth -= 1
                self._hidden = ""
            case MarkKind.CLOSE if name == "/details":
                pass
            case MarkKind.CLOSE if not self._opened:
                self._opened = True
                yield from self._void()
            case MarkKind.ANSWER:
                if name.startswith("/"):
                    pass
                elif self._depth:
                    self._hidden = ""
                elif not self._opened and not self._answer_opened:
                    self._answer_opened = True
                    yield from self._void()
            case MarkKind.CHANNEL:
                self._header = ""
            case MarkKind.HEADER_END:
                if self._begun is not None and self._begun.strip().casefold() in _CHANNELS:  # its token was dropped
                    self._header, self._begun = self._begun, ""
                self._end_header()
            case MarkKind.MESSAGE_END:
                self._depth, self._header = 0, None
                self._muted = self._ended
            case MarkKind.ROLE:
                self._header = name
                self._end_header()
            case _:
                pass

    def _end_header(self) -> None:
        header, self._header = (self._header or "").casefold().split(), None
        who = header[0] if header else ""
        hidden = who in (*_CHANNELS[:2], *OTHERS)
        self._opened |= hidden
        self._ended |= who in OTHERS and bool(self._tail.strip())
        self._muted = hidden or self._ended

    def _take(self, text: str) -> Iterator[str | Void]:
        """Text between two marks."""
        if self._header is not None and text:
            header = self._header + text
            line_end = header.find("\n", 0, LONGEST_HEADER)
            if line_end < 0 and len(header) <= LONGEST_HEADER:
                self._header = header
                return
            if line_end < 0:  # no header: the token stood in the middle of the answer
                self._header, text = None, header
            else:
                self._header, text = header[:line_end], header[line_end + 1 :]
                self._end_header()
        if self._depth:
            self._hidden = None if self._hidden is None else self._hidden + text
            self._thought += text
        elif text and not self._muted:
            yield from self._give(text)

    def _give(self, text: str) -> Iterator[str]:
        self._tail = (self._tail + text)[-LONGEST_MARK:]
        if self._begun is None:
            yield text
            return
        self._begun += text
        if answer := _after_phrase(self._begun, last=False):
            yield answer
            self._begun = None
        elif answer is None and len(self._begun.lstrip()) >= _FIRST_LOOK and not _ALOUD.match(self._begun):
            yield self._begun
            self._begun = None

    def _void(self) -> Iterator[Void]:
        if self._begun is None:
            yield Void()
        self._begun = None
        self._tail = ""


def _after_phrase(text: str, *, last: bool) -> str | None:
    """What stands behind a thought in plain words; "" where its end is not there yet, None where there is none."""
    begin = text.lstrip(" \t\n*#_")
    for opening, closing in _PHRASES:
        if opening.match(begin):
            found = closing.search(text)
            return text[found.end() :] if found and (last or found.end() < len(text)) else ""
    return None


def _is_boundary(tail: str) -> bool:
    """Whether a thought may begin after this: at the beginning, on a new line, after a sentence or a marker."""
    stripped = tail.rstrip(" \t")
    return not stripped or not (stripped[-1].isalnum() or stripped[-1] in ",-–")
