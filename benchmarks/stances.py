"""Measures yes/no surveys: which side each paper takes of a question, beside labels.

    python benchmarks/stances.py eval/stances/dev.jsonl --corpus seeds [--index FOLDER]

A line of the file is a question with the ids of the papers that say `yes`, that say `no`, that are `mixed`, and that
count neither way (`may`). A paper with two labels may have either. A file named `test.jsonl` is held back: its
questions are not shown.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from askpapers.engine import open_corpus


def main() -> None:
    """Print the counts, and of a development file what was found otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    arguments = parser.parse_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index)
    shown = arguments.questions.stem != "test"
    counts: Counter[str] = Counter()
    seconds = []
    for line in arguments.questions.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        answer = corpus.ask(case["question"])
        seconds.append(answer.timings_ms.get("survey", 0.0) / 1000)
        found = {paper.paper.id: str(paper.stance) for paper in answer.papers if paper.stance}
        outcomes = list(_outcomes(case, found))
        counts.update(kind for kind, _ in outcomes)
        counts["labelled"] += len({*case["yes"], *case["no"], *case["mixed"]})
        if shown and any(kind != "right" for kind, _ in outcomes):
            print(case["question"], *(f"{kind}: {paper}" for kind, paper in outcomes if kind != "right"), sep="\n    ")
    named = sum(counts[kind] for kind in ("right", "wrong side", "no side"))
    print(f"sides found {counts['right']} of {counts['labelled']}, missed {counts['missed']}", end=", ")
    print(f"on the wrong side {counts['wrong side']}, of papers that take none {counts['no side']}", end=", ")
    print(f"precision {counts['right'] / max(1, named):.2f}")
    print(f"a question takes {sorted(seconds)[len(seconds) // 2]:.1f} s (median)")


def _outcomes(case: Mapping[str, Sequence[str]], found: Mapping[str, str]) -> list[tuple[str, str]]:
    """What became of each paper that is labelled or found."""
    labels: dict[str, set[str]] = {}
    for side in ("yes", "no", "mixed"):
        for paper in case[side]:
            labels.setdefault(paper, set()).add(side)
    outcomes = []
    for paper in {*labels, *found}:
        if paper in labels:
            kind = "right" if found.get(paper) in labels[paper] else "wrong side" if paper in found else "missed"
            outcomes.append((kind, paper))
        elif paper not in case["may"]:
            outcomes.append(("no side", paper))
    return outcomes


if __name__ == "__main__":
    main()
