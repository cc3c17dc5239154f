"""Cuts papers into passages: what is embedded and searched."""

from __future__ import annotations

import hashlib

from askpapers.datatypes import Paper, Passage
from askpapers.text import plain, sentences


def passages_of(paper: Paper) -> list[Passage]:
    """The passages of a paper in order: one for each sentence, and they cover the whole abstract.

    The grain is measured: docs/decisions/0004.
    """
    return [Passage(paper.id, start, end) for start, end in sentences(paper.abstract)]


def embedded_text(paper: Paper, passage: Passage) -> str:
    """What the embedder is given for a passage: its sentence with the paper's title in front."""
    return plain(f"{paper.title}. {paper.abstract[passage.start : passage.end]}")


def passage_key(paper: Paper, number: int, text: str) -> bytes:
    """A key for the `number`th passage of a paper that changes when the embedded text does; 16 hex digits.

    Content in the key is what makes an edited sentence a new row and the old one a row to delete: a store
    that is told to add under an old key keeps the old vector without a word.
    """
    return hashlib.sha256(f"{paper.id}\0{number}\0{text}".encode()).hexdigest()[:16].encode()
