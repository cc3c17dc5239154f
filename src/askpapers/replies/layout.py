"""Tells the lines of a reply that are prose from headings, rules, fences, tables and lists of references. Pure."""

from __future__ import annotations

import re
from enum import Enum, auto

from askpapers.replies.citation_marks import MARK
from askpapers.replies.cited_sources import Sources
from askpapers.replies.no_answer import refuses
from askpapers.replies.talk import begins_references

LIST_SIGN = re.compile(
    r"\s*+(?:(?:[-*•+–—→➤▪◦‣●✓✔✅☑]\ufe0f?|\(?\d{1,2}[.)]|\(?(?:[a-h]|i{1,3}|iv|vi{0,3}|ix)\)"
    r"|(?:i{1,3}|iv|vi{0,3}|ix)\.|#{1,6}|>)\s+)*+"
)
"""The signs of lists, headings and quotations that a line begins with."""

_MARK = re.compile(MARK)
_HEADING = re.compile(r"[ \t]*+(?:#{1,6}[ \t]|(?:\*\*|__)(?:[^\s*_]+[ \t]?){1,8}(?<![.!?])(?:\*\*|__)[ \t]*:?\s*$)")
_RULE = re.compile(r"[\s*_=~`-]*$|\s*(?:```|~~~)")
_TABLE_RULE = re.compile(r"[\s|:+-]*$")
_FOOTNOTE = re.compile(
    rf"[ \t]*+(?:\[\^[\w-]{{1,20}}\]|{MARK}):[ \t]*(?:https?:|doi|www\.|[A-Z\"“])"
    rf"|[ \t]*+{MARK}[ \t]*=?[ \t]*(?:https?:|doi|www\.|arxiv)|[ \t]*+@\w{{3,15}}\{{"
)
_ENTRY = re.compile(rf"[ \t]*+(?:[-*•+–]|\(?\d{{1,2}}[.)\]:]|{MARK}|\[\^?\w)")
_OTHER_SPEAKER = re.compile(
    r"\s*(?:user|human|question|q|### ?(?:instruction|question|input|user|human))\s*:", re.IGNORECASE
)
_SOURCE_COLUMN = re.compile(
    r"\W*(?:sources?|refs?\.?|references?|citations?|papers?|cites?|#|no\.?)\W*$", re.IGNORECASE
)
_BOX = re.compile(
    r"(?:\W{0,3}(?:final )?answer\W{1,4}|[ \t$\\[]{0,6})"
    r"\\boxed\{(?:\\text(?:bf)?\{)?(.{1,2000}?)\}{1,2}[ \t$\\\].]{0,6}"
    rf"((?:{MARK}[ \t,.]{{0,2}}){{0,4}})$"
)
_MAY_BE = re.compile(
    r"[ \t]*+(?:[$\\[]{0,6}\\boxed|[#|]|``|~~|==|\*\*?[^*]*(?:\*\*?[ \t:]*)?$|__[^_]*_{0,2}:?$|(?:\[\^?[^\]\n]{0,20}\]?"
    rf"|{MARK}):?[ \t]*\S?$|\W*$)"
)
_MAY_LABEL = re.compile(r"\W{0,8}+(?:\w++ ?){0,3}+\W{0,4}$")  # "References:", "Works cited"


class Line(Enum):
    """What a line is, where it is no row of a table."""

    PROSE = auto()
    SKIPPED = auto()


class Layout:
    """Reads lines in order; knows whether a table or a list of references has begun."""

    def __init__(self, sources: Sources) -> None:
        """Begin before the first line."""
        self._sources = sources
        self._in_references = False
        self._ended = False
        self._after_blank = False
        self._in_table = False
        self._source_column: int | None = None
        self._wrote = False

    def may_be(self, beginning: str) -> bool:
        """Whether a line that begins so, and goes on, may be something else than prose."""
        if self._in_references or self._ended:
            return True
        return bool(_MAY_BE.match(beginning) or _MAY_LABEL.match(beginning))

    def read(self, line: str) -> Line | str:
        """What a line is: prose, nothing to read, or the text of a row of a table."""
        blank = not line.strip()
        after_blank, self._after_blank = self._after_blank, blank
        if blank or self._ended:
            return Line.SKIPPED
        if self._wrote and _OTHER_SPEAKER.match(line):
            self._ended = True
            return Line.SKIPPED
        if line.lstrip().startswith("|"):
            return self._row(line)
        self._in_table = False
        if self._in_references:
            if _ENTRY.match(line) or not after_blank or self._sources.is_title(line) or begins_references(line):
                return Line.SKIPPED
            self._in_references = False
        if begins_references(line) and (self._wrote or not _MARK.search(line)):
            self._in_references = True
            return Line.SKIPPED
        if box := _BOX.match(line):  # an answer, or once more the figure of the one before it
            first, self._wrote = not self._wrote, True
            return box[1] + box[2] if first else Line.SKIPPED
        if _RULE.match(line) or (_FOOTNOTE.match(line) and self._wrote):
            return Line.SKIPPED
        if _HEADING.match(line) and not _MARK.search(line) and not refuses(line):
            return Line.SKIPPED
        self._wrote = True
        return Line.PROSE

    def _row(self, line: str) -> Line | str:
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        first, self._in_table = not self._in_table, True
        if _TABLE_RULE.match(line):
            return Line.SKIPPED
        if first and not _MARK.search(line):
            self._source_column = next((n for n, cell in enumerate(cells) if _SOURCE_COLUMN.match(cell)), None)
            return Line.SKIPPED
        column = self._source_column
        if column is not None and column < len(cells) and re.fullmatch(r"\d{1,2}(?:\s*[,;]\s*\d{1,2})*", cells[column]):
            cells[column] = f"\ue000{','.join(re.findall(r'[0-9]+', cells[column]))}\ue001"
        marks = "".join(cell for cell in cells if _MARK.fullmatch(cell))
        words = [cell for cell in cells if cell and not _MARK.fullmatch(cell)]
        self._wrote = True
        return f"{words[0]}: {'; '.join(words[1:])} {marks}" if len(words) > 1 else f"{' '.join(words)} {marks}"
