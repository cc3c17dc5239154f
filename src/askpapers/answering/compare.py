"""Comparisons without a model: each side gets its own paper and quotes, set beside the others by what they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from llama_index.core.schema import NodeWithScore

from askpapers.answering.abstain import is_answered, signals, why_not
from askpapers.answering.draft import Comparison, Draft, DraftStatement, Miss, Row
from askpapers.answering.evidence import Sentence, rank, read_nodes, rerank
from askpapers.answering.extractive import self_contained
from askpapers.answering.intent import Intent
from askpapers.answering.question import SAYS, Topic
from askpapers.answering.sentence_kinds import introduces, tells
from askpapers.answering.sides import Sides
from askpapers.datatypes import Passage
from askpapers.index.generation import Index
from askpapers.reading.protocol import RelevanceReader
from askpapers.text import plain, stem, words

_ORDER = ("what", "how", "result")
_SHARED = 6


@dataclass(frozen=True)
class _Side:
    name: str
    sentences: list[Sentence]  # of its paper, best first; empty where the corpus has nothing on it
    nearest: Sentence | None
    topic: Topic
    is_own: bool = False  # a word of it is in its paper's title or a name there, which is then about it throughout

    def telling(self, kind: str) -> list[Sentence]:
        """The sentences of its paper that tell what it is, how it works or what came of it, best first.

        What it is tells a sentence that names it. The others are about it where the paper is, else where they name it.
        """
        if kind == "what":
            return [s for s in self.sentences if self._is_named(s) and introduces(s.text)]
        about = [s for s in self.sentences if self.is_own or s.coverage(self.topic) >= SAYS]
        return [s for s in about if tells(s.text) == kind]

    def _is_named(self, sentence: Sentence) -> bool:
        names = self.topic.names
        says_names = bool(names) and all(name.found_in(sentence.stems) >= SAYS for name in names)
        return says_names or self.topic.coverage(sentence.stems) >= SAYS


class Comparer:
    """Compares things that a question names, each looked up by itself."""

    def __init__(
        self,
        retrieve: Callable[[str], Sequence[NodeWithScore]],
        read_topic: Callable[[str], Topic],
        reader: RelevanceReader,
        weights: Mapping[str, Mapping[str, float]],
        index: Index,
    ) -> None:
        """Look sides up with `retrieve`; `reader` and `weights` decide whether one is in the corpus (see `abstain`)."""
        self._reader = reader
        self._index = index
        self._retrieve = retrieve
        self._read_topic = read_topic
        self._weights = weights

    def compare(self, sides: Sides) -> Draft | None:
        """Draft a comparison; a side that the corpus does not have is said to be missing.

        None where all sides are found in one paper: its own sentences about them say more than a table.
        """
        looked_up = [self._side(name, sides.respect) for name in sides.names]
        emphasis = frozenset().union(*(side.topic.stems for side in looked_up))
        there = [side for side in looked_up if side.sentences]
        if len(there) == len(looked_up) and len({side.sentences[0].paper.id for side in there}) == 1:
            return None
        if not there:
            return Draft(closest=tuple(_miss(side) for side in looked_up if side.nearest), emphasis=emphasis)
        rows = list(_rows(looked_up, self._read_topic(sides.respect) if sides.respect else None))
        return Draft(
            statements=tuple(
                DraftStatement(self_contained(s.text), (s.passage,)) for _, row in rows for s in row if s is not None
            ),
            closest=tuple(_miss(side) for side in looked_up if not side.sentences and side.nearest),
            comparison=Comparison(
                sides=sides.names,
                missing=tuple(side.name for side in looked_up if not side.sentences),
                rows=tuple(Row(kind, tuple(s.passage if s else None for s in row)) for kind, row in rows),
                shared=tuple(_shared(looked_up, self._index.words.weight)),
            ),
            emphasis=emphasis,
        )

    def _side(self, name: str, respect: str) -> _Side:
        topic = self._read_topic(name)
        asked = f"{name} {respect}".strip()
        sentences = read_nodes(self._retrieve(name))
        ranked = rank(sentences, topic, Intent.OPEN)
        if not ranked:
            return _Side(name, [], None, topic)
        best = ranked[0][1]
        read = rerank(name, ranked, self._reader)
        if not is_answered(signals(topic, read, sentences, len(self._index.papers), self._reader), self._weights):
            return _Side(name, [], best, topic)
        mine = [s for s in sentences if s.paper.id == best.paper.id]
        in_respect = rank(mine, self._read_topic(asked), Intent.OPEN)
        return _Side(name, [s for _, s in in_respect], best, topic, topic.coverage(best.paper.own_names) > 0)


def _rows(sides: Sequence[_Side], respect: Topic | None) -> Iterator[tuple[str, tuple[Sentence | None, ...]]]:
    """Rows of the table: first what was asked about, then what each is, how it works, what came of it."""
    used: set[Passage] = set()
    found = [(kind, [side.telling(kind) for side in sides]) for kind in _ORDER]
    if respect and respect.terms:
        found.insert(0, ("asked", [[s for s in side.sentences if s.coverage(respect) > 0] for side in sides]))
    for kind, of_sides in found:
        row = tuple(next((s for s in mine if s.passage not in used), None) for mine in of_sides)
        used |= {s.passage for s in row if s}
        if any(row):
            yield kind, row


def _shared(sides: Sequence[_Side], rarity: Callable[[str], float]) -> list[str]:
    """The rarest words that the papers of two sides both use and that are neither side's name."""
    if len(sides) != 2 or not all(side.sentences for side in sides):
        return []
    one, other = sides
    there = other.sentences[0].paper.stems - other.topic.stems - one.topic.stems
    found: dict[str, str] = {}
    for word, _, _ in words(plain(one.sentences[0].paper.text)):
        if len(word) > 4 and (key := stem(word.casefold())) in there:
            found.setdefault(key, word)
    rarest = sorted(found, key=rarity, reverse=True)[:_SHARED]
    return [found[key] for key in rarest]


def _miss(side: _Side) -> Miss:
    assert side.nearest
    return Miss(side.nearest.passage, f"“{side.name}”: {why_not(side.topic, side.nearest, Intent.OPEN)}")
