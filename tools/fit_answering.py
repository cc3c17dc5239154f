"""Fits the weights in src/askpapers/assets/answering.json on the development questions.

    python tools/fit_answering.py DATA      # needs scikit-learn: pip install -e ".[fit]"

DATA holds `arxiv/corpus_10k.jsonl`, `pubmedqa/` and `reader/abstracts.jsonl`, see `tools/answerable_pools.py`.

Small logistic regressions: whether a question is answered at all (answering/abstain.py), and whether a paper is
what a survey asks for, by its scores and when it was read (answering/judging.py). The figures that it prints are
from leaving questions out; the held-back suites are not read here.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from answerable_pools import PoolQuestion, pools
from askpapers.answering.abstain import Signals, signals
from askpapers.answering.evidence import of_named_papers, rank, read_nodes, rerank
from askpapers.answering.intent import Intent
from askpapers.answering.judgement import Judgement
from askpapers.answering.judging import READ, Judge, Weights
from askpapers.answering.query import read_query
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.topic import read_scope, read_topic
from askpapers.answering.years import read_years
from askpapers.datatypes import NO_FILTER
from askpapers.engine import Corpus, open_corpus
from askpapers.index.selection import select
from askpapers.progress import no_progress
from askpapers.retrieval import PaperRetriever

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "src" / "askpapers" / "assets" / "answering.json"

MENTION_OF_FEW = 0.1
"""The chance from which a small corpus mentions a paper: chosen by hand, docs/decisions/0016-trained-reader.md."""
_NOT_OF_FACT = ("survey", "count", "metadata", "language")
_DECIDED_OTHERWISE = (Intent.SURVEY, Intent.COUNT, Intent.COMPARISON, Intent.QUANTITY)
_FEW = 50  # papers
_SEEDS_WEIGH = 3.0
# Of the questions that have an answer: the bound is the highest that leaves so many, mean of groups. With 0.95 for few
# papers, too, a gate of the seeds broke.
_ANSWERED_OF_FEW, _ANSWERED_OF_MANY = 0.96, 0.95
_PRECISION = 0.9  # of matches, at least: a list with wrong papers in it is not believed

Case = dict[str, Any]
Floats = npt.NDArray[np.float64]


def main() -> None:
    """Fit both and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with arxiv/, pubmedqa/ and reader/")
    parser.add_argument("--arxiv-index", default=None, help="keep the index of the arXiv sample here")
    parser.add_argument("--only", choices=("few", "many", "survey"), help="leave the others' weights as they are")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        weights = json.loads(OUTPUT.read_text(encoding="utf-8"))
        seeds = open_corpus(ROOT / "seeds", index=Path(folder) / "seeds")
        about_seeds = [case for name in ("seeds-dev", "seeds-dev2") for case in read_suite(name)]
        for size in ("few", "many"):
            if arguments.only in (None, size):
                weights["abstain"][size] = fit_abstain(seeds, arguments.data, Path(folder), size == "few")
        if arguments.only in (None, "survey"):
            arxiv = arguments.data / "arxiv" / "corpus_10k.jsonl"
            sample = open_corpus(arxiv, index=arguments.arxiv_index or Path(folder) / "arxiv")
            weights["survey"] = fit_survey(
                [(seeds, c) for c in about_seeds if c["intent"] in ("survey", "count")]
                + [(sample, c) for c in read_suite("arxiv-dev")]
            )
            sample.close()
        seeds.close()
    OUTPUT.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


