from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from askpapers.reading.thresholds import SurveyThresholds, Thresholds, load_thresholds

SMALL = {"match": 0.5, "mention": 0.2}
WHOLE: dict[str, Any] = {
    "small_corpus": 200,
    "survey_small": SMALL,
    "survey_large": {"match": 0.8, "mention": 0.4},
    "answered": 0.35,
    "supported": 0.6,
    "partly_supported": 0.25,
    "contradicted": 0.7,
}


def loaded(folder: Path, content: object) -> Thresholds:
    file = folder / "thresholds.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    return load_thresholds(file)


def test_every_bound_is_read(tmp_path: Path) -> None:
    expected = Thresholds(200, SurveyThresholds(0.5, 0.2), SurveyThresholds(0.8, 0.4), 0.35, 0.6, 0.25, 0.7)
    assert loaded(tmp_path, WHOLE) == expected


def test_surveys_have_the_bounds_of_their_corpus(tmp_path: Path) -> None:
    found = loaded(tmp_path, WHOLE)
    assert [found.survey(papers).match for papers in (0, 34, 200, 201, 10_000)] == [0.5, 0.5, 0.5, 0.8, 0.8]


@pytest.mark.parametrize("name", WHOLE)
def test_a_missing_bound_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        loaded(tmp_path, {key: value for key, value in WHOLE.items() if key != name})


@pytest.mark.parametrize(
    "wrong",
    [
        {"supported": 1.2},
        {"contradicted": -0.1},
        {"answered": "often"},
        {"small_corpus": -1},
        {"partly_supported": 0.9},
        {"survey_small": {"match": 0.2, "mention": 0.5}},
        {"survey_small": {**SMALL, "maybe": 0.1}},
        {"strongly_supported": 0.9},
    ],
)
def test_a_wrong_bound_is_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"Thresholds"):
        loaded(tmp_path, WHOLE | wrong)
