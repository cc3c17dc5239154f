"""Reads text and Markdown notes: abstracts behind a label or below a heading, or one abstract a paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from askpapers.corpus.documents import Document
from askpapers.corpus.front_matter import read_front_matter
from askpapers.corpus.labels import PLAIN, Label, begins_section, is_underline, label_of
from askpapers.corpus.notes import Fields, made_note
from askpapers.corpus.paragraphs import read_paragraphs
from askpapers.corpus.records import Omitted, Record

_BESIDE = ("keywords", "categories", "doi", "arxiv", "pmid", "url", "type", "other")
"""What may stand below an abstract and is still of its paper."""

_SHORT_LINE = 80  # characters


def read_text(document: Document) -> Iterator[Record | Omitted]:
    """Yield the abstracts of a text or Markdown file.

    Where any line is a label of an abstract ("Abstract: ...", "## Abstract"; "Summary", where none is), those are the
    abstracts. Below a heading one runs to the next heading or label; behind a label to an empty line, with the sections
    ("METHODS: ...") that follow; `Title:`, `Authors:`, `DOI:`, `Keywords:` and their like are fields of the paper.
    Otherwise every paragraph is an abstract; a heading or a short line without a full stop above it is its title. What
    is in YAML at the top is of the whole file, which then is one paper.
    """
    front, begins = read_front_matter(document)
    meanings = {label.meaning for number, line in document.lines() if number >= begins and (label := label_of(line))}
    abstract = next((name for name in ("abstract", "summary") if name in meanings), None)
    lines = ((number, line) for number, line in document.lines() if number >= begins)
    if abstract and not (front and front.text):
        yield from _Labelled(abstract, front).read(lines)
    elif front:
        yield from _one_note(front, lines)
    else:
        yield from read_paragraphs(lines)


def _one_note(front: Fields, lines: Iterator[tuple[int, str]]) -> Iterator[Record | Omitted]:
    """The paper of a file with fields at its top: its abstract is among them, or is the text up to a heading."""
    given = bool(front.text)
    for number, line in lines:
        label = label_of(line)
        if given or (label and label.meaning != "heading" and front.text):
            break
        if label and label.meaning == "heading" and front.text:
            yield Omitted(number, "text below a heading that is none of an abstract")
            break
        if label:
            front.set(label.meaning if label.meaning != "heading" else "title", label.rest)
        elif line.strip() and not is_underline(line):
            front.add_text(number, line)
        elif front.text:
            front.text.append("\n")
    yield made_note(front)


class _Labelled:
    """Reads lines of which some are labels of abstracts."""

    def __init__(self, abstract: str, front: Fields | None) -> None:
        self._abstract = abstract
        self._fields = front or Fields()
        self._headings: list[tuple[int, str]] = []
        self._open = ""  # the field that goes on
        self._level = PLAIN  # of the label of the abstract
        self._blank = False  # an empty line is before this one
        self._previous = ""
        self._beside = 0  # where a paragraph begins that is of no abstract
        self._left: list[int] = []

    def read(self, lines: Iterator[tuple[int, str]]) -> Iterator[Record | Omitted]:
        for number, line in lines:
            label = label_of(line)
            if label and self._is_section(label):
                self._fields.add_text(number, f"{label.rest.rstrip(':')}: ")
            elif label:
                # A short line right above a label, such as a name, is of what follows.
                if self._beside and (len(self._previous) > _SHORT_LINE or self._previous.endswith((".", "!", "?"))):
                    self._left.append(self._beside)
                self._beside = 0
                if self._begins_paper(label):
                    yield from self._finished()
                self._take(label, number)
            elif not line.strip():
                self._end_paragraph(line)
            elif is_underline(line):
                self._underline(line)
            elif self._open == "abstract" and self._goes_on(line):
                self._fields.add_text(number, line)
            elif self._open and self._open not in ("abstract", "other"):
                self._fields.set(self._open, line)
                self._open = ""
            elif self._fields.text and not self._open and self._blank:
                self._beside = number
            self._blank, self._previous = not line.strip(), line.strip()
        self._end_paragraph("")
        yield from self._finished()

    def _finished(self) -> Iterator[Record | Omitted]:
        """The paper that is read, and the paragraphs below it that are none of its abstract."""
        if self._fields.labelled:
            yield made_note(self._fields)
        yield from (Omitted(line, "text below an abstract that is no section of it") for line in self._left)
        self._fields, self._left = Fields(), []

    def _end_paragraph(self, line: str) -> None:
        if self._beside:
            self._left.append(self._beside)
            self._beside = 0
        if self._open == "abstract" and self._fields.text:
            self._fields.text.append(line)

    def _underline(self, line: str) -> None:
        """A line below a heading, or a rule, which ends an abstract."""
        if self._open == "abstract" and not self._fields.text:
            return
        self._open = ""
        if "=" in line and self._previous and label_of(self._previous) is None:
            self._headings = [(1, self._previous)]
            self._beside = 0

    def _goes_on(self, line: str) -> bool:
        """Whether a line is of the abstract that is open; if not, it is closed."""
        if not (self._fields.text and self._blank) or self._level < PLAIN or begins_section(line):
            return True
        self._open = ""
        return False

    def _is_section(self, label: Label) -> bool:
        """Whether it is a heading inside the abstract, deeper than the abstract's own."""
        return self._open == "abstract" and label.meaning == "heading" and self._level < label.level < PLAIN

    def _begins_paper(self, label: Label) -> bool:
        if not self._fields.labelled:
            return False
        if label.meaning in (self._abstract, "title"):
            return True
        if label.meaning in ("heading", *_BESIDE) or label.meaning in ("abstract", "summary"):
            return label.meaning == "heading" and label.level < self._level < PLAIN
        return self._blank or self._fields.has(label.meaning)

    def _take(self, label: Label, number: int) -> None:
        self._open = ""
        if label.meaning == "heading":
            self._open = "other" if self._fields.text else ""
            self._headings = [(level, text) for level, text in self._headings if level < label.level]
            self._headings.append((label.level, label.rest))
        elif label.meaning == self._abstract:
            self._open, self._level = "abstract", label.level
            above = [text for level, text in self._headings if level < label.level]
            if above:
                self._fields.set("title", above[-1])
                self._headings = [pair for pair in self._headings if pair[1] != above[-1]]
            self._fields.labelled = number
            if label.rest.strip():
                self._fields.add_text(number, label.rest)
        elif label.meaning in ("other", "abstract", "summary"):
            self._open = "other" if not label.rest.strip() and label.level < PLAIN else ""
        elif label.rest.strip():
            self._fields.set(label.meaning, label.rest)
        else:
            self._open = label.meaning
