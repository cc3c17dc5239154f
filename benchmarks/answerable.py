"""Questions about other fields than the seeds: how many are answered that have an answer, and how many without one.

    python benchmarks/answerable.py DATA [--fitted] [--few]

DATA holds `pubmedqa/`, `reader/` and `arxiv/corpus_10k.jsonl`, see `tools/answerable_pools.py`, which makes
the pools; those that are held back, unless `--fitted` asks for the ones that the decision was fitted on. `--few` leaves
out those of more than 50 papers. Each question goes through the whole engine, without a model. Questions without an
answer in PubMedQA's pools may be answered by another abstract by chance, and so may near misses be: none of the shares
has to be nought.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from answerable_pools import pools
from askpapers.datatypes import Status

_FEW = 50


def main() -> None:
    """Ask and print a line for each group of pools and kind of question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--fitted", action="store_true", help="the pools that the decision was fitted on")
    parser.add_argument("--few", action="store_true", help="only the pools of at most 50 papers")
    arguments = parser.parse_args()
    answered: dict[tuple[str, str], list[bool]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for pool in pools(arguments.data, held_back=not arguments.fitted):
            if arguments.few and len(pool.papers) > _FEW:
                continue
            corpus = pool.opened(Path(folder))
            for question in pool.questions:
                kind = "with an answer" if question.answerable else "near misses" if question.near_miss else "absent"
                answer = corpus.ask(question.text, way="answer")
                answered[pool.group, kind].append(answer.status is Status.ANSWERED)
            corpus.close()
    for (group, kind), found in answered.items():
        print(f"{group}: {kind}: {sum(found) / len(found):.3f} of {len(found)} answered", flush=True)


if __name__ == "__main__":
    main()
