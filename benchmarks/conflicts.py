"""Measures the search for conflicts: how many planted ones are found, and how many others are shown.

    python benchmarks/conflicts.py eval/conflicts/same_words eval/conflicts/other_words seeds [--index FOLDER]

Every paper of a corpus is compared with every other, as for a topic that they are all on. In a corpus with planted
conflicts the two papers of one have ids that differ in their last letter (k01a, k01b); anything else is a false one.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from askpapers.engine import open_corpus
from askpapers.research.conflicts import find_conflicts


def main() -> None:
    """Print a line for each corpus, and what is shown in it that was not planted, or not found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+")
    parser.add_argument("--index", type=Path, default=None, help="A folder for the indexes, one for each corpus.")
    arguments = parser.parse_args()
    for name in arguments.corpora:
        index = str(arguments.index / Path(name).name) if arguments.index else None
        corpus = open_corpus(name, index=index)
        papers = list(corpus.papers())
        begin = time.perf_counter()
        report = find_conflicts(name, papers, corpus.embedder, corpus.support_check, lambda *_: None)
        seconds = time.perf_counter() - begin
        planted = {paper.id[:-1] for paper in papers if paper.id.startswith("k") and paper.id.endswith("a")}
        found = set[str]()
        others = []
        for conflict in report.conflicts:
            first, second = sorted((conflict.first.paper.id, conflict.second.paper.id))
            if first[:-1] in planted and first[:-1] == second[:-1]:
                found.add(first[:-1])
            else:
                others.append(conflict)
        print(
            f"{name}: planted {len(planted)}, found {len(found)}, others shown {len(others)};"
            f" {report.papers} papers, {report.sentences} sentences, {report.pairs} pairs read, {seconds:.1f} s"
        )
        for missed in sorted(planted - found):
            print(f"    missed: {missed}")
        for conflict in others:
            print(f"    other ({conflict.strength:.2f}): {conflict.first.text}\n        but: {conflict.second.text}")


if __name__ == "__main__":
    main()
