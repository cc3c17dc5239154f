"""The bounds from which a reader decides a criterion: all of them are here.

They were set on benchmarks/screening_examples/development.jsonl (`benchmarks/screening_criteria.py`), so that no
example is excluded wrongly, with room to spare.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """The probabilities and scores from which a criterion is decided; what lies between is not said.

    A paper is on a topic from `on_topic`, the probability that a passage answers. It is surely not on a topic where
    that probability, the share of the topic's words and the cosine of its nearest passage are all below their bounds. A
    statement is true from `supported` and untrue from `contradicted`, where a sentence shares `same_subject` of its
    words. Where being on a topic, or a statement that is true, excludes a paper, the `sure_` bounds hold, and the paper
    says `sure_on_topic_share` of the topic's words.
    """

    on_topic: float = 0.5
    sure_on_topic: float = 0.9
    sure_on_topic_share: float = 0.5
    off_topic: float = 0.01
    off_topic_share: float = 0.34
    off_topic_cosine: float = 0.35
    supported: float = 0.5
    sure_supported: float = 0.8
    contradicted: float = 0.9
    same_subject: float = 0.5


BOUNDS = Bounds()
