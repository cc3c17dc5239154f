"""Counts right, wrong and blank cells of evidence tables made without a model, on labelled cells of the example corpus.

    python benchmarks/table_cells.py benchmarks/cells/development.jsonl [--show]
    python benchmarks/table_cells.py benchmarks/cells/held_back.jsonl

A line of a file is a paper, a column, and the answers: runs of words of the abstract, one of which a right cell holds;
none where the abstract does not say. The
words of a right cell for each word of its answer say how short the cells are. Measure with the held-back cells, do not
write rules by them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from askpapers.engine import open_corpus
from askpapers.tables.cells import CellFinder
from askpapers.tables.columns import read_column


def main() -> None:
    """Print the counts, and with --show every cell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", type=Path)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index)
    finder = CellFinder(corpus.reader)
    counts: Counter[str] = Counter()
    lengths = []
    for line in arguments.cells.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        (cell,) = finder.row(corpus.index.papers.by_id(case["paper"]), [read_column(case["column"])]).cells
        held = [answer for answer in case["answers"] if answer.casefold() in cell.text.casefold()]
        if cell.is_blank:
            outcome = "blank, rightly" if not case["answers"] else "blank, and the abstract says it"
        elif held:
            outcome = "right"
            lengths.append(len(cell.text.split()) / max(len(answer.split()) for answer in held))
        else:
            outcome = "wrong" if case["answers"] else "wrong: the abstract does not say it"
        counts[outcome] += 1
        if arguments.show:
            print(f"{outcome:<34}{case['paper']:<11} {case['column']:<22} {cell.text!r:<70} {case['answers']}")
    for outcome, count in counts.most_common():
        print(f"{count:>4}  {outcome}")
    if lengths:
        print(f"{sum(lengths) / len(lengths):.1f} words in a right cell for each word of its answer")


if __name__ == "__main__":
    main()
