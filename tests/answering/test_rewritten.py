"""What a model writes when it is to rewrite a question: the question is found, whatever stands around it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.rewritten import rewritten_question

ASKED, TALK = "and by how much does it reduce cracking?", "what is KilnNet?\nA neural controller for pottery kilns."
WANTED = "By how much does KilnNet reduce cracking?"

WRAPS = {
    "label line": "Here is the rewritten question:\n{}",
    "label": "Rewritten question: {}",
    "bold label": "**Question:** {}",
    "bold": "**{}**",
    "quotes": "“{}”",
    "fence": "```\n{}\n```",
    "named fence": "```text\n{}\n```",
    "thoughts": "<thinking>Is it KilnNet?\nYes.</thinking>\n{}",
    "other thoughts": "<reasoning>It is KilnNet.</reasoning>{}",
    "thoughts half": "It is KilnNet, I think.</think>\n{}",
    "list": "- {}",
    "heading": "# {}",
    "number": "1. {}",
    "the question first": f"Last question: {ASKED}\nRewritten: {{}}",
    "the conversation first": f"Question: what is KilnNet?\nAnswer: A controller.\n\nLast question: {ASKED}\n\n{{}}",
    "remark": "{}\nI replaced “it” with KilnNet.",
    "chat": "Sure!\n\n{}\n\nWould you like anything else?",
    "answer tag": "<answer>{}</answer>",
    "short label": "Q: {}",
    "original and rewritten": f"Original: {ASKED}\nRewritten: {{}}",
    "arrow": f"{ASKED} -> {{}}",
    "remark on the same line": "{} This question stands by itself.",
    "JSON in talk": 'Here: {{"question": "{}"}}',
    "quoted in a sentence": 'The last question, rewritten, would be "{}"',
    "parentheses": "({})",
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_the_question_is_found_in_its_wrapping(wrap: str) -> None:
    assert rewritten_question(wrap.format(WANTED), ASKED, TALK) == WANTED


# A whole line or a string of JSON: nothing is within these but the question.
AROUND = sorted(
    WRAPS.keys()
    - {"JSON in talk", "quoted in a sentence", "arrow", "remark on the same line", "original and rewritten"}
)


@given(st.sampled_from(AROUND), st.sampled_from(AROUND))
def test_it_is_found_in_two_wrappings(inner: str, outer: str) -> None:
    written = WRAPS[outer].format(WRAPS[inner].format(WANTED))
    assert (rewritten_question(written, ASKED, TALK) or "").strip("-#() ") == WANTED


@pytest.mark.parametrize(
    "value", [{"question": WANTED}, [WANTED], {"a": {"thought": "hm", "rewritten": WANTED}}, WANTED]
)
def test_it_is_found_in_json(value: object) -> None:
    for written in (json.dumps(value), json.dumps(value, indent=2), f"```json\n{json.dumps(value)}\n```"):
        assert rewritten_question(written, ASKED, TALK) == WANTED


def test_citations_are_taken_out_and_two_questions_are_none() -> None:
    assert rewritten_question(WANTED.replace("?", " [1]?"), ASKED, TALK) == WANTED
    assert rewritten_question(f"{WANTED} And what are they?", ASKED, TALK) is None
    assert rewritten_question("KilnNet reduces cracking by 17% [1].", ASKED, TALK) is None


def test_what_small_models_wrote_for_a_question() -> None:
    """Qwen2.5-Coder 1.5B: a part of the question, an answer, a name in quotes."""
    assert rewritten_question("on CIFAR-10?", "and on CIFAR-10?", "Question: what FID do they reach?") is None
    assert rewritten_question("to Reddit", "and to reddit?", "Question: how often are they preferred?") is None
    asked = "and how many parameters does it have"
    assert rewritten_question("KilnNet has a large number of parameters.", asked, TALK) is None
    assert rewritten_question("KilnNet is bad at large pots.", "whats it bad at", TALK) is None
    assert rewritten_question("In 230 firings, that is.", "in how many firings?", TALK) is None
    assert rewritten_question("Compare KilnNet with others.", "compare it with others", TALK)
    written = 'What data was "KilnNet" trained on?'
    assert rewritten_question(written, "and the second?", TALK) == written


def test_a_question_without_its_mark_counts_where_it_speaks_of_the_same() -> None:
    assert rewritten_question("how much does KilnNet reduce cracking", ASKED, TALK)
    assert rewritten_question("list papers on kilns", "list those", TALK) == "list papers on kilns"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "\n \n",
        "KilnNet reduces cracking by 17%.",
        "KilnNet is a controller [1]. It reduces cracking [2].",
        "word " * 200,
        "Here is the rewritten question:",
        "```",
        "<thinking>hm</thinking>",
        "what should I do about the weather today",
        ASKED,
        f"Last question: {ASKED}",
        "What is KilnNet?",
    ],
)
def test_what_is_no_rewritten_question_is_none(written: str) -> None:
    assert rewritten_question(written, ASKED, TALK) is None


@given(st.text(max_size=200))
def test_any_text_gives_one_line_or_none(written: str) -> None:
    found = rewritten_question(written, ASKED, TALK)
    assert found is None or (0 < len(found) <= 300 and "\n" not in found)
