"""Counts how `ask screen` judges criteria without a language model, on labelled examples.

    python benchmarks/screening_criteria.py benchmarks/screening_examples/development.jsonl [--show]

A line of a file is a criterion, a paper of the seeds or of tests/screening/samples/exercise.ris, and whether the
criterion holds of it: "yes", "no", or "not said". What counts most is the last column: a paper that a criterion for
inclusion would exclude wrongly, since no person may see it again. The bounds in screening/bounds.py were set on
development.jsonl; report on held_back.jsonl.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from pathlib import Path

from askpapers.engine import open_corpus
from askpapers.reading.support_model import SupportModel
from askpapers.screening.criteria import TopicRule
from askpapers.screening.judging import RuleJudge
from askpapers.screening.protocol import read_protocol
from askpapers.screening.topics import TopicJudge
from askpapers.screening.verdicts import Holds

ROOT = Path(__file__).resolve().parents[1]
CORPUS = (ROOT / "seeds", ROOT / "tests" / "screening" / "samples" / "exercise.ris")


def main() -> None:
    """Print how many of each are judged how, and with --show every example that is judged otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("--show", action="store_true", help="each example with its signals")
    parser.add_argument("--index", default=None)
    arguments = parser.parse_args()
    examples = [json.loads(line) for line in arguments.examples.read_text(encoding="utf-8").splitlines()]
    index = arguments.index or tempfile.mkdtemp()
    corpus = open_corpus(*CORPUS, index=index)
    papers = corpus.index.papers
    topics, reader = TopicJudge.of(corpus), SupportModel()
    counts: Counter[tuple[str, str]] = Counter()
    for example in examples:
        protocol = read_protocol(f"## Include\n- {example['criterion']}\n", "examples")
        (criterion,) = protocol.criteria
        judge = RuleJudge(protocol, papers, topics, reader)
        (row,) = papers.rows_of([example["paper"]])
        paper = papers.at(row)
        found = judge.finding(criterion, row, paper)
        counts[example["holds"], str(found.holds)] += 1
        if arguments.show:
            mark = " " if found.holds == example["holds"] else "!!" if found.holds is Holds.NO else "*"
            rule = criterion.condition.rules[0]
            signals = ""
            if isinstance(rule, TopicRule):
                s = topics.signals(rule.topic, row, paper)
                signals = f"p {s.probability:.4f} cos {s.cosine:.2f} share {s.share:.2f}"
            quote = found.evidence.text[:60] if found.evidence else ""
            print(
                f"{mark:<3}{example['holds']:<9}{found.holds!s:<9}{example['criterion'][:40]:<41}{example['paper']:<11}"
                f"{found.chance:.4f} {signals} {quote!r}"
            )
    labels = [str(holds) for holds in Holds]
    print(f"{'labelled':<12}{''.join(f'judged {label:<10}' for label in labels)}")
    for label in labels:
        print(f"{label:<12}{''.join(f'{counts[label, judged]:<17}' for judged in labels)}")
    corpus.close()


if __name__ == "__main__":
    main()
