"""Counts what `ask screen` excludes by itself, without a language model, on labelled screenings.

    python benchmarks/screening_protocols.py FOLDER/ace.csv [--sample 300]

The files are those of benchmarks/screening.py; the protocol is that of the same name in benchmarks/screening_protocols,
written from what is said of each review and not changed by what comes out. The corpus is all included papers and a
sample of the excluded ones. What counts is how many included papers it would have excluded.
"""

from __future__ import annotations

import argparse
import csv
import random
import tempfile
from collections import Counter
from pathlib import Path

from askpapers.engine import open_corpus
from askpapers.reading.support_model import SupportModel
from askpapers.screening.judging import RuleJudge
from askpapers.screening.protocol import load_protocol
from screening import read

PROTOCOLS = Path(__file__).with_name("screening_protocols")


def main() -> None:
    """Print the labels of both kinds of papers, and the included papers that are excluded, each with its reason."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sample", type=int, default=200, help="how many excluded papers")
    parser.add_argument("--index", default=None, help="a folder to keep the index in")
    arguments = parser.parse_args()
    _, labels = read(arguments.file)
    excluded = [n for n, label in enumerate(labels) if not label]
    sample = random.Random(0).sample(excluded, min(arguments.sample, len(excluded)))
    chosen = [n for n, label in enumerate(labels) if label] + sample
    protocol = load_protocol(PROTOCOLS / f"{arguments.file.stem}.md")
    with tempfile.TemporaryDirectory() as folder:
        corpus_file = Path(arguments.index or folder) / "papers.csv"
        corpus_file.parent.mkdir(exist_ok=True)
        write_corpus(arguments.file, corpus_file, set(chosen))
        corpus = open_corpus(corpus_file, index=Path(arguments.index or folder) / "index")
        papers = corpus.index.papers
        judge = RuleJudge.of(protocol, corpus, SupportModel())
        counts: Counter[tuple[str, str]] = Counter()
        missing = 0
        for n in chosen:
            truth = "included" if labels[n] else "excluded"
            rows = papers.rows_of([f"r{n}"])
            if not rows:  # a copy of another, or not an abstract
                missing += 1
                continue
            judged = judge.judge(rows[0], paper := papers.at(rows[0]))
            counts[truth, str(judged.label)] += 1
            if judged.failed:
                counts[truth, f"by {judged.failed.criterion.number}. {judged.failed.criterion.text}"] += 1
                if labels[n]:
                    print(
                        f"  lost: {judged.failed.criterion.text} | {judged.failed.finding.chance:.4f} | {paper.title}"
                    )
        corpus.close()
    print(f"{arguments.file.stem}: {len(chosen):,} papers; {missing} not in the corpus or copies of others")
    for (truth, label), count in sorted(counts.items()):
        print(f"  {truth:<9} {label:<40} {count}")


def write_corpus(file: Path, to: Path, chosen: set[int]) -> None:
    """Write the chosen papers of a labelled file without their labels, as a CSV file with ids."""
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        rows = [(f"r{n}", row["title"], row["abstract"]) for n, row in enumerate(csv.DictReader(stream)) if n in chosen]
    with to.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("id", "title", "abstract"), *rows])


if __name__ == "__main__":
    main()
