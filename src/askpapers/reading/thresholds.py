"""Every bound on a reader's probabilities. They are fitted with the model and stored beside it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter

Probability = Annotated[float, Field(ge=0, le=1)]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class SurveyThresholds:
    """Bounds on the probability that a paper answers a topic: from `match` a match, from `mention` a mention."""

    match: Probability
    mention: Probability

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    def __post_init__(self) -> None:
        if self.mention > self.match:
            raise ValueError("mention lies above match")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The bounds on a reader's probabilities, each reached by a probability that is at least as large.

    In a small corpus a missed paper is worse than one too many that is shown as a mention, so surveys have two pairs of
    bounds; `small_corpus` is the most papers that the first is for. `answered` is for the probability that a
    passage answers a question; `supported` and `partly_supported` for that of support; `contradicted` for that of
    contradiction.
    """

    small_corpus: Annotated[int, Field(ge=0)]
    survey_small: SurveyThresholds
    survey_large: SurveyThresholds
    answered: Probability
    supported: Probability
    partly_supported: Probability
    contradicted: Probability

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    def __post_init__(self) -> None:
        if self.partly_supported > self.supported:
            raise ValueError("partly_supported lies above supported")

    def survey(self, papers: int) -> SurveyThresholds:
        """The bounds for a survey of a corpus of so many papers."""
        return self.survey_small if papers <= self.small_corpus else self.survey_large


def load_thresholds(file: Traversable) -> Thresholds:
    """Read the bounds from a file of JSON: the one that ships is `assets/reader/thresholds.json`.

    Raises ValueError for a file that lacks one, has another, or has one that is no probability or out of order.
    """
    return TypeAdapter(Thresholds).validate_json(file.read_bytes())
