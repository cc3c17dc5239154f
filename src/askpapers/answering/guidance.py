"""Replies that need no search: their text, and whether they are what was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from askpapers.coverage import Coverage
from askpapers.datatypes import Paper


@dataclass(frozen=True, slots=True)
class Guidance:
    """A reply without statements. `intent` names its kind in the answer ("help", "language", "metadata").

    `answered`: it is what was asked for (help); otherwise the question cannot be answered as it is. `papers` are
    those that it tells of, `coverage` how many were looked at for that. `suggestions` are questions to ask next, in the
    order in which the text numbers them.
    """

    text: str
    intent: str
    answered: bool
    papers: tuple[Paper, ...] = ()
    suggestions: tuple[str, ...] = ()
    coverage: Coverage | None = None


def ask_back(words: str) -> Guidance:
    """The reply to a question that refers to nothing with these words."""
    text = f"What does “{words}” refer to? Nothing before it says. Name the paper, the model or the data set."
    return Guidance(text, "unclear", answered=False)


def nothing_more(title: str) -> Guidance:
    """The reply to "tell me more" when all of an abstract was shown."""
    return Guidance(f"That was all that the abstract of {title} says.", "more", answered=True)
