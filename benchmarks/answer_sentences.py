"""Measures the verdicts on labelled answer sentences: detection for each kind of fault, and false alarms.

    python benchmarks/answer_sentences.py eval/grounding/answers.jsonl --corpus seeds [--index FOLDER]

Each sentence goes the way that a model's sentence goes when it ends: it is held against the papers that it cites, then
against those that a question in its words retrieves. The set is held back: measure with it, do not tune on it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from pathlib import Path

from askpapers.answering.draft import WrittenStatement
from askpapers.datatypes import Verdict
from askpapers.engine import open_corpus
from askpapers.grounding.checks import FITTED, open_check
from askpapers.grounding.decisive import Grounds, find_grounds


def main() -> None:
    """Print a row for each kind of fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    parser.add_argument("--check", default=FITTED)
    arguments = parser.parse_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index)
    check = open_check(arguments.check, corpus.embedder)
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    seconds = []
    for line in arguments.sentences.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        pool = list(dict.fromkeys(n.metadata["paper"] for n in corpus.retriever().retrieve(case["claim"])))
        begin = time.perf_counter()
        grounds = find_grounds(
            WrittenStatement(case["claim"], tuple(case["source"])), pool, corpus.index.papers.by_id, check
        )
        seconds.append(time.perf_counter() - begin)
        outcomes[case["fault"] or "sound"][_outcome(grounds, case.get("right"))] += 1
    kinds = ("supported", "repaired", "repaired wrongly", "partial", "unsupported")
    print(f"{'':<22}{'n':>5}" + "".join(f"{kind:>18}" for kind in kinds) + f"{'detected':>10}")
    for fault, counts in sorted(outcomes.items(), key=lambda item: item[0] != "sound"):
        n = counts.total()
        detected = 1 - counts["supported"] / n
        row = "".join(f"{counts[kind]:>12} {counts[kind] / n:>4.0%} " for kind in kinds)
        print(f"{fault:<22}{n:>5}{row}{'' if fault == 'sound' else f'{detected:>9.0%}'}")
    faulty = sum((counts for fault, counts in outcomes.items() if fault != "sound"), Counter[str]())
    sound = outcomes["sound"]
    print(f"faults detected {1 - faulty['supported'] / faulty.total():.1%} of {faulty.total()}")
    print(f"faults that end as supported by another paper {faulty['repaired wrongly'] / faulty.total():.1%}")
    alarms = sound["partial"] + sound["unsupported"]
    print(f"false alarms {alarms / sound.total():.1%} of {sound.total()}", end=", ")
    print(f"called unsupported {sound['unsupported'] / sound.total():.1%}")
    seconds.sort()
    median, slow = seconds[len(seconds) // 2], seconds[-len(seconds) // 20]
    print(f"a sentence takes {1000 * median:.0f} ms (median), {1000 * slow:.0f} ms (95%)")


def _outcome(grounds: Grounds, right: list[str] | None) -> str:
    if not grounds.repaired:
        return str(grounds.support.verdict)
    if grounds.support.verdict is not Verdict.SUPPORTED:
        return str(grounds.support.verdict)
    there = {passage.paper for passage in grounds.passages}
    return "repaired" if right and there <= set(right) else "repaired wrongly"


if __name__ == "__main__":
    main()
