"""Replies that need no search: help, and why a question cannot be answered at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.answering.query import Query
from askpapers.datatypes import Paper
from askpapers.index.generation import Index

_HELP = re.compile(
    r"\W*(?:(?:hi|hello|hey|greetings|thanks|thank you|help(?: me)?"
    r"|what can (?:you|i|this) (?:do|ask)|who are you)\W*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Guidance:
    """A reply without statements. `intent` names its kind in the answer ("help").

    `answered`: it is what was asked for (help); otherwise the question cannot be answered as it is.
    """

    text: str
    intent: str
    answered: bool


def guide(query: Query, index: Index) -> Guidance | None:
    """The reply to what is no question about papers; None where it is one."""
    if _HELP.fullmatch(query.typed):
        return Guidance(_help(len(index.papers)), "help", answered=True)
    return None


def _help(papers: int) -> str:
    return (
        f"I answer questions about the {papers:,} papers of this corpus, with a quote for every sentence."
        " For example:\n"
        "  which papers use reinforcement learning?\n"
        "  how many papers are about language models?"
    )


def ask_back(words: str) -> Guidance:
    """The reply to a question that refers to nothing with these words."""
    text = f"What does “{words}” refer to? Nothing before it says. Name the paper, the model or the data set."
    return Guidance(text, "unclear", answered=False)


def nothing_more(title: str) -> Guidance:
    """The reply to "tell me more" when all of an abstract was shown."""
    return Guidance(f"That was all that the abstract of {title} says.", "more", answered=True)


def who_wrote(paper: Paper) -> Guidance:
    """What is known of the authors of a paper."""
    title = " ".join(paper.title.split()) + (f" ({paper.year})" if paper.year else "")
    if paper.authors:
        return Guidance(f"“{title}” is by {', '.join(paper.authors)}.", "authors", answered=True)
    return Guidance(f"The corpus does not say who wrote “{title}”.", "authors", answered=False)
