"""The words of an abstract with their places, its sentences with their numbers, and which are of its own work. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from askpapers.answering.sentence_kinds import own_work_begins
from askpapers.corpus.titles import introduced_names
from askpapers.grounding.numbers import Number, comparable, numbers
from askpapers.text import folded, sentences, stem

Span = tuple[int, int]  # of words: first, last, both included

STOPS = ",;:.!?—"
CLOSING = ")]}\"'”’»$>"
_OPENING = "([{\"'“‘«$<"
_LONGEST = 200  # words of a sentence; one that is longer is read in parts
_PIECE = re.compile(r"[\w@]+")
_TOKEN = re.compile(r"[^\s—]+|—")

NUMERAL = re.compile(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousand|million|billion)(?:-\w+)?"
)
"""A word of a number that is written out."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an abstract as written, without the punctuation around it; `form` is in lower case and folded.

    `before` and `after` are the punctuation marks that were around it.
    """

    start: int
    end: int
    text: str
    form: str
    before: str
    after: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of an abstract. `own`: it tells of the authors' own work. `section`: its label ("methods"), or ""."""

    abstract: str
    start: int
    end: int
    words: tuple[Word, ...]
    own: bool = True
    section: str = ""

    @property
    def text(self) -> str:
        """The sentence as written."""
        return self.abstract[self.start : self.end]

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The stem of each word."""
        return tuple(stem(word.form) for word in self.words)

    @cached_property
    def pieces(self) -> tuple[tuple[str, int], ...]:
        """The stems of what hyphens and slashes part ("ROUGE-2"), each with the place of its word."""
        return tuple(
            (stem(piece), place)
            for place, word in enumerate(self.words)
            for piece in _PIECE.findall(word.form) or [word.form]
        )

    def runs(self, stems: tuple[str, ...]) -> Iterator[Span]:
        """Where words with these stems stand one after the other."""
        pieces = self.pieces
        for first in range(len(pieces) - len(stems) + 1):
            if all(pieces[first + i][0] == wanted for i, wanted in enumerate(stems)):
                yield pieces[first][1], pieces[first + len(stems) - 1][1]

    @cached_property
    def numbers(self) -> tuple[tuple[Number, Span], ...]:
        """The numbers of the sentence, each with the words that it stands in; none where they cannot be placed."""
        pieces, owners, text = list[str](), list[int](), ""
        for place, word in enumerate(self.words):
            last = self.words[place + 1].start if place + 1 < len(self.words) else self.end
            piece = comparable(self.abstract[word.start - len(word.before) : min(last, word.end + len(word.after))])
            if piece := piece.strip():
                text += (" " if text else "") + piece
                owners += [place] * (len(text) - len(owners))
                pieces.append(piece)
        if comparable(text) != text:
            return ()
        return tuple(
            (number, (owners[number.start], owners[max(number.start, number.end - 1)])) for number in numbers(text)
        )

    def word_at(self, offset: int) -> int | None:
        """The word at an offset of the abstract, or the next one; None at the end."""
        place = bisect_right(self.words, offset, key=lambda word: word.end)
        return place if place < len(self.words) else None

    def span(self, words: Span) -> tuple[int, int]:
        """The offsets of a run of words in the abstract; brackets that it opens are closed with it."""
        first, last = self.words[words[0]], self.words[words[1]]
        start, end = first.start, last.end
        if first.before.endswith(('"', "“")) and last.after.startswith(('"', "”")):
            start, end = start - 1, end + 1
        if self.abstract.count("$", start, end) % 2:
            start -= first.before.endswith("$")
            end += not first.before.endswith("$") and last.after.startswith("$")
        inside = self.abstract[start:end]
        for opened, closed in ("()", "[]"):
            if inside.count(opened) == inside.count(closed) + 1 and last.after.startswith(closed):
                end += 1
            elif inside.count(closed) == inside.count(opened) + 1 and first.before.endswith(opened):
                start -= 1
        return start, end


def read_abstract(abstract: str) -> list[Sentence]:
    """The sentences of an abstract. A label in front of one ("METHODS:") holds until the next, and is no part of it."""
    spans = sentences(abstract)
    own = own_work_begins([abstract[start:end] for start, end in spans], introduced_names(abstract))
    studies = (place for place, (start, end) in enumerate(spans) if _STUDY.search(abstract, start, end))
    own = min(own, next(studies, own))
    found, section = list[Sentence](), ""
    for place, (start, end) in enumerate(spans):
        if label := SECTION_LABEL.match(abstract, start, end):
            section = label["label"].casefold()
            start = label.end()
        if any(c.isalnum() for c in abstract[start:end]):
            words = _words(abstract, start, end)
            for first in range(0, len(words), _LONGEST):
                part = tuple(words[first : first + _LONGEST])
                begin = part[0].start - len(part[0].before)
                stop = end if first + _LONGEST >= len(words) else part[-1].end + len(part[-1].after)
                found.append(Sentence(abstract, begin, stop, part, place >= own, section))
    labelled = any(sentence.section for sentence in found)
    return [_in_section(sentence) for sentence in found] if labelled else found


def _in_section(sentence: Sentence) -> Sentence:
    background = re.match("background|introduction|context", sentence.section)
    return Sentence(
        sentence.abstract, sentence.start, sentence.end, sentence.words, own=not background, section=sentence.section
    )


def _words(text: str, start: int, end: int) -> list[Word]:
    found = list[Word]()
    for match in _TOKEN.finditer(text, start, end):
        token = match.group()
        core = token.lstrip(_OPENING)
        opened = len(token) - len(core)
        core = core.rstrip(CLOSING + STOPS)
        if token.count("(", opened, opened + len(core)) > core.count(")") and token[opened + len(core) :][:1] == ")":
            core += ")"
        if not core.strip("-–"):
            if found and (core or "—" in token):
                found[-1] = replace(found[-1], after=found[-1].after + "—")
            continue
        begin = match.start() + opened
        found.append(
            Word(begin, begin + len(core), core, folded(core).casefold(), token[:opened], token[opened + len(core) :])
        )
    return found


# What tells of the authors' own study where nothing says "we".
_STUDY = re.compile(
    r"^To [a-z]+ |\b(?:was|were) (?:\w+ly )?\w{2,}(?:ed|en)\b"
    r"|\bin (?:a|this) (?:[\w-]+,? ){0,6}(?:study|trial|cohort)\b"
    r"|^(?:retrospective|prospective|randomi[sz]ed|cross-sectional)\b",
    re.IGNORECASE,
)
SECTION_LABEL = re.compile(
    r"(?P<label>(?i:background|introduction|context|importance|rationale|goals?|hypothesis|(?:study )?design|settings?"
    r"|(?:aims?|purpose|objectives?)(?: and objectives?)?|design,? setting,? and (?:participants|patients)"
    r"|(?:patients|materials?|subjects) and methods|methods?|methodology|approach|patients|participants|subjects"
    r"|(?:study )?population|interventions?|exposures?|(?:main |primary )?outcomes?(?: and measures| measures)?"
    r"|measurements?(?: and main results)?|(?:main |key )?results?|findings|limitations?|discussion|significance"
    r"|conclusions?(?: and relevance)?|interpretation|implications|originality|trial registration|funding))\s*:\s+"
)
"""The label of a section of an abstract: “METHODS: ”."""
