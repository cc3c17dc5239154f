"""The exhaustive way for "which papers" questions: every paper of the corpus is judged, none is cut off.

Each paper gets its exact best cosine over all its sentences and the exact share of the topic that it says
(from the word index's postings). A paper is read sentence by sentence unless those two alone rule it out:
what its sentences say is never more than what it says as a whole.

Memory: one float for each passage and a few for each paper; vectors are read a chunk at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from askpapers.answering.abstain import probability
from askpapers.answering.draft import Draft, DraftStatement, Judged, Miss
from askpapers.answering.extractive import said
from askpapers.answering.intent import Intent, read_intent
from askpapers.answering.judgement import Judgement, ModelVerdict
from askpapers.answering.question import PHRASE_POWER, Term, Topic, read_terms
from askpapers.answering.scope import read_scope
from askpapers.answering.topic import read_topic, read_years
from askpapers.answering.verbs import Deed, Telling, read_deed, tellings
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import EVERYTHING, Coverage, Filter, Paper, Passage, Relevance
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.text import terms

Progress = Callable[[str, int, int | None], None]

_CHUNK = 65_536  # passages scored at a time: 100 MB at 384 dimensions
_SAYS = 0.5  # share of a topic's weight from which a text is said to say it
_LEAST_SAID = 0.25  # a paper that says less of its topic is at most a mention, however near it lies
_ALL_SAID = 0.9
_FULL_SENTENCE = 8  # stems; a shorter one ("Project page: ...") is seldom the one to show
_NEAR = 0.05
_FARTHEST = 10.0  # standard deviations
_CLOSEST = 3


class Surveyor:
    """Judges all papers of an index. `weights` are fitted by `tools/fit_answering.py`, with the two bounds."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        weights: Mapping[str, float],
        progress: Progress,
        within: Filter = EVERYTHING,
    ) -> None:
        """Survey the papers of an index that `within` admits.

        `progress` is told how many papers were read, of how many that need reading.
        """
        self._index = index
        self._embedder = embedder
        self._weights = weights
        self._progress = progress
        self._within = within
        # How far the best stands out, and how rare a match is, depend on how many papers there are.
        self._size = math.log(len(index.papers))

    def survey(self, question: str) -> Draft:
        """Answer a survey question: matches before mentions, best first."""
        scope = read_scope(read_topic(question))
        years, _ = read_years(question)
        topic = self._topic(scope.wanted)
        sides = [self._topic(side) for side in scope.sides]
        there = self._anywhere(self._topic(scope.unwanted)) if scope.unwanted else set()
        judged = self.judge(topic) if topic.terms else self._all()
        found: list[tuple[bool, Judgement]] = []
        for judgement in judged:
            paper = judgement.paper
            if paper.year in years and paper.id not in there and self._within.admits(paper):
                likely = self._likely(judgement)
                together = all(side.coverage(_stems(judgement.paper)) >= _SAYS for side in sides)
                found.append((likely and judgement.does and together, judgement))
        if not any(self._likely(judgement) for _, judgement in found):
            return self._nothing(topic)
        found.sort(key=lambda f: (not f[0], -f[1].chance))
        return self._draft(question, topic, found)

    def candidates(self, question: str, most: int) -> list[Judgement]:
        """The papers that may be meant, likeliest first and at most so many, for a model to decide on.

        Only years and the filter rule a paper out here; in a small corpus every other paper is among them.
        """
        scope = read_scope(read_topic(question))
        years, _ = read_years(question)
        topic = self._topic(scope.wanted)
        least = 0.0 if len(self._index.papers) <= most else _NEAR
        judged = self.judge(topic, least) if topic.terms else self._all()
        admitted = [j for j in judged if j.paper.year in years and self._within.admits(j.paper)]
        return sorted(admitted, key=lambda j: -j.chance)[:most]

    def draft_of(self, question: str, verdicts: Sequence[ModelVerdict]) -> Draft:
        """The draft that a model's verdicts make: only those count that have a quote."""
        topic = self._topic(read_scope(read_topic(question)).wanted)
        found = [
            (v.relevance is Relevance.MATCH, replace(v.judgement, passage=v.passage)) for v in verdicts if v.passage
        ]
        if found:
            return self._draft(question, topic, sorted(found, key=lambda f: not f[0]))
        return replace(self._nothing(topic), emphasis=topic.stems)

    def judge(self, topic: Topic, least: float | None = None) -> Iterator[Judgement]:
        """Judge every paper; give those whose chance is at least `least` (default: the bound for a mention)."""
        least = self._weights["mention"] if least is None else least
        vector = self._embedder.embed([topic.text])[0]
        cosines = self._best_cosines(vector)
        standing = np.minimum((cosines - cosines.mean()) / max(float(cosines.std()), 1e-6), _FARTHEST)
        shares = self._shares(topic)
        worth = np.flatnonzero(self._highest_chance(standing, shares) >= least)
        deed = read_deed(topic.text)
        for count, row in enumerate(worth):
            if count % 500 == 0:
                self._progress("Reading papers", count, len(worth))
            signals = {
                "standing": float(standing[row]),
                "in_paper": float(shares[row]),
                "size": self._size,
            }
            judgement = self._read(int(row), topic, vector, deed, signals)
            if judgement.chance >= least:
                yield judgement

    def _likely(self, judgement: Judgement) -> bool:
        """Whether a paper is about the topic: a sentence says all of it, or it is likely and some of it is said."""
        said_in = judgement.signals.get("in_sentence", 1.0), judgement.signals.get("in_paper", 1.0)
        return said_in[0] >= _ALL_SAID or (judgement.chance >= self._weights["match"] and said_in[1] >= _LEAST_SAID)

    def _topic(self, text: str) -> Topic:
        return read_terms(text, self._index, self._embedder)

    def _all(self) -> Iterator[Judgement]:
        """Every paper, for "which papers do not ...": each stands for itself by what it says of its own work."""
        for row, paper in enumerate(self._index.papers):
            telling, passages = self._telling(row, paper)
            own = next((i for i, t in enumerate(telling) if t.own), 0)
            yield Judgement(paper, {}, 1.0, True, passages[own])

    def _anywhere(self, topic: Topic) -> set[str]:
        """The papers that say a topic anywhere: what "do not ..." leaves out, generously."""
        says = {self._index.papers.at(int(row)).id for row in np.flatnonzero(self._shares(topic) >= _SAYS)}
        return says | {j.paper.id for j in self.judge(topic)}

    def _best_cosines(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The cosine of every paper's nearest passage, exactly: shape (papers,)."""
        index = self._index
        cosines = np.empty(len(index.vectors), dtype=np.float32)
        for begin in range(0, len(cosines), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            cosines[part] = index.vectors[part].astype(np.float32) @ vector
            self._progress("Comparing sentences", min(begin + _CHUNK, len(cosines)), len(cosines))
        return np.maximum.reduceat(cosines, index.first_passage[:-1])

    def _shares(self, topic: Topic) -> npt.NDArray[np.float32]:
        """The share of the topic that each paper says, exactly: shape (papers,)."""
        total = np.zeros(len(self._index.papers), dtype=np.float32)
        for term in topic.terms:
            total += term.weight * self._found(term)
        return total / max(sum(t.weight for t in topic.terms), 1e-9)

    def _found(self, term: Term) -> npt.NDArray[np.float32]:
        """`Term.found_in` for every paper at once."""
        best = np.zeros(len(self._index.papers), dtype=np.float32)
        for form, weight in term.forms:
            count = np.zeros_like(best)
            for stem in form:
                count[self._index.words.documents_with(stem)] += 1
            best = np.maximum(best, weight * (count / len(form)) ** PHRASE_POWER)
        return best

    def _highest_chance(
        self, standing: npt.NDArray[np.float32], shares: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """The chance of each paper if its title and one sentence said all that the paper says."""
        w = self._weights
        z = (
            w["intercept"]
            + w["size"] * self._size
            + w["standing"] * standing
            + (w["in_paper"] + w["in_sentence"]) * shares
        )
        highest: npt.NDArray[np.float32] = (1.0 / (1.0 + np.exp(-z))).astype(np.float32)
        return highest

    def _telling(self, row: int, paper: Paper) -> tuple[list[Telling], list[Passage]]:
        index = self._index
        rows = index.passages[index.first_passage[row] : index.first_passage[row + 1]]
        passages = [Passage(paper.id, int(p["start"]), int(p["end"])) for p in rows]
        texts = [paper.abstract[p.start : p.end] for p in passages]
        names = frozenset(s for name in introduced_names(paper.abstract) for s in terms(name))
        return tellings(texts, [frozenset(terms(text)) for text in texts], names), passages

    def _read(
        self,
        row: int,
        topic: Topic,
        vector: npt.NDArray[np.float32],
        deed: Deed | None,
        signals: Mapping[str, float],
    ) -> Judgement:
        index = self._index
        paper = index.papers.at(row)
        title = frozenset(terms(paper.title))
        telling, passages = self._telling(row, paper)
        cosines = index.vectors[index.first_passage[row] : index.first_passage[row + 1]].astype(np.float32) @ vector
        alone = np.array([topic.coverage(t.stems) for t in telling])
        with_title = np.array([topic.coverage(t.stems | title) for t in telling])
        does = np.array([deed is None or t.does(deed) for t in telling])
        does &= (alone >= _SAYS * max(alone.max(), 1e-9)) | (with_title >= _SAYS)
        all_signals = {**signals, "in_sentence": float(with_title.max())}
        telling_much = np.array([min(1.0, len(t.stems) / _FULL_SENTENCE) for t in telling])
        best = int(np.argmax((alone + with_title + cosines + 0.5 * does) * telling_much))
        chance = probability(all_signals, {k: v for k, v in self._weights.items() if k not in ("match", "mention")})
        return Judgement(paper, all_signals, chance, deed is None or bool(does.any()), passages[best])

    def _nothing(self, topic: Topic) -> Draft:
        judged = self.judge(topic, least=_NEAR) if topic.terms else iter(())
        near = sorted((j for j in judged if self._within.admits(j.paper)), key=lambda j: -j.chance)
        return Draft(
            closest=tuple(Miss(j.passage, _why(topic, j.paper)) for j in near[:_CLOSEST]),
            coverage=self._coverage(),
            emphasis=topic.stems,
        )

    def _draft(self, question: str, topic: Topic, found: list[tuple[bool, Judgement]]) -> Draft:
        matches = sum(match for match, _ in found)
        coverage = self._coverage()
        counted = read_intent(question) is Intent.COUNT
        mentions = f", {len(found) - matches} more mention it" if len(found) > matches else ""
        return Draft(
            statements=tuple(
                DraftStatement(said(j.paper.abstract[j.passage.start : j.passage.end]), (j.passage,)) for _, j in found
            ),
            lead=f"{matches} of {coverage.checked} papers match{mentions}." if counted else "",
            judged=tuple(Judged(j.passage, Relevance.MATCH if match else Relevance.MENTION) for match, j in found),
            coverage=coverage,
            emphasis=topic.stems,
        )

    def _coverage(self) -> Coverage:
        total = len(self._index.papers)
        checked = sum(map(self._within.admits, self._index.papers)) if self._within != EVERYTHING else total
        return Coverage(checked, total)


def _stems(paper: Paper) -> frozenset[str]:
    return frozenset(terms(f"{paper.title}. {paper.abstract}"))


def _why(topic: Topic, paper: Paper) -> str:
    missing = [t.word for t in topic.terms if t.found_in(_stems(paper)) < _SAYS]
    return f"this paper does not mention “{' '.join(missing)}”" if missing else "this paper only touches on it"
