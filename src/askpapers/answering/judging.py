"""Judges every paper of the corpus for a topic: exactly by its scores, and the likeliest by reading them.

Each paper gets its exact best cosine over all its sentences and the exact share of the topic that it says
(from the word index's postings). A paper is looked at sentence by sentence unless those two alone rule it
out: what its sentences say is never more than what it says as a whole. The reader then reads the
nearest sentences of the likeliest papers, which tells those that say the topic in other words from those
that only share its words.

Of an index that is being made some papers have no vectors yet. How much such a paper's words stand out (BM25) is taken
for how much its sentences would, and the reader reads the sentences that say the most of the topic.

Memory: one float for each passage and a few for each paper; vectors are read a block at a time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from askpapers.answering.abstain import probability
from askpapers.answering.judgement import Judgement, Judgements
from askpapers.answering.long_forms import spell_out
from askpapers.answering.question import PHRASE_POWER, Term, Topic, read_terms
from askpapers.answering.relevance import answer_odds, likeliest, titled
from askpapers.answering.sentence_kinds import is_own
from askpapers.corpus.notices import is_evidence
from askpapers.corpus.titles import is_label
from askpapers.datatypes import Paper, Passage
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.index.scan import compare_all
from askpapers.progress import Progress
from askpapers.reading.protocol import RelevanceReader
from askpapers.text import terms

READ = 100
"""Papers that are read, the likeliest: two seconds' work at most on two processors."""
WORTH_READING = 0.005
"""The chance by its scores from which a paper is read. Six in ten papers of the seeds have less, and of the right
ones that surveys of the development suites found, none."""
_SENTENCES_READ = 2  # of each, the nearest: a third changes nothing that was measured
_AT_A_TIME = 4  # papers read between two words on the progress, which is where a survey can be stopped
_LOOKS = 20  # papers looked at between two of them
_LOOKED_AT = 2 * READ  # at least so many are looked at by the sentence, so that the right ones are read
_FULL_SENTENCE = 8  # stems; a shorter one ("Project page: ...") is seldom the one to show
_FARTHEST = 10.0  # standard deviations
# Words stand out farther than sentences do: more than this would put papers without vectors before all others. By the
# fitted weights a paper of 20,000 that says the topic is a match from 3.8 on.
_FARTHEST_BY_WORDS = 4.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a survey, fitted by `tools/fit_answering.py`.

    `scored` weighs a paper's scores alone, `read` those and what the reader says; both give a chance.
    From `match` on a paper is a match, from `mention` on worth a mention; in a corpus of at most `READ` papers, which
    can be looked through and where a missed paper is worse than one too many, from `mention_of_few` on.
    """

    scored: Mapping[str, float]
    read: Mapping[str, float]
    match: float
    mention: float
    mention_of_few: float

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Weights:
        """Read what `assets/answering.json` has under "survey"."""
        return cls(values["scored"], values["read"], values["match"], values["mention"], values["mention_of_few"])

    def mention_bound(self, papers: int) -> float:
        """The chance from which a paper is worth a mention, in a corpus of so many."""
        return self.mention_of_few if papers <= READ else self.mention


class Judge:
    """Judges the papers of an index."""

    def __init__(
        self, index: Index, embedder: Embedder, reader: RelevanceReader, weights: Weights, progress: Progress
    ) -> None:
        """Judge with these parts. `progress` is told how far it is, of how much."""
        self.index = index
        self.embedder = embedder
        self.reader = reader
        self.weights = weights
        self.progress = progress
        # How far the best stands out, and how rare a match is, depend on how many papers there are.
        self._size = math.log(len(index.papers))

    def topic(self, text: str) -> Topic:
        """A topic with its terms weighed."""
        return read_terms(text, self.index, self.embedder)

    def judge(self, topic: Topic, rows: Sequence[int]) -> Judgements:
        """Judge the papers of some rows."""
        scored = self.score(topic, rows)
        judged = scored.likeliest
        count = sum(judgement.chance >= WORTH_READING for judgement in judged[:READ])
        read = sorted([*self.read(topic, judged[:count]), *judged[count:]], key=lambda j: -j.chance)
        return Judgements(tuple(read), scored.checked)

    def score(self, topic: Topic, rows: Sequence[int]) -> Judgements:
        """The same by the scores alone, in a fraction of the time."""
        index = self.index
        vector = self.embedder.embed([spell_out(topic.text, index)])[0]  # it knows few acronyms of the field
        z_score = self._scores_of_papers(topic, vector)
        shares = self.shares(topic)
        among = np.array(rows, dtype=np.int64)
        highest = self._highest_chance(z_score[among], shares[among])
        worth = max(min(_LOOKED_AT, len(highest)), int(np.sum(highest >= self.weights.mention)))
        judged: list[Judgement] = []
        for place in np.argsort(-highest, kind="stable").tolist():
            if len(judged) >= _LOOKED_AT and highest[place] < self.weights.mention:
                break
            if len(judged) % _LOOKS == 0:
                self.progress("Looking at papers", len(judged), worth)
            row = rows[place]
            signals = {"z_score": float(z_score[row]), "in_paper": float(shares[row]), "size": self._size}
            judged.append(self._look_at(row, topic, vector, signals))
        evidence = (judgement for judgement in judged if is_evidence(judgement.paper))
        return Judgements(tuple(sorted(evidence, key=lambda j: -j.chance)), len(highest))

    def read(self, topic: Topic, judged: Sequence[Judgement]) -> list[Judgement]:
        """Let the reader read some papers, and judge them anew."""
        odds: list[float] = []
        # The reader knows few acronyms: a topic that has some is read in both ways.
        ways = dict.fromkeys((topic.text, spell_out(topic.text, self.index)))
        for begin in range(0, len(judged), _AT_A_TIME):
            self.progress("Reading papers", begin, len(judged))
            part = judged[begin : begin + _AT_A_TIME]
            texts = [titled(j.paper.title, j.paper.abstract[p.start : p.end]) for j in part for p in j.nearest]
            found = iter(np.max([answer_odds(self.reader, way, texts) for way in ways], axis=0).tolist())
            odds += [max(next(found) for _ in j.nearest) for j in part]
        top = max(odds, default=0.0)
        signals = [{**j.signals, "odds": mine, "top_odds": top} for j, mine in zip(judged, odds, strict=True)]
        return [
            replace(judgement, signals=found, chance=probability(found, self.weights.read))
            for judgement, found in zip(judged, signals, strict=True)
        ]

    def odds(self, topic: Topic, paper: Paper, passages: Sequence[Passage]) -> float:
        """The log odds that the reader gives the likeliest of some passages of a paper to be on a topic."""
        texts = [titled(paper.title, paper.abstract[p.start : p.end]) for p in passages]
        ways = dict.fromkeys((topic.text, spell_out(topic.text, self.index)))
        return max(likeliest(self.reader, way, texts) for way in ways)

    def shares(self, topic: Topic) -> npt.NDArray[np.float32]:
        """The share of the topic that each paper says, exactly: shape (papers,)."""
        total = np.zeros(len(self.index.papers), dtype=np.float32)
        for term in topic.terms:
            total += term.weight * self._found(term)
        return total / max(sum(t.weight for t in topic.terms), 1e-9)

    def own_work(self, paper: Paper, row: int) -> Passage:
        """The first sentence of a paper that tells of its authors' own work."""
        passages = self.passages(paper, row)
        return next((p for p in passages if is_own(paper.abstract[p.start : p.end])), passages[0])

    def passages(self, paper: Paper, row: int) -> list[Passage]:
        """The sentences of a paper, in the order of their vectors."""
        rows = self.index.passages[self.index.first_passage[row] : self.index.first_passage[row + 1]]
        return [Passage(paper.id, int(p["start"]), int(p["end"])) for p in rows]

    def _sentences(self, paper: Paper, row: int) -> tuple[list[Passage], list[frozenset[str]]]:
        """The sentences of a paper, and the stems of each."""
        passages = self.passages(paper, row)
        return passages, [frozenset(terms(paper.abstract[p.start : p.end])) for p in passages]

    def _scores_of_papers(self, topic: Topic, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """How far each paper's nearest sentence, or its words, stands out, in standard deviations: shape (papers,)."""
        embedded = self.index.embedded_papers
        parts = [_z_scores(self._best_cosines(vector), _FARTHEST)] if embedded else []
        if embedded < len(self.index.papers):
            by_words = self.index.words.scores(terms(topic.text))
            parts.append(_z_scores(by_words, _FARTHEST_BY_WORDS)[embedded:])
        return np.concatenate(parts)

    def _best_cosines(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The cosine of the nearest passage of every paper that has vectors, exactly: shape (embedded papers,)."""
        index = self.index
        total = len(index.vectors)
        found = compare_all(index.vectors, vector, lambda done: self.progress("Comparing sentences", done, total))
        return np.maximum.reduceat(found, index.first_passage[: index.embedded_papers])

    def _found(self, term: Term) -> npt.NDArray[np.float32]:
        """`Term.found_in` for every paper at once."""
        best = np.zeros(len(self.index.papers), dtype=np.float32)
        for form, weight in term.forms:
            count = np.zeros_like(best)
            for stem in form:
                count[self.index.words.documents_with(stem)] += 1
            best = np.maximum(best, weight * (count / len(form)) ** PHRASE_POWER)
        return best

    def _highest_chance(
        self, z_score: npt.NDArray[np.float32], shares: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """The chance of each paper if its title and one sentence said all that the paper says."""
        w = self.weights.scored
        z = (
            w["intercept"]
            + w["size"] * self._size
            + w["z_score"] * z_score
            + (w["in_paper"] + w["in_sentence"]) * shares
        )
        highest: npt.NDArray[np.float32] = (1.0 / (1.0 + np.exp(-z))).astype(np.float32)
        return highest

    def _look_at(
        self, row: int, topic: Topic, vector: npt.NDArray[np.float32], signals: Mapping[str, float]
    ) -> Judgement:
        index = self.index
        paper = index.papers.at(row)
        title = frozenset[str]() if is_label(paper.title) else frozenset(terms(paper.title))
        passages, stems = self._sentences(paper, row)
        alone = np.array([topic.coverage(found) for found in stems])
        with_title = np.array([topic.coverage(found | title) for found in stems])
        cosines = index.vectors_of(row) @ vector if row < index.embedded_papers else alone
        all_signals = {**signals, "in_sentence": float(with_title.max())}
        fullness = np.array([min(1.0, len(found) / _FULL_SENTENCE) for found in stems])
        best = int(np.argmax((alone + with_title + cosines) * fullness))
        nearest = np.argsort(-cosines, kind="stable")[:_SENTENCES_READ]
        return Judgement(
            paper,
            all_signals,
            probability(all_signals, self.weights.scored),
            passages[best],
            tuple(passages[i] for i in nearest),
        )


def _z_scores(scores: npt.NDArray[np.float32], farthest: float) -> npt.NDArray[np.float32]:
    """How many standard deviations each score is above the mean, at most so many."""
    z_scores: npt.NDArray[np.float32] = np.minimum((scores - scores.mean()) / max(float(scores.std()), 1e-6), farthest)
    return z_scores
