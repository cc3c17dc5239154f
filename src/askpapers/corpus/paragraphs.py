"""Reads a text without labels: every paragraph is an abstract, a heading or a short line above it is its title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from askpapers.corpus.labels import is_underline, label_of
from askpapers.corpus.notes import Fields, made_note
from askpapers.corpus.records import Omitted, Record

_LONGEST_TITLE = 250
_TITLE_SHARE = 0.75  # of the longest line below it
_BEGINNINGS = tuple("\"“'‘")
_BULLET = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_TABLE = re.compile(r"\s*\|.*\|\s*$")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_WORDS_OF_A_SENTENCE = 12


def read_paragraphs(lines: Iterator[tuple[int, str]]) -> Iterator[Record | Omitted]:
    """Yield an abstract for each paragraph; lists, tables and code are left out, with their line."""
    fields = Fields()
    for begins, paragraph in _blocks(lines):
        if not any(c.isalnum() for c in paragraph):
            continue
        if reason := _no_prose(paragraph):
            yield Omitted(begins, reason)
            continue
        rows = paragraph.splitlines(keepends=True)
        labels = [label_of(row) for row in rows]
        if all(label or is_underline(row) for label, row in zip(labels, rows, strict=True)):
            fields = fields if not any(label and label.meaning == "heading" for label in labels) else Fields()
            for label in filter(None, labels):
                fields.set("title" if label.meaning == "heading" else label.meaning, label.rest)
            continue
        while labels and (first := labels[0]) and first.meaning == "heading":
            fields.set("title", first.rest)
            rows, labels, begins = rows[1:], labels[1:], begins + 1
        text = "".join(rows).strip()
        title = text.splitlines()[0].strip()
        if len(rows) > 1 and is_underline(rows[1]) and len(rows) == 2 and "=" in rows[1]:
            fields = Fields()
            fields.set("title", title)
        elif len(rows) == 1 and len(text) < _LONGEST_TITLE and text[-1] not in ".!?。！？":
            fields = Fields()
            fields.set("title", text)
        else:
            if not fields.has("title") and _has_title(text):
                fields.set("title", title)
                text, begins = text.partition(rows[0].rstrip("\r\n"))[2].lstrip("\r\n"), begins + 1
            fields.add_text(begins, text)
            yield made_note(fields)
            fields = Fields()


def _no_prose(paragraph: str) -> str:
    """Why a paragraph is no abstract; "" for one that may be."""
    rows = paragraph.splitlines()
    if _FENCE.match(rows[0]):
        return "code in a note"
    if len(rows) > 1 and all(_TABLE.match(row) for row in rows):
        return "a table in a note"
    items = [match.end() for row in rows if (match := _BULLET.match(row))]
    short = all(len(row.split()) < _WORDS_OF_A_SENTENCE for row in rows)
    if len(items) == len(rows) > 1 and short:
        return "a list in a note"
    return ""


def _has_title(paragraph: str) -> bool:
    """Whether the first line of a paragraph is a title, and not the first line of a text that was wrapped.

    A wrapped line is about as long as the others; a title is shorter than the text below it, which begins anew.
    """
    first, *rest = (line.strip() for line in paragraph.splitlines())
    longest = max(map(len, rest), default=0)
    has_sentences = any(sign in line for line in rest for sign in ".!?")
    begins_anew = has_sentences and (rest[0][:1].isupper() or rest[0].startswith(_BEGINNINGS))
    return begins_anew and first[-1] not in ".!?,;:" and len(first) < min(_LONGEST_TITLE, _TITLE_SHARE * longest)


def _blocks(lines: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The paragraphs, each with the line on which it begins; what stands between fences of code is one."""
    block: list[str] = []
    begins = 0
    in_code = False
    for number, line in lines:
        in_code = in_code != bool(_FENCE.match(line))
        if line.strip():
            begins = begins or number
            block.append(line)
        elif block and not in_code:
            yield begins, "".join(block).strip("\r\n")
            block, begins = [], 0
    if block:
        yield begins, "".join(block).strip("\r\n")
