"""Measures `ask check` on drafts with planted faults: what each sentence is found to be, by kind of fault.

    python benchmarks/draft_sentences.py eval/drafts --corpus seeds [--index FOLDER]

The folder holds drafts and `labels.jsonl`: of each sentence its draft, its text there, what is expected, and the
fault that was planted, if any. A fault is detected when the sentence is not called supported, and named right when it
is found to be what the label says. A false alarm is a sound sentence with a citation that is not called supported.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from askpapers.drafts.checking import check_draft
from askpapers.drafts.findings import CheckedSentence, Finding
from askpapers.drafts.reading import read_draft
from askpapers.engine import open_corpus
from askpapers.grounding.checks import FITTED, open_check


def main() -> None:
    """Print a row for each kind of fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    parser.add_argument("--check", default=FITTED)
    parser.add_argument("--misses", action="store_true", help="list the sentences that were found otherwise")
    arguments = parser.parse_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index)
    support = open_check(arguments.check, corpus.embedder)
    lines = (arguments.folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines]
    found: dict[tuple[str, str], CheckedSentence] = {}
    begin = time.perf_counter()
    for name in dict.fromkeys(label["draft"] for label in labels):
        file = arguments.folder / name
        draft = read_draft(name, file.read_bytes(), arguments.folder)
        checked = check_draft(draft, corpus.index, corpus.embedder, support, lambda *_: None)
        found |= {(name, " ".join(sentence.text.split())): sentence for sentence in checked.sentences}
    seconds = time.perf_counter() - begin
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    right: Counter[str] = Counter()
    for label in labels:
        sentence = found.get((label["draft"], " ".join(label["sentence"].split())))
        finding = str(sentence.finding) if sentence else "not checked"
        kind = _kind(label, sentence)
        outcomes[kind][finding] += 1
        right[kind] += finding == label["expected"]
        if arguments.misses and finding != label["expected"]:
            print(f"{kind}: {label['sentence']}\n    {finding}, expected {label['expected']}")
    _print(outcomes, right)
    print(f"{len(labels)} sentences in {seconds:.1f} s, {1000 * seconds / len(labels):.0f} ms a sentence")


def _kind(label: Mapping[str, str], sentence: CheckedSentence | None) -> str:
    return label.get("fault") or ("sound" if sentence is None or sentence.is_cited else "no citation")


def _print(outcomes: Mapping[str, Counter[str]], right: Counter[str]) -> None:
    kinds = [*map(str, Finding), "not checked"]
    print(f"{'':<14}{'n':>4}" + "".join(f"{kind:>18}" for kind in kinds) + f"{'detected':>10}{'named':>8}")
    for kind, counts in sorted(outcomes.items(), key=lambda item: item[0] not in ("sound", "no citation")):
        row = "".join(f"{counts[finding]:>18}" for finding in kinds)
        is_fault = kind not in ("sound", "no citation")
        detected = f"{_detected(counts)}/{counts.total()}" if is_fault else ""
        print(f"{kind:<14}{counts.total():>4}{row}{detected:>10}{f'{right[kind]}/{counts.total()}':>8}")
    faults = {kind: counts for kind, counts in outcomes.items() if kind not in ("sound", "no citation")}
    total = sum(counts.total() for counts in faults.values())
    print(f"faults detected {sum(map(_detected, faults.values()))} of {total}", end=", ")
    print(f"named right {sum(right[kind] for kind in faults)} of {total}")
    sound = outcomes["sound"]
    wrong = sum(counts["contradicted"] for kind, counts in outcomes.items() if kind == "sound")
    print(f"false alarms {sound.total() - sound['supported']} of {sound.total()}, called contradicted {wrong}")


def _detected(counts: Counter[str]) -> int:
    return counts.total() - counts["supported"] - counts["not checked"]


if __name__ == "__main__":
    main()
