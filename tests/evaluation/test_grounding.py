from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Verdict
from askpapers.errors import CorpusError, UsageError
from askpapers.evaluation.grounding import (
    auroc,
    balanced_accuracy,
    best_threshold,
    calibration,
    measure,
    read_pairs,
)
from askpapers.grounding.support import Support

Write = Callable[..., Path]


def row(score: float, label: int, **more: Any) -> dict[str, Any]:
    return {"source_text": "s", "claim": str(score), "label": label, **more}


def said(statement: str, source: str) -> Support:
    """A check that reads its score from the claim, and accepts from one half on."""
    score = float(statement)
    verdicts = (Verdict.UNSUPPORTED, Verdict.PARTIAL, Verdict.SUPPORTED)
    return Support(verdicts[(score >= 0.25) + (score >= 0.5)], score)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(*rows: Any) -> Path:
        file = tmp_path / "pairs.jsonl"
        file.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
        return file

    return write


def a(*values: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(values, dtype=np.float64)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [((0.9, 0.8), (0.1, 0.2), 1.0), ((0.1,), (0.9,), 0.0), ((0.5,), (0.5,), 0.5), ((0.9, 0.4), (0.5, 0.4), 0.625)],
)
def test_auroc_is_the_share_of_pairs_in_order(
    positive: tuple[float, ...], negative: tuple[float, ...], expected: float
) -> None:
    assert auroc(a(*positive), a(*negative)) == expected


SCORES = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def metrics() -> Any:
    return pytest.importorskip("sklearn.metrics")


@given(positive=SCORES, negative=SCORES)
def test_auroc_and_balanced_accuracy_are_those_of_sklearn(
    metrics: Any, positive: list[float], negative: list[float]
) -> None:
    labels = [1] * len(positive) + [0] * len(negative)
    scores = a(*positive, *negative)
    assert auroc(a(*positive), a(*negative)) == pytest.approx(metrics.roc_auc_score(labels, scores))
    taken = scores >= 0.5
    mine = balanced_accuracy(taken[: len(positive)].astype(float), taken[len(positive) :].astype(float))
    assert mine == pytest.approx(metrics.balanced_accuracy_score(labels, taken))


@given(SCORES, SCORES)
def test_no_threshold_is_better_than_the_best(positive: list[float], negative: list[float]) -> None:
    yes, no = a(*positive), a(*negative)

    def at(bound: float) -> float:
        return balanced_accuracy((yes >= bound).astype(float), (no >= bound).astype(float))

    best = best_threshold(yes, no)
    assert at(best) == pytest.approx(max(at(float(bound)) for bound in (*yes, *no)))


def test_calibration_puts_each_score_in_its_tenth() -> None:
    first, last = calibration(a(0.02, 0.08, 1.0), np.array([True, False, True]))
    assert (first.low, first.high, first.pairs, first.supported) == (0.0, 0.1, 2, 0.5)
    assert first.mean_score == pytest.approx(0.05)
    assert (last.low, last.high, last.pairs, last.mean_score, last.supported) == (0.9, 1.0, 1, 1.0, 1.0)


def test_a_report_by_hand(write: Write) -> None:
    file = write(
        row(0.9, 1, meta={"label3": "SUPPORT"}),
        row(0.4, 1, meta={"label3": "SUPPORT"}),
        row(0.6, 0, meta={"label3": "CONTRADICT"}, fault="negation"),
        row(0.1, 0, meta={"label_raw": "Refutes"}, fault="negation"),
        row(0.3, 0, meta={"label3": "NOT_ENOUGH_INFO"}, fault="number"),
        row(0.2, 0),
    )
    seen: list[tuple[str, int, int]] = []
    found = measure(file, said, lambda *step: seen.append(step))
    assert seen == [("checking", number, 6) for number in range(1, 7)]
    assert (found.pairs, found.supported) == (6, 2)
    assert found.accepted_of_supported.value == 0.5
    assert found.false_accepts.value == 0.25
    assert found.balanced_accuracy.value == (0.5 + 0.75) / 2
    assert (found.best_threshold, found.balanced_accuracy_at_best.value) == (0.4, (1 + 0.75) / 2)
    assert found.auroc.value == 7 / 8
    assert found.false_accepts_of_contradicted and found.false_accepts_of_contradicted.value == 0.5
    assert found.auroc_of_contradicted and found.auroc_of_contradicted.value == 0.75
    assert found.balanced_accuracy_of_contradicted and found.balanced_accuracy_of_contradicted.value == 0.5
    assert {fault: (e.value, e.pairs) for fault, e in found.faults_detected.items()} == {
        "negation": (0.5, 2),
        "number": (1.0, 1),
    }
    assert found.verdicts["SUPPORT"] == {"supported": 1, "partial": 1, "unsupported": 0}
    assert found.verdicts["not supported"] == {"supported": 0, "partial": 0, "unsupported": 1}
    assert sum(found.verdicts["CONTRADICT"].values()) == 1
    assert json.loads(json.dumps(found.to_dict()))["auroc"]["value"] == 7 / 8


def test_intervals_hold_the_value_narrow_with_more_pairs_and_repeat(write: Write) -> None:
    few = [row(0.9, 1), row(0.3, 1), row(0.6, 0), row(0.1, 0)] * 5
    one, again, more = (measure(write(*rows), said).auroc for rows in (few, few, few * 20))
    assert one == again
    assert one.low < one.value < one.high
    assert more.high - more.low < one.high - one.low


def test_without_contradictions_their_figures_are_none(write: Write) -> None:
    found = measure(write(row(0.9, 1), row(0.1, 0)), said)
    assert found.false_accepts_of_contradicted is None
    assert found.auroc_of_contradicted is None
    assert found.faults_detected == {}


def test_blank_lines_are_passed_over(write: Write) -> None:
    assert len(read_pairs(write(row(1, 1), "", "  ", row(0, 0)))) == 2


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"claim": "c", "label": 1}', "no text under 'source_text'"),
        ('{"source_text": "s", "claim": 3, "label": 1}', "no text under 'claim'"),
        ('{"source_text": "s", "claim": "c", "label": 2}', "has label 2"),
        ('{"source_text": "s", "claim": "c"}', "has label None"),
    ],
)
def test_a_bad_line_is_named(write: Write, line: str, says: str) -> None:
    with pytest.raises(CorpusError, match=says) as caught:
        read_pairs(write(row(1, 1), line))
    assert "pairs.jsonl:2 " in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(("rows", "says"), [((), "is empty"), ((row(1, 1), row(0, 1)), "of both kinds")])
def test_labels_of_both_kinds_are_needed(write: Write, rows: tuple[Any, ...], says: str) -> None:
    with pytest.raises(CorpusError, match=says):
        read_pairs(write(*rows))


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Cannot read"):
        read_pairs(tmp_path / "none.jsonl")
