"""Thoughts and a template's tokens, in the wrappers that models use: nothing of them is given, however it is cut."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.replies.thoughts import ReplyFilter, Void, without_thoughts

ANSWER = "KilnNet reduces cracking by 17% over 230 firings [1]."
THOUGHT = "The user asks about kilns. Source [1] says so."

WRAPPERS = [
    *(
        f"<{name}>{{}}</{name}>"
        for name in ("think", "thinking", "thought", "THINK", "reasoning", "seed:think", "reflection", "scratchpad")
    ),
    "[THINK]{}[/THINK]",
    "◁think▷{}◁/think▷",
    "<|channel|>analysis<|message|>{}<|end|><|start|>assistant<|channel|>final<|message|>",
    "<|start|>assistant<|channel|>commentary to=functions.find <|constrain|>json<|message|>{}<|call|>",
    "<|START_THINKING|>{}<|END_THINKING|>",
    "<|begin_of_thought|>{}<|end_of_thought|><|begin_of_solution|>",
    "<|channel>thought\n{}<channel|>",
    "<unused94>thought\n{}<unused95>",
    '<details type="reasoning" done="true"><summary>Thought for 3 seconds</summary>{}</details>',
    "<think>One <think>two</think> {}</think>",
    "<think>{}</thinking>",
    "{}</think>",
    "◁think▷{}</think>",
    "analysis{}assistantfinal",
    "Here is my thought process:\n{}\nHere is my response:",
    "Thinking...\n{}\n...done thinking.",
    "Thought: {}\nFinal Answer:",
]
TOKENS = [
    "<|im_end|>",
    "</s>",
    "<|eot_id|>",
    "<end_of_turn>",
    "<|endoftext|>",
    "<｜end▁of▁sentence｜>",
    "<eos>",
    "<|return|>",
]
HEADERS = [
    "<|im_start|>assistant\n",
    "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "<start_of_turn>model\n",
    "<s>",
]


def filtered(pieces: Iterable[str]) -> str:
    text = ""
    reader = ReplyFilter()
    for part in (*(part for piece in pieces for part in reader.feed(piece)), *reader.finish()):
        text = "" if isinstance(part, Void) else text + part
    return text


def cuts(text: str, places: Sequence[int]) -> list[str]:
    marks = sorted({0, len(text), *(place % (len(text) + 1) for place in places)})
    return [text[a:b] for a, b in itertools.pairwise(marks)]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_thought_before_the_answer_is_taken_out(wrapper: str) -> None:
    reply = wrapper.format(THOUGHT) + f"\n\n{ANSWER}"
    assert without_thoughts(reply).strip() == ANSWER
    assert filtered(reply) == without_thoughts(reply)


@pytest.mark.parametrize("wrapper", [w for w in WRAPPERS if not w.startswith(("{}", "analysis", "Here", "Thi", "Tho"))])
def test_a_thought_between_and_after_answers_leaves_both(wrapper: str) -> None:
    thought = wrapper.format(THOUGHT)
    assert " ".join(without_thoughts(f"{ANSWER} {thought} It is small [2].").split()) == f"{ANSWER} It is small [2]."
    assert without_thoughts(f"{ANSWER}\n{thought}").strip() == ANSWER


@given(
    st.sampled_from(WRAPPERS),
    st.sampled_from(["", *TOKENS]),
    st.sampled_from(["", *HEADERS]),
    st.lists(st.integers(0, 400)),
)
def test_the_answer_is_the_same_however_a_reply_is_cut(
    wrapper: str, token: str, header: str, places: list[int]
) -> None:
    reply = header + wrapper.format(THOUGHT) + ANSWER + token
    pieces = cuts(reply, places)
    assert filtered(pieces).strip() == without_thoughts(reply).strip()
    if wrapper != "{}</think>" and not wrapper.startswith(("analysis", "Here", "Thi", "Tho")):
        assert without_thoughts(reply).strip() == ANSWER


@given(st.sampled_from([w for w in WRAPPERS if w != "{}</think>"]), st.lists(st.integers(0, 400)))
def test_no_word_of_a_thought_is_given_on_the_way(wrapper: str, places: list[int]) -> None:
    reader = ReplyFilter()
    given_text = ""
    for piece in cuts(wrapper.format(THOUGHT) + ANSWER, places):
        for part in reader.feed(piece):
            assert isinstance(part, str)
            given_text += part
            assert ANSWER.startswith(given_text.strip())


def test_a_thought_that_nothing_closes_ends_in_its_own_final_answer() -> None:
    assert without_thoughts(f"<think>Hm.\nFinal answer: {ANSWER}").strip() == ANSWER
    assert without_thoughts("<think>Hm.\nFinal answer: no</think><think>Or yes").strip() == ""


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("header", ["", *HEADERS])
def test_tokens_of_a_chat_template_are_no_text(token: str, header: str) -> None:
    assert without_thoughts(f"{header}{ANSWER}{token}").strip() == ANSWER


def test_a_turn_of_the_user_that_a_model_writes_ends_the_answer() -> None:
    for turn in (
        "<|im_start|>user\nMore?<|im_end|>\n<|im_start|>assistant\n",
        "<|user|>More?<|assistant|>",
        "[INST] More? [/INST]",
    ):
        assert without_thoughts(f"{ANSWER}<|im_end|>\n{turn}The moon is made of cheese.").strip() == ANSWER
        assert without_thoughts(f"{turn}{ANSWER}").strip() == ANSWER


@pytest.mark.parametrize(
    "reply",
    [
        "The model emits <think> tokens before it answers [1]. It is small.",
        "The text stands between `<think>` and `</think>` [1].",
        "Every output that ends with a </think> token is scored [1].",
        "With p < 0.05 and n > 30 it holds for a <b and c> d [1].",
        "The values lie in [a, b] and in [CLS] tokens [1].",
    ],
)
def test_tags_that_a_sentence_speaks_of_are_text(reply: str) -> None:
    assert without_thoughts(reply) == filtered(reply) == reply


def test_thoughts_without_an_end() -> None:
    assert without_thoughts(f"<think>{THOUGHT}") == ""
    assert without_thoughts(f"{ANSWER}\n<think>{THOUGHT}").strip() == ANSWER
    assert without_thoughts(f"<think>The user says <think> here.</think> {ANSWER}").strip() == ANSWER
    assert without_thoughts(f"<think>{THOUGHT} <answer>{ANSWER}</answer>") == ANSWER


def test_an_answer_in_its_own_tag_is_the_answer() -> None:
    for reply in (
        f"<answer>{ANSWER}</answer>",
        f"{THOUGHT}<answer>{ANSWER}</answer>",
        f"<think>x</think><final>{ANSWER}</final>",
    ):
        assert without_thoughts(reply) == filtered(reply) == ANSWER


@given(st.text(alphabet="aB <>/|[]◁▷thinkTHINK.\n`{}", max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_any_text_is_read_the_same_however_it_is_cut(text: str, places: list[int]) -> None:
    assert filtered(cuts(text, places)) == without_thoughts(text)
