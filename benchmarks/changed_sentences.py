"""Changes real sentences of abstracts so that they are wrong, and counts which pass as supported, by kind of change.

    python benchmarks/changed_sentences.py seeds [--papers 60]
    python benchmarks/changed_sentences.py ARXIV.jsonl --papers 60     # lines with id, title, abstract

Each goes the way of a model's sentence that cites its own paper (two papers' halves: both of them). The changes are
those that tests/grounding/test_laws.py holds.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from pathlib import Path
from random import Random

from askpapers.answering.draft import WrittenStatement
from askpapers.corpus import read_corpus
from askpapers.grounding.decisive import find_grounds
from askpapers.grounding.fitted import FittedCheck

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from sentence_changes import CHANGES, sentences_of

_OTHERS = 7  # papers that are retrieved beside the cited one


def main() -> None:
    """Print a row for each kind of change."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--papers", type=int, default=60, help="how many, drawn by chance")
    parser.add_argument("--show", action="store_true", help="print what passes")
    arguments = parser.parse_args()
    random = Random(0)
    papers = list(read_corpus([arguments.corpus]).papers)
    papers = random.sample(papers, min(len(papers), arguments.papers))
    by_id = {paper.id: paper for paper in papers}
    check = FittedCheck()
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for paper in papers:
        others = random.sample([p for p in papers if p is not paper], _OTHERS)
        for sentence in sentences_of(paper):
            for kind, change in {"none": lambda text, *_: text, **CHANGES}.items():
                changed = change(sentence, paper, others, random)
                if changed is None:
                    continue
                statement = WrittenStatement(changed, (paper.id,))
                grounds = find_grounds(statement, [paper.id, *(p.id for p in others)], by_id.__getitem__, check)
                verdicts[kind][str(grounds.support.verdict)] += 1
                if arguments.show and (grounds.support.verdict == "supported") != (kind == "none"):
                    print(f"{kind} [{paper.id}] {grounds.support.score:.2f}: {changed}")
    print(f"{'changed':<32}{'sentences':>10}{'supported':>16}")
    for kind, counts in verdicts.items():
        n = counts.total()
        print(f"{kind:<32}{n:>10}{counts['supported']:>10}{counts['supported'] / n:>6.0%}")


if __name__ == "__main__":
    main()
