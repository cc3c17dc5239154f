"""Measures answers on suites of questions: right paper, right fact, refusals, surveys.

    python benchmarks/questions.py eval/suites/seeds-test.jsonl --corpus seeds [--index FOLDER] [--lost]

Definitions are in docs/evaluation.md. With --lost every question that was not fully right is listed: for
development suites only, a held-back suite is to be measured and not read.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from askpapers.datatypes import Answer, Relevance, Status
from askpapers.engine import Corpus, open_corpus

SURVEYS = ("survey", "count")
Case = dict[str, Any]


def main() -> None:
    """Ask every question and print the mean of each figure with its standard error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    parser.add_argument("--lost", action="store_true")
    arguments = parser.parse_args()
    cases: list[Case] = [json.loads(line) for line in arguments.suite.read_text(encoding="utf-8").splitlines()]
    corpus = open_corpus(arguments.corpus, index=arguments.index)
    figures: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        answer = corpus.ask(case["question"])
        scores = dict(score(case, answer, corpus))
        for name, value in scores.items():
            figures[name].append(value)
        if arguments.lost and min(scores.values()) < 1:
            print(f"{case['id']} {case['question']}  {scores}")
    print(f"{arguments.suite.name}: {len(cases)} questions")
    for name in sorted(figures):
        values = figures[name]
        mean = sum(values) / len(values)
        error = math.sqrt(sum((v - mean) ** 2 for v in values) / max(len(values) - 1, 1) / len(values))
        print(f"  {name:<36} {mean:6.3f} ± {error:.3f}   n = {len(values)}")


def score(case: Case, answer: Answer, corpus: Corpus) -> Iterator[tuple[str, float]]:
    """The figures of one question by name."""
    yield "intent read", answer.intent == case["intent"]
    if case["intent"] in SURVEYS:
        yield from _survey(case, answer, corpus)
    elif case["answerable"]:
        yield from _answer(case, answer)
    else:
        kind = case.get("note", "").split(":")[0].split(";")[0] or "unanswerable"
        yield "refused, of unanswerable", answer.status is Status.NOT_IN_CORPUS
        yield f"refused, of unanswerable ({kind})", answer.status is Status.NOT_IN_CORPUS


def _answer(case: Case, answer: Answer) -> Iterator[tuple[str, float]]:
    kind = "comparison" if case["intent"] == "comparison" else "factual"
    said = " ".join([answer.text, *(c.quote.text for c in answer.citations)]).casefold()
    found = [any(option.casefold() in said for option in fact) for fact in case["facts"]]
    yield f"{kind}: answered", answer.status is Status.ANSWERED
    yield f"{kind}: right paper first", bool(answer.papers) and answer.papers[0].paper.id in case["must"]
    yield f"{kind}: facts found", sum(found) / len(found) if found else 1.0


def _survey(case: Case, answer: Answer, corpus: Corpus) -> Iterator[tuple[str, float]]:
    must, may = set(case["must"]), set(case["may"])
    matched = {p.paper.id for p in answer.papers if p.relevance is Relevance.MATCH} - may
    if not must:
        yield "survey: nothing matched, of absent", not matched
        return
    yield "survey: F1", _f1(matched, must)
    yield "survey: recall", len(matched & must) / len(must)
    if matched:
        yield "survey: precision", len(matched & must) / len(matched)
    hits = corpus.retriever().retrieve(case["question"])
    best = list(dict.fromkeys(node.metadata["paper"] for node in hits))[:5]
    yield "survey: F1 of the five best instead", _f1(set(best) - may, must)


def _f1(found: set[str], wanted: set[str]) -> float:
    return 2 * len(found & wanted) / (len(found) + len(wanted)) if found or wanted else 1.0


if __name__ == "__main__":
    main()
