"""How well a sentence answers a question: the numbers that choosing, abstaining and surveying rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from llama_index.core.schema import NodeWithScore

from askpapers.answering.intent import Intent
from askpapers.answering.long_forms import as_its_paper_spells
from askpapers.answering.question import SAYS, Term, Topic
from askpapers.answering.relevance import answer_odds, titled
from askpapers.corpus.titles import introduced_names, is_label
from askpapers.datatypes import Passage
from askpapers.reading.protocol import RelevanceReader
from askpapers.text import folded, terms

# A figure, not the digit of a name or a shape (GPT-3, WMT14, 64x64, 3-digit).
_NUMBER = re.compile(
    r"(?<![\w.-])(?<!\d,)\d[\d.,]*(?:\s?%|[xKMB]\b|(?![\w-]))|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|billions?"
    r"|half|twice|double|triple|percent)\b",
    re.IGNORECASE,
)
_IN_TITLE = 0.5
_READ = 8  # sentences; to read more of them chose no better ones on the development questions
_ODDS = 0.05


@dataclass(frozen=True)
class PaperText:
    """A retrieved paper as sets of stems: of its title, and of title and abstract together."""

    id: str
    title: str
    text: str
    score: float

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The stems of the title; none of a label, which the first sentence alone says."""
        return frozenset() if is_label(self.title) else frozenset(terms(self.title))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of title and abstract."""
        return frozenset(terms(self.text)) | self.title_stems

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The stems by which the paper itself goes: its title's, and those of the names that it introduces."""
        return self.title_stems | frozenset(s for name in introduced_names(self.text) for s in terms(name))


@dataclass(frozen=True)
class Sentence:
    """A sentence of a retrieved paper with its cosine to the question."""

    paper: PaperText
    passage: Passage
    text: str
    cosine: float

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the sentence."""
        return frozenset(terms(self.text))

    @cached_property
    def has_number(self) -> bool:
        """Whether it gives a figure, in digits or words."""
        return bool(_NUMBER.search(folded(self.text)))

    def coverage(self, topic: Topic) -> float:
        """The share of the topic that the sentence says, its paper's title taken as said."""
        return topic.coverage(self.stems | self.paper.title_stems)

    def new_coverage(self, topic: Topic) -> float:
        """The share that the sentence says of what the title leaves open: what makes it this sentence."""
        rest = [t for t in topic.terms if t.found_in(self.paper.title_stems) < _IN_TITLE]
        return topic.coverage(self.stems, rest or None)

    def missing_names(self, topic: Topic) -> list[Term]:
        """The names asked for that neither the sentence nor the paper's own names have."""
        return [t for t in topic.names if t.found_in(self.stems | self.paper.own_names) < 0.5]


def read_nodes(nodes: Sequence[NodeWithScore]) -> list[Sentence]:
    """The sentences that a retriever gave, each with its paper put together from its passages."""
    text_of: dict[str, dict[int, str]] = {}
    for node in nodes:
        data = node.metadata
        text_of.setdefault(data["paper"], {})[data["start"]] = node.text
    papers: dict[str, PaperText] = {}
    sentences = []
    for node in nodes:
        data = node.metadata
        if (paper := papers.get(data["paper"])) is None:
            whole = " ".join(text for _, text in sorted(text_of[data["paper"]].items()))
            paper = papers[data["paper"]] = PaperText(data["paper"], data["title"], whole, data["paper_score"])
        passage = Passage(data["paper"], data["start"], data["end"])
        sentences.append(Sentence(paper, passage, node.text, data["cosine"]))
    return sentences


def rank(sentences: Sequence[Sentence], topic: Topic, intent: Intent) -> list[tuple[float, Sentence]]:
    """Sentences with their scores, the best answer first.

    The weights are round numbers near the best found on the development questions, where they were flat.
    """

    def score(s: Sentence) -> float:
        return (
            0.5 * s.paper.score
            + 0.3 * s.new_coverage(topic)
            + 0.2 * s.coverage(topic)
            + 0.2 * s.cosine
            - 0.1 * min(2, len(s.missing_names(topic)))
            - (0.1 if intent is Intent.QUANTITY and not s.has_number else 0.0)
        )

    return sorted(((score(s), s) for s in sentences), key=lambda pair: -pair[0])


def of_named_papers(topic: Topic, ranked: Sequence[tuple[float, Sentence]]) -> Sequence[tuple[float, Sentence]]:
    """The sentences of papers that have one of the names asked for, where a proper name is among them; else all.

    What is said of another country or another black hole is no answer, however near it reads.
    """
    if not any(term.is_proper for term in topic.terms):
        return ranked
    names = [term for term in topic.names if term.word.lower() != term.word]  # as they are typed
    return [one for one in ranked if any(name.found_in(one[1].paper.stems) >= SAYS for name in names)]


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence that the reader has read: its score with that, and the log odds that it answers."""

    score: float
    odds: float
    sentence: Sentence


def rerank(question: str, ranked: Sequence[tuple[float, Sentence]], reader: RelevanceReader) -> list[Reading]:
    """The best of `rank` in the order that they have once the reader has read them, in their papers' names.

    Its weight is a round number near the best found on the development questions, where it was flat.
    """
    first = ranked[:_READ]
    texts = [titled(s.paper.title, as_its_paper_spells(s.text, s.paper.text, question)) for _, s in first]
    odds = answer_odds(reader, question, texts).tolist()
    read = [Reading(score + _ODDS * mine, mine, sentence) for (score, sentence), mine in zip(first, odds, strict=True)]
    return sorted(read, key=lambda reading: -reading.score)
