"""What a survey makes of one paper: by its scores, and by a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from askpapers.datatypes import Paper, Passage, Relevance


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a survey knows of one paper: its signals, the chance that they give, and its decisive passage."""

    paper: Paper
    signals: Mapping[str, float]
    chance: float
    passage: Passage
    nearest: tuple[Passage, ...] = ()  # those that lie nearest to the topic


@dataclass(frozen=True, slots=True)
class Judgements:
    """What a survey makes of the papers that it looks at: `checked` is how many of them it judged.

    `likeliest` are those that may be meant, likeliest first; the others were ruled out by their exact scores.
    """

    likeliest: tuple[Judgement, ...]
    checked: int


@dataclass(frozen=True, slots=True)
class ModelVerdict:
    """A model's verdict on a paper: a relevance with the quote that decides it, or neither.

    `unclear`: it gave none that counts: it could not tell, gave no verdict, or its quote is not in the abstract.
    `is_quoted`: the passage is what it quoted, and not one that stands in for a quote.
    """

    judgement: Judgement
    relevance: Relevance | None = None
    passage: Passage | None = None
    unclear: bool = False
    is_quoted: bool = False