def read_suite(name: str) -> list[Case]:
    """The cases of a suite."""
    lines = (ROOT / "eval" / "suites" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def fit_abstain(seeds: Corpus, data: Path, folder: Path, few: bool) -> dict[str, float]:
    """Answered or not, from the signals of the sentence that reads best, of corpora of few papers or of the others.

    The bound is chosen in ten folds by question, and taken off the intercept: from 0 on a question is answered.
    """
    rows: list[dict[str, float]] = []
    refused: list[bool] = []
    labels: list[bool] = []
    groups: list[str] = []
    questions: list[str] = []

    def add(group: str, corpus: Corpus, asked: Sequence[PoolQuestion]) -> None:
        for question in asked:
            if found := signals_of(corpus, question.text):
                rows.append(found.values())
                refused.append(found.noun_missing)
                labels.append(question.answerable)
                groups.append(group)
                questions.append(question.text)

    suites = [case for name in ("seeds-dev", "seeds-dev2", "seeds-people-dev") for case in read_suite(name)]
    of_fact = [PoolQuestion(c["question"], c["answerable"]) for c in suites if c["intent"] not in _NOT_OF_FACT]
    add("seeds", seeds, of_fact if few else ())
    for pool in pools(data):
        if (len(pool.papers) <= _FEW) is few:
            corpus = pool.opened(folder)
            add(pool.group, corpus, pool.questions)
            corpus.close()
    x, y, group = _matrix(rows), np.array(labels, dtype=int), np.array(groups)
    # The questions about the seeds alone are typed as people type them, and are few.
    weight = np.where(group == "seeds", _SEEDS_WEIGH, 1.0)
    fold = np.array([zlib.crc32(question.encode()) % 10 for question in questions])
    chance = np.zeros(len(y))
    for number in range(10):
        others, mine = fold != number, fold == number
        chance[mine] = _model().fit(x[others], y[others], sample_weight=weight[others]).predict_proba(x[mine])[:, 1]
    chance[refused] = 0.0

    def share(bound: float, label: int) -> list[float]:
        return [float(np.mean((chance >= bound)[(group == name) & (y == label)])) for name in dict.fromkeys(groups)]

    least = _ANSWERED_OF_FEW if few else _ANSWERED_OF_MANY
    bound = max(b for b in np.arange(0.1, 0.9, 0.01) if np.mean(share(b, 1)) >= least)
    print(f"abstain: {len(y)} questions, bound {bound:.2f}")
    for name, answered, wrongly in zip(dict.fromkeys(groups), share(bound, 1), share(bound, 0), strict=True):
        print(f"  {name}: of those with an answer {answered:.3f} answered, of those without {wrongly:.3f}")
    fitted = _weights(_model().fit(x, y, sample_weight=weight), list(rows[0]))
    return {**fitted, "intercept": round(fitted["intercept"] - math.log(bound / (1 - bound)), 4)}


def signals_of(corpus: Corpus, question: str) -> Signals | None:
    """The signals of a question as it is decided; None for one that is answered in another way, or has no topic."""
    query = read_query(question, corpus.index)
    if query.named.papers or query.records or query.intent in _DECIDED_OTHERWISE:
        return None
    topic = read_terms(query.undated, corpus.index, corpus.embedder)
    sentences = read_nodes(PaperRetriever(lambda: corpus.index, corpus.embedder).retrieve(query.undated))
    ranked = rank(sentences, topic, query.intent) if topic.terms else []
    read = rerank(query.undated, of_named_papers(topic, ranked), corpus.reader)
    return signals(topic, read, sentences, len(corpus.index.papers), corpus.reader) if read else None


def fit_survey(cases: list[tuple[Corpus, Case]]) -> dict[str, Any]:
    """Match or not: first by the scores of every paper, then with what the reader makes of the likeliest.

    Papers that rough weights give no chance at all are left out: there are ten thousand for a question.
    """
    rough = {"z_score": 1.0, "in_paper": 3.0, "in_sentence": 3.0, "size": 0.0, "intercept": -4.0}
    scored = _Papers(
        cases, lambda judge, topic, rows: judge.score(topic, rows).likeliest, Weights(rough, {}, 0.5, 0.02, 0.02)
    )
    by_scores = scored.fit("survey, scores alone")
    weights = Weights(by_scores, Counter(), 0.5, 0.25, 0.25)  # none for reading yet: all of them nought
    read = _Papers(
        cases, lambda judge, topic, rows: judge.read(topic, judge.score(topic, rows).likeliest[:READ]), weights
    )
    by_reading = read.fit("survey, likeliest read")
    return {
        "scored": by_scores,
        "read": by_reading,
        "match": float(read.bound),
        "mention": round(float(read.bound) / 2, 3),
        "mention_of_few": MENTION_OF_FEW,
    }


class _Papers:
    """What a way of judging makes of the papers, for every survey; papers that may be named are left out."""

    def __init__(
        self,
        cases: list[tuple[Corpus, Case]],
        judged: Callable[[Judge, Topic, Sequence[int]], Sequence[Judgement]],
        weights: Weights,
    ) -> None:
        self.cases = [case for _, case in cases]
        self.bound = 0.5
        rows, labels, question = [], [], []
        for number, (corpus, case) in enumerate(cases):
            judge = Judge(corpus.index, corpus.embedder, corpus.reader, weights, no_progress)
            scope = read_scope(read_topic(case["question"]))
            years, _ = read_years(case["question"])
            topic = read_terms(scope.wanted, corpus.index, corpus.embedder)
            if scope.unwanted or not topic.terms:
                continue
            rows_of_years = select(corpus.index.papers, NO_FILTER.of_years(years.first, years.last)).rows
            for judgement in judged(judge, topic, rows_of_years):
                if judgement.paper.id not in case["may"]:
                    rows.append(dict(judgement.signals))
                    labels.append(int(judgement.paper.id in case["must"]))
                    question.append(number)
        self.names = list(rows[0])
        self.x, self.y, self.question = _matrix(rows), np.array(labels), np.array(question)

    def fit(self, what: str) -> dict[str, float]:
        """The weights; what is printed is from ten folds of questions."""
        chance = np.zeros(len(self.y))
        for fold in range(10):
            out = self.question % 10 == fold
            chance[out] = _model().fit(self.x[~out], self.y[~out]).predict_proba(self.x[out])[:, 1]
        bounds = [float(bound) for bound in np.arange(0.2, 0.75, 0.05).round(2)]
        scores = {bound: self._f1(chance >= bound) for bound in bounds}
        precise = {bound: self._precision(chance >= bound) for bound in bounds}
        self.bound = _steady({bound: scores[bound] for bound in bounds if precise[bound] >= _PRECISION})
        asked = len(np.unique(self.question))
        print(f"{what}: {asked} questions, mean F1 {scores[self.bound]:.3f} at {self.bound}")
        print(f"    mean precision there {precise[self.bound]:.3f}")
        print(f"    F1 by bound: {scores}")
        print(f"    precision by bound: { {bound: round(found, 3) for bound, found in precise.items()} }")
        return _weights(_model().fit(self.x, self.y), self.names)

    def _precision(self, found: npt.NDArray[np.bool_]) -> float:
        """The mean over the surveys that find something; of a topic that no paper is on, all of it is wrong."""
        asked = [self.question == number for number in np.unique(self.question[found])]
        return float(np.mean([np.sum(found[mine] & (self.y[mine] == 1)) / np.sum(found[mine]) for mine in asked]))

    def _f1(self, found: npt.NDArray[np.bool_]) -> float:
        scores = []
        for number in np.unique(self.question):
            mine = self.question == number
            right = int(np.sum(found[mine] & (self.y[mine] == 1)))
            total = int(np.sum(found[mine])) + len(self.cases[number]["must"])
            scores.append(2 * right / total if total else 1.0)
        return round(float(np.mean(scores)), 3)


def _steady(scores: dict[float, float]) -> float:
    """The bound to use: not the luckiest one but a good one among good ones, and of equals the one that finds more."""
    around = {at: np.mean([scores[near] for near in scores if abs(near - at) < 0.06]) for at in scores}
    return min(at for at, score in around.items() if score >= max(around.values()) - 0.01)


def _model() -> LogisticRegression:
    return LogisticRegression(C=3.0, max_iter=5000)


def _matrix(rows: list[dict[str, float]]) -> Floats:
    return np.array([list(row.values()) for row in rows])


def _weights(model: LogisticRegression, names: list[str]) -> dict[str, float]:
    values = dict(zip(names, model.coef_[0], strict=True)) | {"intercept": model.intercept_[0]}
    return {name: round(float(value), 4) for name, value in values.items()}


if __name__ == "__main__":
    main()
