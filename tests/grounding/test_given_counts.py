from __future__ import annotations

import pytest

from askpapers.grounding.given_counts import without_given_counts


@pytest.mark.parametrize(
    ("text", "question", "source", "expected"),
    [
        (
            "The two things are age and size.",
            "which two things matter?",
            "Age and size matter.",
            "The things are age and size.",
        ),
        (
            "It may try a hundred times.",
            "how good is it if it tries a hundred times?",
            "It tries often.",
            "It may try times.",
        ),
        (
            "The three steps are A and B.",
            "what are the three steps?",
            "It has two steps.",
            "The three steps are A and B.",
        ),
        ("The two steps are A and B.", "which two models are there?", "It has steps.", "The two steps are A and B."),
        ("It has 8.5K problems.", "are there 8.5K problems?", "It has problems.", "It has 8.5K problems."),
    ],
)
def test_a_count_of_the_same_things_is_the_questions_own(text: str, question: str, source: str, expected: str) -> None:
    assert without_given_counts(text, question, [source]) == expected
