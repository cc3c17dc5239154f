"""Fits the weights and bounds in src/askpapers/assets/support.json.

    python tools/fit_support.py DATA_FOLDER      # needs scikit-learn: pip install -e ".[fit]"

DATA_FOLDER holds scifact, healthver_dev and attributionbench_dev, each with a pairs.jsonl (source_text, claim,
label). A fourth set are the claims as answers make them that the reader was not trained on (training/README.md). Every
set weighs the same, and so do the supported and the other claims in it. The answer sentences that tests/grounding
holds, of other abstracts, have a say in the bounds only: they are what the product sees. The first figures are each of
a set that was left out, of weights and bounds; a set that is reported elsewhere is not read here.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from answerable_pools import read_records
from askpapers.datatypes import Verdict
from askpapers.evaluation.grounding import Pair, auroc, read_pairs, report
from askpapers.grounding.fitted import Fit, FittedCheck, signals
from askpapers.grounding.support import Faults, Support, find_faults, judge

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "src" / "askpapers" / "assets" / "support.json"
CLAIMS = ROOT / "training" / "labels" / "claims-answers.jsonl"
HELD_BACK = 10  # as DEV_OF_ANSWERS in training/pairs.py: every tenth has claims that were not trained on
SENTENCES = ROOT / "tests" / "grounding" / "answer_sentences.jsonl"
SETS = ("scifact", "healthver_dev", "attributionbench_dev")
# Of the pairs that are supported, this share may be called unsupported.
LOST = 0.1


Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """A set with what the exact checks, the reader and the likeness say of each pair."""

    pairs: tuple[Pair, ...]
    faults: tuple[Faults, ...]
    values: Floats
    supported: npt.NDArray[np.bool_]


def main() -> None:
    """Fit on all, report on each set by a fit on the others, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with the three sets")
    data = parser.parse_args().data
    sentences = rows_of(read_pairs(SENTENCES))
    sets = {name: rows_of(read_pairs(data / name / "pairs.jsonl")) for name in SETS}
    sets["claims of answers"] = rows_of(claims_of_answers())

    left_out = {}
    for name, rows in sets.items():
        print(f"\n{name}, fitted on the others:")
        left_out[name] = show(rows, fit([other for key, other in sets.items() if key != name], sentences))
    final = fit(list(sets.values()), sentences)
    for name, rows in (*sets.items(), ("answer sentences", sentences)):
        print(f"\n{name}, fitted on all:")
        show(rows, final)
    print(f"\n{final}")
    file = {
        "weights": dict(final.weights),
        "intercept": final.intercept,
        "full": final.full,
        "partial": final.partial,
        # For a reliability plot: of each set by a fit on the others, [mean score, share supported, pairs].
        "calibration": left_out,
    }
    OUTPUT.write_text(json.dumps(file, indent=1) + "\n", encoding="utf-8")


def claims_of_answers() -> tuple[Pair, ...]:
    """The claims that the reader was not trained on, and their spoilt versions."""
    found = []
    for record in read_records(CLAIMS)[::HELD_BACK]:
        for claim in record["claims"]:
            found.append(Pair(record["text"], claim["text"], True, "SUPPORT", ""))
            for spoilt in claim["spoilt"]:
                relation = "CONTRADICT" if spoilt["label"] == "contradicted" else "NOT_ENOUGH_INFO"
                found.append(Pair(record["text"], spoilt["text"], False, relation, spoilt["kind"]))
    return tuple(found)


def rows_of(pairs: tuple[Pair, ...]) -> Rows:
    """Run everything that does not depend on the fit."""
    check = FittedCheck(fit=Fit({}, 0.0, 0.5, 0.5))
    read = check.support([(pair.claim, pair.source) for pair in pairs])
    faults = tuple(find_faults(pair.claim, pair.source) for pair in pairs)
    values = [
        list(signals(found, check.likeness(pair.claim, pair.source), row).values())
        for pair, found, row in zip(pairs, faults, read, strict=True)
    ]
    return Rows(pairs, faults, np.array(values), np.array([pair.supported for pair in pairs]))


