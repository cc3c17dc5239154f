"""What simpler systems would make of a suite's surveys, each with the best setting that its labels allow.

    python benchmarks/survey_baselines.py eval/suites/seeds-*.jsonl [--corpus CORPUS] [--index INDEX]

One lists the first k papers of the ranking that `ask` retrieves. One gives every paper a score, half the share of the
topic's words that it says and half the cosine of its nearest sentence, and lists those from a threshold on. k and the
threshold are chosen on the very questions that they are reported on, which flatters both: an easy suite is told from a
hard one by how far they get. The threshold of the first suite is tried on all.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from askpapers.answering.judging import Judge, Weights
from askpapers.answering.question import read_terms
from askpapers.answering.topic import read_scope, read_topic
from askpapers.answering.years import read_years
from askpapers.engine import Corpus, open_corpus
from askpapers.evaluation.metrics import f1, precision
from askpapers.evaluation.suites import Case, read_suite
from askpapers.progress import no_progress
from askpapers.retrieval import search

Scored = list[tuple[str, float]]

_DEEPEST = 15  # papers listed at most


def main() -> None:
    """Read the command line and print the best of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", type=Path, nargs="+")
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", type=Path)
    arguments = parser.parse_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index)
    first_bound = None
    for suite in arguments.suites:
        asked = [case for case in read_suite(suite).cases if case.intent in ("survey", "count")]
        surveys = [case for case in asked if case.must]
        absent = [max(score for _, score in judged(corpus, case)) for case in asked if not case.answerable]
        ranked = [retrieved(corpus, case) for case in surveys]
        scored = [judged(corpus, case) for case in surveys]
        at_k = {k: mean_f1(surveys, [papers[:k] for papers in ranked]) for k in range(1, _DEEPEST + 1)}
        from_bound = {
            bound: mean_f1(surveys, [above(papers, bound) for papers in scored])
            for bound in np.arange(0.2, 1.0, 0.01).round(2).tolist()
        }
        k, bound = max(at_k, key=at_k.__getitem__), max(from_bound, key=from_bound.__getitem__)
        first_bound = first_bound or bound
        counted = [
            (case, counting(case, above(papers, first_bound))) for case, papers in zip(surveys, scored, strict=True)
        ]
        print(
            f"{suite.stem}: {len(surveys)} surveys. F1 {at_k[k]:.2f} of the first {k}, "
            f"{from_bound[bound]:.2f} from {bound} on, {from_bound[first_bound]:.2f} from {first_bound} on "
            f"(precision {np.mean([precision(papers, case.must) for case, papers in counted if papers]):.2f}), "
            f"which finds {sum(score >= first_bound for score in absent)} of {len(absent)} absent topics"
        )


def retrieved(corpus: Corpus, case: Case) -> list[str]:
    """Papers in the order of retrieval."""
    hits = search(case.question, corpus.index, corpus.embedder, _DEEPEST)
    return [corpus.index.papers.at(hit.row).id for hit in hits]


def judged(corpus: Corpus, case: Case) -> Scored:
    """Papers of the years asked for, each with its one score."""
    years, _ = read_years(case.question)
    topic = read_terms(read_scope(read_topic(case.question)).wanted, corpus.index, corpus.embedder)
    index = corpus.index
    cosines = np.maximum.reduceat(
        index.vectors[:].astype(np.float32) @ corpus.embedder.embed([topic.text])[0], index.first_passage[:-1]
    )
    shares = Judge(index, corpus.embedder, corpus.reader, Weights.of(corpus.weights("survey")), no_progress).shares(
        topic
    )
    papers = map(index.papers.at, range(len(index.papers)))
    return [
        (paper.id, score)
        for paper, score in zip(papers, (0.5 * cosines + 0.5 * shares).tolist(), strict=True)
        if paper.year in years
    ]


def above(papers: Scored, bound: float) -> list[str]:
    """The papers from a bound on."""
    return [paper for paper, score in papers if score >= bound]


def counting(case: Case, papers: Sequence[str]) -> list[str]:
    """The papers that count: as in `ask eval`, those that may be listed count neither way."""
    return [paper for paper in papers if paper not in case.may]


def mean_f1(cases: Sequence[Case], found: Sequence[Sequence[str]]) -> float:
    """The mean over questions."""
    return float(np.mean([f1(counting(case, papers), case.must) for case, papers in zip(cases, found, strict=True)]))


if __name__ == "__main__":
    main()
