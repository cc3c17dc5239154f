from __future__ import annotations

import pytest

from askpapers.text.aims import is_aim, is_still_to_do, reports_finding


@pytest.mark.parametrize(
    "sentence",
    [
        "We aim to improve the memory of older adults.",
        "We investigate whether exercise improves memory.",
        "We assessed the effectiveness of exercise in older adults.",
        "We study a simple question: can exercise improve memory?",
        "This trial evaluated the long-term safety of exercise.",
        "We hypothesized that exercise improves memory.",
        "This study sought to determine if exercise improves memory.",
        "The purpose of this pilot study was to evaluate exercise in older adults.",
        "Our main goal is to improve memory by exercise.",
        "To assess the effect of exercise on memory.",
        "OBJECTIVE: To determine whether exercise improves memory.",
        "Whether exercise improves memory is debated.",
        "It remains unclear if exercise improves memory.",
        "Adults were followed for a year in order to test whether exercise improves memory.",
    ],
)
def test_what_was_set_out_to_be_done_is_an_aim(sentence: str) -> None:
    assert is_aim(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Exercise improves memory.",
        "We investigate whether exercise improves memory, and find that it does.",
        "We tested the hypothesis that exercise improves memory but saw no effect.",
        "It improves memory even at the largest doses that we tried.",
        "We aimed high.",
        "We assessed the effectiveness of exercise, which improved memory.",
        "Exercise is used to improve memory.",
        "We show that the aim of the policy was reached.",
    ],
)
def test_what_was_found_is_none(sentence: str) -> None:
    assert not is_aim(sentence)


@pytest.mark.parametrize(
    ("sentence", "reports"),
    [
        ("We find that exercise improves memory.", True),
        ("Our results suggest no gain.", True),
        ("In conclusion, exercise helps.", True),
        ("Each reader who reported finding a polyp was counted.", False),
        ("Adults walked for an hour a day.", False),
    ],
)
def test_a_finding_is_reported_in_so_many_words(sentence: str, reports: bool) -> None:
    assert reports_finding(sentence) is reports


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Randomized trials of adequate length are needed.", True),
        ("Further research on glazes seems justified", True),
        ("No labelled data are needed for training.", False),
        ("We ran randomized trials; no fee was required.", False),
    ],
)
def test_calls_for_work_to_come(sentence: str, expected: bool) -> None:
    assert is_still_to_do(sentence) is expected
