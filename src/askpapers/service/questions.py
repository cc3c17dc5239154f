"""What is asked, by whichever way it came: a question with its filter and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from askpapers.datatypes import NO_FILTER, Filter, Turn
from askpapers.errors import UsageError


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked and how: see `askpapers.engine.Corpus.stream`."""

    text: str
    way: str | None = None
    llm: str | None = None
    within: Filter = NO_FILTER
    history: tuple[Turn, ...] = ()


class Span(BaseModel):
    """A quote that was shown: `start` and `end` as in the answer's citations."""

    model_config = ConfigDict(extra="forbid")

    paper: str
    start: int
    end: int


class PastTurn(BaseModel):
    """A question that was asked before, and its answer; all but the two texts can be left out."""

    model_config = ConfigDict(extra="forbid")

    question: str
    answer: str
    searched: str | None = Field(None, description="As in the answer.")
    papers: list[str] = Field([], max_length=10_000, description="Ids in the answer's order; of a survey, the matches.")
    shown: list[Span] = Field([], max_length=10_000, description="What the citations quoted, for “tell me more”.")
    survey: bool = Field(False, description="Whether the answer had a coverage.")
    answered: bool = Field(True, description="False where the status was not_in_corpus.")


class FilterFields(BaseModel):
    """What restricts a question to some papers, as API and tools take it."""

    model_config = ConfigDict(extra="forbid")

    since: int | None = Field(None, description="Only papers of this year or later.")
    until: int | None = Field(None, description="Only papers of this year or earlier.")
    authors: list[str] = Field([], max_length=100, description="Only papers by one of these: “Moss”, “Moss, A.”.")
    venues: list[str] = Field([], max_length=100, description="Only papers of one of these journals or meetings.")
    tags: list[str] = Field([], max_length=100, description="Only papers with one of these tags or categories.")

    def within(self, papers: Sequence[str] = ()) -> Filter:
        """The filter that they make, of these papers only where some are given. Raises UsageError as `within` does."""
        return within(papers, self.since, self.until, self.authors, self.venues, self.tags)


def within(
    papers: Sequence[str] = (),
    since: int | None = None,
    until: int | None = None,
    authors: Sequence[str] = (),
    venues: Sequence[str] = (),
    tags: Sequence[str] = (),
) -> Filter:
    """The filter of what was chosen. Raises UsageError where the years are the wrong way round."""
    if since is not None and until is not None and since > until:
        raise UsageError(f"No year is after {since} and before {until}.", hint="Give the earlier year first.")
    return Filter(frozenset(papers), since, until, _names(authors), _names(venues), _names(tags))


def _names(typed: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for name in typed if name.strip())
