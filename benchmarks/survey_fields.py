"""Surveys of other fields than the seeds': which papers are shown as matches that should be, and which that should not.

    python benchmarks/survey_fields.py DATA [--development] [--others FILE]
    python benchmarks/survey_fields.py DATA --labelled [--every N]

DATA holds `reader/`, `pubmedqa/` and `arxiv/`; `tools/survey_pools.py` makes the pools from it: those that are held
back, unless `--development` asks for the others. Each survey goes through the whole engine, without a model. What the
other papers of a pool are to a topic is not labelled: `--others` writes those that are shown as matches to a file, in
random order, to be judged by reading.

`--labelled` asks the surveys of `eval/fields/`, pools of twelve papers that are all labelled, or of every N-th pool.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from askpapers.datatypes import Relevance
from survey_pools import labelled_pools, pools

_FIGURES = ("F1", "precision", "recall", "shown", "absent, nothing matched", "touched, as a match")


def main() -> None:
    """Ask and print a line for each group of pools."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--development", action="store_true", help="the pools that are not held back")
    parser.add_argument("--others", type=Path, help="write the matches that are not labelled to this file")
    parser.add_argument("--labelled", action="store_true", help="pools of which every paper is labelled")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of these, every N-th")
    arguments = parser.parse_args()
    if arguments.labelled:
        ask_labelled(arguments.data, arguments.every)
        return
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    others: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for pool in pools(arguments.data, held_back=not arguments.development):
            corpus, counted = pool.opened(Path(folder)), counts[pool.group]
            for survey in pool.questions:
                shown = {cited.paper.id: cited.relevance for cited in corpus.ask(survey.text).papers}
                matches = [paper for paper, relevance in shown.items() if relevance is Relevance.MATCH]
                if survey.label == "absent":
                    counted["absent topics, nothing matched"].append(not matches)
                    continue
                counted[f"{survey.label}: as a match"].append(survey.paper in matches)
                if survey.label == "match":
                    counted["match: shown"].append(survey.paper in shown)
                    counted["match: papers matched"].append(len(matches))
                    wrong = [paper for paper in matches if paper != survey.paper]
                    others += [json.dumps({"topic": survey.text, "group": pool.group, "paper": p}) for p in wrong]
            corpus.close()
    for group, counted in counts.items():
        print(f"{group}: {', '.join(f'{what} {sum(n) / len(n):.2f} ({len(n)})' for what, n in counted.items())}")
    if arguments.others:
        random.Random(0).shuffle(others)
        arguments.others.write_text("\n".join(others) + "\n", encoding="utf-8")


def ask_labelled(data: Path, every: int) -> None:
    """Print precision, recall and F1 by field; papers that only touch on a topic count for nothing in these."""
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for pool in labelled_pools(data, every):
            corpus = pool.opened(Path(folder))
            for survey in pool.questions:
                shown = {cited.paper.id: cited.relevance for cited in corpus.ask(survey.text).papers}
                # What is read as a question of fact has papers that answer it, without a relevance.
                matches = {paper for paper, relevance in shown.items() if relevance is not Relevance.MENTION}
                counted, right = matches - survey.touched, len(matches & survey.matches)
                row = {"touched, as a match": float(bool(matches & survey.touched))} if survey.touched else {}
                if not survey.matches:
                    row["absent, nothing matched"] = float(not matches)
                else:
                    row["F1"] = 2 * right / (len(counted) + len(survey.matches))
                    row["recall"] = right / len(survey.matches)
                    row["shown"] = len(shown.keys() & survey.matches) / len(survey.matches)
                if counted:
                    row["precision"] = right / len(counted)
                for group in (pool.group, "all"):
                    rows[group].append(row)
            corpus.close()
    for group, made in sorted(rows.items(), key=lambda item: item[0] == "all"):
        values = {name: [row[name] for row in made if name in row] for name in _FIGURES}
        print(f"{group}: {', '.join(f'{name} {sum(v) / len(v):.2f} ({len(v)})' for name, v in values.items() if v)}")


if __name__ == "__main__":
    main()
