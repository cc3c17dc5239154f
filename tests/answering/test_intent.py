"""How questions are read by their shape. The phrasings themselves are a suite: eval/suites/intent-dev.jsonl."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.intent import Intent, read_intent

EXAMPLES = {
    "which papers use RLHF?": Intent.SURVEY,
    "how many papers use RLHF?": Intent.COUNT,
    "CLIP vs GLIDE": Intent.COMPARISON,
    "what is GSM8K?": Intent.DEFINITION,
    "how many parameters does GPT-3 have?": Intent.QUANTITY,
    "is GPT-3 larger than GPT-2?": Intent.YES_NO,
    "how was WebGPT trained?": Intent.OPEN,
}
POLITE = ("", "please ", "could you tell me ", "hi, can you tell me ", "I would like to know ")


@pytest.mark.parametrize(("question", "intent"), EXAMPLES.items())
def test_a_question_of_each_intent_is_read(question: str, intent: Intent) -> None:
    assert read_intent(question) is intent


@given(st.sampled_from(list(EXAMPLES)), st.sampled_from(POLITE), st.sampled_from([" ", "  ", "\n  "]), st.booleans())
def test_politeness_white_space_and_letter_case_make_no_difference(
    question: str, polite: str, space: str, capitals: bool
) -> None:
    typed = space + (polite + question).replace(" ", space) + space
    assert read_intent(typed.upper() if capitals else typed) is EXAMPLES[question]


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("who is using RLHF?", Intent.SURVEY),
        ("who was actively training on code?", Intent.SURVEY),
        ("who is Irving Berlin?", Intent.DEFINITION),
        ("who is King Arthur?", Intent.DEFINITION),
    ],
)
def test_who_is_doing_something_asks_for_papers_and_who_someone_is_does_not(question: str, intent: Intent) -> None:
    assert read_intent(question) is intent


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert read_intent(text) in Intent


@pytest.mark.parametrize("noun", ["papers", "studies", "trials", "recent papers"])
def test_which_papers_found_a_difference_asks_for_papers(noun: str) -> None:
    assert read_intent(f"which {noun} found no difference between the groups?") is Intent.SURVEY
    assert read_intent("what is the difference between the groups?") is Intent.COMPARISON
