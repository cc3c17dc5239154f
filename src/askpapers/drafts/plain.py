"""Reads plain text: paragraphs between blank lines; a short line alone without a full stop is a heading."""

from __future__ import annotations

import re

from askpapers.drafts.draft import Block, BlockBuilder, Kind, paragraphs
from askpapers.drafts.references import is_list_title

_HEADING = re.compile(r"(?:\d+(?:\.\d+)*\.?\s+)?[^\W\d_][^\n]{0,70}[^\s.?!;,:]:?")
_LINE = re.compile(r"[=\-~*_#]{3,}")
_REFERENCE = re.compile(r"://|\bdoi\b|\((?:19|20)\d\d[a-z]?\)|, (?:19|20)\d\d$", re.IGNORECASE)
_ONLY_WORDS = 9


def read_plain(text: str) -> list[Block]:
    """The blocks of a plain text."""
    blocks = []
    for start, end in paragraphs(text):
        lines = text[start:end].strip().split("\n")
        first = lines[0].strip()
        underlined = len(lines) > 1 and bool(_LINE.fullmatch(lines[1].strip()))
        is_heading = _HEADING.fullmatch(first) and len(first.split()) <= _ONLY_WORDS and not _REFERENCE.search(first)
        # "References" may stand directly above its list.
        opens = bool(is_heading) and (len(lines) == 1 or underlined or is_list_title(first))
        if opens:
            width = text.index("\n", start) + 1 - start if len(lines) > 1 else end - start
            blocks += _block(text, start, start + width, Kind.HEADING)
            start += width
            if underlined:
                start = text.find("\n", start) + 1 or end
        blocks += _block(text, start, min(end, len(text)), Kind.PROSE) if start < end else []
    return blocks


def _block(text: str, start: int, end: int, kind: Kind) -> list[Block]:
    builder = BlockBuilder()
    builder.copy(text, start, end)
    block = builder.block(end, kind)
    return [block] if block else []
