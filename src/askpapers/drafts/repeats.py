"""Citations that stand elsewhere: "ibid." is what was cited last, a note that only cites belongs to its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from askpapers.drafts.draft import Block
from askpapers.drafts.marks import Cited, Mark

_LEADING = frozenset(
    "see also e g cf compare and in for example a the p pp ch chap sec vgl siehe auch s ibid ebd therein".split()
)
_MOST_BESIDE = 1  # words of a note that are no part of its citations


def only_cites(block: Block, marks: Sequence[Mark]) -> bool:
    """Whether a block has citations and says nothing beside them: "See Moss et al. (2020), p. 3."."""
    rest = list(block.text)
    for mark in marks:
        rest[mark.start : mark.end] = " " * (mark.end - mark.start)
    words = [word for word in re.findall(r"[^\W\d_]+", "".join(rest).casefold()) if word not in _LEADING]
    return any(mark.cited for mark in marks) and len(words) <= _MOST_BESIDE


def follow(
    marks: Iterable[Mark], block: Block, notes: Mapping[str, Sequence[Mark]], last: tuple[Cited, ...]
) -> list[Mark]:
    """The marks of a block with what "ibid." and footnotes cite; `last` is what was cited before the block."""
    found, before = list[Mark](), last
    for mark in marks:
        if mark.repeats:
            mark = replace(mark, cited=before)
        elif not mark.cited and (note := notes.get(block.text[mark.start : mark.end].strip("[]"))):
            mark = replace(mark, cited=tuple(cited for one in note for cited in one.cited))
        before = mark.cited or before
        found.append(mark)
    return found


def cited_last(marks: Sequence[Mark], last: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """What is cited last after the marks of a block."""
    return next((mark.cited for mark in reversed(marks) if mark.cited), last)


def notes_that_cite(blocks: Iterable[tuple[Block, Sequence[Mark]]]) -> Iterator[tuple[str, Sequence[Mark]]]:
    """The footnotes among blocks that only cite: their labels and marks."""
    for block, marks in blocks:
        if block.label.startswith("^") and only_cites(block, marks):
            yield block.label, marks
