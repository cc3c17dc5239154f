"""Measures the ranking of `ask screen` on labelled screenings: work saved over sampling at 95% recall (WSS@95).

    python benchmarks/screening.py FOLDER/*.csv [--runs 5] [--seed 0]

A file is a CSV with the columns `title`, `abstract` and `included` or `label_included`, such as the four that are in
the repository asreview/paper-evaluating-models-across-research-areas (datasets/sim_datasets: ace, nudging, virus,
wilson; MIT). Each run begins with one included and one excluded paper drawn at random and screens the first of the
ranking until 95% of the included papers are found. WSS@95 is the part of the papers that is left then, less 5%.
PUBLISHED are ASReview's figures on the same files, means of 15 runs of version 0.9.3 (results/README.md of that
repository; Ferdinands et al. 2020).
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from askpapers.screening.ranking import Ranker

RECALL = 0.95
PUBLISHED = {  # SVM with TF-IDF, and naive Bayes with TF-IDF, which was the default then
    "ace": (75.8, 82.9),
    "nudging": (66.2, 71.7),
    "virus": (69.7, 71.2),
    "wilson": (79.9, 83.4),
}


def read(file: Path) -> tuple[list[str], list[bool]]:
    """The texts and labels of a file."""
    csv.field_size_limit(10_000_000)
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = list(csv.DictReader(stream))
    label = "included" if "included" in rows[0] else "label_included"
    return [f"{row['title']} {row['abstract']}" for row in rows], [row[label] == "1" for row in rows]


def simulate(ranker: Ranker, labels: Sequence[bool], seed: int) -> tuple[float, float]:
    """WSS@95 of one run, and the part of the included papers among the first tenth that is screened (RRF@10)."""
    drawn = random.Random(seed)
    rows = range(len(labels))
    first = [drawn.choice([row for row in rows if labels[row]]), drawn.choice([row for row in rows if not labels[row]])]
    known = {row: labels[row] for row in first}
    wanted, found = sum(labels) - 1, 0  # the one that was known before is not found
    needed, tenth, at_tenth = math.ceil(RECALL * wanted), len(labels) // 10, 0
    screened = 0
    while found < needed or screened < tenth:
        scores = ranker.scores(known)
        assert scores is not None
        row = max((row for row in rows if row not in known), key=scores.__getitem__)
        known[row] = labels[row]
        if found < needed:
            screened_at = screened + 1
        screened += 1
        found += labels[row]
        if screened == tenth:
            at_tenth = found
    return 1 - screened_at / (len(labels) - 2) - (1 - RECALL), at_tenth / wanted


def main() -> None:
    """Print a line for each file, with the mean and the standard deviation over the runs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0, help="of the first run")
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    arguments = parser.parse_args()
    for file in arguments.files:
        texts, labels = read(file)
        ranker = Ranker(texts)
        runs = [simulate(ranker, labels, seed) for seed in range(arguments.seed, arguments.seed + arguments.runs)]
        saved = [100 * run[0] for run in runs]
        spread = statistics.stdev(saved) if len(saved) > 1 else 0.0
        early = 100 * statistics.mean(run[1] for run in runs)
        published = PUBLISHED.get(file.stem)
        if arguments.json:
            print(
                json.dumps(
                    {"file": file.name, "papers": len(labels), "included": sum(labels), "wss95": saved, "rrf10": early}
                )
            )
        else:
            beside = f"; ASReview's SVM {published[0]}, naive Bayes {published[1]}" if published else ""
            print(
                f"{file.stem}: {len(labels):,} papers, {sum(labels)} included; WSS@95 {statistics.mean(saved):.1f}"
                f" ({spread:.1f}), RRF@10 {early:.1f}{beside}"
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
