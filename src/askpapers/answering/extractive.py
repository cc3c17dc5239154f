"""Answers without a language model: the sentences that answer, each with itself as its quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from llama_index.core.schema import NodeWithScore

from askpapers.answering.abstain import is_answered, signals, why_not
from askpapers.answering.choosing import able_to_answer, asked_doing, defining, near_the_best, telling_how
from askpapers.answering.draft import Draft, DraftStatement, Miss
from askpapers.answering.evidence import Reading, Sentence, of_named_papers, rank, read_nodes, rerank
from askpapers.answering.figures import SURE, asked_figure, gives_figure, gives_unnamed, is_figure_found
from askpapers.answering.intent import Intent
from askpapers.answering.question import Topic
from askpapers.datatypes import Paper, Passage
from askpapers.reading.protocol import RelevanceReader
from askpapers.text import plain

_CLOSEST = 3
# Taken off only where it stands alone before a comma: not "In addition to X", not "Second language learners".
_CONNECTIVE = re.compile(
    r"(?:However|Moreover|Furthermore|Additionally|In addition|In particular|Specifically|Finally|Also|Thus"
    r"|Hence|Therefore|Consequently|Importantly|Interestingly|By contrast|In contrast|For example|For instance"
    r"|Further|Similarly|Likewise|Second|First|Lastly|Meanwhile|Instead|Besides) ?, (?=\S)"
)
# A word that can take a capital: not pH, mRNA, p53, β, d-Glucose, p < 0.05.
_PLAIN_WORD = re.compile(r"(?:a|[a-zà-öø-ÿ]{2,}+)(?=[ ,])")


class ExtractiveSynthesizer:
    """Drafts an answer of the sentences that answer, from the nodes of `PaperRetriever`; no language model is asked."""

    def __init__(
        self,
        read_topic: Callable[[str], Topic],
        reader: RelevanceReader,
        weights: Mapping[str, Mapping[str, float]],
        papers: int,
    ) -> None:
        """Use `read_topic` to weigh a question's terms, and the fitted `weights` of `abstain`; of so many `papers`."""
        self._reader = reader
        self._read_topic = read_topic
        self._weights = weights
        self._papers = papers

    def draft(self, question: str, intent: Intent, nodes: Sequence[NodeWithScore]) -> Draft:
        """The draft answer to a question from the passages that were retrieved for it."""
        sentences = read_nodes(nodes)
        if not sentences:
            return Draft()
        topic = self._read_topic(question)
        ranked = rank(sentences, topic, intent)
        read = self._answering(question, topic, intent, ranked) if topic.terms else []
        if not read:
            return Draft(closest=_closest(topic, ranked, intent), emphasis=topic.stems)
        return Draft(statements=_statements(self._chosen(topic, intent, ranked, read)), emphasis=topic.stems)

    def _chosen(
        self, topic: Topic, intent: Intent, ranked: Sequence[tuple[float, Sentence]], read: Sequence[Reading]
    ) -> list[list[Sentence]]:
        if intent is Intent.DEFINITION:
            return defining(topic, read, self._reader)
        if intent is Intent.OPEN and (verb := asked_doing(topic.text)):
            best = read[0].sentence.paper
            return telling_how(topic, [s for _, s in ranked if s.paper is best], self._reader, verb)
        return near_the_best(read)

    def _answering(
        self, question: str, topic: Topic, intent: Intent, ranked: Sequence[tuple[float, Sentence]]
    ) -> list[Reading]:
        """The sentences that may answer, best first; none where the question is not answered."""
        named = of_named_papers(topic, ranked)
        if intent is not Intent.QUANTITY:
            read = rerank(question, named, self._reader)
            if not self._is_answered(topic, read, ranked):
                return []
            telling = able_to_answer(question, intent, [sentence for _, sentence in named])
            if len(telling) == len(named):
                return read
            found = rerank(question, [(score, s) for score, s in named if s.passage in telling], self._reader)
            return found if self._is_answered(topic, found, ranked) else read
        figure = asked_figure(topic)
        fitting = [(score, s) for score, s in named if gives_figure(s, topic, figure)]
        read = rerank(question, fitting, self._reader)
        others = [] if topic.names or not read else rerank(question, named, self._reader)
        if is_figure_found(topic, read, others):
            return read
        unnamed = [(score, s) for score, s in named if gives_unnamed(s, topic, figure)]
        return [r for r in rerank(question, unnamed, self._reader) if r.odds >= SURE]

    def _is_answered(self, topic: Topic, read: Sequence[Reading], ranked: Sequence[tuple[float, Sentence]]) -> bool:
        if not read:
            return False
        found = signals(topic, read, [sentence for _, sentence in ranked], self._papers, self._reader)
        return is_answered(found, self._weights)


def _statements(groups: Sequence[Sequence[Sentence]]) -> tuple[DraftStatement, ...]:
    """Statements in reading order: paper by paper as they were found, within a paper as it tells it."""
    order: list[str] = []
    for group in groups:
        if group[0].paper.id not in order:
            order.append(group[0].paper.id)
    in_order = sorted(groups, key=lambda g: (order.index(g[0].paper.id), g[0].passage.start))
    return tuple(DraftStatement(self_contained(g[0].text), tuple(s.passage for s in g)) for g in in_order)


def statement_of(paper: Paper, passage: Passage) -> DraftStatement:
    """A sentence of a paper as a statement, with itself as its quote."""
    return DraftStatement(self_contained(paper.abstract[passage.start : passage.end]), (passage,))


def self_contained(sentence: str) -> str:
    """A sentence as it can stand by itself: as it is shown, without the connective that tied it to the last one."""
    text = plain(sentence)
    connective = _CONNECTIVE.match(text)
    if not connective:
        return text
    text = text[connective.end() :]
    return text[0].upper() + text[1:] if _PLAIN_WORD.match(text) else text


def _closest(topic: Topic, ranked: Sequence[tuple[float, Sentence]], intent: Intent) -> tuple[Miss, ...]:
    misses: dict[str, Miss] = {}
    for _, sentence in ranked:
        if len(misses) < _CLOSEST and sentence.paper.id not in misses:
            misses[sentence.paper.id] = Miss(sentence.passage, why_not(topic, sentence, intent))
    return tuple(misses.values())
