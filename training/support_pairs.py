r"""Make the support pairs of the last stage: claims held against a few sentences, and two public sets beside them.

    python training/support_pairs.py support.json.gz --abstracts DATA/reader/abstracts.jsonl \
        --arxiv DATA/arxiv/corpus.jsonl.gz --leave-out DATA/arxiv/corpus_10k.jsonl \
        --esnli CHECKOUT --covidfact CHECKOUT

The public sets are the development and test parts of SNLI (Bowman et al. 2015; CC BY-SA 4.0), from a checkout of
OanaMariaCamburu/e-SNLI, and the development part of FEVER with its evidence (Thorne et al. 2018; CC BY-SA 3.0), from
one of asaakyan/covidfact.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

from pairs import (
    CONTRADICTED,
    NOT_SAID,
    SUPPORTED,
    Abstract,
    Pairs,
    Target,
    abstract_of,
    add_changed,
    add_claims,
    labelled_abstracts,
    read_lines,
)

ROUNDS = 2  # each cuts its windows and leaves out its sentences anew
CHANGED = 1_500  # further abstracts a round, of which a sentence is changed
OF_SNLI = 0.7  # share
MOST_WORDS = 110  # of a piece of evidence
_SNLI: dict[str, Target] = {"entailment": SUPPORTED, "neutral": NOT_SAID, "contradiction": CONTRADICTED}
_FEVER: dict[str, Target] = {"entailment": SUPPORTED, "not_entailment": CONTRADICTED}  # each has its evidence
_BRACKETS = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}


def snli(checkout: Path) -> Iterator[tuple[str, str, Target]]:
    """Hypothesis, premise and target."""
    for part in ("dev", "test"):
        files = [(checkout / "dataset" / "eSNLI" / f"{name}.{part}") for name in ("s1", "s2", "labels")]
        for premise, hypothesis, label in zip(*(_lines(file) for file in files), strict=True):
            if label in _SNLI:
                yield plain(hypothesis), plain(premise), _SNLI[label]


def fever(checkout: Path) -> Iterator[tuple[str, str, Target]]:
    """Claim, evidence and target."""
    folder = checkout / "RTE-Fever" / "processed"
    files = [folder / f"dev.{name}" for name in ("raw.input0", "raw.input1", "label")]
    for evidence, claim, label in zip(*(_lines(file) for file in files), strict=True):
        yield plain(claim), plain(" ".join(evidence.split()[:MOST_WORDS])), _FEVER[label]


def plain(text: str) -> str:
    """Text of separate tokens as it is usually written."""
    for token, sign in _BRACKETS.items():
        text = text.replace(token, sign)
    text = re.sub(r"(?<!\s)\s+([,.;:!?)'%\]])", r"\1", text)
    return " ".join(re.sub(r"([(\[$])\s+", r"\1", text).split())


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def main() -> None:
    """Read the command line and write the pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--labels", type=Path, default=Path(__file__).parent / "labels")
    for name in ("--abstracts", "--arxiv", "--leave-out", "--esnli", "--covidfact"):
        parser.add_argument(name, type=Path, required=True)
    arguments = parser.parse_args()

    labelled, dev = labelled_abstracts(arguments.abstracts, arguments.labels)
    abstracts = [Abstract.of_labelled(record) for record in labelled]
    left_out = {record["_id"] for record in read_lines(arguments.leave_out)}
    archive = [record for record in read_lines(arguments.arxiv) if record["_id"] not in left_out]
    made = Pairs()
    for number in range(ROUNDS):
        chance = random.Random(number + 11)
        for record in labelled:
            if record["id"] not in dev:
                add_claims(made, record, abstracts, "train", chance)
        more = [abstract_of(record) for record in chance.sample(archive, CHANGED)]
        add_changed(made, [abstract for abstract in more if abstract.sentences], "train", chance)
    made.rows = list({(first, second): row for row in reversed(made.rows) for first, second in [row[1:3]]}.values())
    chance = random.Random(1)
    for claim, source, target in fever(arguments.covidfact):
        made.add("support", claim, source, target, "fever", "train")
    for claim, source, target in snli(arguments.esnli):
        if chance.random() < OF_SNLI:
            made.add("support", claim, source, target, "snli", "train")
    held_back = [record for record in labelled if record["id"] in dev]
    for record in held_back:
        add_claims(made, record, abstracts, "dev", chance)
    add_changed(made, [abstracts[record["number"]] for record in held_back], "dev", chance)
    with gzip.open(arguments.out, "wt", encoding="utf-8") as file:
        json.dump({"texts": list(made.texts), "pairs": made.rows}, file)
    print(len(made.rows), "pairs")


if __name__ == "__main__":
    main()