def fit(sets: list[Rows], sentences: Rows) -> Fit:
    """The weights from the sets, then the bounds on what they give from the sets and the answer sentences."""
    weight = np.concatenate([_even(rows.supported) for rows in sets])
    x, y = np.concatenate([rows.values for rows in sets]), np.concatenate([rows.supported for rows in sets])
    scale = x.std(axis=0)
    model = LogisticRegression(C=0.3, max_iter=1000).fit(x / scale, y, weight * len(y) / weight.sum())
    names = list(signals(Faults(), 0.0, np.ones(3, dtype=np.float32)))
    weights = {name: round(float(w), 4) for name, w in zip(names, model.coef_[0] / scale, strict=True)}
    return _bounded(Fit(weights, round(float(model.intercept_[0]), 4), 1.0, 0.0), sets, sentences)


def _even(supported: npt.NDArray[np.bool_]) -> Floats:
    """Weights that sum to one, half of it on the supported."""
    return np.asarray(np.where(supported, 0.5 / supported.sum(), 0.5 / (~supported).sum()))


def _bounded(weighed: Fit, sets: list[Rows], sentences: Rows) -> Fit:
    """The upper bound: the best balanced accuracy, exact checks included, in the mean of sets and answer sentences.

    The lower: where a tenth of the supported pairs lie below it, in the mean of the sets.
    """
    scores = [probability(rows, weighed) for rows in (*sets, sentences)]
    clean = [np.array([not found.missing for found in rows.faults]) for rows in (*sets, sentences)]

    def balance(bound: float) -> float:
        return float(
            np.mean(
                [
                    (((p >= bound) & ok)[rows.supported].mean() + (~((p >= bound) & ok))[~rows.supported].mean()) / 2
                    for p, ok, rows in zip(scores, clean, (*sets, sentences), strict=True)
                ]
            )
        )

    full = float(max(np.arange(0.2, 0.8, 0.01).round(2), key=balance))
    partial = np.mean([np.quantile(p[rows.supported], LOST) for p, rows in zip(scores, sets, strict=False)])
    return replace(weighed, full=full, partial=round(float(partial), 2))


def probability(rows: Rows, weighed: Fit) -> Floats:
    """What the regression gives, before the exact checks take their part."""
    z = weighed.intercept + rows.values @ np.array(list(weighed.weights.values()))
    return np.asarray(1 / (1 + np.exp(-z)))


def show(rows: Rows, fitted: Fit) -> list[list[float]]:
    """Print the figures of a set under a fit; returns its calibration."""
    raw = probability(rows, fitted)
    found = [
        judge(float(p), faults, full=fitted.full, partial=fitted.partial)
        for p, faults in zip(raw, rows.faults, strict=True)
    ]
    without = [Support(Verdict.SUPPORTED if p >= fitted.full else Verdict.UNSUPPORTED, float(p)) for p in raw]
    for title, supports in (("with the exact checks", found), ("by the fit alone", without)):
        made: dict[str, Any] = report(rows.pairs, supports).to_dict()
        figures = {
            key: f"{value['value']:.3f} [{value['low']:.3f}, {value['high']:.3f}]"
            for key, value in made.items()
            if isinstance(value, dict) and "value" in value
        }
        print(f"  {title}, bounds {fitted.full} {fitted.partial}, best {made['best_threshold']:.2f}")
        for key, text in figures.items():
            print(f"    {key:36} {text}")
    print(f"    verdicts {report(rows.pairs, found).verdicts}")
    for column, name in enumerate(("likeness", "supported")):
        alone = rows.values[:, column]
        print(f"    {name} alone: AUROC {auroc(alone[rows.supported], alone[~rows.supported]):.3f}")
    bins = report(rows.pairs, found).calibration
    return [[round(b.mean_score, 3), round(b.supported, 3), b.pairs] for b in bins]


if __name__ == "__main__":
    main()
