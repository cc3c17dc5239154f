"""Reads text files: abstracts behind an `Abstract:` label, or one abstract a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from askpapers.corpus.documents import Document
from askpapers.corpus.records import Record

_LABEL = re.compile(r"\s*(abstract|title)\s*:\s*", re.IGNORECASE)
_LONGEST_TITLE = 250
_TITLE_SHARE = 0.75  # of the longest line below it
_BEGINNINGS = tuple("\"“'‘")


def read_text(document: Document) -> Iterator[Record]:
    """Yield the abstracts of a text file.

    Where any line begins with `Abstract:`, those are the abstracts, each running to a blank line or the
    next label, with the `Title:` before it if there is one; all else is ignored. Otherwise every paragraph
    is an abstract; a short line without a full stop above it, with an empty line between them or none, is its title.
    """
    labelled = any(_is_abstract(_LABEL.match(line)) for _, line in document.lines())
    yield from _labelled(document) if labelled else _paragraphs(document)


def _is_abstract(label: re.Match[str] | None) -> bool:
    return label is not None and label.group(1).lower() == "abstract"


def _labelled(document: Document) -> Iterator[Record]:
    title: str | None = None
    text: list[str] = []
    begins = 0
    for number, line in document.lines():
        label = _LABEL.match(line)
        if begins and (label or (text and not line.strip())):
            if text:
                yield Record("".join(text).strip(), begins, title=title)
            title, text, begins = None, [], 0
        if _is_abstract(label):
            assert label is not None
            first = line[label.end() :]
            text, begins = [first] if first else [], number
        elif label:
            title = line[label.end() :].strip() or None
        elif begins and line.strip():
            begins = begins if text else number  # the label stood alone
            text.append(line)
    if text:
        yield Record("".join(text).strip(), begins, title=title)


def _paragraphs(document: Document) -> Iterator[Record]:
    title: str | None = None
    for begins, paragraph in _blocks(document):
        one_line = "\n" not in paragraph
        if one_line and len(paragraph) < _LONGEST_TITLE and paragraph[-1] not in ".!?":
            title = paragraph
        elif title is None and _has_title(paragraph):
            first, _, abstract = paragraph.partition("\n")
            yield Record(abstract.strip(), begins + 1, title=first.strip())
        else:
            yield Record(paragraph, begins, title=title)
            title = None


def _has_title(paragraph: str) -> bool:
    """Whether the first line of a paragraph is a title, and not the first line of a text that was wrapped.

    A wrapped line is about as long as the others; a title is shorter than the text below it, which begins anew.
    """
    first, *rest = (line.strip() for line in paragraph.splitlines())
    longest = max(map(len, rest), default=0)
    has_sentences = any(sign in line for line in rest for sign in ".!?")
    begins_anew = has_sentences and (rest[0][:1].isupper() or rest[0].startswith(_BEGINNINGS))
    return begins_anew and first[-1] not in ".!?,;:" and len(first) < min(_LONGEST_TITLE, _TITLE_SHARE * longest)


def _blocks(document: Document) -> Iterator[tuple[int, str]]:
    lines: list[str] = []
    begins = 0
    for number, line in document.lines():
        if line.strip():
            begins = begins or number
            lines.append(line)
        elif lines:
            yield begins, "".join(lines).strip()
            lines, begins = [], 0
    if lines:
        yield begins, "".join(lines).strip()
